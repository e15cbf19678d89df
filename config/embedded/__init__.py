"""PostgreSQL and Valkey out of wheels, for the demo, the tests and every command on a fresh machine.

The first holder starts a detached keeper, which owns both servers. Every holder keeps a lock on a file of
its own; a killed holder lets go of its lock, and when none is held the keeper stops both servers and ends.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.account import ServicesError
from config.embedded.folder import CHECKOUT, READY, Folder

# Either one means that somebody brings real servers; settings then name whatever is missing.
BROUGHT = ("DATABASE_URL", "VALKEY_URL", "DATABASE_URL_FILE", "VALKEY_URL_FILE")
# What a person may choose beside the embedded services.
DEFAULTS = {"ALLOWED_HOSTS": "127.0.0.1,localhost", "HOMEWARD_DEMO": "1"}


@contextmanager
def joined() -> Iterator[None]:
    """Hold the embedded services, starting them if nobody does, with their addresses in os.environ.

    Does nothing when the environment brings its own servers. Stops the process with a sentence when the
    services cannot be had.
    """
    if any(os.environ.get(name) for name in BROUGHT):
        yield
        return
    try:
        folder = Folder.chosen()
        holder = _hold(folder)
        environment = folder.environment()
    except (ServicesError, OSError) as failure:
        raise SystemExit(f"Homeward's embedded services cannot be used. {failure}") from None
    before = os.environ.copy()
    os.environ.update({**DEFAULTS, **{k: v for k, v in before.items() if k in DEFAULTS}, **environment})
    try:
        yield
    finally:
        for name in environment.keys() | DEFAULTS.keys():
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]
        holder.let_go()


def _hold(folder: Folder) -> "Holder":
    folder.make()
    with folder.starting():
        holder = Holder(folder)
        try:
            folder.settle()
            if not folder.is_kept_and_ready():
                _start_keeper(folder)
        except BaseException:
            holder.let_go()
            raise
    return holder


class Holder:
    """One process's claim on the services: a locked file; the kernel unlocks it however the process ends."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.new_holder()
        self._lock = folder.lock(self._path)

    def let_go(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._lock)


def _start_keeper(folder: Folder) -> None:
    """Returns when both servers answer. The keeper says so, or what went wrong, through a pipe."""
    # The keeper is born with its lock, so that there is no moment at which it runs unseen.
    lock = folder.lock(folder.keeper_path)
    folder.say_ready("")
    hears, says = os.pipe()
    with folder.open_log() as log:
        command = [sys.executable, "-m", "config.embedded.keeper", str(folder.path), str(says), str(lock)]
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[says, lock],
            start_new_session=True,
        )
    os.close(says)
    os.close(lock)
    with os.fdopen(hears) as words:
        said = words.read().strip()
    process.wait()
    if said != READY:
        raise ServicesError(said or f"The keeper of the services ended; its log is {folder.log_path}.")


def program(name: str) -> Path:
    """One of the PostgreSQL programs in the wheel, such as pg_dump."""
    return Folder.chosen().programs.postgres / "bin" / name
