"""Equal values find each other; nobody without the ring can make or test a token."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import keyring, tokens
from vault.keyring import FileKeyRing
from vault.tokens import token


@given(st.text(), st.text())
def test_it_is_the_same_every_time_and_fits_a_bigint(kind: str, value: str) -> None:
    assert token(kind, value) == token(kind, value)
    assert -(2**63) <= token(kind, value) < 2**63


def test_kinds_do_not_meet() -> None:
    pairs = [
        ("name", "anna"),
        ("birth", "anna"),
        ("namea", "nna"),
        ("nam", "eanna"),
        ("", "nameanna"),
        ("nameanna", ""),
    ]
    assert len({token(kind, value) for kind, value in pairs}) == len(pairs)


def test_both_signs_occur() -> None:
    assert {token("name", str(number)) < 0 for number in range(64)} == {True, False}


def test_what_no_alphabet_holds_has_a_token_too() -> None:
    assert token("name", "\ud800") != token("name", "\ud801")


def test_another_ring_makes_other_tokens(ring_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = token("name", "anna")
    monkeypatch.setattr(tokens, "ring", lambda: FileKeyRing.read(ring_file))
    there = token("name", "anna")
    assert here != there
    assert there == token("name", "anna")


def test_the_wrapping_key_plays_no_part(ring_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a rotation would lose every file that waits to be found."""
    monkeypatch.setattr(tokens, "ring", lambda: FileKeyRing.read(ring_file))
    before = token("name", "anna")
    index = ring_file.read_text().split('"index"')[1]
    ring_file.write_text(keyring.new_keyring_json().split('"index"')[0] + '"index"' + index)
    assert token("name", "anna") == before
