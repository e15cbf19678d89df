"""What passes through Valkey: hints, and who sits at which page. All of it may be lost at any moment, and none tells.

A broker that is down fails no write, keeps no socket from opening and ends none. Sockets look at the rows again as soon
as it is back, because whatever was said meanwhile reached nobody.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import uuid4

from channels.layers import BaseChannelLayer
from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Message = Mapping[str, Any]

PREFIX = "live."
# Subscribed last, so its confirmation says that all others are in force.
LAST = f"{PREFIX}all"
# In seconds. How long a write may wait for a broker that hangs; between two tries to reach one that is gone.
PATIENCE, BREATH = 0.5, 0.5
# After so long without a word the connection is tried; without an answer it is given up.
QUIET = 15.0
# Every socket looks at the rows once in so many seconds, whether it was told to or not.
LOOK_AGAIN = 30.0
# More than that a socket that falls behind need not hear: it looks at the rows anyway.
MOST_WAITING = 100

_log = logging.getLogger(__name__)


@cache
def client() -> "Redis":
    """For what is not waited for. The second try is for connections that died with an earlier broker."""
    return Redis.from_url(
        settings.VALKEY_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )


def publish(said: Mapping[str, Message]) -> None:
    """To each group its message, for its sockets in every process. Never raises: rows say the same."""
    try:
        with client().pipeline(transaction=False) as together:
            for group, message in said.items():
                together.publish(PREFIX + group, json.dumps(message))
            together.execute()
    except RedisError as failure:
        # Its text may hold what was to be said.
        _log.warning("A hint was not sent: %s.", type(failure).__name__)


class Layer(BaseChannelLayer):  # type: ignore[misc]  # channels has no types
    """A channel layer of the sockets in this process: only what is said to a group goes through the broker.

    One event loop uses it, that of the web server.
    """

    extensions = ["groups"]

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._waiting: dict[str, asyncio.Queue[Message]] = {}
        self._members: dict[str, set[str]] = {}
        # Groups that the broker has confirmed on the present connection.
        self._confirmed: dict[str, asyncio.Event] = {}
        self._heard: PubSub | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def new_channel(self, prefix: str = "socket") -> str:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._remind())]
        name = f"{prefix}.{uuid4().hex}"
        self._waiting[name] = asyncio.Queue(MOST_WAITING)
        return name

    async def receive(self, channel: str) -> Message:
        try:
            return await self._waiting[channel].get()
        except asyncio.CancelledError:
            # Only a consumer that ends stops waiting.
            self._waiting.pop(channel, None)
            raise

    async def send(self, channel: str, message: Message) -> None:
        """To a socket of this process."""
        if channel in self._waiting:
            with suppress(asyncio.QueueFull):
                self._waiting[channel].put_nowait(message)

    async def group_add(self, group: str, channel: str) -> None:
        """Whatever is said after this has returned is heard, unless the broker is down."""
        name = PREFIX + group
        self._members.setdefault(name, set()).add(channel)
        confirmed = self._confirmed.setdefault(name, asyncio.Event())
        if self._heard and not confirmed.is_set():
            with suppress(RedisError, OSError, TimeoutError):
                await self._heard.subscribe(name)
                await asyncio.wait_for(confirmed.wait(), PATIENCE)

    async def group_discard(self, group: str, channel: str) -> None:
        name = PREFIX + group
        members = self._members.get(name, set())
        members.discard(channel)
        if not members and self._members.pop(name, None) is not None:
            self._confirmed.pop(name, None)
            if self._heard:
                with suppress(RedisError, OSError):
                    await self._heard.unsubscribe(name)

    async def group_send(self, group: str, message: Message) -> None:
        await asyncio.to_thread(publish, {group: message})

    async def _remind(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self._tell_everybody({"type": "live.look"})

    async def _tell_everybody(self, message: Message) -> None:
        for channel in list(self._waiting):
            await self.send(channel, message)

    async def _listen(self) -> None:
        """For as long as the process runs. A connection that breaks is not mended: the next one starts from nothing."""
        while True:
            try:
                async with self._connection() as broker, broker.pubsub() as heard:
                    await self._subscribe(heard)
                    await self._hear(heard)
            except Exception as failure:
                # Whatever it was, the next try may succeed; the first one of a row is told.
                if self._heard:
                    _log.warning("Hints do not get through: %s.", type(failure).__name__)
            finally:
                self._heard = None
                for confirmed in self._confirmed.values():
                    confirmed.clear()
            await asyncio.sleep(BREATH)

    async def _subscribe(self, heard: PubSub) -> None:
        asked: set[str] = set()
        # Sockets may join while the broker is asked.
        while more := self._members.keys() - asked:
            await heard.subscribe(*more)
            asked |= more
        self._heard = heard
        await heard.subscribe(LAST)

    def _connection(self) -> "AsyncRedis":
        return AsyncRedis.from_url(
            self._url,
            socket_connect_timeout=PATIENCE,
            retry=AsyncRetry(NoBackoff(), 0),
            decode_responses=True,
        )

    async def _hear(self, heard: PubSub) -> None:
        """Until the connection breaks."""
        asked = False
        while True:
            came = await heard.get_message(timeout=QUIET)
            if came is None:
                if asked:
                    raise TimeoutError
                await heard.ping()
            asked = came is None
            if came:
                await self._pass_on(came["type"], came["channel"], came["data"])

    async def _pass_on(self, kind: str, name: str, said: str) -> None:
        if kind == "subscribe" and name == LAST:
            # Whatever was said while there was no connection, nobody heard.
            await self._tell_everybody({"type": "live.look", "missed": True})
        elif kind == "subscribe" and name in self._confirmed:
            self._confirmed[name].set()
        elif kind == "message":
            message = json.loads(said)
            for channel in list(self._members.get(name, ())):
                await self.send(channel, message)
