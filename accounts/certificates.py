"""Certificates with which agencies sign: what an authority issued, read and judged, and whose word counts here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import AgencyCertificate

# BSI TR-02102 and SOG-IS: what is shorter is not believed for years, and papers are.
SHORTEST_RSA = 3000
SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issued:
    """What an authority gave: the agency's certificate, those between it and a root, and the private key."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: SigningKey

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def in_use(agency_id: UUID, at: datetime) -> AgencyCertificate | None:
    """With what the agency signs at this moment, if with anything."""
    rows = AgencyCertificate.objects.filter(agency=agency_id, ended_at__isnull=True)
    return rows.filter(valid_from__lte=at, valid_until__gt=at).first()


def fingerprint_of(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()


def as_pem(certificates: Iterable[x509.Certificate]) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


def trust_roots() -> list[x509.Certificate]:
    """Read anew each time, so that an authority is added without a new start; none where no file is named.

    Raises OSError or ValueError for a file that cannot be read; the start of the process has checked it.
    """
    path: Path | None = settings.SIGNATURE_ROOTS
    if path is None:
        return []
    content = path.read_bytes()
    # Empty until somebody puts an authority there.
    return x509.load_pem_x509_certificates(content) if content.strip() else []


def check_trust_roots(app_configs: Sequence[AppConfig] | None, **_facts: Any) -> list[CheckMessage]:
    """A system check: commands stop with a sentence that names the setting."""
    try:
        trust_roots()
    except OSError as error:
        why = f"{settings.SIGNATURE_ROOTS} cannot be read: {error.strerror}."
    except ValueError:
        why = f"{settings.SIGNATURE_ROOTS} holds no certificates in PEM."
    else:
        return []
    return [Error(f"SIGNATURE_ROOTS: {why}", id="accounts.E010")]


def read(certificates: bytes, key: bytes, password: bytes | None = None) -> Issued:
    """PEM as authorities hand it out: the agency's own certificate first, then those above it.

    Raises Invalid with a sentence that shows nothing of the key.
    """
    try:
        own, *above = x509.load_pem_x509_certificates(certificates)
    except ValueError:
        raise Invalid("certificate", _("The file of the certificate holds none in PEM.")) from None
    # A root proves nothing about itself: it is believed where it is named, or not at all.
    chain = tuple(each for each in above if each.subject != each.issuer)
    return Issued(own, chain, _read_key(key, password))


def _read_key(pem: bytes, password: bytes | None) -> SigningKey:
    try:
        key = load_pem_private_key(pem, password)
    except TypeError:
        wrong = (
            _("The private key needs its password.") if password is None else _("The key has no password.")
        )
    except (ValueError, UnsupportedAlgorithm):
        wrong = _("The private key cannot be read: it is no PEM, or the password is another one.")
    else:
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key
        if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SHORTEST_RSA:
            return key
        wrong = _("The key must be of an elliptic curve, or RSA with at least %(bits)s bits.") % {
            "bits": SHORTEST_RSA
        }
    # Outside of the handlers: such errors hold what was read.
    raise Invalid("key", wrong)


def check(issued: Issued, at: datetime) -> None:
    """Raises Invalid unless readers everywhere will believe what is signed with it at this moment."""
    own = issued.certificate
    if _public_bytes(own.public_key()) != _public_bytes(issued.key.public_key()):
        raise Invalid("key", _("The private key belongs to another certificate."))
    if not _is_for_signing(own):
        raise Invalid("certificate", _("This certificate is not meant for signing documents."))
    if not own.not_valid_before_utc <= at < own.not_valid_after_utc:
        raise Invalid("certificate", _("This certificate is not valid today."))
    roots = trust_roots()
    if roots and not _leads_to(own, issued.chain, roots):
        raise Invalid(
            "certificate",
            _(
                "No authority that is named in SIGNATURE_ROOTS issued it. Add the certificates between, or its "
                "authority to that file."
            ),
        )


def _public_bytes(key: Any) -> bytes:
    written: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return written


def _is_for_signing(certificate: x509.Certificate) -> bool:
    """RFC 5280 4.2.1.3 and 4.2.1.9: no authority's own, and for signatures."""
    extensions = certificate.extensions
    try:
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def _leads_to(
    own: x509.Certificate, chain: Iterable[x509.Certificate], roots: Sequence[x509.Certificate]
) -> bool:
    """Step by step upwards; each of the chain is used once, so a circle ends."""
    above, current = list(chain), own
    while not any(_issued_by(current, root) for root in roots):
        issuer = next((each for each in above if _issued_by(current, each)), None)
        if issuer is None:
            return False
        above.remove(issuer)
        current = issuer
    return True


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
