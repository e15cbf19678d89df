"""The key ring among several people: enough of them bring it back, too few learn nothing."""

import itertools
import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import assume, given
from hypothesis import strategies as st

from vault import shares
from vault.errors import KeyRingError, SharesError
from vault.keyring import FileKeyRing, packed, unpacked, with_new_key
from vault.shares import Share, as_lines, from_text, join, split

SECRET = bytes(range(100))
COUNTS = st.integers(2, 8).flatmap(lambda count: st.tuples(st.integers(2, count), st.just(count)))


def printed(share: Share) -> str:
    return "\n".join(["Homeward: share 1 of 5", "", *as_lines(share)])


# -- the arithmetic -------------------------------------------------------------------------------------


def slow_product(left: int, right: int) -> int:
    """As on paper, without tables."""
    product = 0
    for bit in range(8):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(15, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_it_calculates_in_the_field_of_aes() -> None:
    assert slow_product(0x57, 0x83) == 0xC1  # the example of FIPS 197, 4.2
    for left, right in itertools.product(range(256), repeat=2):
        product = shares._product(left, right)
        assert product == slow_product(left, right)
        if right:
            assert shares._quotient(product, right) == left


@given(secret=st.binary(min_size=1, max_size=60), numbers=COUNTS, data=st.data())
def test_any_that_are_enough_give_it_back(
    secret: bytes, numbers: tuple[int, int], data: st.DataObject
) -> None:
    needed, count = numbers
    made = split(secret, needed=needed, count=count)
    assert [share.number for share in made] == list(range(1, count + 1))
    chosen = data.draw(st.permutations(made))[: data.draw(st.integers(needed, count))]
    assert join(chosen) == secret
    with pytest.raises(SharesError, match="are needed"):
        join(chosen[: needed - 1] or chosen[:1])


def test_three_of_five_in_each_of_ten_ways() -> None:
    made = split(SECRET, needed=3, count=5)
    assert all(join(some) == SECRET for some in itertools.combinations(made, 3))
    assert not any(share.data[: len(SECRET)] == SECRET for share in made)


def test_too_few_fit_every_secret_equally_well() -> None:
    """With two of three, each value of the secret's first byte is one that some third share would give."""
    first, second, third = split(b"\x41", needed=3, count=3)
    possible = Counter(
        shares._at([first, second, replace(third, data=bytes([guess]) + third.data[1:])], 0)[0]
        for guess in range(256)
    )
    assert set(possible.values()) == {1}
    assert len(possible) == 256


def test_two_splits_of_one_secret_have_nothing_in_common() -> None:
    one, other = (split(SECRET, needed=2, count=2)[0] for _turn in range(2))
    assert one.set_id != other.set_id
    assert one.data != other.data


@pytest.mark.parametrize(("needed", "count"), [(1, 5), (0, 5), (6, 5), (3, 256), (2, 1)])
def test_numbers_that_make_no_sense(needed: int, count: int) -> None:
    with pytest.raises(SharesError, match="at least 2"):
        split(SECRET, needed=needed, count=count)


# -- what does not fit ----------------------------------------------------------------------------------


@given(at=st.integers(0, 115), bit=st.integers(0, 7), which=st.integers(0, 3))
def test_an_altered_share_is_found(at: int, bit: int, which: int) -> None:
    """Also a fourth one, where three are enough."""
    made = split(SECRET, needed=3, count=4)
    data = bytearray(made[which].data)
    data[at] ^= 1 << bit
    made[which] = replace(made[which], data=bytes(data))
    with pytest.raises(SharesError, match="do not fit together"):
        join(made)


def test_shares_of_two_splits_do_not_mix() -> None:
    one, other = (split(SECRET, needed=3, count=5) for _turn in range(2))
    names = ", ".join(sorted([one[0].set_name, other[0].set_name]))
    with pytest.raises(SharesError, match=f"not made together: they are of the sets {names}\\."):
        join([*one[:2], other[2]])


def test_shares_of_two_lengths_do_not_mix() -> None:
    made = split(SECRET, needed=2, count=2)
    with pytest.raises(SharesError, match="of different lengths"):
        join([made[0], replace(made[1], data=made[1].data[:-1])])


def test_there_are_as_many_shares_as_numbers() -> None:
    made = split(b"\x41", needed=2, count=255)
    assert join([made[254], made[127]]) == b"\x41"


def test_one_share_twice_is_one() -> None:
    made = split(SECRET, needed=3, count=5)
    with pytest.raises(SharesError, match=r"here are 2: 1, 2\."):
        join([made[0], made[1], made[1]])


def test_none_at_all() -> None:
    with pytest.raises(SharesError, match="no share"):
        join([])


# -- on paper -------------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=400))
def test_what_is_printed_is_read_again(secret: bytes) -> None:
    for share in split(secret, needed=2, count=2):
        assert from_text(printed(share), "a share") == share


def test_however_it_is_typed() -> None:
    (share, _other) = split(SECRET, needed=2, count=2)
    lines = as_lines(share)
    assert all(re.fullmatch(r"\d\d  ([A-Z2-7]{4} ){7}[A-Z2-7]{4}", line) for line in lines)
    typed = "\n".join(reversed([line.lower().replace("o", "0").replace("i", "1") for line in lines]))
    assert from_text(typed + "\n\n" + lines[0].replace(" ", "  "), "a share") == share


@given(data=st.data())
def test_a_slip_of_the_pen_is_found_in_its_line(data: st.DataObject) -> None:
    lines = as_lines(split(SECRET, needed=2, count=2)[0])
    row = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(4, len(lines[row]) - 1).filter(lambda place: lines[row][place] != " "))
    slip = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    assume(slip != lines[row][at])
    lines[row] = lines[row][:at] + slip + lines[row][at + 1 :]
    # One in 65,536 passes for another line; the sum over the whole share finds that one.
    with pytest.raises(SharesError, match=f"line {row + 1} is not as|of another share"):
        from_text("\n".join(lines), "a share")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: [*lines[:2], *lines[3:]], "line 3 is missing"),
        (lambda lines: lines[1:], "line 1 is missing"),
        (lambda lines: [*lines[:-2], lines[-1]], "is missing"),
        (lambda lines: lines[:-1], "lines are missing at its end"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], None),
        (lambda lines: [line.replace("02 ", "03 ") for line in lines], "line 3 is not as it was printed"),
        (lambda lines: [], "holds no share"),
        (lambda lines: [lines[0] + " ABCD", *lines[1:]], "line 1 is not as it was printed"),
    ],
)
def test_lines_that_are_out_of_place(change: object, sentence: str | None) -> None:
    share = split(SECRET, needed=2, count=2)[0]
    text = "\n".join(change(as_lines(share)))  # type: ignore[operator]
    if sentence is None:
        assert from_text(text, "a share") == share
        return
    with pytest.raises(SharesError, match=f"a share:? .*{sentence}"):
        from_text(text, "a share")


def test_lines_of_two_shares_do_not_mix() -> None:
    one, other = map(as_lines, split(SECRET, needed=2, count=2))
    with pytest.raises(SharesError, match="of another share"):
        from_text("\n".join([*one[:2], *other[2:]]), "a share")


def test_one_line_twice_is_the_same_line() -> None:
    one, other = map(as_lines, split(SECRET, needed=2, count=2))
    with pytest.raises(SharesError, match="line 2 is not as it was printed"):
        from_text("\n".join([*one, other[1]]), "a share")


def test_a_share_of_another_version_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shares, "VERSION", 2)
        lines = as_lines(split(SECRET, needed=2, count=2)[0])
    with pytest.raises(SharesError, match=r"^a share was made by another version of Homeward\.$"):
        from_text("\n".join(lines), "a share")


@given(st.text(max_size=300))
def test_rubbish_is_no_share(rubbish: str) -> None:
    with pytest.raises(SharesError):
        from_text(rubbish, "a share")


# -- the commands ---------------------------------------------------------------------------------------


@pytest.fixture
def made(ring_file: Path, tmp_path: Path) -> list[Path]:
    call_command("split_root", str(ring_file), into=tmp_path / "shares")
    return sorted((tmp_path / "shares").iterdir())


def test_five_are_made_and_each_three_are_enough(
    made: list[Path], ring_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(made) == 5
    for number, path in enumerate(made, 1):
        assert path.stat().st_mode & 0o777 == 0o600
        assert f"share {number} of 5 of a key ring. Any 3 of them" in path.read_text()
    for some in itertools.combinations(made, 3):
        call_command("join_root", *map(str, some), check=ring_file)
    back = tmp_path / "back.json"
    call_command("join_root", *map(str, made[1:4]), into=back)
    assert back.stat().st_mode & 0o777 == 0o600
    scope_ring, before = FileKeyRing.read(back), FileKeyRing.read(ring_file)
    assert scope_ring.digest(b"a name") == before.digest(b"a name")
    assert packed(back.read_text()) == packed(ring_file.read_text())
    shown = capsys.readouterr().out
    assert not any(path.read_text().splitlines()[-1] in shown for path in made)


def test_a_rehearsal_writes_nothing_and_finds_a_ring_that_was_changed(
    made: list[Path], ring_file: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    call_command("join_root", *map(str, made[:3]), check=ring_file)
    assert sorted(tmp_path.rglob("*")) == before
    ring_file.write_text(with_new_key(ring_file.read_text()))
    with pytest.raises(CommandError, match="Split it anew"):
        call_command("join_root", *map(str, made[:3]), check=ring_file)


def test_a_ring_that_is_there_is_never_overwritten(made: list[Path], ring_file: Path) -> None:
    before = ring_file.read_text()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("join_root", *map(str, made[:3]), into=ring_file)
    assert ring_file.read_text() == before
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("split_root", str(ring_file), into=ring_file)


def test_each_mistake_has_its_sentence(made: list[Path], ring_file: Path, tmp_path: Path) -> None:
    other, text = tmp_path / "other", tmp_path / "picture.txt"
    call_command("split_root", str(ring_file), into=other)
    text.write_bytes(b"\xff\xd8\xff")
    mistyped = tmp_path / "typed.txt"
    # One of the two is not what stands there.
    as_printed = made[2].read_text()
    typed = (re.sub(r"^03  .", f"03  {sign}", as_printed, flags=re.MULTILINE) for sign in "01")
    mistyped.write_text(next(each for each in typed if each != as_printed))
    for given_shares, sentence in (
        (made[:2], "3 different shares are needed; here are 2"),
        ([*made[:2], next(other.iterdir())], "not made together"),
        ([*made[:2], text], "not a text file"),
        ([*made[:2], tmp_path / "none.txt"], "cannot be read"),
        ([*made[:2], ring_file], "holds no share"),
        ([*made[:2], mistyped], "typed.txt: line 3 is not as it was printed"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("join_root", *map(str, given_shares), check=ring_file)


def test_they_are_called_as_a_person_types_them(
    ring_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, back = tmp_path / "shares", tmp_path / "back.json"
    previous = os.umask(0)
    try:
        call_command("split_root", str(ring_file), "--into", str(folder), "--shares", "4", "--needed", "2")
    finally:
        os.umask(previous)
    assert folder.stat().st_mode & 0o777 == 0o700
    made = sorted(folder.iterdir())
    (name,) = {path.name.split("-")[1] for path in made}
    assert [path.name for path in made] == [f"share-{name}-{number}.txt" for number in range(1, 5)]
    assert f"Set {name}." in made[0].read_text()
    words = capsys.readouterr().out
    assert f"Made 4 shares of the set {name} in {folder}; any 2 give the key ring back." in words
    assert "Rehearse with join_root --check" in words
    call_command("join_root", *map(str, made[2:]), "--check", str(ring_file))
    assert f"These shares give {ring_file} back. Nothing was written." in capsys.readouterr().out
    call_command("join_root", *map(str, made[:2]), "--into", str(back))
    assert f"Brought {back} back." in capsys.readouterr().out
    assert packed(back.read_text()) == packed(ring_file.read_text())


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["split_root", "ring.json"], "--into"),
        (["join_root", "a.txt"], "one of the arguments --into --check is required"),
        (["join_root", "a.txt", "--into", "b", "--check", "c"], "not allowed with argument"),
        (["join_root", "--into", "b"], "shares"),
    ],
)
def test_what_is_not_typed_is_asked_for(typed: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call_command(*typed)


EXPLAINED = {
    "split_root": (
        "Splits the key ring into shares",
        "path the key ring",
        "--into INTO a folder, where one file is made for each",
        "--shares SHARES how many there are (5)",
        "--needed NEEDED how many bring it back (3)",
    ),
    "join_root": (
        "Brings the key ring back from shares",
        "shares files with shares, typed or scanned",
        "--into INTO where the key ring is written; nothing may be there",
        "--check CHECK the key ring at hand, which the shares must give",
    ),
    "rotate_keys": (
        "Wraps every data key with the active key",
        "--add first puts a new key into the ring, which wraps from then on",
        "--drop then takes the keys out of the ring that nothing needs",
        "--batch BATCH how many are wrapped in one transaction",
    ),
    "make_keyring": (
        "Makes a new key ring with random keys",
        "--add-sealing adds the key that seals the audit to a ring that was made before there was one",
    ),
}


@pytest.mark.parametrize("command", EXPLAINED)
def test_each_option_is_explained(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    words = " ".join(capsys.readouterr().out.split())
    assert [part for part in EXPLAINED[command] if part not in words] == []


def test_what_was_no_ring_when_it_was_split_is_not_written(tmp_path: Path) -> None:
    paths, back = [tmp_path / "1.txt", tmp_path / "2.txt"], tmp_path / "back.json"
    for path, share in zip(paths, split(packed("{}"), needed=2, count=2), strict=True):
        path.write_text(printed(share))
    with pytest.raises(CommandError, match=f"^KEYRING: {back} is not a key ring"):
        call_command("join_root", *map(str, paths), into=back)
    assert not back.exists()


def test_a_share_that_is_there_is_never_overwritten(
    ring_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "urandom", lambda size: bytes(range(size)))
    there = tmp_path / "share-00010203-1.txt"
    there.write_text("of another split")
    with pytest.raises(CommandError, match=f"{there} cannot be written: File exists"):
        call_command("split_root", str(ring_file), into=tmp_path)
    assert there.read_text() == "of another split"


def test_what_is_no_ring_is_not_split(tmp_path: Path, ring_file: Path) -> None:
    with pytest.raises(CommandError, match="there is no file"):
        call_command("split_root", str(tmp_path / "none.json"), into=tmp_path / "shares")
    ring_file.write_text("{}")
    with pytest.raises(CommandError, match=f"^KEYRING: {ring_file} is not a key ring"):
        call_command("split_root", str(ring_file), into=tmp_path / "shares")
    assert not (tmp_path / "shares").exists()


def test_a_ring_is_the_same_after_it_was_packed(ring_file: Path) -> None:
    text = ring_file.read_text()
    assert json.loads(unpacked(packed(text))) == json.loads(text)
    with pytest.raises(KeyRingError, match="not a key ring"):
        unpacked(b"rubbish")
