"""A real identity provider beside the tests: a process on loopback, and the file that names it."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config.embedded import children
from tests.config.processes import wait_until

# Who the provider knows, and what it says of how they proved it.
PEOPLE = ({"sub": "nora-1", "amr": ["pwd", "mfa"]}, {"sub": "omar-7", "amr": ["pwd"]}, {"sub": "nobody-3"})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def provider(port: int) -> Iterator[subprocess.Popen[bytes]]:
    people = [argument for person in PEOPLE for argument in ("--user-claims", json.dumps(person))]
    command = ["-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", *people]
    process = children.start([sys.executable, *command], on_parents_death=signal.SIGKILL)
    try:
        wait_until(lambda: is_up(port), 60)
        yield process
    finally:
        process.kill()
        process.wait(10)


def is_up(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def write_file(folder: Path, port: int, agency: str = "arvania-north") -> Path:
    (folder / "secret").write_text("a secret of both\n")
    path = folder / "providers.toml"
    path.write_text(
        f"""
[[provider]]
id = "north"
name = "Northern district"
agency = "{agency}"
server = "http://127.0.0.1:{port}"
client_id = "homeward"
client_secret_file = "secret"
"""
    )
    return path
