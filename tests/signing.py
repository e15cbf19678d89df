"""Agencies that sign. One test authority serves the whole run, and a second one is trusted by nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import override_settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

import clock
from accounts.models import Agency, AgencyCertificate
from accounts.services import set_certificate
from cases.demo.authority import Authority, trust

BEGAN = datetime(2026, 6, 1, tzinfo=UTC)


@cache
def authority() -> Authority:
    return Authority(BEGAN)


@cache
def stranger() -> Authority:
    return Authority(BEGAN, "Authority of nobody")


@contextmanager
def trusting(path: Path, *authorities: Authority) -> Iterator[None]:
    """SIGNATURE_ROOTS names these and nobody else."""
    with override_settings(SIGNATURE_ROOTS=path):
        trust(each.root for each in authorities)
        yield


def certified(
    agency: Agency, *, by: Authority | None = None, until: datetime | None = None
) -> AgencyCertificate:
    issued = (by or authority()).issue(agency.name, BEGAN, until)
    return set_certificate(agency.code, issued, actor=None)


def signature_of(content: bytes) -> Any:
    (embedded,) = PdfFileReader(BytesIO(content)).embedded_regular_signatures
    return embedded


def validated(content: bytes) -> PdfSignatureStatus:
    """As any other program would, which knows the authority's root and nothing of Homeward."""
    root = Certificate.load(authority().root.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], moment=clock.now(), allow_fetching=False)
    return validate_pdf_signature(signature_of(content), context, skip_diff=False)
