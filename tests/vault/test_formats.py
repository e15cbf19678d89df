"""What was sealed years ago opens: bytes of each kind as they were made once, written down here.

Everything else in this folder would be content with another layout, another label or another digest, as long as both
sides change. What lies in databases, backups and safes does not change with them.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vault import files, heads, keyring, sealing, shares, tokens
from vault.errors import SealBroken
from vault.heads import Head, Statement
from vault.keyring import FileKeyRing
from vault.shares import Share

KEY, SCOPE, PLACE, NAME = bytes(range(32)), UUID(int=7), "a.place:1", "a/name"
NAMED = base64.b64encode(KEY).decode()
SEALING = {"active": "s1", "keys": {"s1": NAMED}}
RING = json.dumps({"active": "k1", "keys": {"k1": NAMED}, "index": NAMED, "sealing": SEALING})

SEALED = "01000102030405060708090a0b306da47fb69584c1cb4f07cfc5b07b581f926f3370"
FILE = (
    "01000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    "4c2b2e3b83a448c6f79e877251b9cc7ccf5a6991cf"
)
# Of a file in two chunks.
LONG, LONG_DIGEST = b"words" * 20_000, "dc56519c7bab9fc0787ce4733651fb96b6354090db37cddc4899c0984d65956b"
WRAPPED = (
    "000102030405060708090a0b4703d418c1e0c41c85489d80bde4766293c79527e46e496b207eff9e01741ead"
    "401d3f023b6697a187e848045454c7ee"
)
STAMP = "000102030405060708090a0b0c0d0e0ff502be8559c11d7253ef5282ca60cc17"
SIGNED = (
    "6eb6e9293001bcf278a6ac769fd61a682249b490a065e58f1346e868ef45978d"
    "aac4d52d7830cfbd28528fc780e35c3586eab81ef08d09a721193358e4c5be0c"
)
OWN_DIGEST = "c4296d230779c7d3cbd82245b55c1f8596f327e0da59892611d8cb4205779388"
FILE_DIGEST = "9610b5b03bcb18dc7dd1dbb951618c626b79a18351a13c607f7224d5031dcd36"
TOKEN_DIGEST = "a9a3cd5a1f876a54ab785615037d90d50ad5a0e16e64768cce682f8a4b91a498"
TOKEN = -6222904473136174508
SHARE = Share(b"\0\1\2\3", 2, 1, 3, b"words~iu{\x85^~x\xeb\xe5R\x18^\x15\xde|")
LINES = ["01  AEAA CAQD AIAQ GAAV BKOD HMTX N5ZG IUWN", "02  ON7G S5L3 QVPH 46HL 4VJB QXQV 3Z6A B2FI"]
PACKED = (
    "78daab564a4c2ec92c4b55b252ca3654d251cacc4b49ad00721c1d5d9d1dcb03dd9cd2933d9d03f37d5c1c0dfc5d2a1c835c337c43"
    "dd822223dc9db213dd2bca533c322c6c81dab2532b8b95acaa416690a8b75647a938353127332f1da41fee98624324538b4937b5b6"
    "1600a80b43b4"
)
STATEMENT = Statement(
    number=1,
    previous="ab" * 32,
    since=10,
    upto=20,
    sealed_at="2026-06-15T10:00:00+00:00",
    rows=5,
    total=5,
    parts="cd" * 32,
    key="s1",
)
TEXT = (
    f'{{"key":"s1","number":1,"parts":"{"cd" * 32}","previous":"{"ab" * 32}","rows":5,'
    '"sealed_at":"2026-06-15T10:00:00+00:00","since":10,"total":5,"upto":20}'
)
HEAD_DIGEST = "770a80a6fb16c9b36d611f34649c1f515c209cb480c976992fd72e192cff5c3d"
HEAD_SIGNATURE = "85ZQ61EvpN9YphwCBWIscVii1LEKStvTZsuG+IzGY77gzBXmatUc6r3qOIWaoDr0YQUEGMBw25WB/fqRMz6QAQ=="
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
    "-----END PUBLIC KEY-----\n"
)


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> FileKeyRing:
    """One key for everything, and for every scope."""
    ring = FileKeyRing.parsed(RING, Path("ring.json"))
    monkeypatch.setattr(sealing, "data_key", {SCOPE: KEY}.__getitem__)
    monkeypatch.setattr(files, "data_key", {SCOPE: KEY}.__getitem__)
    monkeypatch.setattr(tokens, "ring", lambda: ring)
    return ring


@pytest.fixture
def by_chance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What chance gives is 0, 1, 2, …"""
    with monkeypatch.context() as patch:
        patch.setattr(os, "urandom", lambda size: bytes(range(size)))
        yield


def test_a_sealed_value(by_chance: None) -> None:
    assert sealing.seal(SCOPE, PLACE, b"words").hex() == SEALED
    assert sealing.unseal(SCOPE, PLACE, bytes.fromhex(SEALED)) == b"words"


def test_a_sealed_value_of_nothing_is_as_short_as_can_be(by_chance: None) -> None:
    empty = sealing.seal(SCOPE, PLACE, b"")
    assert len(empty) == sealing.OVERHEAD == 29
    assert sealing.unseal(SCOPE, PLACE, empty) == b""


@pytest.mark.parametrize(
    ("sealed", "says"),
    [
        (SEALED[:56], f"What lies in {PLACE} was not sealed by this version of Homeward."),
        (f"02{SEALED[2:]}", f"What lies in {PLACE} was not sealed by this version of Homeward."),
        (f"{SEALED[:-2]}00", f"What lies in {PLACE} was altered, or sealed for another place."),
    ],
)
def test_what_does_not_open_says_where_it_lies(sealed: str, says: str) -> None:
    with pytest.raises(SealBroken) as refused:
        sealing.unseal(SCOPE, PLACE, bytes.fromhex(sealed))
    assert str(refused.value) == says


def test_a_sealed_file(by_chance: None) -> None:
    assert b"".join(files.sealed(SCOPE, NAME, b"words")).hex() == FILE
    assert hashlib.sha256(b"".join(files.sealed(SCOPE, NAME, LONG))).hexdigest() == LONG_DIGEST
    assert b"".join(files.opened(SCOPE, NAME, BytesIO(bytes.fromhex(FILE)))) == b"words"


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        (FILE[:64], "A stored file was not sealed by this version of Homeward."),
        (f"02{FILE[2:]}", "A stored file was not sealed by this version of Homeward."),
        (f"{FILE[:-2]}00", "A stored file was altered, cut, or moved from another place."),
    ],
)
def test_a_file_that_does_not_open_says_why(stored: str, says: str) -> None:
    with pytest.raises(SealBroken) as refused:
        list(files.opened(SCOPE, NAME, BytesIO(bytes.fromhex(stored))))
    assert str(refused.value) == says


def test_digests_of_values_and_of_files() -> None:
    assert sealing.own_digest(SCOPE, "kind", "words") == OWN_DIGEST
    assert files.keyed_digest(SCOPE, bytes(32)) == FILE_DIGEST


def test_what_no_alphabet_holds_has_a_digest_too() -> None:
    assert sealing.own_digest(SCOPE, "kind", "\ud800") != sealing.own_digest(SCOPE, "kind", "\ud801")


def test_tokens() -> None:
    assert tokens.token("kind", "words") == TOKEN
    assert tokens.keyed_digest("kind", "words") == TOKEN_DIGEST


def test_a_wrapped_key(ring: FileKeyRing, by_chance: None) -> None:
    assert ring.wrap(KEY, scope=SCOPE) == ("k1", bytes.fromhex(WRAPPED))
    assert ring.unwrap("k1", bytes.fromhex(WRAPPED), scope=SCOPE) == KEY


def test_stamps_and_signatures(ring: FileKeyRing, by_chance: None) -> None:
    assert ring.sealing.stamp(b"a.row").hex() == STAMP
    assert ring.sealing.is_stamp(b"a.row", bytes.fromhex(STAMP))
    assert ring.sealing.sign(b"words").hex() == SIGNED


def test_a_share_on_paper(by_chance: None) -> None:
    made = shares.split(b"words", needed=2, count=3)
    assert made[0] == SHARE
    assert shares.as_lines(SHARE) == LINES
    assert shares.from_text("\n".join(LINES), "a share") == SHARE
    assert shares.join(made[1:]) == b"words"


def test_a_packed_ring() -> None:
    assert json.loads(keyring.unpacked(bytes.fromhex(PACKED))) == json.loads(RING)


def test_a_head_of_the_audit(tmp_path: Path) -> None:
    assert STATEMENT.text.decode() == TEXT
    assert STATEMENT.digest == HEAD_DIGEST
    key = Ed25519PrivateKey.from_private_bytes(KEY)
    head = Head(STATEMENT, key.sign(STATEMENT.signed), key.public_key().public_bytes_raw())
    path = tmp_path / "head.json"
    path.write_text(head.as_file())
    # One fact to a line, for people.
    assert path.read_text().startswith('{\n "kind": "homeward')
    assert json.loads(path.read_text()) == {
        "kind": "homeward audit head, version 1",
        "statement": json.loads(TEXT),
        "digest": HEAD_DIGEST,
        "public_key": PUBLIC_KEY,
        "signature": HEAD_SIGNATURE,
    }
    assert heads.read(path) == head


def test_a_public_key(tmp_path: Path) -> None:
    public_key, path = base64.b64decode(PUBLIC_KEY), tmp_path / "key.pem"
    assert heads.as_pem(public_key) == PEM
    path.write_text(PEM)
    assert heads.from_pem(path) == public_key
    assert heads.fingerprint(public_key) == hashlib.sha256(public_key).hexdigest()
