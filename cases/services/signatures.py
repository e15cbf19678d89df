"""Who signed a PDF, and whether it is still as it was signed.

What strangers send is taken apart in a process of its own, with little time and memory and without our environment: a
file of one kilobyte can keep any reader of PDFs busy for ever. So nothing here may need Django.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto.pem import unarmor
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

MODULE, PROJECT = "cases.services.signatures", Path(__file__).resolve().parents[2]
# Of the other process. A paper of ours needs a tenth of each; the start alone takes a second.
SECONDS, LONGEST_WAIT, MEMORY = 4, 20, 1024**3
# Authorities set either, and both say that documents are signed.
SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
T = TypeVar("T")


class Unreadable(Exception):
    """No PDF, a damaged one, or one that is built to do harm. Holds nothing of it."""


@dataclass(frozen=True)
class Signature:
    """The first signature of a PDF.

    `is_whole`: it is good, and not a byte was changed or added since. `is_trusted`: an authority among the roots
    answers for whoever signed, at the moment that was asked for; only then is `signer` proven. `length` is how many
    bytes the file had when it was signed.
    """

    signer: str
    is_whole: bool
    is_trusted: bool
    length: int


def examine(content: bytes, *, roots: str, at: datetime) -> Signature | None:
    """None for a PDF without a signature. `roots` is PEM. For what was made here; of strangers, `examine_apart`.

    Nothing is fetched, so a certificate that was revoked is not noticed. Raises Unreadable.
    """
    try:
        found = PdfFileReader(BytesIO(content)).embedded_regular_signatures
    except Exception:
        # The library has dozens, and who made the file chooses which.
        raise Unreadable from None
    return _judged(found[0], roots, at, len(content)) if found else None


def examine_apart(content: bytes, *, roots: str, at: datetime) -> Signature | None:
    """The same for what strangers send; takes about a second. Raises Unreadable, also where it would take too long."""
    asked = json.dumps({"roots": roots, "at": at.isoformat()}).encode() + b"\n" + content
    command = [sys.executable, "-E", "-s", "-m", MODULE]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=asked, capture_output=True, check=True, timeout=LONGEST_WAIT, cwd=PROJECT, env={}
        )
    except (subprocess.SubprocessError, OSError):
        raise Unreadable from None
    told = json.loads(done.stdout)
    return Signature(**told) if told else None


def finished(work: Coroutine[Any, Any, T]) -> T:
    """The library is asynchronous although nothing here waits. In a thread of its own: the caller's may have a loop."""
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(asyncio.run, work).result()


def certificates_in(pem: str) -> list[Certificate]:
    """As the library takes them."""
    if not pem:
        return []
    return [Certificate.load(der) for _kind, _headers, der in unarmor(pem.encode(), multiple=True)]


def _judged(embedded: EmbeddedPdfSignature, roots: str, at: datetime, length: int) -> Signature:
    try:
        context = ValidationContext(
            trust_roots=certificates_in(roots),
            other_certs=embedded.other_embedded_certs,
            moment=at,
            allow_fetching=False,
        )
        checked = async_validate_pdf_signature(embedded, context, key_usage_settings=SIGNING, skip_diff=True)
        status: PdfSignatureStatus = finished(checked)
        return Signature(
            signer=_name(status.signing_cert),
            is_whole=_is_whole(status),
            is_trusted=_is_trusted(status),
            length=_length(embedded, length),
        )
    except Exception:
        # There is a signature, and it is broken: that is all that can be said.
        return Signature("", is_whole=False, is_trusted=False, length=length)


def _is_whole(status: PdfSignatureStatus) -> bool:
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.valid and status.intact and covers_all)


def _is_trusted(status: PdfSignatureStatus) -> bool:
    """Also of a file that was changed since: the name is proven by what was signed, not by what is there now."""
    has_path = status.validation_path is not None and status.trust_problem_indic is None
    return bool(status.valid and has_path)


def _length(embedded: EmbeddedPdfSignature, otherwise: int) -> int:
    """Where the second of the two signed ranges ends."""
    ranges = [int(each) for each in embedded.byte_range]
    return ranges[2] + ranges[3] if len(ranges) == 4 else otherwise


def _name(certificate: Certificate) -> str:
    """The organisation's, or what stands for it."""
    names = certificate.subject.native
    return str(names.get("organization_name") or names.get("common_name") or "")


def _limit_ourselves() -> None:
    limits = (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        resource.setrlimit(what, (most, most))


def main() -> None:
    """The other process: the question on standard input, the answer on standard output, as JSON."""
    _limit_ourselves()
    asked = json.loads(sys.stdin.buffer.readline())
    at = datetime.fromisoformat(asked["at"])
    found = examine(sys.stdin.buffer.read(), roots=asked["roots"], at=at)
    sys.stdout.write(json.dumps(found and asdict(found)))


if __name__ == "__main__":
    main()
