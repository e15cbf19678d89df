"""How the child is after its return: visits by the partner abroad, what is read of them, and what they end in."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from cases.models import Case, CaseAccess
from repatriation.models import MonitoringVisit, Return
from repatriation.services import clocks
from tests.cases.asking import day, get, last, post, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import step as referral_step
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company
from tests.undone import undone
from workflow import deadlines
from workflow.models import Deadline


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return handovers.monitored(people, case)


def report(**changes: Any) -> dict[str, Any]:
    said = {"seen_alone": "yes", "safe": "yes", "occupation": "school", "child_words": "I like my desk."}
    return said | day("done_on", clock.today("Europe/Chisinau")) | changes


def visit(way: Return, number: int = 1) -> MonitoringVisit:
    return way.visits.get(number=number)


def page(people: Company, way: Return, name: str) -> str:
    return get(getattr(people, name), "monitoring", way.pk).content.decode()  # type: ignore[no-any-return]


def running(way: Return) -> list[int]:
    rows = Deadline.objects.open().filter(case_id=way.case_id, kind=clocks.VISIT)
    return sorted(rows.values_list("params__number", flat=True))


# The plan


def test_five_visits_are_planned_with_the_handover(way: Return) -> None:
    assert way.handed_over_at is not None
    given = way.handed_over_at.astimezone(ZoneInfo("Europe/Chisinau")).date()
    assert given == date(2026, 6, 15)
    assert list(way.visits.values_list("due_on", flat=True)) == [
        date(2026, 6, 22),
        date(2026, 7, 15),
        date(2026, 9, 15),
        date(2026, 12, 15),
        date(2027, 6, 15),
    ]
    assert running(way) == [1, 2, 3, 4, 5]


def test_the_page_is_for_the_receiver_and_for_who_reads_the_journey(people: Company, way: Return) -> None:
    for name in ("tomas", "ana", "sami"):
        assert get(getattr(people, name), "monitoring", way.pk).status_code == 200
    for name in ("eskort", "konsul", "petra", "fokus", "ben"):
        assert get(getattr(people, name), "monitoring", way.pk).status_code == 404


def test_it_is_not_there_before_the_handover(people: Company, case: Case) -> None:
    way = handovers.arrived(people, case)
    assert get(people.tomas, "monitoring", way.pk).status_code == 404


# The report


def test_the_partner_reports_and_the_worker_reads(people: Company, way: Return) -> None:
    assert get(people.tomas, "return_visit", way.pk, 1).status_code == 200
    assert post(people.tomas, "return_visit", way.pk, 1, **report()).status_code == 302
    made = visit(way)
    assert (made.safe, made.seen_alone, made.occupation, made.signs) == (True, True, "school", [])
    assert (made.child_words, made.reported_by) == ("I like my desk.", people.tomas)
    assert running(way) == [2, 3, 4, 5]
    for name in ("ana", "tomas"):
        assert "I like my desk." in page(people, way, name)
    assert "The child was seen today." in page(people, way, "sami")
    event = last(way.case_id, "return.visit_reported")
    assert event.details["number"] == 1
    assert event.sections == ["return_journey"]
    assert "return.visit_reported" in told(people.ana)
    assert "return.visit_not_safe" not in told(people.sami)
    assert way.events.latest("number").kind == "visit_reported"


def test_others_do_not_report(people: Company, way: Return) -> None:
    """As long as somebody abroad can, who works on the case does not write it for them."""
    asked = statuses(
        [people.ana, people.sami, people.eskort, people.petra], "return_visit", way.pk, 1, **report()
    )
    assert asked == [403, 403, 404, 404]
    assert visit(way).done_on is None


def test_safe_and_signs_of_trafficking_are_asked_about(people: Company, way: Return) -> None:
    both = report(signs=["debt"])
    asks = "Both are meant"
    assert asks not in get(people.tomas, "return_visit", way.pk, 1).content.decode()
    answer = post(people.tomas, "return_visit", way.pk, 1, **both)
    assert answer.status_code == 422
    for words in (asks, "You say that the child is safe there", "I like my desk."):
        assert words in answer.content.decode()
    assert visit(way).done_on is None
    # One of the two corrected is nothing to confirm.
    with undone():
        assert post(people.tomas, "return_visit", way.pk, 1, **both | {"safe": "no"}).status_code == 302
    assert post(people.tomas, "return_visit", way.pk, 1, **both, both_meant="on").status_code == 302
    assert (visit(way).safe, visit(way).signs) == (True, ["debt"])


@pytest.mark.parametrize("lacks", ["seen_alone", "safe", "occupation"])
def test_every_question_is_answered(people: Company, way: Return, lacks: str) -> None:
    said = report()
    del said[lacks]
    answer = post(people.tomas, "return_visit", way.pk, 1, **said)
    assert answer.status_code == 422
    assert "I like my desk." in answer.content.decode()
    assert visit(way).done_on is None
    assert running(way) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "This day is still to come."), (-1, "On this day the child had not been handed over yet.")],
)
def test_the_day_can_be(people: Company, way: Return, days: int, sentence: str) -> None:
    wrong = day("done_on", clock.today("Europe/Chisinau") + timedelta(days=days))
    answer = post(people.tomas, "return_visit", way.pk, 1, **report(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_report_stays(people: Company, way: Return) -> None:
    post(people.tomas, "return_visit", way.pk, 1, **report())
    answer = post(people.tomas, "return_visit", way.pk, 1, **report(safe="no"))
    assert answer.status_code == 422
    assert "This visit is reported already." in answer.content.decode()
    assert get(people.tomas, "return_visit", way.pk, 1).status_code == 302
    assert visit(way).safe is True


def test_there_is_no_such_visit(people: Company, way: Return) -> None:
    assert post(people.tomas, "return_visit", way.pk, 9, **report()).status_code == 404


def test_what_is_not_safe_reaches_the_supervisors_without_a_sign(people: Company, way: Return) -> None:
    post(people.tomas, "return_visit", way.pk, 1, **report(safe="no"))
    for user in (people.ana, people.sami, people.vera):
        assert "return.visit_not_safe" in told(user)
    assert ways.fresh_row(way).state == "monitoring"
    assert "Not well" in page(people, way, "ana")


# What is overdue, and how it ends


def test_both_sides_hear_once_of_a_visit_that_is_overdue(people: Company, way: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=8))
    for _time in range(2):
        deadlines.sweep()
    assert told(people.tomas).count("overdue.return_visit") == 1
    assert told(people.ana).count("overdue.return_visit") == 1
    assert "Late" in page(people, way, "ana")


def test_a_visit_in_time_is_never_overdue(people: Company, way: Return, clock_at: Any) -> None:
    post(people.tomas, "return_visit", way.pk, 1, **report())
    clock_at.forward(timedelta(days=8))
    deadlines.sweep()
    assert "overdue.return_visit" not in told(people.tomas)


def test_it_is_complete_when_all_are_in_and_the_last_is_well(people: Company, way: Return) -> None:
    ways.visits_reported(people, way)
    way = ways.step(way, "complete", people.sami)
    assert way.state == "completed"
    assert running(way) == []
    assert ways.fresh_row(way).case.durable_solution == "handed_over"
    assert "All visits are reported" in page(people, way, "ana")


# A receiving organisation that ends its work early


def ended_early(people: Company, way: Return) -> None:
    assert way.reception is not None
    referral = referral_step(way.reception, "begin_service", people.tomas)
    referral_step(referral, "complete", people.tomas)


def test_a_referral_that_ends_early_does_not_end_the_visits_unnoticed(people: Company, way: Return) -> None:
    ended_early(people, way)
    assert ways.fresh_row(way).state == "monitoring"
    assert running(way) == [1, 2, 3, 4, 5]
    for user in (people.ana, people.sami):
        assert told(user).count("return.reception_ended") == 1
    assert way.events.latest("number").kind == "reception_ended"
    assert "The receiving organisation has ended its work" in page(people, way, "ana")
    assert "Your referral has ended, and visits are still to be made." in page(people, way, "tomas")
    # It can still report while its ground counts, and nobody is told again.
    assert post(people.tomas, "return_visit", way.pk, 1, **report()).status_code == 302
    assert told(people.ana).count("return.reception_ended") == 1
    assert "return.reception_ended" not in verbs(way.case_id)


def test_where_nobody_abroad_can_report_the_worker_writes_what_it_hears(people: Company, way: Return) -> None:
    assert way.reception_id is not None
    CaseAccess.objects.filter(basis_id=way.reception_id).update(ended_at=clock.now())
    assert get(people.tomas, "monitoring", way.pk).status_code == 404
    assert "Nobody abroad can report any more" in page(people, way, "ana")
    assert post(people.ana, "return_visit", way.pk, 1, **report(**_here())).status_code == 302
    assert visit(way).reported_by == people.ana


def _here() -> dict[str, int]:
    return day("done_on", clock.today("Europe/Vienna"))
