"""Data keys change their wrapping while the application runs, and whoever is killed in the middle goes on later."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from config.embedded import children
from tests.browser.server import environment
from tests.config.processes import wait_until
from vault import keys, ringfile, rotating
from vault.errors import KeyMissing, KeyRingError
from vault.keyring import FileKeyRing, ring, with_new_key
from vault.management.commands import rotate_keys
from vault.models import DataKey, ErasedKey, KnownHead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ring(ring_file: Path, settings: Settings) -> Iterator[Path]:
    settings.KEYRING = ring_file
    ring.cache_clear()
    yield ring_file
    ring.cache_clear()


@pytest.fixture
def scopes() -> list[UUID]:
    scopes = [uuid4() for _ in range(12)]
    keys.create_many(scopes)
    return scopes


def opened(scopes: list[UUID]) -> list[bytes]:
    keys.forget_cached()
    return [keys.data_key(scope) for scope in scopes]


def wrapped_by() -> set[str]:
    return set(DataKey.objects.values_list("kek_id", flat=True))


def said(capsys: pytest.CaptureFixture[str], **options: object) -> str:
    call_command("rotate_keys", **options)
    return capsys.readouterr().out


def elsewhere(path: Path) -> None:
    """Another process changed the ring; this one has not looked since."""
    ringfile.change(path, with_new_key)


def test_every_key_is_wrapped_anew_and_stays_the_same(
    scopes: list[UUID], own_ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = opened(scopes)
    words = said(capsys, add=True, batch=5)
    assert "k2 wraps from now on" in words
    assert "5 wrapped anew, 7 left." in words
    assert "12 wrapped anew, 0 left." in words
    assert wrapped_by() == {"k2"}
    assert opened(scopes) == before
    assert not any(word in words for word in json.loads(own_ring.read_text())["keys"].values())
    assert "wrapped anew" not in said(capsys)


def test_a_process_that_read_the_ring_before_learns_of_the_new_key(
    scopes: list[UUID], own_ring: Path
) -> None:
    before, known = opened(scopes), ring()
    call_command("rotate_keys", add=True, drop=True)
    ring.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        # As in a process of its own: what it knows is what it read when it started.
        stale = iter([known])
        patch.setattr(keys, "ring", lambda: next(stale, None) or ring())
        assert opened(scopes) == before
    assert list(json.loads(own_ring.read_text())["keys"]) == ["k2"]


def test_a_case_that_is_opened_meanwhile_is_not_left_behind(own_ring: Path) -> None:
    assert ring().active == "k1"
    elsewhere(own_ring)
    scope = uuid4()
    keys.create(scope)
    assert wrapped_by() == {"k2"}
    key = keys.data_key(scope)
    rotating.drop_keys()
    assert opened([scope]) == [key]


def test_a_key_that_somebody_else_made_is_not_replaced(own_ring: Path) -> None:
    """Not even by whoever looks after its own rows, because the ring has changed meanwhile."""
    scope = uuid4()
    keys.create(scope)
    before = opened([scope])
    elsewhere(own_ring)
    keys.create(scope)
    assert opened([scope]) == before


def test_a_ring_that_cannot_be_read_for_a_while_stops_no_new_case(own_ring: Path) -> None:
    assert ring().active == "k1"
    own_ring.rename(own_ring.with_name("away"))
    scope = uuid4()
    keys.create(scope)
    assert len(keys.data_key(scope)) == 32


def test_a_key_leaves_the_ring_only_when_nothing_needs_it(scopes: list[UUID], own_ring: Path) -> None:
    rotating.add_key()
    assert rotating.drop_keys() == []
    next(rotating.rewrap(11))
    assert rotating.drop_keys() == []
    list(rotating.rewrap(11))
    assert rotating.drop_keys() == ["k1"]
    assert not FileKeyRing.read(own_ring).holds("k1")
    assert len(opened(scopes)) == 12


def test_what_is_damaged_stays_and_keeps_its_key(scopes: list[UUID], own_ring: Path) -> None:
    DataKey.objects.filter(pk=scopes[0]).update(wrapped=b"rubbish")
    with pytest.raises(CommandError, match=r"left as they are: 1\."):
        call_command("rotate_keys", add=True, drop=True, batch=3)
    assert DataKey.objects.get(kek_id="k1").pk == scopes[0]
    assert FileKeyRing.read(own_ring).holds("k1")
    assert len(opened(scopes[1:])) == 11


def test_an_erased_key_does_not_come_back(scopes: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is erased after the batch was chosen, and before its rows are locked."""
    choose = rotating._next

    def chosen(*args: object) -> list[DataKey]:
        rows = choose(*args)  # type: ignore[arg-type]
        DataKey.objects.filter(pk=scopes[0]).delete()
        return rows

    rotating.add_key()
    monkeypatch.setattr(rotating, "_next", chosen)
    list(rotating.rewrap(50))
    assert DataKey.objects.count() == 11
    with pytest.raises(KeyMissing):
        opened(scopes)


def test_a_missing_old_key_is_said_and_nothing_changes(scopes: list[UUID], own_ring: Path) -> None:
    content = json.loads(with_new_key(own_ring.read_text()))
    del content["keys"]["k1"]
    own_ring.write_text(json.dumps(content))
    with pytest.raises(CommandError, match="put the old key back"):
        call_command("rotate_keys")
    assert wrapped_by() == {"k1"}


@pytest.mark.parametrize("batch", [0, -1])
def test_a_batch_of_nothing(batch: int) -> None:
    with pytest.raises(CommandError, match="one key at least"):
        call_command("rotate_keys", batch=batch)


def test_rows_are_locked_in_one_order_in_a_transaction_of_the_key_store(scopes: list[UUID]) -> None:
    """Two runs at once wait for each other; none stands in the other's way, and a killed one leaves half of nothing."""
    rotating.add_key()
    with CaptureQueriesContext(connections["keys"]) as asked:
        next(rotating.rewrap(50))
    sentences = [query["sql"] for query in asked.captured_queries]
    locking = [each for each in sentences if each.endswith('ORDER BY "vault_datakey"."scope" ASC FOR UPDATE')]
    assert len(locking) == 1
    assert sentences[sentences.index(locking[0]) - 1].startswith("SAVEPOINT")


def test_what_is_left_is_counted_with_what_is_damaged(scopes: list[UUID]) -> None:
    DataKey.objects.filter(pk__in=sorted(scopes)[:2]).update(wrapped=b"rubbish")
    rotating.add_key()
    assert rotating.left() == 12
    told = [(each.wrapped, each.damaged, each.left) for each in rotating.rewrap(5)]
    assert told == [(3, 2, 9), (8, 2, 4), (10, 2, 2)]
    assert rotating.left() == 2


def test_it_is_called_as_a_person_types_it(
    scopes: list[UUID], own_ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rotate_keys", "--add", "--drop", "--batch", "7")
    words = capsys.readouterr().out
    assert "7 wrapped anew, 5 left." in words
    assert "Out of the ring: k1." in words
    call_command("rotate_keys", "--drop")
    assert "Every key of the ring is needed." in capsys.readouterr().out
    assert list(json.loads(own_ring.read_text())["keys"]) == ["k2"]
    for _twice in range(2):
        rotating.add_key()
    call_command("rotate_keys", "--drop", "--batch", "1")
    assert "Out of the ring: k2, k3." in capsys.readouterr().out


def test_what_the_tables_hold_is_called_by_its_id() -> None:
    scope = uuid4()
    assert str(DataKey(scope=scope)) == str(ErasedKey(scope=scope)) == str(scope)
    assert str(KnownHead(number=7)) == "7"


def test_hundreds_are_locked_at_a_time() -> None:
    assert rotate_keys.Command().create_parser("manage.py", "rotate_keys").get_default("batch") == 500


class TestTheFile:
    def test_the_changed_ring_is_given_back(self, own_ring: Path) -> None:
        assert ringfile.change(own_ring, with_new_key).active == "k2"

    def test_a_full_disk_is_said_and_leaves_the_ring(
        self, own_ring: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = own_ring.read_text()

        def full(_descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(KeyRingError) as refused:
            rotating.add_key()
        assert str(refused.value) == f"KEYRING: {own_ring} cannot be replaced: No space left on device."
        assert own_ring.read_text() == before

    def test_it_is_nobody_else_s_even_while_it_is_written(
        self, own_ring: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        modes, settle = [], os.fchmod

        def settled(descriptor: int, mode: int) -> None:
            modes.append(os.fstat(descriptor).st_mode & 0o777)
            settle(descriptor, mode)

        monkeypatch.setattr(os, "fchmod", settled)
        previous = os.umask(0)
        try:
            rotating.add_key()
        finally:
            os.umask(previous)
        assert modes == [0o600]

    def test_what_somebody_lays_in_its_way_is_not_written_through(
        self, own_ring: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A link that appears after what a killed process left was taken away."""
        elsewhere = tmp_path / "elsewhere"
        elsewhere.touch()
        own_ring.with_name(own_ring.name + ".part").symlink_to(elsewhere)
        monkeypatch.setattr(Path, "unlink", lambda _path, **_options: None)
        with pytest.raises(KeyRingError, match="cannot be replaced: File exists"):
            rotating.add_key()
        assert elsewhere.read_text() == ""

    def test_a_folder_that_is_none_is_said(self, own_ring: Path) -> None:
        with pytest.raises(KeyRingError) as refused:
            ringfile.change(own_ring / "ring.json", with_new_key)
        assert str(refused.value) == f"KEYRING: {own_ring} cannot be opened: Not a directory."

    def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(KeyRingError) as refused:
            ringfile.change(tmp_path / "none" / "ring.json", with_new_key)
        folder = tmp_path / "none"
        assert str(refused.value) == f"KEYRING: {folder} cannot be opened: No such file or directory."

    def test_it_stays_its_owner_s_alone(self, own_ring: Path) -> None:
        own_ring.chmod(0o400)
        rotating.add_key()
        assert own_ring.stat().st_mode & 0o777 == 0o400
        assert [path.name for path in own_ring.parent.iterdir()] == [own_ring.name]

    def test_what_a_killed_process_left_is_taken_away(self, own_ring: Path) -> None:
        own_ring.with_name(own_ring.name + ".part").write_text("half of a r")
        assert rotating.add_key() == "k2"
        assert [path.name for path in own_ring.parent.iterdir()] == [own_ring.name]

    @pytest.mark.parametrize("broken", ["", "{", '{"keys": {}}'])
    def test_a_change_that_is_no_ring_changes_nothing(self, own_ring: Path, broken: str) -> None:
        before = own_ring.read_text()
        with pytest.raises(KeyRingError, match=f"^KEYRING: .*{own_ring} "):
            ringfile.change(own_ring, lambda _text: broken)
        assert own_ring.read_text() == before

    def test_a_ring_that_others_may_use_is_not_gone_on_with(self, own_ring: Path) -> None:
        own_ring.chmod(0o640)
        with pytest.raises(CommandError, match="other accounts may use"):
            call_command("rotate_keys", add=True)


def started(folder: Path, ring_file: Path) -> "subprocess.Popen[bytes]":
    return children.start(
        [sys.executable, "manage.py", "rotate_keys", "--batch", "1"],
        on_parents_death=signal.SIGKILL,
        cwd=django_settings.BASE_DIR,
        env={**environment(folder, django_settings.VALKEY_URL), "KEYRING": str(ring_file)},
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_loses_nothing_and_the_next_goes_on(own_ring: Path, tmp_path: Path) -> None:
    scopes = [uuid4() for _ in range(1500)]
    keys.create_many(scopes)
    before = opened(scopes)
    rotating.add_key()
    process = started(tmp_path / "static", own_ring)
    with suppress(ProcessLookupError):
        wait_until(lambda: DataKey.objects.filter(kek_id="k2").count() > 5, 60)
        process.kill()
    assert process.wait() == -signal.SIGKILL
    wrapped = DataKey.objects.filter(kek_id="k2").count()
    assert 5 < wrapped < len(scopes)
    assert opened(scopes) == before
    call_command("rotate_keys", drop=True)
    assert wrapped_by() == {"k2"}
    assert opened(scopes) == before
