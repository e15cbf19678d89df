"""A worker registers a case: refused with every reason, then guard by guard let through."""

from datetime import UTC, date, datetime

import pytest

import clock
from accounts.models import AuditEvent
from cases.models import Case
from cases.models.choices import Answer, BirthCertainty, Presumption, Purpose
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import record_identity
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import get, last, post, statuses
from tests.cast import Cast
from tests.conftest import ClockHand
from workflow.machine import Refused

REASONS = {
    "consent_services": "Consent or assent to help and case management is recorded.",
    "consent_data": "Consent or assent to keeping a file with personal data is recorded.",
    "duplicate_check_run": "The duplicate check was run with the names and birth date recorded now.",
}


def failures(case: Case, cast: Cast) -> list[str]:
    try:
        take_step(case.pk, "register", actor=cast.ana)
    except Refused as refused:
        return [failure.code for failure in refused.failures]
    return []


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(cast: Cast, case: Case) -> None:
    files.satisfy_registration(case, cast.ana)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "case_step", case.pk, "register") == [404] * 5
    assert statuses([cast.sami], "case_step", case.pk, "register") == [403]
    assert files.fresh(case).state == "screening"
    assert statuses([cast.ana], "case_step", case.pk, "register") == [302]
    assert files.fresh(case).state == "registered"


def test_a_refusal_shows_every_reason_with_its_way_and_changes_nothing(cast: Cast, case: Case) -> None:
    before = AuditEvent.objects.exclude(verb="case.read").count()
    answer = post(cast.ana, "case_step", case.pk, "register")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This step is not possible yet" in page
    for sentence in REASONS.values():
        assert sentence in page
    assert f"/cases/{case.pk}/consents/new/" in page
    assert f"/cases/{case.pk}/duplicates/" in page
    assert files.fresh(case).state == "screening"
    assert AuditEvent.objects.exclude(verb="case.read").count() == before


def test_the_case_page_shows_the_reasons_before_anyone_presses(cast: Cast, case: Case) -> None:
    for reader in (cast.ana, cast.sami):
        page = get(reader, "case", case.pk).content.decode()
        assert all(sentence in page for sentence in REASONS.values())
        assert page.count(">Missing:</span>") == len(REASONS) + 1
        # Whether there are candidates nobody knows before the first check.
        assert "Done:</span> Every possible duplicate" not in page


def test_guard_by_guard(cast: Cast, case: Case) -> None:
    assert failures(case, cast) == [
        "consent_services",
        "consent_data",
        "duplicate_check_run",
        "candidates_decided",
    ]
    files.agree(case, cast.ana, Purpose.SERVICES)
    files.agree(case, cast.ana, Purpose.DATA)
    assert failures(case, cast) == ["duplicate_check_run", "candidates_decided"]
    run_duplicate_check(case.pk, actor=cast.ana)
    assert failures(case, cast) == []
    assert files.fresh(case).state == "registered"


def test_a_refusal_of_consent_is_no_consent(cast: Cast, case: Case) -> None:
    files.satisfy_registration(case, cast.ana)
    files.agree(case, cast.ana, Purpose.DATA, Answer.REFUSED)
    assert failures(case, cast) == ["consent_data"]


@pytest.mark.parametrize(
    ("years", "certainty", "presumed", "passes"),
    [
        (14, BirthCertainty.EXACT, "", True),
        (14, BirthCertainty.YEAR, "", True),
        (18, BirthCertainty.EXACT, "", False),
        (18, BirthCertainty.EXACT, Presumption.STATEMENT, False),
        (19, BirthCertainty.YEAR, Presumption.APPEARANCE, False),
        (18, BirthCertainty.YEAR, Presumption.APPEARANCE, True),
        (14, BirthCertainty.ESTIMATED, "", False),
        (14, BirthCertainty.ESTIMATED, Presumption.STATEMENT, True),
        (19, BirthCertainty.ESTIMATED, Presumption.APPEARANCE, True),
        (None, BirthCertainty.UNKNOWN, "", False),
        (None, BirthCertainty.UNKNOWN, Presumption.DOCUMENTS, True),
    ],
)
def test_a_child_or_presumed_one(
    cast: Cast, case: Case, years: int | None, certainty: str, presumed: str, passes: bool
) -> None:
    files.satisfy_registration(case, cast.ana)
    born = None if years is None else date(clock.today("Europe/Vienna").year - years, 1, 1)
    record_identity(
        case.pk,
        actor=cast.ana,
        identity=files.identity(birth_date=born, birth_certainty=certainty, presumed_because=presumed),
    )
    run_duplicate_check(case.pk, actor=cast.ana)
    assert failures(case, cast) == ([] if passes else ["is_a_child"])


def test_seventeen_until_the_birthday_where_the_agency_works(
    cast: Cast, case: Case, clock_at: ClockHand
) -> None:
    """In Vienna the birthday begins two hours before it does in UTC."""
    files.satisfy_registration(case, cast.ana)
    record_identity(
        case.pk,
        actor=cast.ana,
        identity=files.identity(birth_date=date(2010, 7, 1), birth_certainty=BirthCertainty.EXACT),
    )
    run_duplicate_check(case.pk, actor=cast.ana)
    clock_at(datetime(2028, 6, 30, 22, 30, tzinfo=UTC))
    assert failures(case, cast) == ["is_a_child"]
    clock_at(datetime(2028, 6, 30, 21, 30, tzinfo=UTC))
    assert failures(case, cast) == []


def test_it_is_written_down_with_how_each_guard_was_judged(cast: Cast, case: Case) -> None:
    files.satisfy_registration(case, cast.ana)
    post(cast.ana, "case_step", case.pk, "register")
    event = last(case.pk, "case.register")
    assert (event.actor, event.actor_role, event.agency) == (cast.ana, "case_worker", cast.ana.agency)
    assert (event.details["from"], event.details["to"]) == ("screening", "registered")
    assert [judged["code"] for judged in event.details["guards"] if judged["passed"]] == [
        "consent_services",
        "consent_data",
        "is_a_child",
        "duplicate_check_run",
        "candidates_decided",
    ]


def test_a_second_click_moves_nothing(cast: Cast, case: Case) -> None:
    files.satisfy_registration(case, cast.ana)
    # The second is led back to where the case stands now.
    assert statuses([cast.ana, cast.ana], "case_step", case.pk, "register") == [302, 302]
    assert AuditEvent.objects.filter(verb="case.register").count() == 1


def test_history_keeps_every_state(registered: Case) -> None:
    states = [row.state for row in registered.history.order_by("history_id")]
    assert states[0] == "reported"
    assert states[-1] == "registered"
    assert {row.history_user.username for row in registered.history.all()} == {"ana"}
