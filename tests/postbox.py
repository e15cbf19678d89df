"""A mail server on loopback: takes whatever comes, and can be down, refuse somebody, or break off at a bad moment."""

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(frozen=True)
class Letter:
    sender: str
    receiver: str
    raw: bytes

    @property
    def read(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def words(self) -> str:
        return str(self.read.get_content()).replace("\r\n", "\n")

    @property
    def key(self) -> str:
        return str(self.read["Message-ID"])


@dataclass
class Postbox:
    # In the order in which they came.
    letters: list[Letter] = field(default_factory=list)
    # What is said to the name of a receiver, such as "550 5.1.1 nobody".
    refusals: dict[str, str] = field(default_factory=dict)
    # So many letters are taken and the line breaks before that is said.
    breaks: int = 0
    # In seconds, between taking a letter and saying so.
    slow: float = 0.0
    # Nothing is said about the letter of this number, until `release`.
    holds_at: int = 0
    held: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    _server: "_Server | None" = None

    def up(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Visit)
        self._server.postbox, self.port = self, self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def down(self) -> None:
        """Nobody listens at the port any more; it stays the same for the next time."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def hold(self, after: int) -> None:
        """So many more are taken; of the last of them nothing is said yet."""
        self.held.clear()
        self.release.clear()
        self.holds_at = len(self.letters) + after

    def to(self, receiver: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.receiver == receiver]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    postbox: Postbox


class _Visit(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        sender = receiver = ""
        self._say("220 postbox")
        for line in self.rfile:
            verb, _space, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "MAIL":
                    sender = _named(rest)
                    self._say("250 ok")
                case "RCPT":
                    receiver = _named(rest)
                    self._say(self.server.postbox.refusals.get(receiver, "250 ok"))
                case "DATA":
                    self._say("354 go on")
                    if not self._take(sender, receiver):
                        return
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self, sender: str, receiver: str) -> bool:
        """Whether the visitor was told that the letter was taken."""
        lines = list(iter(self.rfile.readline, b".\r\n"))
        box = self.server.postbox
        box.letters.append(Letter(sender, receiver, b"".join(line.removeprefix(b".") for line in lines)))
        if box.breaks:
            box.breaks -= 1
            return False
        if len(box.letters) == box.holds_at:
            box.held.set()
            box.release.wait(60)
        time.sleep(box.slow)
        self._say("250 taken")
        return True

    def _say(self, what: str) -> None:
        try:
            self.wfile.write(f"{what}\r\n".encode())
        except OSError:
            # Whoever was killed does not hear it.
            return


def _named(rest: str) -> str:
    """MAIL FROM:<somebody@example> and what may follow."""
    return rest.partition("<")[2].partition(">")[0]


@contextmanager
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    box.up()
    try:
        yield box
    finally:
        box.down()
