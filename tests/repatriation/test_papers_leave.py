"""Every paper of a return: it opens in other programs, in both languages, signed, and for nobody else."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from pyhanko.sign.validation import SignatureCoverageLevel

from accounts.access import Role
from accounts.models import AuditEvent, User
from cases.models import IssuedPaper
from cases.models.choices import Basis
from cases.services import signatures, verifying
from repatriation.services import issuing
from tests.cases import files
from tests.cases.asking import browser, last
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import issued, ways
from tests.repatriation.issued import CANARIES, PAPERS, READY, VISITED, Returns
from tests.repatriation.ways import Company
from tests.signing import authority, certified, signature_of, trusting, validated

# In English first, then in Russian: a title, and a word of each.
SAYS = {
    "minute_paper": (("Minute of a panel", "Votes"), ("Протокол комиссии", "Голоса")),
    "request_paper": (("Request for verification", "Lirana Vosk"), ("Запрос о подтверждении", "Lirana Vosk")),
    "mandate_paper": (("Mandate of an escort", "Order 12/26"), ("Полномочия сопровождающего", "Order 12/26")),
    "travel_pack": (("Travel pack", "Salbutamol, two puffs."), ("Сведения для поездки", "Salbutamol")),
    "handover_paper": (
        ("Protocol of a handover", "Not there"),
        ("Акт передачи ребёнка", "Подписи"),
    ),
    "visit_paper": (("Report of a visit", "I like the dog."), ("Отчёт о посещении", "I like the dog.")),
}
# The others of the cast get nothing, whatever their role.
MAY = {
    "minute_paper": {"ana", "sami", "vera"},
    "request_paper": {"ana", "sami", "vera", "konsul"},
    "mandate_paper": {"ana", "sami", "vera", "eskort"},
    "travel_pack": {"ana", "sami", "vera", "eskort"},
    "handover_paper": {"ana", "sami", "vera", "eskort", "tomas"},
    "visit_paper": {"ana", "sami", "vera", "tomas"},
}
# The pages on which people look for them.
PAGES = {
    "minute_paper": ("panel", "ana"),
    "request_paper": ("consular", "konsul"),
    "mandate_paper": ("escort", "eskort"),
    "travel_pack": ("return_journey", "ana"),
    "handover_paper": ("handover", "tomas"),
    "visit_paper": ("monitoring", "tomas"),
}
every = pytest.mark.parametrize("name", PAPERS)


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def returns(people: Company) -> Returns:
    return issued.both(people)


@pytest.fixture(autouse=True)
def _authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Files that nobody made to do harm may be looked at in this process; a second each would be minutes.
    monkeypatch.setattr(verifying, "examine_apart", signatures.examine)
    with trusting(tmp_path / "roots.pem", authority()):
        yield


def taken(people: Company, returns: Returns, name: str, user: User | None = None) -> bytes:
    which, who, more = PAPERS[name]
    return issued.taken(user or getattr(people, who), name, returns[which], *more)


def status(user: User, returns: Returns, name: str) -> int:
    which, _who, more = PAPERS[name]
    return int(issued.take(user, name, returns[which], *more).status_code)


@every
def test_it_opens_in_another_program_in_both_languages(people: Company, returns: Returns, name: str) -> None:
    content = taken(people, returns, name)
    english, russian = SAYS[name]
    text = issued.printed(content)
    for words in (*english, *russian):
        assert words in text, words
    assert text.index(english[0]) < text.index(russian[0])
    document = pypdf.PdfReader(BytesIO(content))
    assert document.metadata is not None
    assert not [name for name in ("Lirana", "Vosk", "Eskort") if name in str(dict(document.metadata))]


@every
def test_poppler_reads_the_same(people: Company, returns: Returns, name: str) -> None:
    text = issued.in_poppler(taken(people, returns, name))
    english, russian = SAYS[name]
    for words in (*english, *russian):
        assert words in text, words
    assert text.index(english[0]) < text.index(russian[0])


@every
def test_the_second_language_begins_on_a_page_of_its_own(
    people: Company, returns: Returns, name: str
) -> None:
    """With its own heading, and with a head and a foot in that language; pages are counted through."""
    pages = issued.sheets(taken(people, returns, name))
    english, russian = SAYS[name]
    (first,) = (number for number, page in enumerate(pages) if page.count(russian[0]) == 2)
    assert first > 0
    assert "Russian" in pages[0]
    for number, page in enumerate(pages):
        foot = "Page {} of {}" if number < first else "Страница {} из {}"
        assert foot.format(number + 1, len(pages)) in page
        assert (english[0] in page) == (number < first)
        assert (russian[0] in page) == (number >= first)


@every
def test_where_both_work_in_one_language_it_is_written_once(
    people: Company, returns: Returns, name: str
) -> None:
    for user in (people.tomas, people.konsul):
        issued.speaks(user.agency, "en", "ru")
    said = issued.printed(taken(people, returns, name))
    assert SAYS[name][0][0] in said
    assert SAYS[name][1][0] not in said
    assert "in another language" not in said


@every
def test_the_home_agency_comes_first_whoever_takes_it(people: Company, returns: Returns, name: str) -> None:
    issued.speaks(people.ana.agency, "ru")
    for user in (people.tomas, people.konsul):
        issued.speaks(user.agency, "en")
    said = issued.printed(taken(people, returns, name))
    english, russian = SAYS[name]
    assert said.index(russian[0]) < said.index(english[0])


@every
def test_it_is_signed_and_one_changed_byte_is_noticed(people: Company, returns: Returns, name: str) -> None:
    user = getattr(people, PAPERS[name][1])
    certified(user.agency)
    content = taken(people, returns, name)
    good = validated(content)
    assert good.bottom_line
    assert good.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert good.signing_cert.subject.native["organization_name"] == user.agency.name
    assert signature_of(content).sig_object["/Reason"] == SAYS[name][0][0]
    said = issued.asked(content, issued.code_of(content))
    assert "Genuine and current." in said
    assert f"Signed by {user.agency.name}" in said
    place = content.index(b"stream") + 40
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert not validated(changed).bottom_line
    assert "This file was changed" in issued.asked(changed, issued.code_of(content))
    assert "Genuine" not in issued.asked(changed)


@every
def test_a_newer_one_takes_its_place_and_no_other_papers_place(
    people: Company, returns: Returns, name: str
) -> None:
    others = {other: taken(people, returns, other) for other in PAPERS if other != name}
    first, second = taken(people, returns, name), taken(people, returns, name)
    assert [issued.is_current(each) for each in (first, second)] == [False, True]
    assert {other for other, content in others.items() if not issued.is_current(content)} == set()


@every
def test_it_is_there_for_those_who_may_and_for_nobody_else(
    people: Company, returns: Returns, name: str
) -> None:
    cast = people.cast
    everybody = {each: getattr(cast, each) for each in cast.__dataclass_fields__}
    everybody |= {each: getattr(people, each) for each in ("pavel", "paula", "selim")}
    assert {user.role for user in everybody.values()} == set(Role)
    found = {each: status(user, returns, name) for each, user in everybody.items()}
    assert {each for each, code in found.items() if code == 200} == MAY[name]
    assert {code for each, code in found.items() if each not in MAY[name]} == {404}
    which, _who, more = PAPERS[name]
    address = reverse(name, args=[returns[which].pk, *more])
    assert Client().get(address).status_code == 302
    assert browser(people.ana).post(address).status_code == 405


@every
def test_an_emergency_opens_what_its_sections_hold(people: Company, returns: Returns, name: str) -> None:
    way = returns[PAPERS[name][0]]
    ways_in = {"request_paper", "handover_paper", "visit_paper"}
    files.ground(way.case, Basis.EMERGENCY, account=people.cast.omar)
    assert status(people.cast.omar, returns, name) == (200 if name in ways_in else 404)


@every
def test_its_taking_is_recorded_with_what_stands_on_it(people: Company, returns: Returns, name: str) -> None:
    way = returns[PAPERS[name][0]]
    taken(people, returns, name)
    event = last(way.case_id, "return.paper_taken")
    assert (event.actor, event.target_id) == (getattr(people, PAPERS[name][1]), way.pk)
    assert (
        set(event.sections)
        == {
            "minute_paper": {"identity", "return_decision"},
            "request_paper": {"identity", "contacts", "return_journey"},
            "mandate_paper": {"identity", "return_journey"},
            "travel_pack": {"identity", "medical", "return_journey"},
            "handover_paper": {"return_decision", "return_journey"},
            "visit_paper": {"return_journey"},
        }[name]
    )
    assert last(way.case_id, "paper.made").details["language"] == "en"


@every
def test_no_record_no_paper(
    people: Company, returns: Returns, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_values: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr(issuing, "record_read", fails)
    which, who, more = PAPERS[name]
    client = browser(getattr(people, who))
    client.raise_request_exception = False
    assert client.get(reverse(name, args=[returns[which].pk, *more])).status_code == 500
    assert not IssuedPaper.objects.exists()


@every
def test_its_page_leads_to_it(people: Company, returns: Returns, name: str) -> None:
    which, _who, more = PAPERS[name]
    page, who = PAGES[name]
    said = issued.take(getattr(people, who), page, returns[which]).content.decode()
    assert reverse(name, args=[returns[which].pk, *more]) in said


@every
def test_nothing_of_what_happened_of_health_and_shelter_is_on_it(
    people: Company, returns: Returns, name: str
) -> None:
    for who in sorted(MAY[name]):
        content = taken(people, returns, name, getattr(people, who))
        for text in (issued.printed(content), content.decode("latin-1")):
            for canary in CANARIES.values():
                assert canary not in text, (who, canary)


def test_what_is_over_while_it_is_written_does_not_leave(
    people: Company, returns: Returns, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = returns[READY]

    def slow(*_values: object, **_more: object) -> bytes:
        if ways.fresh_row(way).state == "ready":
            ways.step(way, "suspend", people.ana)
        return b"%PDF"

    monkeypatch.setattr("repatriation.views.issuing.sheets_pdf", slow)
    assert status(people.eskort, returns, "travel_pack") == 404
    assert not IssuedPaper.objects.exists()


def test_what_changes_while_it_is_written_makes_it_history(
    people: Company, returns: Returns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_values: object, **_more: object) -> bytes:
        issued.arranged_anew(people, returns[READY])
        return b"%PDF"

    monkeypatch.setattr("repatriation.views.issuing.sheets_pdf", slow)
    assert status(people.eskort, returns, "travel_pack") == 200
    assert issued.kinds() == [("pack", False)]


def test_a_visit_that_was_not_made_has_no_report(people: Company, returns: Returns) -> None:
    for number in (0, 2, 99):
        assert issued.take(people.tomas, "visit_paper", returns[VISITED], number).status_code == 404
    assert AuditEvent.objects.filter(verb="return.paper_taken").count() == 0
