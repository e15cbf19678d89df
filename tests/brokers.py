"""A Valkey of a test's own, which it may kill and start again; the run's own serves the other half of the run too."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from accounts import broker
from config.embedded import children
from config.embedded.account import Programs
from tests.config.processes import wait_until


class OwnBroker:
    def __init__(self, folder: Path) -> None:
        self._socket = folder / "valkey.sock"
        self.url = f"unix://{self._socket}"
        self.start()

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        options = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--loglevel", "warning"]
        self._process = children.start(
            [str(Programs.in_wheels().valkey), *options],
            on_parents_death=signal.SIGKILL,
            cwd=self._socket.parent,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with suppress(RedisError), Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False


@contextmanager
def own_broker(folder: Path) -> Iterator[OwnBroker]:
    """Whatever this process tells its pages goes through it, too."""
    made = OwnBroker(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VALKEY_URL", made.url)
        broker.client.cache_clear()
        try:
            yield made
        finally:
            made.kill()
            broker.client.cache_clear()
