"""A stored file opens as it was written, at its place, whole; and nothing of it is handed out unproven."""

import os
from collections.abc import Iterator
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Child
from vault import files, keys
from vault.errors import KeyMissing, SealBroken, VaultError
from vault.files import CHUNK, HEAD, TAG_BYTES, StoredFile, opened, sealed
from vault.models import DataKey

SCOPE, OTHER_SCOPE = uuid4(), uuid4()
NAME, OTHER_NAME = "documents/ab/abcdef", "documents/ab/abcdee"
PLAIN = "Žofia Canarywren".encode()
# One piece as it lies in the storage.
PIECE = CHUNK + TAG_BYTES
KEEPS_FIXTURE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SIZES = st.one_of(
    st.integers(0, 3 * CHUNK),
    # Where chunks begin and end.
    st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1]),
)


@pytest.fixture(autouse=True)
def one_key(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same key for every scope, so that nothing but the binding tells them apart."""
    if "child" not in request.fixturenames:
        key = os.urandom(32)
        monkeypatch.setattr(files, "data_key", lambda scope: key)


def plain_of(size: int) -> bytes:
    return (PLAIN * (size // len(PLAIN) + 1))[:size]


def whole(plain: bytes, scope: UUID = SCOPE, name: str = NAME) -> bytes:
    return b"".join(sealed(scope, name, plain))


def read(stored: bytes, scope: UUID = SCOPE, name: str = NAME) -> bytes:
    return b"".join(opened(scope, name, BytesIO(stored)))


def given_out(stored: bytes) -> bytes:
    """What is handed out before it breaks, as it must."""
    got = list[bytes]()

    def reading() -> Iterator[None]:
        for part in opened(SCOPE, NAME, BytesIO(stored)):
            got.append(part)
            yield

    with pytest.raises(SealBroken):
        list(reading())
    return b"".join(got)


@KEEPS_FIXTURE
@given(SIZES)
def test_it_opens_as_it_was(size: int) -> None:
    plain = plain_of(size)
    stored = whole(plain)
    assert read(stored) == plain
    pieces = max(1, -(-size // CHUNK))
    assert len(stored) == HEAD + size + pieces * TAG_BYTES
    assert PLAIN not in stored


@KEEPS_FIXTURE
@given(size=SIZES, data=st.data())
def test_one_changed_bit_breaks_it_and_nothing_wrong_is_handed_out(size: int, data: st.DataObject) -> None:
    plain = plain_of(size)
    stored = bytearray(whole(plain))
    at = data.draw(st.integers(0, len(stored) - 1))
    stored[at] ^= 1 << data.draw(st.integers(0, 7))
    assert plain.startswith(given_out(bytes(stored)))


@KEEPS_FIXTURE
@given(size=SIZES, data=st.data())
def test_a_cut_file_breaks(size: int, data: st.DataObject) -> None:
    plain = plain_of(size)
    stored = whole(plain)
    given_out(stored[: data.draw(st.integers(0, len(stored) - 1))])


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_file_cut_between_two_chunks_breaks(chunks: int) -> None:
    stored = whole(plain_of(4 * CHUNK))
    assert len(given_out(stored[: HEAD + chunks * PIECE])) < 4 * CHUNK


@KEEPS_FIXTURE
@given(size=SIZES, more=st.binary(min_size=1, max_size=2 * PIECE))
def test_an_added_byte_breaks_it(size: int, more: bytes) -> None:
    given_out(whole(plain_of(size)) + more)


def parts_of(stored: bytes) -> tuple[bytes, list[bytes]]:
    body = stored[HEAD:]
    return stored[:HEAD], [body[at : at + PIECE] for at in range(0, len(body), PIECE)]


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 2], [1, 2], [0, 1, 1, 2], [2]])
def test_chunks_stand_in_their_order(order: list[int]) -> None:
    head, parts = parts_of(whole(os.urandom(3 * CHUNK)))
    given_out(head + b"".join(parts[number] for number in order))


def test_chunks_of_two_files_do_not_mix() -> None:
    """Two files of one case under one name: an older version of the same file, too."""
    head, parts = parts_of(whole(plain_of(3 * CHUNK)))
    other_head, other_parts = parts_of(whole(plain_of(3 * CHUNK)))
    for mixed in (
        head + parts[0] + other_parts[1] + parts[2],
        other_head + b"".join(parts),
        head + b"".join([*parts[:2], other_parts[2]]),
    ):
        given_out(mixed)


def test_two_files_do_not_join() -> None:
    given_out(whole(plain_of(CHUNK)) + whole(plain_of(CHUNK))[HEAD:])


@pytest.mark.parametrize(("scope", "name"), [(OTHER_SCOPE, NAME), (SCOPE, OTHER_NAME), (SCOPE, NAME + "0")])
def test_it_opens_nowhere_else(scope: UUID, name: str) -> None:
    stored = whole(PLAIN)
    with pytest.raises(SealBroken):
        read(stored, scope, name)


def test_equal_files_do_not_look_equal() -> None:
    assert len({whole(PLAIN) for _ in range(20)}) == 20


def test_a_storage_that_hands_out_a_little_at_a_time_is_read_all_the_same() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 1000))

    plain = plain_of(2 * CHUNK + 5)
    assert b"".join(opened(SCOPE, NAME, Slow(whole(plain)))) == plain


@KEEPS_FIXTURE
@given(st.binary(max_size=200))
def test_rubbish_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        read(rubbish)


def test_a_digest_is_the_case_s_own(child: Child, other_child: Child) -> None:
    digest = bytes(32)
    assert files.keyed_digest(child.case_id, digest) == files.keyed_digest(child.case_id, digest)
    assert files.keyed_digest(child.case_id, digest) != files.keyed_digest(other_child.case_id, digest)


def stored_name() -> str:
    return f"documents/{uuid4().hex}"


def test_the_storage_holds_ciphertext_only(child: Child) -> None:
    name = stored_name()
    files.store(child.case_id, name, PLAIN)
    with default_storage.open(name) as lying:
        assert PLAIN not in lying.read()
    assert b"".join(StoredFile(child.case_id, name)) == PLAIN


def test_a_name_is_taken_once_and_what_lies_there_stays(child: Child) -> None:
    name = stored_name()
    files.store(child.case_id, name, PLAIN)
    with pytest.raises(VaultError, match=r"^Something is stored under this name already\.$"):
        files.store(child.case_id, name, b"another")
    assert b"".join(StoredFile(child.case_id, name)) == PLAIN
    folder, base = name.split("/")
    assert [each for each in default_storage.listdir(folder)[1] if each.startswith(base)] == [base]


def test_what_is_altered_at_its_beginning_is_not_even_begun(child: Child) -> None:
    name = stored_name()
    files.store(child.case_id, name, PLAIN)
    with default_storage.open(name, "r+b") as lying:
        lying.seek(HEAD)
        lying.write(b"\x00\x00")
    with pytest.raises(SealBroken):
        StoredFile(child.case_id, name)


def test_without_the_key_nothing_opens_and_nothing_is_written(child: Child) -> None:
    name = stored_name()
    files.store(child.case_id, name, PLAIN)
    DataKey.objects.filter(pk=child.case_id).delete()
    keys.forget_cached()
    with pytest.raises(KeyMissing):
        StoredFile(child.case_id, name)
    with pytest.raises(KeyMissing):
        files.store(child.case_id, f"{name}0", PLAIN)
    assert not default_storage.exists(f"{name}0")


def test_what_is_discarded_is_gone_and_may_be_discarded_again(child: Child) -> None:
    name = stored_name()
    files.store(child.case_id, name, PLAIN)
    for _twice in range(2):
        files.discard(name)
    with pytest.raises(FileNotFoundError):
        StoredFile(child.case_id, name)
