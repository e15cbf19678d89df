"""The real web server beside the tests: uvicorn as in the demo, on the test databases."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen
from uuid import uuid4

from django.conf import settings
from django.db import connections
from redis import Redis

from config.embedded import children

# Apart from the counters of a demo that runs on the same broker, and of the other half of this run.
BROKER = f"{os.environ['VALKEY_URL']}?db={9 + int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:])}"
# Under this name the broker holds which test has begun.
BEGUN = "test-begun"
UVICORN = ("-m", "uvicorn", "--lifespan", "off", "--log-level", "warning")
SOCKETS = ("--ws-max-size", "65536", "--ws-per-message-deflate", "false")
APPLICATION = "tests.browser.asgi:application"


@contextmanager
def served(static_root: Path, application: str = APPLICATION, broker: str = BROKER) -> Iterator[str]:
    """The server's address, for as long as it runs."""
    own = environment(static_root, broker)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=own, check=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = "http://{}:{}".format(*listening.getsockname())
        process = children.start(
            [sys.executable, *UVICORN, *SOCKETS, application, "--fd", str(listening.fileno())],
            on_parents_death=signal.SIGKILL,
            cwd=settings.BASE_DIR,
            env=own,
            pass_fds=[listening.fileno()],
        )
    try:
        # The socket listens already, so this waits until the server is there to answer.
        with urlopen(f"{address}/accounts/login/", timeout=60) as answer:  # noqa: S310 - our own address
            answer.read()
        yield address
    finally:
        process.terminate()
        process.wait(10)


def forget_earlier_tests() -> None:
    """Their sign-ins must not count against the limits in this one, nor their keys be at hand (`asgi.py`)."""
    with Redis.from_url(BROKER) as broker:
        broker.flushdb()
        broker.set(BEGUN, uuid4().hex)


def environment(static_root: Path, broker: str) -> Mapping[str, str]:
    """As the application's role, without the owner's address."""
    named = {
        "DATABASE_URL": _in_database(os.environ["DATABASE_URL"], connections["owner"].settings_dict["NAME"]),
        "KEYS_DATABASE_URL": _in_database(
            os.environ["KEYS_DATABASE_URL"], connections["keys"].settings_dict["NAME"]
        ),
        "DATABASE_POOL": "true",
        "VALKEY_URL": broker,
        "STATIC_ROOT": str(static_root),
        "HOMEWARD_DEMO": "1",
    }
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    return kept | named


def _in_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
