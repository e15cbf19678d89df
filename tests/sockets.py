"""Sockets as an open page has them, against the real server."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from accounts import live
from accounts.live import Topic
from accounts.models import User
from tests.entering import session_of

# In seconds: what comes, comes at once; what does not come has had time to.
SOON, A_WHILE = 30.0, 0.5


@dataclass
class Listening:
    """One socket, and what it is told."""

    connection: ClientConnection
    session_key: str

    def say(self, what: object) -> None:
        self.connection.send(what if isinstance(what, str) else json.dumps(what))

    def join(self, *tokens: str, here: bool = True) -> None:
        self.say({"listen": tokens, "here": here})

    def hears(self) -> Any:
        return json.loads(self.connection.recv(timeout=SOON))

    def hears_nothing(self, seconds: float = A_WHILE) -> None:
        with pytest.raises(TimeoutError):
            self.connection.recv(timeout=seconds)

    def settles(self) -> None:
        """The first socket of a server also hears that the broker is there."""
        with suppress(TimeoutError):
            while True:
                self.connection.recv(timeout=A_WHILE)

    def is_closed_with(self) -> tuple[list[Any], int | None]:
        """What it is still told, and the code."""
        told = []
        while True:
            try:
                told.append(self.hears())
            except ConnectionClosed as closed:
                return told, closed.rcvd.code if closed.rcvd else None


@contextmanager
def opened(
    address: str, session_key: str, origin: str | None = None, path: str = "/live/"
) -> Iterator[Listening]:
    at = f"ws://{urlsplit(address).netloc}{path}"
    cookie = {"Cookie": f"sessionid={session_key}"}
    with connect(at, origin=Origin(origin or address), additional_headers=cookie, proxy=None) as connection:
        yield Listening(connection, session_key)


@contextmanager
def listening(address: str, user: User, topics: Sequence[tuple[Any, ...]] = ()) -> Iterator[Listening]:
    """Joined to the account's own topic, and to others."""
    user.refresh_from_db(fields=["notification_count"])
    own = live.token(user, live.ACCOUNT, user.pk, user.notification_count)
    with opened(address, session_of(user)) as socket:
        socket.join(own, *(live.token(user, *topic) for topic in topics))
        told: list[Any] = []
        while told[-1:] != [{"ready": True}]:
            told.append(socket.hears())
        yield socket


def changed(kind: str, topic_id: Any) -> dict[str, str]:
    return {"changed": Topic(kind, topic_id).digest}
