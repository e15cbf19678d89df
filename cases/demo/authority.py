"""A test authority and the certificates that it issues: for the demo and for tests, never for a real agency.

Its private key is kept nowhere. Who wants another certificate asks another test authority.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.conf import settings

import clock
from accounts.certificates import Issued, as_pem, in_use, trust_roots
from accounts.models import Agency
from accounts.models.agencies import NOT_LISTED, AgencyKind
from accounts.services import set_certificate

NAME = "TEST AUTHORITY of a Homeward demo - proves nothing"
ROOT_YEARS, YEARS = 20, 3
YEAR = timedelta(days=365)
# X.520's bound of an organisation's name, in characters.
LONGEST = 64
# What RFC 5280 4.2.1.3 calls an authority's and a signer's usages.
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
OF_AUTHORITY, OF_SIGNER = {"key_cert_sign", "crl_sign"}, {"digital_signature", "content_commitment"}


class Authority:
    """Made anew each time, with a root that says of itself what it is."""

    def __init__(self, at: datetime, name: str = NAME) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        builder = _builder(self._name, self._name, self._key, at, at + ROOT_YEARS * YEAR, OF_AUTHORITY)
        self.root = self._signed(builder)

    def issue(self, name: str, at: datetime, until: datetime | None = None) -> Issued:
        """Valid from the moment named, for three years unless another end is named."""
        key = ec.generate_private_key(ec.SECP256R1())
        end = until or at + YEARS * YEAR
        builder = _builder(_name(name), self._name, key, at, end, OF_SIGNER)
        return Issued(self._signed(builder), (), key)

    def _signed(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(known, critical=False).sign(self._key, SHA256())


def _name(name: str) -> x509.Name:
    short = name[:LONGEST]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, short),
            x509.NameAttribute(NameOID.COMMON_NAME, short),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: datetime,
    until: datetime,
    usages: set[str],
) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=usages == OF_AUTHORITY, path_length=None)
    usage = x509.KeyUsage(**{name: name in usages for name in USAGES})
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(until)
        .add_extension(constraints, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
    )


def certify_agencies() -> None:
    """Each agency of the demo that hands out papers signs them. Whoever has a certificate keeps it."""
    now = clock.now()
    without = [agency for agency in _handing_out() if in_use(agency.pk, now) is None]
    if not without:
        return
    # A certificate is valid from a moment in full seconds, and must be by now.
    began = now.replace(microsecond=0)
    authority = Authority(began)
    trust([*trust_roots(), authority.root])
    for agency in without:
        set_certificate(agency.code, authority.issue(agency.name, began), actor=None)


def _handing_out() -> Iterable[Agency]:
    return Agency.objects.exclude(kind__in=[*NOT_LISTED, AgencyKind.OUTSIDE]).order_by("code")


def trust(roots: Iterable[x509.Certificate]) -> None:
    """Writes the file that SIGNATURE_ROOTS names, if any: whoever reads it meanwhile finds the old or the new one."""
    path = settings.SIGNATURE_ROOTS
    if path is None:
        return
    fresh = path.with_suffix(".new")
    fresh.write_text(as_pem(roots))
    fresh.replace(path)
