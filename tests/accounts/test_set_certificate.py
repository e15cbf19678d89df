"""The operator says with what an agency signs; the key is sealed, and old certificates stay."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

import clock
from accounts import certificates
from accounts.certificates import Issued, as_pem, check_trust_roots, in_use
from accounts.errors import Invalid
from accounts.models import AgencyCertificate, AuditEvent
from accounts.services import end_certificate, set_certificate
from cases.demo import authority as issuing
from tests.cast import Cast
from tests.signing import BEGAN, authority, certified, stranger, trusting

CODE = "arvania-social"
PASSWORD = "heron"


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("set_certificate", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def locked_pem(key: Any, password: bytes | None = None) -> bytes:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))


def written(folder: Path, certificate: bytes, key: bytes) -> tuple[str, Path, str, Path]:
    """The two options, and the files that they name."""
    paths = folder / "cert.pem", folder / "key.pem"
    for path, content in zip(paths, (certificate, key), strict=True):
        path.write_bytes(content)
    return "--certificate", paths[0], "--key", paths[1]


def fresh(name: str = "Arvania social") -> Issued:
    return authority().issue(name, BEGAN)


def files(folder: Path, issued: Issued) -> tuple[str, Path, str, Path]:
    return written(folder, as_pem([issued.certificate]).encode(), issued.key_pem.encode())


def test_an_agency_signs_with_what_it_was_given(cast: Cast, tmp_path: Path) -> None:
    issued = fresh()
    assert "arvania-social signs as CN=Arvania social,O=Arvania social until 2029-05-31." in run(
        CODE, *files(tmp_path, issued)
    )
    row = in_use(cast.ana.agency_id, clock.now())
    assert row
    assert row.fingerprint == issued.fingerprint
    assert row.serial == f"{issued.certificate.serial_number:x}"
    assert row.key == issued.key_pem
    event = AuditEvent.objects.get()
    assert (event.verb, event.target_id) == ("agency.certificate_set", row.pk)
    assert event.details == {"agency": CODE, "fingerprint": row.fingerprint}


def rows(model: type[Model]) -> str:
    """As a dump has them: bytes in hexadecimal."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{model._meta.db_table}"::text FROM "{model._meta.db_table}"')  # noqa: S608
        return str(cursor.fetchall())


def test_the_key_lies_sealed_and_no_history_has_it(cast: Cast) -> None:
    row = certified(cast.ana.agency)
    assert row.key
    for model in (AgencyCertificate, AgencyCertificate.history.model):
        written_down = rows(model)
        assert row.fingerprint in written_down
        assert "PRIVATE KEY" not in written_down
        assert b"PRIVATE KEY".hex() not in written_down
    history = {field.name for field in AgencyCertificate.history.model._meta.get_fields()}
    assert not {"key", "key_sealed"} & history


def test_the_key_goes_when_nothing_is_signed_with_it_any_more(cast: Cast) -> None:
    row = certified(cast.ana.agency)
    end_certificate(CODE, actor=None)
    row.refresh_from_db()
    assert row.key is None
    assert row.certificate


def test_another_one_takes_its_place_and_the_first_stays(cast: Cast, tmp_path: Path) -> None:
    first = certified(cast.ana.agency)
    run(CODE, *files(tmp_path, fresh()))
    first.refresh_from_db()
    second = in_use(cast.ana.agency_id, clock.now())
    assert second
    assert first.replaced_by == second
    assert first.ended_at is not None
    assert first.key is None
    assert first.certificate


def test_an_agency_can_stop_signing(cast: Cast) -> None:
    certified(cast.ana.agency)
    assert run(CODE, "--end") == "arvania-social signs no more.\n"
    assert in_use(cast.ana.agency_id, clock.now()) is None
    assert run(CODE, "--end") == "arvania-social had no certificate.\n"
    assert [event.verb for event in AuditEvent.objects.order_by("id")] == [
        "agency.certificate_set",
        "agency.certificate_ended",
    ]


def test_a_key_with_a_password_is_opened(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = fresh()
    options = written(
        tmp_path, as_pem([issued.certificate]).encode(), locked_pem(issued.key, PASSWORD.encode())
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("another\n"))
    with pytest.raises(CommandError, match="the password is another one"):
        run(CODE, *options, "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    run(CODE, *options, "--password-stdin")
    assert in_use(cast.ana.agency_id, clock.now())


def test_without_arguments_it_lists_who_signs_until_when(cast: Cast) -> None:
    certified(cast.ana.agency)
    certified(cast.omar.agency, until=clock.now() + timedelta(days=3))
    assert run() == (
        "2026-06-18 arvania-north CN=Arvania north,O=Arvania north\n"
        "2029-05-31 arvania-social CN=Arvania social,O=Arvania social\n"
    )


def test_only_who_manages_accounts_does(cast: Cast) -> None:
    for person in (cast.ana, cast.sami, cast.aida):
        with pytest.raises(PermissionDenied):
            set_certificate(CODE, fresh(), actor=person)
        with pytest.raises(PermissionDenied):
            end_certificate(CODE, actor=person)
    set_certificate(CODE, fresh(), actor=cast.admin)
    end_certificate(CODE, actor=cast.admin)


@pytest.mark.parametrize(
    ("certificate", "key", "says"),
    [
        (b"nothing", None, "holds none in PEM"),
        (None, b"nothing", "cannot be read"),
        (None, locked_pem(ec.generate_private_key(ec.SECP256R1())), "belongs to another certificate"),
        (None, locked_pem(ed25519.Ed25519PrivateKey.generate()), "elliptic curve, or RSA"),
        (None, locked_pem(rsa.generate_private_key(65537, 2048)), "elliptic curve, or RSA"),
    ],
)
def test_what_does_not_fit_is_said(
    cast: Cast, tmp_path: Path, certificate: bytes | None, key: bytes | None, says: str
) -> None:
    issued = fresh()
    given = certificate or as_pem([issued.certificate]).encode(), key or issued.key_pem.encode()
    with pytest.raises(CommandError, match=says):
        run(CODE, *written(tmp_path, *given))
    assert not AgencyCertificate.objects.exists()


def test_which_files_are_needed_is_said(cast: Cast, tmp_path: Path) -> None:
    name, path, _key, _other = files(tmp_path, fresh())
    for options in ((), (name, path), (name, path, "--end")):
        with pytest.raises(CommandError, match="Name --certificate and --key"):
            run(CODE, *options)
    with pytest.raises(CommandError, match=r"nowhere.pem cannot be read: No such file"):
        run(CODE, "--certificate", tmp_path / "nowhere.pem", "--key", path)
    with pytest.raises(CommandError, match="no agency with the code nobody"):
        run("nobody", *files(tmp_path, fresh()))


def issued_for(usages: set[str]) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    end = BEGAN + timedelta(days=90)
    builder = issuing._builder(issuing._name("Arvania social"), authority()._name, key, BEGAN, end, usages)
    return Issued(authority()._signed(builder), (), key)


@pytest.mark.parametrize(
    ("issued", "says"),
    [
        (lambda: issued_for({"key_encipherment"}), "not meant for signing"),
        (lambda: issued_for(issuing.OF_AUTHORITY), "not meant for signing"),
        (lambda: authority().issue("Arvania social", BEGAN, BEGAN + timedelta(days=2)), "not valid today"),
        (lambda: authority().issue("Arvania social", clock.now() + timedelta(days=1)), "not valid today"),
    ],
)
def test_what_no_reader_would_believe_is_refused(cast: Cast, issued: Any, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_certificate(CODE, issued(), actor=None)
    assert says in refused.value.sentence


def test_it_leads_to_an_authority_that_is_trusted(cast: Cast, tmp_path: Path) -> None:
    with trusting(tmp_path / "roots.pem", authority()):
        with pytest.raises(Invalid) as refused:
            set_certificate(CODE, stranger().issue("Arvania social", BEGAN), actor=None)
        assert "SIGNATURE_ROOTS" in refused.value.sentence
        set_certificate(CODE, fresh(), actor=None)


def test_one_between_leads_there_too_and_a_root_is_left_out(cast: Cast, tmp_path: Path) -> None:
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name, end = issuing._name("An office between"), BEGAN + timedelta(days=900)
    above = issuing._builder(name, authority()._name, key, BEGAN, end, issuing.OF_AUTHORITY)
    between = authority()._signed(above)
    lower = issuing._builder(issuing._name("Arvania social"), name, own, BEGAN, end, issuing.OF_SIGNER)
    leaf = lower.sign(key, SHA256())
    pem = as_pem([leaf, between, authority().root]).encode()
    with trusting(tmp_path / "roots.pem", authority()):
        with pytest.raises(CommandError, match="SIGNATURE_ROOTS"):
            run(CODE, *written(tmp_path, as_pem([leaf]).encode(), locked_pem(own)))
        run(CODE, *written(tmp_path, pem, locked_pem(own)))
    row = in_use(cast.ana.agency_id, clock.now())
    assert row
    assert x509.load_pem_x509_certificates(row.chain.encode()) == [between]


def test_one_certificate_is_given_once(cast: Cast) -> None:
    issued = fresh()
    set_certificate(CODE, issued, actor=None)
    for code in (CODE, "arvania-north"):
        with pytest.raises(Invalid):
            set_certificate(code, issued, actor=None)


def test_a_file_of_authorities_that_cannot_be_read_stops_the_start(tmp_path: Path, settings: Any) -> None:
    assert check_trust_roots([]) == []
    path = settings.SIGNATURE_ROOTS = tmp_path / "roots.pem"
    (gone,) = check_trust_roots([])
    assert gone.msg == f"SIGNATURE_ROOTS: {path} cannot be read: No such file or directory."
    path.write_text("nothing")
    (empty,) = check_trust_roots([])
    assert empty.msg == f"SIGNATURE_ROOTS: {path} holds no certificates in PEM."
    path.write_text("\n")
    assert check_trust_roots([]) == []
    settings.SIGNATURE_ROOTS = None
    assert check_trust_roots([]) == []
    assert certificates.trust_roots() == []


def test_who_names_no_authority_is_told(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.SIGNATURE_ROOTS = tmp_path / "roots.pem"
    settings.SIGNATURE_ROOTS.write_text("")
    assert "/verify/ cannot say who signed" in run(CODE, *files(tmp_path, fresh()))
