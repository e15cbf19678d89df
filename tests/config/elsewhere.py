"""This checkout once more, for an ordinary account, in a place and with a Python which that account can reach."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.account import Account
from config.embedded.folder import CHECKOUT

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
# What is compiled already goes along: otherwise every process would compile the library anew.
NOT_NEEDED = shutil.ignore_patterns("site-packages", "test", "idlelib", "*.a")


@contextmanager
def checkout_of(account: Account) -> Iterator[Path]:
    """Everything in it belongs to the account, `.venv` included."""
    place = Path(tempfile.mkdtemp(prefix="homeward-checkout-", dir="/var/tmp"))
    try:
        _copy_files(place)
        _make_environment(place, account)
        for path in (place, *place.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        yield place
    finally:
        shutil.rmtree(place)


def nobody() -> Account:
    found = pwd.getpwnam("nobody")
    return Account(found.pw_uid, found.pw_gid)


def _copy_files(place: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (CHECKOUT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, place / name)


def _make_environment(place: Path, account: Account) -> None:
    """The packages of the environment that runs the tests, linked where the account can read them, else copied."""
    python = _reachable_python(place, account)
    home = place / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "pyvenv.cfg").write_text(f"home = {python.parent}\ninclude-system-site-packages = false\n")
    (home / "bin" / "python").symlink_to(python)
    packages = Path(sys.prefix) / "lib" / VERSION / "site-packages"
    ours = home / "lib" / VERSION / "site-packages"
    ours.parent.mkdir(parents=True)
    if account.can_enter(packages):
        ours.symlink_to(packages)
    else:
        shutil.copytree(packages, ours, symlinks=True)


def _reachable_python(place: Path, account: Account) -> Path:
    real = Path(sys.executable).resolve()
    if account.can_run(real):
        return real
    base, copy = Path(sys.base_prefix), place / ".python"
    (copy / "bin").mkdir(parents=True)
    shutil.copy2(real, copy / "bin" / VERSION)
    shutil.copytree(base / "lib" / VERSION, copy / "lib" / VERSION, ignore=NOT_NEEDED, symlinks=True)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy2(library, copy / "lib" / library.name)
    return copy / "bin" / VERSION
