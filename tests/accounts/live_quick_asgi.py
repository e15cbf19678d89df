"""The same, but its sockets look at the rows every second and not every thirty."""

from tests.accounts.live_asgi import application

# isort: split
from accounts import broker

__all__ = ["application"]

broker.LOOK_AGAIN = 1.0
