"""Copies of the key store: made by a real pg_dump, and none of them kept for 30 days."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from config import embedded

SCRIPT = settings.BASE_DIR / "compose/database/back-up.sh"
pytestmark = pytest.mark.django_db


def run(folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    keys = connections["keys"].settings_dict
    found = {
        "PATH": f"{embedded.program('pg_dump').parent}:{os.environ['PATH']}",
        "PGHOST": keys["HOST"],
        "PGUSER": keys["USER"],
        "PGPASSWORD": keys["PASSWORD"],
        "PGDATABASE": keys["NAME"],
        "BACKUPS": str(folder),
    }
    if keys["PORT"]:
        found["PGPORT"] = str(keys["PORT"])
    return subprocess.run(
        ["sh", str(SCRIPT), "keys", "once"], env=found | more, capture_output=True, text=True
    )


def copy_of(folder: Path, age: timedelta) -> Path:
    """Aged by the machine's own clock, which is the one that the script asks."""
    path = folder / f"keys-{age.days}-{age.seconds}.dump"
    path.touch()
    then = path.stat().st_mtime - age.total_seconds()
    os.utime(path, (then, then))
    return path


def test_a_copy_is_made_that_its_owner_alone_reads(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (copy,) = tmp_path.iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.read_bytes().startswith(b"PGDMP")
    assert b"vault_datakey" in copy.read_bytes()


def test_none_lives_to_be_thirty_days_old(tmp_path: Path) -> None:
    """The next run is a day later, so what is older than 29 days goes now."""
    old = copy_of(tmp_path, timedelta(days=29, minutes=2))
    young = copy_of(tmp_path, timedelta(days=28, hours=23))
    other = tmp_path / "other.txt"
    other.touch()
    run(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_old_ones_go_also_when_no_new_one_can_be_made(tmp_path: Path) -> None:
    old = copy_of(tmp_path, timedelta(days=29, minutes=2))
    assert run(tmp_path, PGDATABASE="nowhere").returncode != 0
    assert not old.exists()
    assert not list(tmp_path.glob("keys-*.dump"))


@pytest.mark.parametrize("days", ["", "0", "1", "31", "-5", "ten", "30d"])
def test_nobody_keeps_them_longer(tmp_path: Path, days: str) -> None:
    done = run(tmp_path, BACKUP_DAYS=days)
    if days == "":
        # As without it: 30.
        assert done.returncode == 0
        return
    assert done.returncode == 1
    assert "from 2 to 30" in done.stderr
    assert not list(tmp_path.iterdir())
