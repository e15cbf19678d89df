"""The signature of the agency that hands a paper out: PAdES, level B-B, and no question to anybody on the net.

Invisible on the page; a PDF reader shows it beside. It tells of what kind the paper is, when it was signed and by which
agency, nothing else.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.pem import unarmor
from django.utils import translation
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from accounts.certificates import in_use
from accounts.models import Agency, AgencyCertificate
from cases.models.papers import PaperKind
from cases.services.signatures import certificates_in, finished

FIELD, DIGEST = "Homeward", "sha256"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Signed:
    """The bytes to hand out, and with what they are signed: with nothing where the agency cannot sign."""

    content: bytes
    certificate: AgencyCertificate | None


def signed(content: bytes, *, agency: Agency, kind: PaperKind, language: str, at: datetime) -> Signed:
    """A paper that is needed at night leaves without a signature rather than not at all; `/verify/` says so."""
    certificate = in_use(agency.pk, at)
    if certificate is None:
        return Signed(content, None)
    with translation.override(language):
        reason = str(kind.label)
    try:
        return Signed(_with_signature(content, certificate, reason, at), certificate)
    except Exception as error:
        # Its words may quote the key or the paper.
        logger.error("The certificate of %s cannot sign: %s.", agency.code, type(error).__name__)
        return Signed(content, None)


class _Update(IncrementalPdfFileWriter):
    """Adds the signature alone: no name of a program, and no moment of the machine's own clock."""

    def _update_meta(self) -> None:
        pass


class _Signer(PdfSigner):
    """Signs at a moment of our clock; the library would ask the machine's."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(metadata, signer)
        self._at = at

    def init_signing_session(self, *args: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at
        return session


def _with_signature(content: bytes, certificate: AgencyCertificate, reason: str, at: datetime) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        # Readers call the paper changed from the first thing that is added.
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = _Signer(metadata, _key_holder(certificate), at)
    out = finished(signer.async_sign_pdf(_Update(BytesIO(content))))
    return bytes(out.getvalue())


def _key_holder(certificate: AgencyCertificate) -> SimpleSigner:
    """Raises VaultError where the key does not open."""
    if certificate.key is None:
        raise ValueError("This certificate has ended.")
    _kind, _headers, key = unarmor(certificate.key.encode())
    (own,) = certificates_in(certificate.certificate)
    between = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    between.register_multiple(certificates_in(certificate.chain))
    return SimpleSigner(own, PrivateKeyInfo.load(key), between, embed_roots=False)
