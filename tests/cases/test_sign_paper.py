"""Whoever hands a paper out signs it; whoever holds it can have both checked, without asking anybody on the net."""

import logging
import re
import resource
import socket
import statistics
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import SignatureCoverageLevel

import clock
from accounts.certificates import Issued, as_pem
from accounts.models import AuditEvent, User
from accounts.services import end_certificate, set_certificate
from cases.demo import authority as test_authority
from cases.models import Case, IssuedPaper
from cases.models.papers import PaperKind
from cases.services import signatures, verifying
from cases.services.papers import make_paper, new_code
from cases.services.signing import signed
from cases.services.verifying import Verdict, verify
from tests.cases.asking import get
from tests.cases.papers import stored
from tests.cases.test_verify_paper import ask, made, says
from tests.cast import Cast
from tests.signing import BEGAN, authority, certified, signature_of, stranger, trusting, validated
from vault import keys
from vault.models import DataKey

BOMB_MB = 50
GENUINE = {Verdict.CURRENT, Verdict.SUPERSEDED}


@pytest.fixture(autouse=True)
def _authority(tmp_path: Path) -> Iterator[None]:
    with trusting(tmp_path / "roots.pem", authority()):
        yield


@pytest.fixture
def signing(cast: Cast) -> None:
    certified(cast.ana.agency)
    certified(cast.omar.agency)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that nobody made to do harm may be looked at in this process; a second each would be minutes."""
    monkeypatch.setattr(verifying, "examine_apart", signatures.examine)


def paper_of(user: User, case: Case) -> bytes:
    return bytes(get(user, "case_file_pdf", case.pk).content)


def without_signature(content: bytes) -> bytes:
    """What was there before: the signature is added behind it."""
    return content[: content.index(b"%%EOF") + len(b"%%EOF\n")]


def gap(content: bytes) -> range:
    """Where the signature itself lies, which cannot sign itself."""
    _start, first, second, _length = signature_of(content).byte_range
    return range(first, second)


def updated(content: bytes) -> bytes:
    """As an editor saves what it added: behind everything that is there."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root[pdf_name("/Added")] = pdf_string("another name")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def test_any_other_program_finds_it_good(cast: Cast, case: Case, signing: None) -> None:
    content = paper_of(cast.ana, case)
    status = validated(content)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.signing_cert.subject.native["organization_name"] == cast.ana.agency.name
    assert signature_of(content).sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert abs(signature_of(content).self_reported_timestamp - clock.now()) < timedelta(minutes=1)
    paper = IssuedPaper.objects.get()
    assert paper.signed_with
    assert paper.signed_with.fingerprint == status.signing_cert.sha256.hex()


def test_it_says_who_signed(cast: Cast, case: Case, signing: None) -> None:
    code, content = made(cast.ana, case)
    for answer in (ask(code, content), ask("", content)):
        assert says(answer, "Genuine and current.", "The file is unchanged.", "Signed by Arvania social.")
    assert says(ask(code), "Genuine and current.", "a PDF without a signature is not this paper")
    assert not says(ask(code), "Arvania social")


def test_it_adds_nothing_that_tells_of_the_child(cast: Cast, case: Case, signing: None) -> None:
    content = paper_of(cast.ana, case)
    added = content[len(without_signature(content)) :]
    readable = added.replace(b"\x00", b"") + bytes.fromhex(
        re.search(rb"<([0-9a-fA-F]{200,})>", added)[1].decode()  # type: ignore[index]
    )
    for secret in (case.code, str(case.pk), "Lirana", "Ana", "ana"):
        assert not re.search(rf"\b{secret}\b".encode(), readable), secret
    assert signature_of(content).sig_object["/Reason"] == "File of a case"
    # Nor of the program, or of when the machine believes to be.
    assert b"pyHanko" not in content
    assert re.findall(rb"/M \(D\\072(\d{8})", added) == [b"20260615"]
    assert b"ModDate" not in added


def test_it_takes_a_moment_and_little_room(
    cast: Cast, case: Case, signing: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Processor time, for the machine may be busy with others. With `-rP` pytest shows it."""
    bare = without_signature(paper_of(cast.ana, case))
    taken = []
    for _time in range(30):
        begun = time.process_time()
        done = signed(bare, agency=cast.ana.agency, kind=PaperKind.CASE_FILE, language="en", at=clock.now())
        taken.append(time.process_time() - begun)
    median, added = statistics.median(taken), len(done.content) - len(bare)
    with caplog.at_level(logging.INFO):
        logging.getLogger(__name__).info("%.0f ms, %d bytes", median * 1000, added)
    assert median < 0.25
    assert added < 8_000


def test_one_changed_byte_anywhere_is_found(cast: Cast, case: Case, signing: None, at_once: None) -> None:
    code, content = made(cast.ana, case)
    hidden = gap(content)
    # Each part of the file, its very ends, and densely what the signature added.
    places = {0, 1, len(content) - 1, len(content) - 2, hidden.start, hidden.stop - 1}
    places |= set(range(0, len(content), len(content) // 60)) | set(
        range(hidden.start - 400, len(content), 97)
    )
    for place in sorted(places):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert verify(None, changed).verdict not in GENUINE, place
        if place not in hidden:
            assert not is_good(changed), place
    assert says(ask(code, changed), "This file was changed.")


def is_good(content: bytes) -> bool:
    try:
        return bool(validated(content).bottom_line)
    except Exception:
        return False


@pytest.mark.parametrize("change", [updated, lambda b: b + b" ", lambda b: b + b"\n%%EOF\n", lambda b: b + b])
def test_whatever_was_added_behind_is_found(
    cast: Cast, case: Case, signing: None, at_once: None, change: Callable[[bytes], bytes]
) -> None:
    code, content = made(cast.ana, case)
    found = verify(None, change(content))
    assert found.verdict in {Verdict.CHANGED, Verdict.UNREADABLE}
    assert says(ask(code, change(content)), "This file was changed.", "File of a case, made on 15 June 2026.")


@pytest.mark.parametrize("change", [updated, lambda b: b + b" "])
def test_a_good_signature_of_an_earlier_part_is_none_of_the_whole(
    cast: Cast, case: Case, signing: None, change: Callable[[bytes], bytes]
) -> None:
    """Other programs may call an addition harmless; here nothing is."""
    content, roots = paper_of(cast.ana, case), as_pem([authority().root])
    whole, longer = (signatures.examine(b, roots=roots, at=clock.now()) for b in (content, change(content)))
    assert whole
    assert longer
    assert (whole.is_whole, longer.is_whole) == (True, False)
    assert whole.length == longer.length == len(content)


def test_what_an_editor_added_is_told_without_the_code(cast: Cast, case: Case, signing: None) -> None:
    answer = ask("", updated(paper_of(cast.ana, case)))
    assert says(
        answer, "This file was changed.", "File of a case, made on 15 June 2026.", "of Arvania social."
    )


def test_a_paper_that_lost_its_signature_is_found(
    cast: Cast, case: Case, signing: None, at_once: None
) -> None:
    code, content = made(cast.ana, case)
    bare = without_signature(content)
    assert says(ask(code, bare), "This file was changed.")
    assert says(ask("", bare), "This file is none of ours.", "It bears no signature")


def test_the_signature_of_another_agency_is_told_by_its_name(
    cast: Cast, case: Case, signing: None, at_once: None
) -> None:
    code, content = made(cast.ana, case)
    taken = signed(
        without_signature(content),
        agency=cast.omar.agency,
        kind=PaperKind.CASE_FILE,
        language="en",
        at=clock.now(),
    )
    assert validated(taken.content).bottom_line
    assert says(ask(code, taken.content), "This file was changed.", "a signature of Arvania north.")
    assert says(ask("", taken.content), "No such file was made here.", "a signature of Arvania north.")


def test_somebody_unknown_is_not_named(cast: Cast, case: Case, signing: None, tmp_path: Path) -> None:
    with trusting(tmp_path / "others.pem", stranger()):
        certified(cast.petra.agency, by=stranger())
        foreign = make_paper(
            PaperKind.CASE_FILE,
            new_code(),
            without_signature(paper_of(cast.ana, case)),
            by=cast.petra,
            language="en",
        )
    answer = ask("", foreign.content)
    assert says(answer, "Signed by somebody unknown.")
    assert "shelter" not in answer.content.decode()


def test_a_paper_of_an_authority_that_is_not_trusted_any_more_is_genuine_by_its_bytes(
    cast: Cast, case: Case, signing: None, tmp_path: Path
) -> None:
    code, content = made(cast.ana, case)
    with trusting(tmp_path / "others.pem", stranger()):
        assert says(ask(code, content), "Genuine and current.", "cannot be traced to an authority")
    (tmp_path / "broken.pem").write_text("nothing")
    for path in (None, tmp_path / "broken.pem", tmp_path / "gone.pem"):
        settings.SIGNATURE_ROOTS = path
        assert says(ask(code, content), "Genuine and current.", "cannot be traced to an authority")


def test_what_a_certificate_signed_stays_genuine_when_it_has_expired(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    certified(cast.ana.agency, until=clock.now() + timedelta(days=1))
    code, content = made(cast.ana, case)
    clock_at.forward(timedelta(days=2))
    assert says(ask(code, content), "Genuine and current.", "Signed by Arvania social.")
    assert says(ask("", updated(content)), "This file was changed.", "of Arvania social.")


def test_nothing_is_signed_with_one_that_has_expired(cast: Cast, case: Case, clock_at: Any) -> None:
    certified(cast.ana.agency, until=clock.now() + timedelta(days=1))
    clock_at.forward(timedelta(days=2))
    code, content = made(cast.ana, case)
    assert says(ask(code, content), "Genuine and current.", "It was not signed")


def test_papers_of_a_certificate_that_was_replaced_or_ended_stay_genuine(
    cast: Cast, case: Case, signing: None
) -> None:
    first, early = made(cast.ana, case)
    certified(cast.ana.agency)
    second, late = made(cast.ana, case)
    end_certificate(cast.ana.agency.code, actor=None)
    third, bare = made(cast.ana, case)
    assert says(ask(first, early), "Genuine, but no longer current.", "Signed by Arvania social.")
    assert says(ask(second, late), "Genuine, but no longer current.", "Signed by Arvania social.")
    assert says(ask(third, bare), "Genuine and current.", "It was not signed")
    assert len({paper.signed_with_id for paper in IssuedPaper.objects.all()}) == 3


def test_without_a_certificate_a_paper_leaves_and_says_so(cast: Cast, case: Case) -> None:
    code, content = made(cast.ana, case)
    assert b"ByteRange" not in content
    assert says(ask(code, content), "Genuine and current.", "It was not signed")
    assert says(ask(code), "Genuine and current.", "It was not signed")
    assert IssuedPaper.objects.get().signed_with is None


def test_a_key_that_does_not_open_stops_no_paper_at_night(
    cast: Cast, case: Case, signing: None, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = cast.ana.agency.certificates.get()
    DataKey.objects.filter(pk=certificate.pk).update(wrapped=b"\x00" * 60)
    keys.forget_cached()
    code, content = made(cast.ana, case)
    assert says(ask(code, content), "Genuine and current.", "It was not signed")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "cases.services.signing"]
    assert line == "The certificate of arvania-social cannot sign: SealBroken."


def test_nobody_on_the_net_is_asked(
    cast: Cast, case: Case, signing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the certificate names places where it could be looked up."""
    content = without_signature(paper_of(cast.ana, case))
    set_certificate(cast.ana.agency.code, with_addresses(), actor=None)
    monkeypatch.setattr(socket.socket, "connect", nobody_answers)
    monkeypatch.setattr(socket, "getaddrinfo", nobody_answers)
    done = signed(content, agency=cast.ana.agency, kind=PaperKind.CASE_FILE, language="en", at=clock.now())
    found = signatures.examine(done.content, roots=as_pem([authority().root]), at=clock.now())
    assert found
    assert (found.is_whole, found.is_trusted) == (True, True)


def nobody_answers(*_asked: object, **_how: object) -> NoReturn:
    raise AssertionError("Somebody on the net was asked.")


def with_addresses() -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    where = x509.UniformResourceIdentifier("http://authority.example/list.crl")
    points = x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])
    builder = test_authority._builder(
        test_authority._name("Arvania social"),
        authority()._name,
        key,
        BEGAN,
        BEGAN + timedelta(days=90),
        test_authority.OF_SIGNER,
    )
    return Issued(authority()._signed(builder.add_extension(points, critical=False)), (), key)


def bomb() -> bytes:
    """A table of objects that unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _each in range(BOMB_MB)) + packer.flush()
    head = b"%PDF-1.7\n"
    dictionary = b"/Type /XRef /Size 100000000 /W [1 8 1] /Root 1 0 R /Filter /FlateDecode /Length %d" % len(
        packed
    )
    table = b"1 0 obj\n<< " + dictionary + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


def nested() -> bytes:
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n" + b"<< /A " * 50_000 + b">>" * 50_000
    return b"%PDF-1.7\n" + table + b"\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"%PDF",
        b"MZ" + bytes(1000),
        b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n",
        b"%PDF-1.7\n" + bytes(100_000),
        nested(),
        bomb(),
    ],
    ids=["x", "head", "exe", "loop", "far", "large", "nested", "bomb"],
)
def test_what_is_no_paper_gets_a_sentence(cast: Cast, content: bytes) -> None:
    assert says(ask("", content), "This file cannot be read.")


def maze(depth: int = 40) -> bytes:
    """Fields that have each other twice as children: a kilobyte in which a reader walks for ever."""
    objects = [b"<< /Type /Catalog /AcroForm << /Fields [2 0 R 2 0 R] >> >>"]
    objects += [b"<< /T (a) /Kids [%d 0 R %d 0 R] >>" % (each, each) for each in range(3, depth + 3)]
    objects += [b"<< /T (a) >>"]
    out, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n" % size + table + end


def test_what_is_built_to_take_for_ever_is_ended(cast: Cast) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert says(ask("", maze()), "This file cannot be read.")
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert taken < signatures.SECONDS + 1


def test_what_takes_it_apart_has_no_secrets_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def remember(_command: object, **options: Any) -> NoReturn:
        given.update(options)
        raise OSError

    monkeypatch.setattr(subprocess, "run", remember)
    with pytest.raises(signatures.Unreadable):
        signatures.examine_apart(b"%PDF", roots="", at=clock.now())
    assert given["env"] == {}


def test_neither_code_nor_file_is_asked_for(db: None) -> None:
    answer = ask("")
    assert answer.status_code == 422
    assert "Enter the code of the paper, or add the PDF." in answer.content.decode()


def test_a_file_leaves_nothing_behind(
    cast: Cast, case: Case, signing: None, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    content = paper_of(cast.ana, case)
    before, events, files = stored(), AuditEvent.objects.count(), set(tmp_path.iterdir())
    with caplog.at_level(logging.WARNING):
        for each in (content, updated(content), content[:-40], b"%PDF-1.7 Lirana"):
            ask("", each)
    assert (stored(), AuditEvent.objects.count(), set(tmp_path.iterdir())) == (before, events, files)
    assert caplog.text == ""
