"""Settings from files: `SECRET_KEY_FILE=/run/secrets/secret_key` instead of `SECRET_KEY=...`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.folder import CHECKOUT

GIVEN = {
    "ALLOWED_HOSTS": "homeward.example",
    "DATABASE_URL": "postgresql://app:a@db/homeward",
    "KEYS_DATABASE_URL": "postgresql://keys:k@keys/homeward_keys",
    "VALKEY_URL": "redis://broker",
    "KEYRING": "/run/secrets/keyring.json",
    "FILES_ROOT": "/var/lib/homeward/files",
    "SECRET_KEY": "in the variable",
}
SHOWS = (
    "import config.settings as s; print(s.SECRET_KEY, s.DATABASES['default']['HOST'], 'owner' in s.DATABASES)"
)


def settings(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """A process of its own reads the settings, as every process of an installation does."""
    wanted = {"PATH": os.environ["PATH"]} | GIVEN | changed
    return subprocess.run(
        [sys.executable, "-c", SHOWS],
        cwd=CHECKOUT,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def in_file(folder: Path, text: str | bytes) -> str:
    path = folder / "secret"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_it_takes_a_value_from_the_file_without_the_last_line_break(tmp_path: Path) -> None:
    done = settings(SECRET_KEY=None, SECRET_KEY_FILE=in_file(tmp_path, "in the file\n"))
    assert done.stdout == "in the file db False\n", done.stderr


def test_it_takes_an_address_from_a_file(tmp_path: Path) -> None:
    address = in_file(tmp_path, "postgresql://app:a@elsewhere/homeward\n")
    assert (
        settings(DATABASE_URL=None, DATABASE_URL_FILE=address).stdout == "in the variable elsewhere False\n"
    )


def test_it_knows_the_owner_from_a_file(tmp_path: Path) -> None:
    address = in_file(tmp_path, "postgresql://owner:o@db/homeward\n")
    assert settings(DATABASE_OWNER_URL_FILE=address).stdout == "in the variable db True\n"


@pytest.mark.parametrize("content", [None, b"\xff secret"], ids=["missing", "no text"])
def test_it_names_a_file_that_cannot_be_read_and_shows_nothing_of_it(
    tmp_path: Path, content: bytes | None
) -> None:
    path = str(tmp_path / "none") if content is None else in_file(tmp_path, content)
    done = settings(SECRET_KEY=None, SECRET_KEY_FILE=path, VALKEY_URL=None)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "SECRET_KEY: The file that SECRET_KEY_FILE names cannot be read as text." in last
    assert "VALKEY_URL: Environment variable not set." in last
    assert "secret'" not in done.stderr


def test_it_wants_one_of_both(tmp_path: Path) -> None:
    done = settings(SECRET_KEY_FILE=in_file(tmp_path, "in the file"))
    assert "SECRET_KEY: Set SECRET_KEY or SECRET_KEY_FILE, not both." in done.stderr
