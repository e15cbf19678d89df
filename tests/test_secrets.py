"""A canary child goes through every door; nothing of it may lie in clear anywhere but behind a seal."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import Client
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import Session
from cases.models import Case, ImportedValues
from cases.models.choices import Answer, GivenBy, NameKind, Presumption, Purpose, Risk, Safety
from cases.services import documents, identity, steps
from cases.services.access import grant_personally
from cases.services.assignment import assign_worker
from cases.services.consents import record_consent
from cases.services.police import record_police_told
from cases.services.reports import make_report, take_report
from cases.services.risk import assess_risk
from config import embedded
from referrals.models import Attachment, Referral
from tests.cases import files, papers
from tests.cast import Cast
from tests.referrals import offers

CANARIES = {
    "known as": "Zyvolanta",
    "given": "Quorimelda",
    "family": "Трясогузкина",
    "arabic": "زهراءالكناري",
    "number": "XKCANARY77",
    "words": "the blue heron warehouse",
    "place": "Cormorant Quay 19",
    "caller": "Aunt Brambleweir",
    "consent": "told with paper pelicans",
    "risk": "uncle Nightjarsson waits outside",
    "presumption": "milk teeth of kittiwake",
    "reason": "the plover left for the lagoon",
    "signpost": "Dunlin Street shelter",
    "police": "Inspector Whimbrelson, station 4",
    "imported": "Puffinberg Lane 4",
    "override": "the wren could not be asked today",
    "title": "Certificate of Kittiwinkel",
    "file name": "dotterel-scan.txt",
    "document": "the sandgrouse flew at four",
    "removed": "a leaf of the bee-eater",
    "reference": "AZ-GODWIT-31",
    "message": "the siskin sleeps by the stove",
    "file name in a referral": "yellowhammer-lease.txt",
    "file in a referral": "the lapwing signs on Monday",
}


def lead_a_canary(cast: Cast) -> Case:
    told = files.told(
        words=CANARIES["words"],
        place=CANARIES["place"],
        details={"name": CANARIES["known as"], "age": "14", "reporter": CANARIES["caller"]},
    )
    case = take_report(make_report(told, actor=cast.hotline).pk, actor=cast.ana)
    steps.take_step(case.pk, "begin_screening", actor=cast.ana)
    who = files.identity(
        known_as=CANARIES["known as"],
        presumed_because=Presumption.APPEARANCE,
        presumption_note=CANARIES["presumption"],
    )
    identity.record_identity(case.pk, actor=cast.ana, identity=who)
    for given in (CANARIES["given"], CANARIES["arabic"]):
        names = {"given": given, "family": CANARIES["family"]}
        identity.add_name(case.pk, actor=cast.ana, kind=NameKind.LEGAL, **names)
    number = CANARIES["number"]
    identity.add_id_number(case.pk, actor=cast.ana, kind="passport", country="XB", number=number)
    today = clock.today(case.agency.time_zone)
    record_consent(
        case.pk,
        actor=cast.ana,
        purpose=Purpose.DATA,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=today,
        explained=CANARIES["consent"],
    )
    assess_risk(
        case.pk,
        actor=cast.ana,
        level=Risk.HIGH,
        safety=Safety.NOT_SAFE,
        child_seen=True,
        note=CANARIES["risk"],
    )
    why = CANARIES["override"]
    steps.override_guard(case.pk, "register", "consent_services", actor=cast.sami, reason=why)
    steps.take_step(case.pk, "suspend", actor=cast.ana, reason=CANARIES["reason"])
    record_police_told(case.pk, actor=cast.ana, reference=CANARIES["police"])
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    kept = ImportedValues(case=case, section=Section.CONTACTS)
    kept.values = {"prs_MailingStreet": CANARIES["imported"]}
    kept.save()
    grant_personally(
        case.pk,
        actor=cast.sami,
        account=cast.petra,
        sections=[Section.RISK],
        may_write=False,
        until=clock.now() + timedelta(days=1),
        reason=CANARIES["reason"],
    )
    other = files.screened(cast)
    values = {"code": "adult", "signpost": CANARIES["signpost"]}
    steps.take_step(other.pk, "find_not_eligible", actor=cast.sami, values=values)
    return case


def bring_documents(cast: Cast, case: Case) -> None:
    """Through the form, as people do: one stays, one is removed, one is reported and the police know."""
    client = Client()
    client.force_login(cast.ben)
    sent = {"title": CANARIES["title"], "kind": "report", "section": "legal"}
    for number, words in enumerate((CANARIES["document"], CANARIES["removed"], CANARIES["document"])):
        # Longer than what Django would keep in memory of itself.
        content = f"{number} {words}\n".encode() * 120_000
        file = papers.upload(CANARIES["file name"], content)
        answer = client.post(reverse("document_new", args=[case.pk]), {"file": file, **sent})
        assert answer.status_code == 302
    _stays, removed, reported = case.documents.order_by("added_at")
    documents.remove_document(case.pk, removed.pk, actor=cast.ben, reason=CANARIES["removed"])
    documents.report_document(case.pk, reported.pk, actor=cast.ben)
    documents.record_police_reference(case.pk, reported.pk, actor=cast.sami, reference=CANARIES["reference"])


def send_a_file_in_a_referral(cast: Cast) -> Referral:
    """Of another case, because the canary's own has been suspended."""
    referral = offers.accepted(cast, files.screened(cast))
    client = Client()
    client.force_login(cast.ana)
    content = f"{CANARIES['file in a referral']}\n".encode() * 120_000
    sent = {
        "words": f"@petra {CANARIES['message']}",
        "attachments": [papers.upload(CANARIES["file name in a referral"], content)],
    }
    assert client.post(reverse("referral_message", args=[referral.pk]), sent).status_code == 302
    return referral


def read_referral(cast: Cast, referral: Referral) -> Iterator[tuple[str, str]]:
    client = Client()
    client.force_login(cast.petra)
    for address in (reverse("today"), reverse("referral", args=[referral.pk])):
        yield f"{address} petra", client.get(address).content.decode()
    (attachment,) = Attachment.objects.all()
    answer: Any = client.get(reverse("referral_file", args=[referral.pk, attachment.pk]))
    assert traces(str(answer.headers)) == []
    assert traces(b"".join(answer.streaming_content).decode()) == ["file in a referral"]


def read_everything(cast: Cast, case: Case) -> Iterator[tuple[str, str]]:
    """Each page that ana's successor reads, signed in through the form: address and HTML."""
    client = Client()
    client.force_login(cast.ben)
    pages = (
        "case",
        "case_identity",
        "consents",
        "case_risk",
        "case_police",
        "case_duplicates",
        "documents",
        "case_history",
        "case_access",
    )
    addresses = [reverse("today"), reverse("case_list"), *(reverse(page, args=[case.pk]) for page in pages)]
    for address in addresses:
        yield address, client.get(address).content.decode()
    for document in case.documents.filter(removed_at__isnull=True, quarantined_at__isnull=True):
        answer: Any = client.get(reverse("document_open", args=[case.pk, document.pk]))
        # What a browser and everything on the way write down of an answer: its head.
        assert traces(str(answer.headers)) == []
        assert traces(b"".join(answer.streaming_content).decode()) == ["document"]


def what_lies_in(folder: Path) -> str:
    """Names and bytes of all files."""
    return " ".join(
        f"{path} {path.read_bytes().decode('utf-8', 'surrogateescape')}"
        for path in folder.rglob("*")
        if path.is_file()
    )


def traces(haystack: str) -> list[str]:
    """Names of the canaries that are found as text, or as the hex of their bytes, in either case."""
    lower = haystack.casefold()
    return [
        name
        for name, canary in CANARIES.items()
        if canary.casefold() in lower
        or any(canary.encode(code).hex() in lower for code in ("utf-8", "utf-16-le", "utf-16-be"))
    ]


def dump(alias: str, *options: str) -> str:
    settings = connections[alias].settings_dict
    command = [
        str(embedded.program("pg_dump")),
        *options,
        f"--host={settings['HOST']}",
        f"--port={settings['PORT']}",
        f"--username={settings['USER']}",
        settings["NAME"],
    ]
    environment = os.environ | {"PGPASSWORD": settings["PASSWORD"]}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def test_the_search_itself_finds_what_lies_in_clear() -> None:
    assert traces("x" + CANARIES["given"].upper()) == ["given"]
    assert traces(CANARIES["family"].encode().hex().upper()) == ["family"]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_the_child_is_found_in_dump_log_broker_session_title_or_address(
    cast: Cast, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    case = lead_a_canary(cast)
    bring_documents(cast, case)
    pages = dict(read_everything(cast, case))
    assert traces("".join(pages.values())), "the pages show what the dump must not"
    thread = dict(read_referral(cast, send_a_file_in_a_referral(cast)))
    assert traces("".join(thread.values())) == ["message", "file name in a referral"]
    pages |= thread

    for options in ((), ("--column-inserts",)):
        written = dump("owner", *options)
        assert str(case.pk) in written
        assert traces(written) == []
    assert traces(dump("keys")) == []
    # Bound parameters are ciphertext already, so even a log of every statement tells nothing.
    assert traces(caplog.text) == []
    titles = [html.split("<title>")[1].split("</title>")[0] for html in pages.values()]
    assert traces(" ".join([*titles, *map(str, pages)])) == []
    assert traces(" ".join(str(session.get_decoded()) for session in Session.objects.all())) == []
    assert traces(broker_content()) == []
    stored = what_lies_in(settings.MEDIA_ROOT)
    assert len(stored) > 9_000_000
    assert traces(stored) == []
    assert list(tmp_path.iterdir()) == []


def broker_content() -> str:
    client = caches["default"]._cache.get_client()  # type: ignore[attr-defined]
    assert urlsplit(os.environ["VALKEY_URL"]).scheme
    return " ".join(repr(key) + repr(client.dump(key)) for key in client.keys("*"))
