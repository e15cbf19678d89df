"""Many open pages at once, each of an account of its own: how long after the commit does each hear of it?"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from accounts import live
from accounts.live import Seen
from accounts.models import Agency, User
from accounts.notifications import notify
from tests.entering import session_of

PATIENCE = 60.0
# At once, without knocking the door down.
JOIN_TOGETHER = 50


def people(number: int, agency: Agency) -> list[User]:
    return User.objects.bulk_create(
        User(username=f"listener-{place}", name=f"Listener {place}", role="case_worker", agency=agency)
        for place in range(number)
    )


class ManySockets:
    """Its own thread reads all of them, so that the one that writes is not in the way."""

    def __init__(self, address: str, listeners: Sequence[User], topics: Sequence[Seen] = ()) -> None:
        """`topics` are those to which all of them listen beside their own."""
        self._address = address
        for user in listeners:
            user.refresh_from_db(fields=["notification_count"])
        self._tickets = {
            user.pk: (
                session_of(user),
                [
                    live.token(user, live.ACCOUNT, user.pk, user.notification_count),
                    *(live.token(user, *topic) for topic in topics),
                ],
            )
            for user in listeners
        }
        # When each account heard of a change.
        self.heard: dict[UUID, list[float]] = {user.pk: [] for user in listeners}
        self._loop = asyncio.new_event_loop()
        self._door = asyncio.Semaphore(JOIN_TOGETHER)
        self._connections: list[ClientConnection] = []
        self._readers: list[asyncio.Task[None]] = []
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def open(self) -> None:
        self._run(self._open_all())

    def close(self) -> None:
        self._run(self._close_all())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE)

    async def _open_all(self) -> None:
        await asyncio.gather(*(self._open(account, *ticket) for account, ticket in self._tickets.items()))

    async def _open(self, account: UUID, session_key: str, tokens: Sequence[str]) -> None:
        async with self._door:
            connection = await connect(
                f"ws://{urlsplit(self._address).netloc}/live/",
                origin=Origin(self._address),
                additional_headers={"Cookie": f"sessionid={session_key}"},
                open_timeout=PATIENCE,
                proxy=None,
            )
            await connection.send(json.dumps({"listen": tokens}))
            assert json.loads(await connection.recv()) == {"ready": True}
        self._connections.append(connection)
        self._readers.append(asyncio.create_task(self._read(account, connection)))

    async def _read(self, account: UUID, connection: ClientConnection) -> None:
        async for said in connection:
            if "changed" in json.loads(said):
                self.heard[account].append(time.monotonic())

    async def _close_all(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))


@contextmanager
def many_sockets(
    address: str, listeners: Sequence[User], topics: Sequence[Seen] = ()
) -> Iterator[ManySockets]:
    sockets = ManySockets(address, listeners, topics)
    sockets.open()
    try:
        yield sockets
    finally:
        sockets.close()


def milliseconds_until_heard(
    sockets: ManySockets, told: Sequence[User], say: Callable[[], object] | None = None
) -> list[float]:
    """One write that tells these people something; for each, the time from its commit to the hint."""
    before = known(sockets, told)
    committed: list[float] = []
    with transaction.atomic():
        # The first thing after the commit; the hints are sent next.
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        (say or (lambda: notify(told, "case.assigned", told[0].agency)))()
    return [at - 1000 * committed[0] for at in heard_since(sockets, before)]


def known(sockets: ManySockets, told: Sequence[User]) -> dict[UUID, int]:
    """How much each of these has heard so far."""
    return {user.pk: len(sockets.heard[user.pk]) for user in told}


def heard_since(sockets: ManySockets, before: Mapping[UUID, int]) -> list[float]:
    """In milliseconds of the machine's clock, when each heard of the next change."""
    deadline = time.monotonic() + PATIENCE
    while any(len(sockets.heard[account]) == number for account, number in before.items()):
        assert time.monotonic() < deadline, "a hint did not come"
        time.sleep(0.001)
    return [sockets.heard[account][number] * 1000 for account, number in before.items()]


def p(percent: int, values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def in_words(values: Sequence[float]) -> Mapping[str, str]:
    return {"p50": f"{p(50, values):.0f}", "p95": f"{p(95, values):.0f}", "most": f"{max(values):.0f}"}
