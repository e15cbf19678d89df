"""The embedded services live exactly as long as somebody holds them, whatever is killed on the way."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tests.config.processes import Data, Holder, ask, bare_environment, wait_until

STARTED = "SELECT pg_postmaster_start_time()"


def test_two_who_start_at_once_share_one_server(data: Data) -> None:
    first, second = Holder(data), Holder(data)
    one, other = first.environment, second.environment
    assert one["DATABASE_URL"] == other["DATABASE_URL"]
    assert ask(one["DATABASE_URL"], STARTED) == ask(other["DATABASE_URL"], STARTED)
    assert len([line for line in data.left() if "config.embedded.keeper" in line]) == 1
    assert len([line for line in data.left() if "/postgres -D" in line]) == 1


def test_a_starter_killed_half_way_leaves_a_start_that_the_next_one_waits_for(data: Data) -> None:
    first = Holder(data)
    wait_until(lambda: any("config.embedded.keeper" in line for line in data.left()))
    first.kill()
    assert ask(Holder(data).environment["DATABASE_URL"], "SELECT 1") == "1"
    assert len([line for line in data.left() if "config.embedded.keeper" in line]) == 1


def test_they_end_when_the_last_holder_is_killed(data: Data) -> None:
    first, second = Holder(data), Holder(data)
    url = first.environment["DATABASE_URL"]
    assert second.environment
    started = ask(url, STARTED)
    first.kill()
    # Longer than the keeper waits for the next holder.
    with pytest.raises(AssertionError):
        wait_until(lambda: not data.servers(), seconds=2)
    assert ask(url, STARTED) == started
    second.kill()
    wait_until(lambda: not data.left())


def test_a_holder_that_comes_while_they_stop_gets_new_ones(data: Data) -> None:
    holder = Holder(data)
    assert holder.environment
    holder.end()
    # Valkey ends first: the keeper has made up its mind, and PostgreSQL is still there.
    wait_until(lambda: not (data.folder.sockets / "valkey.sock").exists())
    assert ask(Holder(data).environment["DATABASE_URL"], "SELECT 1") == "1"


def test_a_killed_keeper_leaves_nothing_and_loses_nothing(data: Data) -> None:
    holder = Holder(data)
    owner = holder.environment["DATABASE_OWNER_URL"]
    ask(owner, "CREATE TABLE kept AS SELECT 7 AS it")
    os.kill(data.pid_of("config.embedded.keeper"), signal.SIGKILL)
    wait_until(lambda: not data.servers())
    holder.kill()
    wait_until(lambda: not data.left())
    assert ask(Holder(data).environment["DATABASE_OWNER_URL"], "SELECT it FROM kept") == "7"


def test_a_killed_server_comes_back_with_what_it_acknowledged(data: Data) -> None:
    environment = Holder(data).environment
    owner = environment["DATABASE_OWNER_URL"]
    ask(owner, "CREATE TABLE kept AS SELECT 7 AS it")
    os.kill(data.pid_of("/postgres -D"), signal.SIGKILL)
    os.kill(data.pid_of("valkey-server"), signal.SIGKILL)

    def is_back() -> bool:
        try:
            return ask(owner, "SELECT it FROM kept") == "7"
        except psycopg.OperationalError:
            return False

    wait_until(is_back)
    wait_until(lambda: any("valkey-server" in line for line in data.left()))
    # Who joins now waits until both answer.
    assert Redis.from_url(Holder(data).environment["VALKEY_URL"]).ping()


def test_a_stale_file_that_names_somebody_elses_process_harms_nobody(data: Data) -> None:
    holder = Holder(data)
    assert holder.environment
    holder.end()
    wait_until(lambda: not data.left())
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (data.folder.database / "postmaster.pid").write_text(f"{bystander.pid}\n{data.folder.database}\n")
        assert ask(Holder(data).environment["DATABASE_URL"], "SELECT 1") == "1"
        assert bystander.poll() is None
        bystander.kill()


def test_a_deleted_data_folder_ends_them_and_a_new_one_starts_afresh(data: Data) -> None:
    holder = Holder(data)
    ask(holder.environment["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 7 AS it")
    shutil.rmtree(data.path)
    fresh = Holder(data).environment
    assert ask(fresh["DATABASE_URL"], "SELECT to_regclass('kept') IS NULL") == "True"
    holder.kill()
    assert ask(fresh["DATABASE_URL"], "SELECT 1") == "1"


def test_secrets_are_private_and_parents_keep_their_permissions(data: Data, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert Holder(data).environment
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    for name in ("secrets.json", "keyring.json", "services.log"):
        assert stat.S_IMODE((data.path / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.folder.base.stat().st_mode) == 0o700
    command_lines = " ".join(data.left())
    for name in ("postgres", "homeward_app", "valkey", "SECRET_KEY"):
        assert data.folder.secrets[name] not in command_lines


def test_the_roles_can_do_what_they_are_for_and_no_more(data: Data) -> None:
    environment = Holder(data).environment
    owner, app, keys = (
        environment[f"{name}_URL"] for name in ("DATABASE_OWNER", "DATABASE", "KEYS_DATABASE")
    )
    may = "SELECT (rolcreatedb, rolsuper, rolcreaterole)::text FROM pg_roles WHERE rolname = current_user"
    assert [ask(url, may) for url in (owner, app, keys)] == ["(t,f,f)", "(f,f,f)", "(t,f,f)"]
    for refused in (
        "CREATE TABLE mine (it int)",
        "CREATE TEMPORARY TABLE mine (it int)",
        "CREATE SCHEMA mine",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(app, refused)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        ask(f"{app}_keys", "SELECT 1")
    locale = (
        "SELECT datcollate || datlocprovider::text || pg_encoding_to_char(encoding) FROM pg_database LIMIT 1"
    )
    assert ask(owner, locale) == "C.UTF-8bUTF8"


def test_servers_of_ones_own_are_used_and_nothing_is_started(data: Data) -> None:
    command = (
        "import os; from config import embedded\nwith embedded.joined(): print(os.environ.get('KEYRING'))"
    )
    for brought in (
        {"DATABASE_URL": "postgresql://x"},
        {"VALKEY_URL": "redis://x"},
        {"DATABASE_URL_FILE": "/x"},
    ):
        environment = bare_environment(HOMEWARD_DATA=str(data.path), **brought)
        run = [sys.executable, "-c", command]
        assert subprocess.run(run, env=environment, capture_output=True, text=True).stdout == "None\n"
    assert not data.path.exists()


def test_a_folder_that_cannot_be_had_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = [sys.executable, "-m", "config.embedded", "true"]
    environment = bare_environment(HOMEWARD_DATA=str(tmp_path / "file" / "data"))
    done = subprocess.run(run, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Homeward's embedded services cannot be used.")
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr
