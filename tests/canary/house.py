"""An installation of its own: services, web server, job worker and mail server, all of it talkative, all of it kept."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from redis import Redis

import clock
from config.embedded import children
from config.embedded.folder import CHECKOUT
from tests.canary.looking import Place
from tests.config.processes import Data, bare_environment, data_in, wait_until
from tests.postbox import Postbox, postbox

WATCHED = Path(__file__).with_name("watched")
# A first start on a busy machine.
PATIENCE = 120.0
# As talkative as somebody can make it without changing the code: every line of HTTP and on sockets.
UVICORN = ("-m", "uvicorn", "config.asgi:application", "--lifespan", "off", "--log-level", "trace")
WORKER = ("manage.py", "procrastinate", "worker", "--fetch-job-polling-interval", "0.2")

# Places.
DUMP = "`pg_dump` of both databases"
TABLES = "data directory of PostgreSQL"
WAL = "its write-ahead log, all of it"
BROKER = "Valkey: its memory, and every key in a file"
LOGS = "what web server, worker, commands and PostgreSQL log"
TEMPORARY = "temporary files"
THROWN_AWAY = "files that were removed or replaced, names of files that were written"
DOCUMENTS = "documents as they are stored"
LETTERS = "e-mails"
HEADS = "heads, addresses and cookies of answers, words on sockets"


class House:
    def __init__(self, folder: Path, data: Data, box: Postbox, *, furnished: bool) -> None:
        self.folder, self._data, self.box = folder, data, box
        self.logs, self.temporary = self._made("logs"), self._made("temporary")
        # What is searched besides: dumps, letters, what answers tell a browser to keep.
        self.thrown_away, self.taken = self._made("thrown-away"), self._made("taken")
        self.files = data.folder.files
        self._running: list[subprocess.Popen[bytes]] = []
        self._hand, made = self._start_hand(["furnished"] if furnished else [])
        self.environment: dict[str, str] = made["environment"] | self._of_watched()
        self.password: str = made["password"]
        self.seeds: dict[str, str] = made["seeds"]
        self.address = self._serve()

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir()
        return path

    # -- processes -------------------------------------------------------------------------------------

    def _start_hand(self, words: Sequence[str]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
        environment = bare_environment(
            HOMEWARD_DATA=str(self._data.path),
            # The same day as in every test.
            CLOCK_OFFSET_FILE=os.environ[clock.OFFSET_FILE_VARIABLE],
            STATIC_ROOT=str(self.folder / "static"),
            EMAIL_URL=f"smtp://127.0.0.1:{self.box.port}",
            EMAIL_FROM="no-reply@homeward.example",
            SITE_URL="https://homeward.example",
            PYTHONDONTWRITEBYTECODE="1",
        )
        command = ["-m", "config.embedded", sys.executable, "-m", "tests.canary.hand", *words]
        hand = self.start(command, "hand", environment, pipes=True)
        assert hand.stdout
        line = hand.stdout.readline()
        assert line, (self.logs / "hand").read_text()
        return hand, json.loads(line)

    def _of_watched(self) -> dict[str, str]:
        return {
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(WATCHED),
            "CANARY_KEPT": str(self.thrown_away),
        }

    def start(
        self,
        command: Sequence[str],
        log: str,
        environment: dict[str, str],
        *,
        pipes: bool = False,
        **options: object,
    ) -> subprocess.Popen[bytes]:
        """Everything that it says is kept."""
        with (self.logs / log).open("ab") as says:
            streams = {"stdin": subprocess.PIPE if pipes else subprocess.DEVNULL, "stderr": says}
            started = children.start(
                [sys.executable, *command],
                on_parents_death=signal.SIGTERM,
                cwd=CHECKOUT,
                env=environment,
                stdout=subprocess.PIPE if pipes else says,
                **streams,
                **options,
            )
        self._running.append(started)
        return started

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        """A command of an operator, beside all that goes on."""
        return self.start(["manage.py", *words], f"command-{words[0]}", self.environment)

    def _serve(self) -> str:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            number = listening.fileno()
            web = [*UVICORN, "--fd", str(number)]
            self.start(web, "web", self.environment | {"DATABASE_POOL": "true"}, pass_fds=[number])
            self.start(WORKER, "worker", self.environment)
            address = "http://{}:{}".format(*listening.getsockname())
        # The job worker may come later.
        wait_until(lambda: _answers(f"{address}/accounts/login/"), PATIENCE)
        return address

    def sweep_mail(self) -> None:
        assert self._hand.stdin
        self._hand.stdin.write(b"mail\n")
        self._hand.stdin.flush()

    def stop_processes(self) -> None:
        """Web server and job worker end in order; the services go on."""
        for process in self._running[::-1]:
            if process is not self._hand and process.poll() is None:
                process.terminate()
                process.wait(PATIENCE)

    # -- databases and broker --------------------------------------------------------------------------

    @contextmanager
    def superuser(self, database: str = "homeward") -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
        with psycopg.connect(self._data.folder.url("postgres", database), autocommit=True) as connection:
            yield connection

    def broker(self) -> Redis:
        return Redis.from_url(self.environment["VALKEY_URL"])

    # -- places ------------------------------------------------------------------------------------------

    def dump(self, database: str) -> Path:
        folder, path = self._data.folder, self.taken / f"{database}.sql"
        program = folder.programs.postgres / "bin" / "pg_dump"
        url = folder.url("postgres", database)
        subprocess.run([str(program), "--column-inserts", f"--file={path}", url], check=True)
        return path

    def memory_of_broker(self) -> Iterator[Path]:
        """Every key with its value, unpacked, as the broker itself writes it to a file; and its memory as it is."""
        with self.broker() as broker:
            broker.config_set("rdbcompression", "no")
            broker.save()
            pid = int(broker.info("server")["process_id"])
        yield self._data.folder.sockets / "dump.rdb"
        yield _memory(pid, self.taken / "valkey.memory")

    def checkpoint(self) -> None:
        with self.superuser() as connection:
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")

    @property
    def database(self) -> Path:
        return self._data.folder.database

    def places(self) -> list[Place]:
        """Web server and job worker have ended then, and everything lies on the disk."""
        dumps = [self.dump(database) for database in ("homeward", "homeward_keys")]
        memory = list(self.memory_of_broker())
        self.stop_processes()
        self.checkpoint()
        letters = self.taken / "letters"
        letters.write_bytes(b"\n".join(letter.raw + letter.words.encode() for letter in self.box.letters))
        wal = self.database / "pg_wal"
        rest = [path for path in self.database.iterdir() if path != wal]
        return [
            Place(DUMP, dumps),
            Place(TABLES, rest),
            Place(WAL, [wal]),
            Place(BROKER, memory),
            Place(LOGS, [self.logs, self._data.folder.log_path]),
            Place(TEMPORARY, [self.temporary]),
            Place(THROWN_AWAY, [self.thrown_away]),
            Place(DOCUMENTS, [self.files]),
            Place(LETTERS, [letters]),
            Place(HEADS, [self.taken / "heads"]),
        ]


def _memory(pid: int, path: Path) -> Path:
    """As the kernel shows it, with what was freed and not overwritten; empty where it shows it to root alone."""
    with path.open("wb") as copy, suppress(PermissionError), Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            begin, end = (int(each, 16) for each in span.split("-"))
            # Not what is mapped from files.
            if rights.startswith("rw"):
                memory.seek(begin)
                copy.write(memory.read(end - begin))
    return path


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=3) as answer:  # noqa: S310 - on loopback
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def house_in(folder: Path, *, furnished: bool) -> Iterator[House]:
    with ExitStack() as stack:
        box = stack.enter_context(postbox())
        data = stack.enter_context(data_in(folder / "data"))
        yield House(folder, data, box, furnished=furnished)
