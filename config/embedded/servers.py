"""The two servers as children of the keeper, which they never outlive."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

from config.embedded import children
from config.embedded.account import SERVER_ENVIRONMENT, ServicesError
from config.embedded.folder import Folder

MAJOR_VERSION = "18"
# Crash recovery after a busy day included.
START_PATIENCE = 90.0
STOP_PATIENCE = 20.0
# Failed statements and the rows in them could carry what nobody may read in a log.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Server(Protocol):
    name: str
    process: subprocess.Popen[bytes]

    def start(self) -> None: ...
    def answers(self) -> bool: ...
    def stop(self) -> None: ...


def wait_for(server: Server) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while not server.answers():
        if server.process.poll() is not None:
            raise ServicesError(f"{server.name} ended while it started.")
        if time.monotonic() > deadline:
            raise ServicesError(f"{server.name} does not answer.")
        time.sleep(0.03)


def _start(folder: Folder, command: list[str], on_parents_death: signal.Signals) -> subprocess.Popen[bytes]:
    account = folder.account
    as_account = {} if account.is_ours else {"user": account.uid, "group": account.gid, "extra_groups": []}
    return children.start(
        command,
        on_parents_death=on_parents_death,
        cwd=folder.base,
        env=SERVER_ENVIRONMENT,
        stdin=subprocess.PIPE,
        start_new_session=True,
        umask=0o077,
        **as_account,
    )


def _stop(process: subprocess.Popen[bytes], asks: signal.Signals) -> None:
    process.send_signal(asks)
    try:
        process.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Postgres:
    name = "PostgreSQL"
    process: subprocess.Popen[bytes]

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._data = folder.database
        self._bin = folder.programs.postgres / "bin"

    def start(self) -> None:
        if not self._data.exists():
            self._init()
        found = (self._data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise ServicesError(
                f"{self._data} holds data of PostgreSQL {found}, and this is {MAJOR_VERSION}: "
                f"delete {self._folder.path} to start afresh."
            )
        self._clear_away()
        settings = POSTGRES_SETTINGS | {"unix_socket_directories": str(self._folder.sockets)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        # Quit, not fast shutdown, when we are killed: it waits for nobody, and recovery loses nothing.
        self.process = _start(
            self._folder, [str(self._bin / "postgres"), "-D", str(self._data), *options], signal.SIGQUIT
        )
        wait_for(self)
        self._make_databases()

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), self._connection():
            return True
        return False

    def stop(self) -> None:
        _stop(self.process, signal.SIGINT)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        url = self._folder.url("postgres", "postgres")
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def _init(self) -> None:
        """Made beside its place and renamed, so that an interrupted one is never taken for whole."""
        account, part = self._folder.account, self._data.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        password = self._folder.base / f"password-{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(self._folder.secrets["postgres"])
            account.own(password)
            done = account.run(
                [
                    *(str(self._bin / "initdb"), "--pgdata", str(part), "--username=postgres"),
                    *("--pwfile", str(password), "--auth=scram-sha-256", "--encoding=UTF8"),
                    *("--locale-provider=builtin", "--locale=C.UTF-8"),
                ]
            )
        finally:
            password.unlink(missing_ok=True)
        if done.returncode != 0:
            raise ServicesError(f"initdb failed: {done.stderr.strip()}")
        part.rename(self._data)

    def _clear_away(self) -> None:
        """After a kill: end what is left of the last server, then remove the file that names its process.

        The number in postmaster.pid may belong to anybody by now. So we look for processes that work in the
        data folder, as every process of PostgreSQL does, and touch no other.
        """
        deadline = time.monotonic() + STOP_PATIENCE
        while left := _working_in(self._data):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(0.1)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _make_databases(self) -> None:
        with self._connection() as connection:
            for role, option in (
                ("homeward_owner", "CREATEDB"),
                ("homeward_keys", "CREATEDB"),
                ("homeward_app", "NOCREATEDB"),
            ):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    make = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}")
                    password = sql.Literal(self._folder.secrets[role])
                    connection.execute(make.format(sql.Identifier(role), sql.SQL(option), password))
            for database, owner, guest in (
                ("homeward", "homeward_owner", "homeward_app"),
                ("homeward_keys", "homeward_keys", None),
            ):
                self._make_database(connection, database, owner, guest)

    def _make_database(
        self, connection: psycopg.Connection[tuple[Any, ...]], database: str, owner: str, guest: str | None
    ) -> None:
        name = sql.Identifier(database)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(owner)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        if guest:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(guest))
            )


class Valkey:
    name = "Valkey"
    process: subprocess.Popen[bytes]

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._socket = folder.sockets / "valkey.sock"

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        self.process = _start(self._folder, [str(self._folder.programs.valkey), "-"], signal.SIGKILL)
        settings = {
            "port": "0",
            "unixsocket": f'"{self._socket}"',
            "unixsocketperm": "700",
            "requirepass": self._folder.secrets["valkey"],
            "dir": f'"{self._folder.sockets}"',
            "save": '""',
            "appendonly": "no",
            "loglevel": "warning",
        }
        # Through standard input: a password in the command line could be read by everybody.
        if self.process.stdin is None:
            raise ServicesError("Valkey has no standard input.")
        self.process.stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        self.process.stdin.close()
        wait_for(self)

    def answers(self) -> bool:
        client = Redis(
            unix_socket_path=str(self._socket), password=self._folder.secrets["valkey"], socket_timeout=5
        )
        with suppress(RedisError), client:
            return bool(client.ping())
        return False

    def stop(self) -> None:
        _stop(self.process, signal.SIGTERM)


def _working_in(folder: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder.resolve() and process.name != str(os.getpid()):
                found.append(int(process.name))
    return found
