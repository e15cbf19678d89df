"""A sheet for the child or its guardian: who holds which data, since when, on what ground; never what stands in it."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock
from accounts.access import Section
from accounts.models import AuditEvent, User
from cases.models import Case
from cases.models.choices import GivenBy
from cases.services.consents import withdraw_consent
from referrals.models import Disclosure, Referral
from referrals.services.moving import override_referral_guard
from tests.cases import files
from tests.cases.asking import get, last
from tests.cases.planning import let_read
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import (
    accepted,
    drafted,
    offering,
    step,
    transferred,
    transferred_back,
)

PAGES = ("case_ledger", "case_ledger_pdf")


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def sheet(page: str) -> str:
    """The part that is printed, as text."""
    (found,) = re.findall(r"<article.*?</article>", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def shown(person: User, case: Case, **query: str) -> str:
    return sheet(get(person, "case_ledger", case.pk, **query).content.decode())


def paper(person: User, case: Case, **query: str) -> str:
    answer = get(person, "case_ledger_pdf", case.pk, **query)
    assert answer["Content-Type"] == "application/pdf"
    read = pypdfium2.PdfDocument(BytesIO(answer.content))
    text = " ".join(read[number].get_textpage().get_text_bounded() for number in range(len(read)))
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES)
def test_nobody_but_the_team_knows_of_it(
    cast: Cast, case: Case, page: str, accepted_referral: Referral
) -> None:
    let_read(case, cast.tomas, Section.LEGAL)
    others = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.tomas, cast.petra]
    assert [get(person, page, case.pk).status_code for person in others] == [404] * 6
    assert [get(person, page, case.pk).status_code for person in (cast.ana, cast.sami)] == [200, 200]


@pytest.mark.parametrize("page", PAGES)
def test_it_is_recorded_as_taken_away_each_time(
    cast: Cast, case: Case, page: str, accepted_referral: Referral
) -> None:
    get(cast.ana, page, case.pk)
    get(cast.ana, page, case.pk)
    assert AuditEvent.objects.filter(verb="ledger.exported", case_id=case.pk).count() == 2
    assert last(case.pk, "ledger.exported").sections == ["identity"]
    log = get(cast.sami, "case_access", case.pk).content.decode()
    assert "took away who holds which data, on paper" in log


def test_who_may_not_leaves_no_record_of_an_export(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    get(cast.petra, "case_ledger_pdf", case.pk)
    assert not AuditEvent.objects.filter(verb="ledger.exported").exists()


@pytest.mark.parametrize("read", [shown, paper])
def test_it_says_who_what_since_when_why_and_how_to_object(
    cast: Cast, case: Case, read: Any, accepted_referral: Referral
) -> None:
    text = read(cast.ana, case)
    today = clock.today("Europe/Vienna")
    for words in (
        "Who has data about you",
        "Who has something now",
        "Arvania shelter (Arvania)",
        "Names, Gender",
        "Social care",
        f"{today.day} June 2026",
        "You said yes to it, or who speaks for you did.",
        "the help ends, or we end it",
        "How you can say no",
        "You can take a yes back at any time.",
        "Arvania social",
        "+00 100",
    ):
        assert words in text


@pytest.mark.parametrize("read", [shown, paper])
def test_after_a_transfer_it_names_who_had_the_file_before(
    cast: Cast, case: Case, nora: User, clock_at: Any, read: Any
) -> None:
    clock_at.forward(timedelta(days=2))
    transferred(cast, case)
    clock_at.forward(timedelta(days=2))
    text = read(cast.omar, case)
    for words in (
        "Who looked after you before us",
        "Arvania social (Arvania)",
        "The whole file",
        "17 June 2026",
    ):
        assert words in text
    assert "Nobody. We gave no data" not in text


def test_who_has_the_file_again_is_no_other_agency(cast: Cast, case: Case, nora: User, clock_at: Any) -> None:
    transferred(cast, case)
    clock_at.forward(timedelta(days=1))
    transferred_back(cast, case, nora)
    text = shown(cast.sami, case)
    assert text.count("The whole file") == 1
    assert f"{cast.omar.agency.name} (Arvania)" in text


@pytest.mark.parametrize("read", [shown, paper])
def test_no_value_no_name_and_no_code_stands_on_it(
    cast: Cast, case: Case, read: Any, accepted_referral: Referral
) -> None:
    text = read(cast.ana, case)
    for word in (
        case.code,
        str(case.pk),
        "Lirana",
        "Vosk",
        "Girl",
        "Female",
        "sleeps badly",
        "Petra",
        "Ana ",
    ):
        assert word not in text


def test_the_name_of_the_file_tells_nothing(cast: Cast, case: Case) -> None:
    answer = get(cast.ana, "case_ledger_pdf", case.pk)
    assert answer["Content-Disposition"] == 'attachment; filename="who-holds-what.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert case.code.encode() not in answer.content


def test_an_offer_is_told_as_one_that_nobody_has_read(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    text = shown(cast.ana, case)
    assert "Who was asked for help" in text
    assert "They have read nothing of this." in text
    assert "Who has something now" not in text


def test_what_has_ended_is_told_with_its_day(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    clock_at.forward(timedelta(days=2))
    step(running_referral, "hand_back", cast.petra)
    text = shown(cast.ana, case)
    assert "Who had something before" in text
    assert "What they copied before, they may still have." in text
    assert "15 June 2026" in text
    assert "17 June 2026" in text
    assert "Who has something now" not in text


def test_access_that_runs_out_later_counts_until_then(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    step(running_referral, "complete", cast.petra)
    assert "Who has something now" in shown(cast.ana, case)
    clock_at.forward(timedelta(days=46))
    assert "Who had something before" in shown(cast.ana, case)


def test_a_yes_that_was_taken_back_is_no_ground_any_more(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    consent = case.consents.get(recipient=cast.petra.agency)
    today = clock.today("Europe/Vienna")
    withdraw_consent(case.pk, consent.pk, actor=cast.ana, given_by=GivenBy.CHILD, given_on=today)
    text = shown(cast.ana, case)
    assert "The yes was taken back." in text
    assert "You said yes to it" not in text


@pytest.mark.parametrize("stated", ["consent", "order"])
def test_what_went_by_a_supervisors_leave_is_called_that(cast: Cast, case: Case, stated: str) -> None:
    draft = drafted(cast, case, legal_basis=stated, basis_words="")
    reason = "She needs a bed tonight, and is not awake."
    override_referral_guard(draft.pk, "send", "may_share", actor=cast.sami, reason=reason)
    step(step(step(draft, "send", cast.ana), "acknowledge", cast.petra), "accept", cast.petra)
    text = shown(cast.ana, case)
    assert "Nobody had said yes to it. A supervisor decided to ask for help all the same." in text
    assert "Life or health was in danger" not in text
    assert "ordered it" not in text
    leave = "A supervisor’s leave, without consent or another ground"
    for page in ("case_referrals", "referral_register"):
        assert (
            leave in get(cast.sami, page, *([case.pk] if page == "case_referrals" else [])).content.decode()
        )


def test_where_nothing_was_given_it_says_so(cast: Cast, case: Case) -> None:
    text = shown(cast.ana, case)
    assert "Nobody. We gave no data about you to another agency." in text
    assert "How you can say no" in text


def test_it_is_in_the_language_that_was_chosen(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    page = get(cast.ana, "case_ledger", case.pk, language="ru").content.decode()
    assert 'lang="ru" dir="ltr"' in page
    assert '<html lang="en"' in page
    assert "Who has data about you" not in sheet(page)
    assert "У кого есть данные о тебе" in sheet(page)
    assert "У кого есть данные о тебе" in paper(cast.ana, case, language="ru")
    assert "Who has data about you" in shown(cast.ana, case, language="xx")


def test_the_days_are_those_of_the_agency(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    late = clock.now().replace(hour=22, minute=30)
    Disclosure.objects.update(opened_at=late)
    assert "16 June 2026" in shown(cast.ana, case)


def test_it_costs_the_same_for_few_and_for_many(cast: Cast, case: Case) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(cast.ana, "case_ledger", case.pk)
        return len(queries)

    accepted(cast, case)
    few = spent()
    for service in ("Health", "Legal", "Education"):
        offering(cast.petra.agency, service)
        accepted(cast, case, service=service)
    assert spent() == few


def test_the_page_of_referrals_leads_to_it(cast: Cast, case: Case) -> None:
    link = f"/cases/{case.pk}/who-holds-what/"
    assert link in get(cast.ana, "case_referrals", case.pk).content.decode()
    assert f"{link[:-1]}.pdf?language=en" in get(cast.ana, "case_ledger", case.pk).content.decode()
