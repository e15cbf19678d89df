"""Bytes open only as they were sealed, where they were sealed."""

import os
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vault import sealing
from vault.errors import SealBroken
from vault.sealing import OVERHEAD, seal, unseal

SCOPE, OTHER_SCOPE = uuid4(), uuid4()
PLACE = "cases.child.known_as:1"
PLAIN = "Žofia Canarywren".encode()
# The same fixture serves every example.
KEEPS_FIXTURE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def one_key(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The same key for every scope, so that nothing but the binding tells them apart."""
    key = os.urandom(32)
    monkeypatch.setattr(sealing, "data_key", lambda scope: key)
    return key


@KEEPS_FIXTURE
@given(st.binary(max_size=300))
def test_it_opens_as_it_was(plain: bytes) -> None:
    sealed = seal(SCOPE, PLACE, plain)
    assert unseal(SCOPE, PLACE, sealed) == plain
    assert len(sealed) == len(plain) + OVERHEAD


def test_it_hides_what_it_holds() -> None:
    assert PLAIN not in seal(SCOPE, PLACE, PLAIN)


def test_equal_values_do_not_look_equal() -> None:
    assert len({seal(SCOPE, PLACE, PLAIN) for _ in range(20)}) == 20


@pytest.mark.parametrize("position", range(OVERHEAD + len(PLAIN)))
def test_one_changed_byte_breaks_it(position: int) -> None:
    sealed = bytearray(seal(SCOPE, PLACE, PLAIN))
    for flipped in (0x01, 0x80, 0xFF):
        altered = bytearray(sealed)
        altered[position] ^= flipped
        with pytest.raises(SealBroken):
            unseal(SCOPE, PLACE, bytes(altered))


@pytest.mark.parametrize("length", range(OVERHEAD + len(PLAIN)))
def test_cut_bytes_do_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(SCOPE, PLACE, seal(SCOPE, PLACE, PLAIN)[:length])


def test_added_bytes_do_not_open() -> None:
    with pytest.raises(SealBroken):
        unseal(SCOPE, PLACE, seal(SCOPE, PLACE, PLAIN) + b"\x00")


@KEEPS_FIXTURE
@given(st.binary(max_size=200))
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(SCOPE, PLACE, rubbish)


@pytest.mark.parametrize(
    ("scope", "place"),
    [
        (OTHER_SCOPE, PLACE),
        (SCOPE, "cases.child.known_as:2"),
        (SCOPE, "cases.child.presumption_note:1"),
        (SCOPE, "cases.personname.known_as:1"),
        (SCOPE, PLACE + "0"),
    ],
)
def test_moved_bytes_do_not_open(scope: UUID, place: str) -> None:
    with pytest.raises(SealBroken):
        unseal(scope, place, seal(SCOPE, PLACE, PLAIN))


def test_another_key_does_not_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal(SCOPE, PLACE, PLAIN)
    monkeypatch.setattr(sealing, "data_key", lambda scope: os.urandom(32))
    with pytest.raises(SealBroken):
        unseal(SCOPE, PLACE, sealed)
