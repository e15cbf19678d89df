"""Who signed a PDF, and whether it is still as it was signed. Whatever comes in here comes from strangers."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    KeyUsageConstraints,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
)
from pyhanko_certvalidator import ValidationContext

from accounts.certificates import as_pem, trust_roots
from cases.services.signing import certificates_in, done

# A paper of ours has 2 MB at most; to take larger ones apart costs a stranger nothing and us much.
LARGEST = 8 * 1024 * 1024
logger = logging.getLogger(__name__)
SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


class Unreadable(Exception):
    """No PDF, a damaged one, or one that is built to do harm. Holds nothing of it."""


@dataclass(frozen=True)
class Signature:
    """The first signature of a PDF.

    `is_whole`: it is good, and not a byte was changed or added since. `is_trusted`: whoever signed has a certificate
    of an authority that is named in SIGNATURE_ROOTS, valid at the moment that was asked for; only then is `signer`
    proven. `length` is how many bytes the file had when it was signed.
    """

    fingerprint: str
    signer: str
    is_whole: bool
    is_trusted: bool
    length: int


def examine(content: bytes, *, at: datetime) -> Signature | None:
    """None for a PDF without a signature. Nothing is fetched, so a revoked certificate is not noticed.

    Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable
    try:
        found: Sequence[EmbeddedPdfSignature] = PdfFileReader(BytesIO(content)).embedded_regular_signatures
    except Exception:
        # The library has dozens, and a stranger chooses which.
        raise Unreadable from None
    return _judged(found[0], at, len(content)) if found else None


def _roots() -> list[Certificate]:
    try:
        return certificates_in(as_pem(trust_roots()))
    except (OSError, ValueError) as error:
        # Checked at the start, so it went since. Nobody is trusted then, and the page still answers.
        logger.error("SIGNATURE_ROOTS cannot be read: %s.", type(error).__name__)
        return []


def _judged(embedded: EmbeddedPdfSignature, at: datetime, length: int) -> Signature:
    try:
        context = ValidationContext(
            trust_roots=_roots(), other_certs=embedded.other_embedded_certs, moment=at, allow_fetching=False
        )
        checked = async_validate_pdf_signature(embedded, context, key_usage_settings=SIGNING, skip_diff=True)
        status: PdfSignatureStatus = done(checked)
        certificate = status.signing_cert
        return Signature(
            fingerprint=certificate.sha256.hex(),
            signer=_name(certificate),
            is_whole=_is_whole(status),
            is_trusted=_is_trusted(status),
            length=_length(embedded, length),
        )
    except Exception:
        # There is a signature, and it is broken: that is all that can be said.
        return Signature("", "", is_whole=False, is_trusted=False, length=length)


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
    found = names.get("organization_name") or names.get("common_name") or ""
    return str(found)
