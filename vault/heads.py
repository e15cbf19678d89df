"""What a seal of the audit says, and how anybody checks it: without settings, database or network.

`python -m vault.heads HEAD.json [ANOTHER.json …] [--key PUBLIC.pem]` checks heads that `/audit/` or `verify_audit
--export` handed out, on a machine of somebody else's.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

KIND = "homeward audit head, version 1"
# So that nothing else that the same key may ever sign reads as a seal.
PURPOSE = b"homeward audit seal\x00"
LONGEST_FILE = 10_000


class HeadError(Exception):
    """A sentence about what does not hold."""


@dataclass(frozen=True)
class Statement:
    """What one seal says of all that lies before it. Digests in hexadecimal, the moment in ISO 8601 and UTC.

    `since` and `upto` are numbers of transactions: the seal covers what was written from the first one on, and before
    the second. `rows` are its own, `total` those of the whole chain.
    """

    number: int
    previous: str
    since: int
    upto: int
    sealed_at: str
    rows: int
    total: int
    parts: str
    key: str

    @property
    def text(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @property
    def signed(self) -> bytes:
        return PURPOSE + self.text

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.signed).hexdigest()


@dataclass(frozen=True)
class Head:
    statement: Statement
    signature: bytes
    public_key: bytes

    def as_file(self) -> str:
        content = {
            "kind": KIND,
            "statement": asdict(self.statement),
            "digest": self.statement.digest,
            "public_key": base64.b64encode(self.public_key).decode(),
            "signature": base64.b64encode(self.signature).decode(),
        }
        return json.dumps(content, indent=1) + "\n"


def proves(public_key: bytes, signature: bytes, statement: Statement) -> bool:
    """Whether this key signed this statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, statement.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def read(path: Path) -> Head:
    """Raises HeadError unless the file is a head whose signature fits the key that stands in it."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LONGEST_FILE))
        head = _parsed(content)
    except OSError as error:
        raise HeadError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise HeadError(f"{path} is no head of an audit.") from None
    if content.get("digest") != head.statement.digest or not proves(
        head.public_key, head.signature, head.statement
    ):
        raise HeadError(f"{path} was changed after it was signed.")
    return head


def _parsed(content: Any) -> Head:
    if content["kind"] != KIND:
        raise ValueError(KIND)
    said = content["statement"]
    known = {field.name: said[field.name] for field in fields(Statement)}
    if set(said) != set(known) or any(
        type(known[field.name]) is not field.type for field in fields(Statement)
    ):
        raise ValueError("statement")
    decoded = {name: base64.b64decode(content[name], validate=True) for name in ("public_key", "signature")}
    return Head(Statement(**known), **decoded)


def fingerprint(public_key: bytes) -> str:
    """By which people compare keys: SHA-256 of the 32 bytes, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def as_pem(public_key: bytes) -> str:
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def from_pem(path: Path) -> bytes:
    """Raises HeadError unless it is a public Ed25519 key."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise HeadError(f"{path} holds no public key of the kind that seals.")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def check_together(heads: Iterable[Head]) -> None:
    """Raises HeadError where two heads cannot belong to one chain that only grew."""
    for earlier, later in pairwise(sorted(heads, key=lambda head: head.statement.number)):
        before, after = earlier.statement, later.statement
        if before.number == after.number and before.digest != after.digest:
            raise HeadError(f"Two different heads bear number {before.number}: the past was written anew.")
        if after.number == before.number + 1 and after.previous != before.digest:
            raise HeadError(f"Head {after.number} does not follow head {before.number}.")
        if after.total < before.total or after.upto < before.upto:
            raise HeadError(f"Head {after.number} covers less than head {before.number} did.")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m vault.heads", description="Checks heads of an audit.")
    parser.add_argument("heads", nargs="+", type=Path, metavar="HEAD.json")
    parser.add_argument("--key", type=Path, help="the public key that must have signed (PEM)")
    options = parser.parse_args(arguments)
    try:
        heads = [read(path) for path in options.heads]
        wanted = from_pem(options.key) if options.key else None
        for path, head in zip(options.heads, heads, strict=True):
            if wanted is not None and head.public_key != wanted:
                raise HeadError(f"{path} was signed with another key.")
        check_together(heads)
    except HeadError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for head in heads:
        said = head.statement
        sys.stdout.write(
            f"Head {said.number}: {said.total} entries, sealed {said.sealed_at}, digest {said.digest}, "
            f"key {fingerprint(head.public_key)}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
