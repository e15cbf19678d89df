"""Starting Homeward's commands apart from the test run, and seeing what they leave behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

import psycopg

from config.embedded.folder import CHECKOUT, Folder

# What the test run's own services put into its environment.
OF_THE_RUN = (
    *(
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "KEYS_DATABASE_URL",
        "VALKEY_URL",
        "KEYRING",
        "SECRET_KEY",
        "FILES_ROOT",
        "SIGNATURE_ROOTS",
    ),
    *("ALLOWED_HOSTS", "HOMEWARD_DEMO", "HOMEWARD_DATA", "CLOCK_OFFSET_FILE", "MAKEFLAGS", "MAKELEVEL"),
)


def bare_environment(**more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing up."""
    return {name: value for name, value in os.environ.items() if name not in OF_THE_RUN} | more


def wait_until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.05)


@dataclass
class Data:
    """A data folder of a test's own, and every process that has to do with it."""

    path: Path
    checkout: Path = CHECKOUT
    as_account: Mapping[str, object] = field(default_factory=dict)

    @property
    def folder(self) -> Folder:
        return Folder(self.path)

    def start(self, command: list[str], **options: object) -> "subprocess.Popen[str]":
        environment = bare_environment(HOMEWARD_DATA=str(self.path), PYTHONDONTWRITEBYTECODE="1")
        if self.as_account:
            # The copied Python, where there is one, finds its own library and not the system's.
            libraries = self.checkout / ".python" / "lib"
            environment |= {"HOME": str(self.checkout), "LD_LIBRARY_PATH": str(libraries)}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command,
            cwd=self.checkout,
            env=environment,
            text=True,
            start_new_session=True,
            **self.as_account,
            **options,
        )

    def left(self) -> list[str]:
        """Processes that were started with the folder, or that work in it."""
        named = f"HOMEWARD_DATA={self.path}".encode()
        base = str(self.folder.base) if (self.path / "secrets.json").exists() else str(self.path)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                works_here = str((process / "cwd").readlink()).startswith(base)
                if works_here or named in (process / "environ").read_bytes().split(b"\0"):
                    words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                    found += [f"{process.name} {words}"] if words else []
        return found

    def servers(self) -> list[str]:
        return [line for line in self.left() if "/postgres -D" in line or "valkey-server" in line]

    def pid_of(self, word: str) -> int:
        return next(int(line.split()[0]) for line in self.left() if word in line)

    def remove(self) -> None:
        for line in self.left():
            with suppress(ProcessLookupError):
                os.kill(int(line.split()[0]), signal.SIGKILL)
        wait_until(lambda: not self.left())
        if (self.path / "secrets.json").exists():
            shutil.rmtree(self.folder.spare, ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)


@contextmanager
def data_in(path: Path) -> Iterator[Data]:
    data = Data(path)
    try:
        yield data
    finally:
        data.remove()


HOLD = """
import json, os, sys
from config import embedded
with embedded.joined():
    print(json.dumps(dict(os.environ)), flush=True)
    sys.stdin.read()
"""


class Holder:
    """A process that holds the services until its standard input ends, or it is killed."""

    def __init__(self, data: Data) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = data.start([sys.executable, "-c", HOLD], **pipes)

    @property
    def environment(self) -> dict[str, str]:
        """Once the services are up."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the services did not come up"
        return dict(json.loads(line))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.process.communicate(timeout=20)


def ask(url: str, query: LiteralString) -> str:
    """The first value of the first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
    return str(row[0]) if row else ""
