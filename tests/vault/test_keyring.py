"""The ring wraps data keys, and says in a sentence why it cannot be used."""

import base64
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from django.test import override_settings

from vault import checks
from vault.errors import KeyRingError, SealBroken
from vault.keyring import (
    FileKeyRing,
    completed_keyring_json,
    new_keyring_json,
    packed,
    ring,
    unpacked,
    with_new_key,
    without_keys,
)

KEY = bytes(range(32))
GOOD = base64.b64encode(KEY).decode()
SHORT = base64.b64encode(b"sixteen byte key").decode()


def content(**changed: Any) -> str:
    sealing = {"active": "s1", "keys": {"s1": GOOD}}
    return json.dumps({"active": "k1", "keys": {"k1": GOOD}, "index": GOOD, "sealing": sealing} | changed)


def refusal(path: Path) -> str:
    """What the ring says; never a part of a key, in whatever way the error is printed."""
    with pytest.raises(KeyRingError) as refused:
        FileKeyRing.read(path)
    error: BaseException | None = refused.value
    while error is not None:
        assert GOOD not in repr(error)
        assert SHORT not in repr(error)
        error = error.__cause__ or error.__context__
    said = str(refused.value)
    assert said.startswith("KEYRING: ")
    assert str(path) in said
    return said


def test_it_unwraps_what_it_wrapped(ring_file: Path) -> None:
    scope = uuid4()
    kek_id, wrapped = FileKeyRing.read(ring_file).wrap(KEY, scope=scope)
    assert kek_id == "k1"
    assert KEY not in wrapped
    assert FileKeyRing.read(ring_file).unwrap(kek_id, wrapped, scope=scope) == KEY


def test_a_wrapped_key_serves_one_case_only(ring_file: Path) -> None:
    kept = FileKeyRing.read(ring_file)
    kek_id, wrapped = kept.wrap(KEY, scope=uuid4())
    with pytest.raises(SealBroken):
        kept.unwrap(kek_id, wrapped, scope=uuid4())


@pytest.mark.parametrize("position", [0, 11, 12, 43, 59])
def test_an_altered_wrapped_key_is_refused(ring_file: Path, position: int) -> None:
    kept, scope = FileKeyRing.read(ring_file), uuid4()
    kek_id, wrapped = kept.wrap(KEY, scope=scope)
    altered = wrapped[:position] + bytes([wrapped[position] ^ 1]) + wrapped[position + 1 :]
    for bad in (altered, wrapped[:-1], wrapped[:5], b""):
        with pytest.raises(SealBroken, match="is damaged, or the key ring is another one"):
            kept.unwrap(kek_id, bad, scope=scope)


def test_an_old_key_opens_and_the_active_one_wraps(ring_file: Path) -> None:
    scope, new = uuid4(), base64.b64encode(os.urandom(32)).decode()
    ring_file.write_text(content())
    _, wrapped = FileKeyRing.read(ring_file).wrap(KEY, scope=scope)
    ring_file.write_text(content(active="k2", keys={"k1": GOOD, "k2": new}))
    both = FileKeyRing.read(ring_file)
    assert both.unwrap("k1", wrapped, scope=scope) == KEY
    assert both.wrap(KEY, scope=scope)[0] == "k2"


def test_a_key_taken_out_too_early_is_missed_by_name_of_the_setting(ring_file: Path) -> None:
    with pytest.raises(KeyRingError, match=r"^KEYRING: .*put the old key back"):
        FileKeyRing.read(ring_file).unwrap("k0", b"", scope=uuid4())


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no file" in refusal(tmp_path / "none.json")


def test_a_folder(tmp_path: Path) -> None:
    assert "cannot be read: Is a directory." in refusal(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o601])
def test_a_file_that_others_may_use(ring_file: Path, mode: int) -> None:
    ring_file.chmod(mode)
    assert "other accounts may use" in refusal(ring_file)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"k1"', "{}", content(keys=[GOOD]), f'{{"keys": "{GOOD}', "[" * 100_000],
)
def test_a_file_that_is_no_ring(ring_file: Path, text: str) -> None:
    ring_file.write_text(text)
    assert "is not a key ring" in refusal(ring_file)


def test_a_file_that_is_no_text(ring_file: Path) -> None:
    ring_file.write_bytes(b"\xff\xfe" + KEY)
    assert "is not a text file" in refusal(ring_file)


@pytest.mark.parametrize("value", [SHORT, "", "no base64!", None, 7, [GOOD], GOOD + GOOD, GOOD + "\n"])
def test_a_key_that_is_no_key(ring_file: Path, value: Any) -> None:
    ring_file.write_text(content(keys={"k1": value}))
    assert refusal(ring_file) == f"KEYRING: the key 'k1' in {ring_file} must be 32 bytes in base64."
    ring_file.write_text(content(index=value))
    assert refusal(ring_file) == f"KEYRING: the index key in {ring_file} must be 32 bytes in base64."
    ring_file.write_text(content(sealing={"active": "s1", "keys": {"s1": value}}))
    assert refusal(ring_file) == f"KEYRING: the sealing key 's1' in {ring_file} must be 32 bytes in base64."


@pytest.mark.parametrize("active", ["k2", None, 1, ["k1"]])
def test_an_active_key_that_is_not_there(ring_file: Path, active: Any) -> None:
    ring_file.write_text(content(active=active))
    assert "the active key" in refusal(ring_file)


def test_a_name_that_the_key_store_cannot_hold(ring_file: Path) -> None:
    for name in ("", "k" * 41):
        ring_file.write_text(content(keys={"k1": GOOD, name: GOOD}))
        assert "a key's name" in refusal(ring_file)
        assert "1 to 40 characters" in refusal(ring_file)
    ring_file.write_text(content(keys={"k1": GOOD, "k" * 40: GOOD, "k": GOOD}))
    assert FileKeyRing.read(ring_file).holds("k" * 40)


def test_it_shows_no_key(ring_file: Path) -> None:
    ring_file.write_text(content())
    shown = repr(FileKeyRing.read(ring_file))
    assert "k1" in shown
    assert not any(str(form) in shown for form in (GOOD, KEY, KEY.hex()))
    assert repr(FileKeyRing.read(ring_file).sealing) == "<SealingKeys active='s1'>"


@pytest.mark.parametrize(
    ("names", "new"), [(["k1"], "k2"), (["k9", "k10"], "k11"), (["old", "x12", "kk", "k"], "k1"), ([], "k1")]
)
def test_a_new_key_bears_the_number_after_the_highest(names: list[str], new: str) -> None:
    before = json.loads(content(keys=dict.fromkeys(names, GOOD)))
    after = json.loads(with_new_key(json.dumps(before)))
    assert after["active"] == new
    assert list(after["keys"]) == [*names, new]
    assert len(base64.b64decode(after["keys"].pop(new))) == 32
    assert {**after, "active": before["active"]} == before


def test_only_what_nothing_needs_is_taken_out() -> None:
    keys = dict.fromkeys(["k3", "k1", "k2", "k4"], GOOD)
    text, gone = without_keys(content(active="k4", keys=keys), {"k2"})
    assert gone == ["k1", "k3"]
    assert json.loads(text) == json.loads(content(active="k4", keys={"k2": GOOD, "k4": GOOD}))


@pytest.mark.parametrize("text", ["", "[]", "null"])
@pytest.mark.parametrize(
    "change", [with_new_key, completed_keyring_json, packed, lambda text: without_keys(text, set())]
)
def test_what_is_no_ring_is_not_changed(change: Callable[[str], object], text: str) -> None:
    with pytest.raises(KeyRingError, match=r"^KEYRING: this is not a key ring\.$"):
        change(text)


@pytest.mark.parametrize("data", [b"rubbish", zlib.compress(b"\xff"), zlib.compress(b"[]")])
def test_what_was_not_packed_is_not_unpacked(data: bytes) -> None:
    with pytest.raises(KeyRingError, match=r"^KEYRING: this is not a key ring\.$"):
        unpacked(data)


def test_equal_rings_are_packed_into_equal_bytes_and_few() -> None:
    shuffled = json.dumps(dict(reversed(json.loads(content()).items())), indent=4)
    assert packed(shuffled) == packed(content())
    closest = json.dumps(json.loads(content()), sort_keys=True, separators=(",", ":"))
    assert packed(content()) == zlib.compress(closest.encode(), 9)


def test_a_ring_is_a_text_that_people_can_look_at() -> None:
    for text in (new_keyring_json(), with_new_key(content()), unpacked(packed(content()))):
        assert text.startswith('{\n "')
        assert text.endswith("}\n")


def test_commands_stop_at_a_bad_ring(tmp_path: Path) -> None:
    ring.cache_clear()
    try:
        with override_settings(KEYRING=tmp_path / "none.json"):
            (found,) = checks.check_keyring(None)
    finally:
        ring.cache_clear()
    assert found.id == "vault.E010"
    assert found.msg.startswith("KEYRING: there is no file")
    assert checks.check_keyring(None) == []


def test_the_ring_is_looked_at_before_every_command() -> None:
    registered: list[object] = [*registry.get_checks()]
    assert checks.check_keyring in registered


def test_a_new_ring_needs_no_settings() -> None:
    code = "from vault.keyring import new_keyring_json; print(new_keyring_json())"
    bare = {"PATH": os.environ["PATH"]}
    made = subprocess.run([sys.executable, "-c", code], env=bare, capture_output=True, text=True, check=True)
    assert json.loads(made.stdout).keys() == {"active", "keys", "index", "sealing"}


def test_no_two_new_rings_share_a_key() -> None:
    rings = [json.loads(new_keyring_json()) for _ in range(3)]
    keys = {
        key for made in rings for key in (made["keys"]["k1"], made["index"], made["sealing"]["keys"]["s1"])
    }
    assert len(keys) == 9


def test_the_command_makes_a_ring_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.json"
    previous = os.umask(0)
    try:
        call_command("make_keyring", str(path))
    finally:
        os.umask(previous)
    assert path.stat().st_mode & 0o777 == 0o600
    FileKeyRing.read(path)
    shown = capsys.readouterr().out
    assert str(path) in shown
    assert json.loads(path.read_text())["index"] not in shown


def test_the_command_never_overwrites(ring_file: Path, tmp_path: Path) -> None:
    before = ring_file.read_text()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    for path in (ring_file, link):
        with pytest.raises(CommandError, match="is left as it is"):
            call_command("make_keyring", str(path))
    assert ring_file.read_text() == before
    assert not (tmp_path / "elsewhere.json").exists()


def test_the_command_says_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("make_keyring", str(tmp_path / "none" / "ring.json"))


def test_it_signs_and_stamps_with_keys_of_its_own(ring_file: Path) -> None:
    sealing = FileKeyRing.read(ring_file).sealing
    public_key = sealing.public_key(sealing.active)
    assert public_key is not None
    Ed25519PublicKey.from_public_bytes(public_key).verify(sealing.sign(b"words"), b"words")
    assert sealing.public_key("s9") is None
    stamp = sealing.stamp(b"a.row")
    assert sealing.is_stamp(b"a.row", stamp)
    assert sealing.stamp(b"a.row") != stamp
    for other in (stamp[:-1], stamp[:-1] + bytes([stamp[-1] ^ 1]), b"", bytes(32)):
        assert not sealing.is_stamp(b"a.row", other)
    assert not sealing.is_stamp(b"another.row", stamp)
    ring_file.write_text(new_keyring_json())
    assert not FileKeyRing.read(ring_file).sealing.is_stamp(b"a.row", stamp)


def test_what_an_old_sealing_key_made_stays_good(ring_file: Path) -> None:
    before = FileKeyRing.read(ring_file).sealing
    stamp, kept = before.stamp(b"a.row"), json.loads(ring_file.read_text())
    kept["sealing"]["keys"]["s2"], kept["sealing"]["active"] = base64.b64encode(os.urandom(32)).decode(), "s2"
    ring_file.write_text(json.dumps(kept))
    after = FileKeyRing.read(ring_file).sealing
    assert after.is_stamp(b"a.row", stamp)
    assert after.public_key("s1") == before.public_key("s1") != after.public_key("s2")
    assert not before.is_stamp(b"a.row", after.stamp(b"a.row"))


@pytest.mark.parametrize(
    "sealing", [None, [], {}, {"keys": {"s1": GOOD}}, {"active": "s1", "keys": {"s1": SHORT}}]
)
def test_a_ring_without_a_key_that_seals(ring_file: Path, sealing: Any) -> None:
    ring_file.write_text(content(sealing=sealing))
    assert "seal" in refusal(ring_file)


def test_the_command_adds_a_key_that_seals_to_an_older_ring(ring_file: Path) -> None:
    older = {name: value for name, value in json.loads(ring_file.read_text()).items() if name != "sealing"}
    ring_file.write_text(json.dumps(older))
    call_command("make_keyring", str(ring_file), "--add-sealing")
    assert ring_file.stat().st_mode & 0o777 == 0o600
    made = ring_file.read_text()
    assert {name: json.loads(made)[name] for name in older} == older
    assert FileKeyRing.read(ring_file).sealing.active == "s1"
    call_command("make_keyring", str(ring_file), add_sealing=True)
    assert ring_file.read_text() == made
    with pytest.raises(CommandError, match="cannot be completed"):
        call_command("make_keyring", str(ring_file.with_name("none")), add_sealing=True)
