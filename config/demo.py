"""`python -m config.demo`: the whole of Homeward on this machine, with invented people, until Ctrl-C.

Starts the embedded services, migrates, seeds, then keeps a job worker, which tells what takes long, and a web server.
Whatever ends it, the death of its parent included, ends everything that it started.
"""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import django
from django.core.management import call_command

from config import embedded
from config.embedded import children
from config.embedded.folder import CHECKOUT, Folder

START_PATIENCE = 60.0
STOP_PATIENCE = 5.0
LOOK_EVERY = 0.2
# Between two starts of the worker, so that one that cannot start does not spin.
BREATH = 2.0
WEB, WORKER = "web server", "job worker"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    if brought := [name for name in embedded.BROUGHT if os.environ.get(name)]:
        sys.exit(f"The demo invents people, so it brings its own database. Unset {' and '.join(brought)}.")
    host, port = _address()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "HOMEWARD_DEMO": "1"}
    _end_when_told()
    with embedded.joined():
        _prepare()
        with _running(host, port) as processes:
            _wait_until_up(host, port, processes)
            _say(f"\nHomeward is at http://{_written(host)}:{port}/  Ctrl-C stops it.")
            sys.exit(_first_end(processes))


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not _is_loopback(host):
        sys.exit(f"HOST is {host}. The demo prints its passwords, so it serves a loopback address only.")
    if not port.isdecimal() or int(port) > 65535:
        sys.exit(f"PORT is {port}. It must be a number up to 65535; 0 takes a free one.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        # As the web server does: connections of an earlier demo that are still fading do not count.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, int(port)))
        except OSError as error:
            sys.exit(f"Port {port} of {host} cannot be had: {error.strerror}. PORT= names another one.")
        return host, int(attempt.getsockname()[1])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _end_when_told() -> None:
    """Ctrl-C, a terminal that closes, `kill`; and the end of `make`, which nobody would tell us of."""

    def end(heard: int, _frame: FrameType | None) -> None:
        _heed(signal.SIG_IGN)
        sys.exit(128 + heard)

    for each in STOPPING:
        signal.signal(each, end)
    parent = os.getppid()
    children.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # It died before we asked.
        sys.exit(128 + signal.SIGTERM)


def _heed(how: signal.Handlers) -> None:
    for each in STOPPING:
        signal.signal(each, how)


def _prepare() -> None:
    """All in this process: starting Django takes longer than most of what it is started for."""
    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    # Its own tables alone: all others of the project are no business of the key store.
    call_command("migrate", "vault", database="keys", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo", by_worker=True)


@contextmanager
def _running(host: str, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    python = sys.executable
    # WhiteNoise reads files in blocks, which Django remarks on; they are small and cached by the browser.
    web = [
        "-W",
        "ignore:StreamingHttpResponse must consume",
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--host",
        host,
        "--port",
        str(port),
    ]
    web += ["--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
    # What is said on a socket is short, so nothing long is read and nothing is compressed.
    web += ["--ws-max-size", "65536", "--ws-per-message-deflate", "false"]
    processes = {WEB: _start([python, *web], {"DATABASE_POOL": "true"}), WORKER: _start_worker()}
    try:
        yield processes
    finally:
        _heed(signal.SIG_IGN)
        _stop(list(processes.values()))


def _start_worker() -> subprocess.Popen[bytes]:
    worker = ["manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", "2"]
    return _start([sys.executable, *worker], {})


def _start(command: list[str], more: dict[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches us alone and we end it in order."""
    return children.start(
        command,
        on_parents_death=signal.SIGKILL,
        cwd=CHECKOUT,
        env=os.environ | more,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(host: str, port: int, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while not _is_up(f"http://{_written(host)}:{port}/healthz"):
        if ended := _ended(processes):
            sys.exit(ended)
        if time.monotonic() > deadline:
            sys.exit("The web server or the job worker did not come up.")
        time.sleep(0.1)


def _is_up(address: str) -> bool:
    try:
        with urlopen(address, timeout=3) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _first_end(processes: dict[str, subprocess.Popen[bytes]]) -> str:
    """A worker whose database was killed ends; it starts again, and the rest stands or falls together."""
    started = time.monotonic()
    while not (ended := _ended(processes)):
        if processes[WORKER].poll() is not None and time.monotonic() - started > BREATH:
            processes[WORKER], started = _start_worker(), time.monotonic()
        time.sleep(LOOK_EVERY)
    return ended


def _ended(processes: dict[str, subprocess.Popen[bytes]]) -> str | None:
    web = processes[WEB]
    if web.poll() is not None:
        return f"The {WEB} ended with {web.returncode}, so the demo stops."
    if not Folder.chosen().is_kept():
        return "The embedded services ended, so the demo stops."
    return None


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
