"""The socket of an open page. It says that something has changed, no more, and asks each time whether it still may.

To the server: `{"listen": [token, …], "here": true}` once, `{"here": false}` when the page is out of sight.
To the page: `{"ready": true}` when it listens, `{"changed": digest}`, and `{"gone": digest}` before the end.
"""

import asyncio
import json
import logging
from collections.abc import Collection
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from accounts import live, presence
from accounts.listening import Asking, Listener, listener_of
from accounts.live import Topic

# The page asks for itself anew after each of these: signed out, no longer its business, not understood, later.
SIGNED_OUT, GONE, NOT_UNDERSTOOD, LATER = 4401, 4404, 4400, 1013
MOST_TOPICS = 20
LONGEST_MESSAGE = 8192

_log = logging.getLogger(__name__)
_ask = Asking()
# Kept here until they are done; nobody else holds them.
_farewells: set[asyncio.Task[None]] = set()


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    _listener: Listener
    _has_ended = False

    async def dispatch(self, message: dict[str, Any]) -> None:
        """What was still waiting when the socket was closed is nobody's any more."""
        if self._has_ended and message["type"] != "websocket.disconnect":
            return
        if message["type"] in (live.CHANGED, live.LOOK):
            # Channels would first tidy up the database's connections, a turn in a thread for each socket. We hold none.
            await (self._changed(message) if message["type"] == live.CHANGED else self._look_again(message))
        else:
            await super().dispatch(message)

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        self._has_ended = True
        await super().close(code, reason)

    async def connect(self) -> None:
        self._seen: dict[Topic, str] = {}
        self._seats: dict[Topic, str] = {}
        # What has changed while the page was covered.
        self._untold: set[Topic] = set()
        listener = listener_of(self.scope)
        if listener is None:
            await self.close(SIGNED_OUT)
            return
        self._listener = listener
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self._stand_up()
        for topic in self._seen:
            await self.channel_layer.group_discard(topic.digest, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        said = _read(text_data)
        asked = [live.opened(self._listener.account_id, token) for token in said.get("listen", ())]
        told = dict(each for each in asked if each)
        if not said or len(told) != len(asked) or len(self._seen.keys() | told) > MOST_TOPICS:
            await self.close(NOT_UNDERSTOOD)
            return
        if told:
            await self._join(told)
        if self._has_ended or "here" not in said:
            return
        await (self._sit_down() if said["here"] else self._stand_up())

    async def _changed(self, message: dict[str, Any]) -> None:
        if message.get("but") == self.channel_name:
            return
        if heard := [topic for topic in self._seen if topic.digest == message["topic"]]:
            await self._look(heard, changed=heard)

    async def _look_again(self, message: dict[str, Any]) -> None:
        """Told by the layer from time to time, after the broker was away, and when somebody signs out."""
        missed = [topic for topic in self._seen if message.get("missed") and not _is_numbered(topic)]
        if await self._look(list(self._seen), changed=missed) and self._seats:
            await self._sit_down()

    async def _join(self, told: dict[Topic, str]) -> None:
        for topic, sequence in told.items():
            self._seen[topic] = sequence
            await self.channel_layer.group_add(topic.digest, self.channel_name)
        if await self._look(list(told), changed=[topic for topic in told if not _is_numbered(topic)]):
            # Of a page that is covered too: it says nothing of what happens elsewhere.
            await self._say({"ready": True})

    async def _look(self, topics: Collection[Topic], changed: Collection[Topic]) -> bool:
        """Asks whether this socket may go on, then tells what has changed; answers whether it goes on."""
        try:
            heard = await _ask(self._listener, topics)
        except DatabaseError:
            # What cannot be asked is not told.
            await self.close(LATER)
            return False
        if not heard.is_signed_in:
            await self.close(SIGNED_OUT)
            return False
        if gone := [topic for topic in topics if topic not in heard.open]:
            await self._say({"gone": gone[0].digest})
            await self.close(GONE)
            return False
        if heard.is_locked:
            self._untold.update(changed)
            await self._stand_up()
            return True
        anew, self._untold = {*changed, *self._untold}, self._untold.difference(topics)
        for topic, sequence in heard.open.items():
            if topic in anew or sequence != self._seen[topic]:
                self._seen[topic] = sequence
                await self._say({"changed": topic.digest})
        return True

    async def _say(self, what: dict[str, Any]) -> None:
        await self.send(json.dumps(what))

    async def _sit_down(self) -> None:
        account = self._listener.account_id
        for topic in self._seen:
            if live.kind_of(topic).presence:
                seat = self._seats.setdefault(topic, presence.seat_of(account))
                if await asyncio.to_thread(presence.sit_down, topic, account, seat):
                    await self._tell_others(topic)

    async def _stand_up(self) -> None:
        seats, self._seats = self._seats, {}
        for topic, seat in seats.items():
            await asyncio.to_thread(presence.stand_up, topic, seat)
            farewell = asyncio.create_task(self._farewell(topic))
            _farewells.add(farewell)
            farewell.add_done_callback(_farewells.discard)

    async def _farewell(self, topic: Topic) -> None:
        """Told once it is certain that they are gone, and not on the next page."""
        await asyncio.sleep(presence.GRACE + 0.5)
        if not await asyncio.to_thread(presence.is_there, topic, self._listener.account_id):
            await self._tell_others(topic)

    async def _tell_others(self, topic: Topic) -> None:
        if topic.kind == live.ACCOUNT:
            # Nobody but oneself listens there.
            return
        message = {"type": live.CHANGED, "topic": topic.digest, "but": self.channel_name}
        await self.channel_layer.group_send(topic.digest, message)


def _read(text: str | None) -> dict[str, Any]:
    """What the page said, or nothing when it is not what a page of ours says."""
    try:
        said = json.loads(text) if text and len(text) <= LONGEST_MESSAGE else None
    except ValueError:
        return {}
    if not isinstance(said, dict) or not isinstance(said.get("here", True), bool):
        return {}
    tokens = said.get("listen", [])
    return said if isinstance(tokens, list) and all(isinstance(each, str) for each in tokens) else {}


def _is_numbered(topic: Topic) -> bool:
    return live.kind_of(topic).sequences is not None
