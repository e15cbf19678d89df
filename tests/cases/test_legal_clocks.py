"""Legal protection: what is due to the child by when, and in which states a strand is settled."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from accounts import policy
from accounts.errors import Invalid
from accounts.holidays import add_working_days
from cases.edges.tracks import TRACKS
from cases.guards.lifecycle import REPRESENTATION
from cases.models import Case, LegalProtection
from cases.registry import open_matters
from cases.settled import unsettled_strands
from tests.cases import files
from tests.cases.asking import clock_of, get, post, running, told
from tests.cases.care import REQUEST, guardian, legal_of, step, today
from tests.cast import Cast
from workflow import deadlines
from workflow.machine import Attempt

VIENNA = ZoneInfo("Europe/Vienna")


def test_a_representative_is_asked_for_within_a_day(cast: Cast, case: Case, clock_at: Any) -> None:
    waits = clock_of(case, "representation")
    assert abs(waits.due_at - clock.now() - timedelta(hours=24)) < timedelta(minutes=5)
    assert "Ask for a guardian" in get(cast.ana, "case", case.pk).content.decode()
    clock_at(waits.due_at + timedelta(seconds=1))
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.sami).count("overdue.representation") == 1
    assert not REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    assert "representation" not in running(case)
    # Asked too late: only the appointment helps now.
    assert not REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_request_written_down_later_counts_from_its_day(cast: Cast, case: Case, clock_at: Any) -> None:
    asked_on = today()
    clock_at.forward(timedelta(days=3))
    step(case, "representation", "request_representative", cast.ana, happened_on=asked_on, **REQUEST)
    assert REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_taken_over_case_has_its_day_for_a_representative(cast: Cast, clock_at: Any) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    clock_at.forward(timedelta(days=30))
    post(cast.ana, "case_step", case.pk, "take_over")
    assert abs(clock_of(case, "representation").due_at - clock.now() - timedelta(hours=24)) < timedelta(
        hours=1
    )
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    assert REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_conflict_leads_to_another_representative(cast: Cast, case: Case) -> None:
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    person = guardian(case, cast.ana)
    named = {"authority": "Court", "number": "12"}
    step(case, "representation", "appoint_representative", cast.ana, person=person, **named)
    assert "representation" not in unsettled_strands(legal_of(case))
    step(case, "representation", "report_conflict", cast.ana, reason="She knows him.", authority="Court")
    assert "representation" in unsettled_strands(legal_of(case))
    step(case, "representation", "appoint_representative", cast.ana, person=person, **named)
    step(case, "representation", "end_representation", cast.ana, reason="Came of age.")
    step(case, "representation", "need_representative", cast.ana, reason="Not yet.")
    assert "representation" in running(case)
    step(case, "representation", "judge_parents_safe", cast.ana, parents_safe=True, basis="Seen by the team.")
    assert "representation" not in running(case)


def test_identification_is_due_in_five_working_days(cast: Cast, case: Case, clock_at: Any) -> None:
    # The Thursday before a weekend, in the evening; whoever writes it down two days later wins no time.
    clock_at(datetime(2027, 6, 10, 20, 0, tzinfo=VIENNA))
    asked_on = today()
    clock_at(datetime(2027, 6, 12, 9, 0, tzinfo=VIENNA))
    step(
        case,
        "identification",
        "request_identification",
        cast.ana,
        happened_on=asked_on,
        authority="Police",
    )
    end = datetime(2027, 6, 10, 23, 59, 59, tzinfo=VIENNA)
    assert clock_of(case, "identification").due_at == add_working_days(case.agency, end, 5)
    assert clock_of(case, "identification").due_at.astimezone(VIENNA).date() == date(2027, 6, 17)
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    assert "identification" not in running(case)


def test_an_agency_sets_its_own_days(cast: Cast, case: Case) -> None:
    policy.set_value("legal.identification_days", 2, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    due = clock_of(case, "identification").due_at
    assert abs(due - add_working_days(case.agency, clock.now(), 2)) < timedelta(minutes=5)


@pytest.mark.parametrize(("days", "counted"), [(30, 30), (45, 45), (7, 30), (0, 30)])
def test_the_reflection_period_is_never_shorter_than_thirty_days(
    cast: Cast, case: Case, clock_at: Any, days: int, counted: int
) -> None:
    clock_at.forward(timedelta(days=4))
    policy.set_value("legal.reflection_days", days, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    began = today() - timedelta(days=3)
    step(case, "identification", "find_possible_victim", cast.ana, happened_on=began, decided_by="Police")
    legal = legal_of(case)
    assert legal.reflection_from == began
    assert legal.reflection_until == began + timedelta(days=counted)


def test_a_promised_reflection_period_is_not_cut_short(cast: Cast, case: Case) -> None:
    policy.set_value("legal.reflection_days", 90, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    promised = legal_of(case).reflection_until
    policy.set_value("legal.reflection_days", 30, actor=None, agency=case.agency)
    step(case, "identification", "find_no_victim", cast.ana, decided_by="Police", reason="Doubt.")
    step(case, "identification", "appeal_identification", cast.ana, authority="Court", reason="New facts.")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="CourtOrProsecution")
    assert legal_of(case).reflection_until == promised


def test_the_page_shows_the_last_day_of_the_reflection_period(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at(datetime(2027, 3, 1, 10, 0, tzinfo=VIENNA))
    assert "not begun" in get(cast.ana, "legal", case.pk).content.decode()
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    page = get(cast.ana, "legal", case.pk).content.decode()
    assert "until Wednesday 31 March 2027" in page
    assert "31 days left" in page
    clock_at(datetime(2027, 3, 31, 23, 0, tzinfo=VIENNA))
    assert "1 day left" in get(cast.ana, "legal", case.pk).content.decode()
    clock_at(datetime(2027, 4, 1, 0, 30, tzinfo=VIENNA))
    assert "over" in get(cast.ana, "legal", case.pk).content.decode()


def test_a_permit_that_ends_is_renewed_in_time(cast: Cast, case: Case, clock_at: Any) -> None:
    step(case, "residence", "request_permit", cast.ana, authority="Office", number="F 1")
    ends = today() + timedelta(days=90)
    with pytest.raises(Invalid, match="valid_until"):
        step(
            case,
            "residence",
            "permit_residence",
            cast.ana,
            number="P 1",
            valid_until=today() - timedelta(days=1),
        )
    step(case, "residence", "permit_residence", cast.ana, number="P 1", valid_until=ends)
    due = clock_of(case, "permit_expires").due_at.astimezone(VIENNA)
    assert (due.date(), due.hour) == (ends, 23)
    clock_at.forward(timedelta(days=100))
    deadlines.sweep()
    assert told(cast.sami).count("overdue.permit_expires") == 1
    later = today() + timedelta(days=365)
    step(case, "residence", "renew_permit", cast.ana, number="P 2", valid_until=later)
    assert clock_of(case, "permit_expires").due_at.astimezone(VIENNA).date() == later
    assert legal_of(case).residence == "permitted"
    step(case, "residence", "renew_permit", cast.ana, number="P 3")
    assert "permit_expires" not in running(case)


def test_an_open_legal_deadline_holds_the_closing_up(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana)
    assert not open_matters(case)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    assert open_matters(files.fresh(case))
    step(case, "identification", "find_no_victim", cast.ana, decided_by="Police", reason="No sign.")
    assert not open_matters(files.fresh(case))


SETTLED = {
    "representation": {"not_needed", "appointed", "ended"},
    "identification": {"victim", "not_a_victim"},
    "residence": {"not_applicable", "permitted", "ended"},
    "protection": {"none", "granted", "refused_final", "withdrawn"},
    "proceedings": {"none", "closed"},
    "redress": {"not_sought", "sought", "awarded", "refused"},
}


@pytest.mark.parametrize("strand", SETTLED)
def test_a_strand_is_settled_in_these_states_and_no_others(strand: str) -> None:
    states = TRACKS[strand].machine.states.values
    settled = {
        state for state in states if strand not in unsettled_strands(LegalProtection(**{strand: state}))
    }
    assert settled == SETTLED[strand]


def test_open_proceedings_are_settled_once_testimony_is_arranged() -> None:
    for state, settled in (("open", True), ("paused", False)):
        legal = LegalProtection(proceedings=state, testimony_arranged=True)
        assert ("proceedings" not in unsettled_strands(legal)) is settled
