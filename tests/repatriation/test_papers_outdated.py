"""A paper that left is current until what it tells of changes or is over, and no longer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cases.models import Case
from cases.models.registers import HealthRecord, HealthRecordKind
from cases.services.registers import record_health
from cases.services.steps import propose_end as propose_end_of_case
from cases.services.steps import take_step
from repatriation.models import Return
from repatriation.models.choices import EndReason, TravelDocumentKind
from repatriation.pdf import sheets_pdf
from repatriation.services import convening, handing
from repatriation.services.journeys import plan_route
from repatriation.services.minuting import record_telling
from repatriation.services.opening import propose_end
from repatriation.services.papers import Paper, replace_document
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import issued, sitting, ways
from tests.repatriation.journeys import stretch
from tests.repatriation.ways import Company

Event = Callable[[Company, Return], Any]


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(people: Company) -> Case:
    return issued.told_of(people)


@kept
def ready(people: Company, case: Case) -> Return:
    return issued.ready(people, case)


def step(edge: str, who: str) -> Event:
    return lambda people, way: ways.step(way, edge, getattr(people, who))


def current(people: Company, way: Return, event: Event, *papers: tuple[str, str]) -> list[bool]:
    """Whether each, by who takes it and its address, is still current after that."""
    taken = [issued.taken(getattr(people, who), name, way) for who, name in papers]
    assert all(map(issued.is_current, taken))
    event(people, way)
    return [issued.is_current(each) for each in taken]


def _told(people: Company, way: Return) -> None:
    day = ways.today(way)
    record_telling(way.pk, actor=people.ana, child_told_on=day, guardian_told_on=None, words="Calmly.")


def _back(people: Company, way: Return) -> None:
    ways.step(way, "suspend", people.ana)
    ways.step(way, "resume", people.sami)


@pytest.mark.parametrize(
    ("event", "stands"),
    [
        (step("reopen_decision", "sami"), False),
        (step("withdraw", "ana"), False),
        (_told, False),
        (_back, False),
        # What was decided stands as long as nobody has taken it before a panel again.
        (step("suspend", "ana"), True),
    ],
)
def test_a_minute_holds_as_long_as_its_decision(
    people: Company, case: Case, event: Event, stands: bool
) -> None:
    way = sitting.decided(people, case)
    assert current(people, way, event, ("ana", "minute_paper")) == [stands]


@pytest.mark.parametrize(
    ("event", "stands"),
    [
        (step("decide_return", "pia"), True),
        (step("reassess", "sami"), False),
        (lambda people, way: convening.dissolve_panel(way.pk, actor=people.sami, reason="New facts."), False),
    ],
)
def test_a_minute_may_be_taken_before_the_step_that_it_decides(
    people: Company, case: Case, event: Event, stands: bool
) -> None:
    way = sitting.waiting(people, case)
    sitting.signed(people, way)
    assert current(people, way, event, ("ana", "minute_paper")) == [stands]


def _denied(people: Company, way: Return) -> None:
    ways.step(way, "deny_nationality", people.konsul)
    ways.step(way, "back_to_panel", people.ana, code="another_country")


def _asked_again(people: Company, way: Return) -> None:
    ways.step(way, "find_inconclusive", people.konsul)
    ways.step(way, "ask_again", people.ana)


@pytest.mark.parametrize(
    ("event", "stands"),
    [
        (step("verify_nationality", "konsul"), True),
        (_denied, False),
        (_asked_again, False),
        (step("suspend", "ana"), False),
    ],
)
def test_a_request_holds_until_it_ends(people: Company, case: Case, event: Event, stands: bool) -> None:
    way = ways.at(people, case, "verification_requested")
    papers = (("ana", "request_paper"), ("konsul", "request_paper"))
    assert current(people, way, event, *papers) == [stands, stands]


def _another_document(people: Company, way: Return) -> None:
    day = ways.today(way)
    paper = Paper(
        kind=TravelDocumentKind.NEW_PASSPORT, number="B7", issued_on=day, expires_on=day + timedelta(days=400)
    )
    replace_document(way.pk, actor=people.ana, paper=paper)


def _another_medicine(people: Company, way: Return) -> None:
    record_health(way.case_id, actor=people.ana, kind=HealthRecordKind.MEDICATION, words="Budesonide.")


def _another_finding(people: Company, way: Return) -> None:
    record_health(way.case_id, actor=people.ana, kind=HealthRecordKind.MENTAL_HEALTH, words="Sleeps better.")


def _handed_over(people: Company, way: Return) -> None:
    ways.day_has_come(way)
    for edge in ("depart", "arrive"):
        ways.step(way, edge, people.eskort)
    ways.signed_by_two(people, way)
    ways.step(way, "hand_over", people.tomas)


@pytest.mark.parametrize(
    ("event", "stand"),
    [
        (lambda people, way: plan_route(way.pk, actor=people.ana, legs=[stretch(6)]), [False] * 3),
        (lambda people, way: issued.arranged_anew(people, way, fallback="Call."), [False] * 3),
        (_another_document, [False] * 3),
        (_another_medicine, [True, False, False]),
        (_another_finding, [True] * 3),
        (step("suspend", "ana"), [False] * 3),
        (_handed_over, [False] * 3),
    ],
)
def test_mandate_and_pack_hold_as_long_as_the_plan(
    people: Company, ready: Return, clock_at: Any, event: Event, stand: list[bool]
) -> None:
    papers = (("eskort", "mandate_paper"), ("eskort", "travel_pack"), ("ana", "travel_pack"))

    def later(people: Company, way: Return) -> None:
        clock_at.forward(timedelta(minutes=1))
        event(people, way)

    assert current(people, ready, later, *papers) == stand


def test_a_pack_that_is_taken_after_the_handover_is_history(people: Company, ready: Return) -> None:
    _handed_over(people, ready)
    for name in ("mandate_paper", "travel_pack"):
        assert not issued.is_current(issued.taken(people.ana, name, ready))


def test_a_pack_with_the_new_medicine_is_current(people: Company, ready: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(minutes=1))
    _another_medicine(people, ready)
    content = issued.taken(people.eskort, "travel_pack", ready)
    assert "Budesonide." in issued.printed(content)
    assert "Salbutamol" not in issued.printed(content)
    clock_at.forward(timedelta(minutes=1))
    _another_finding(people, ready)
    assert issued.is_current(content)
    assert HealthRecord.objects.filter(case=ready.case_id, kind="medication").count() == 2


def test_a_protocol_holds_until_another_handover_begins(people: Company, case: Case) -> None:
    way = issued.arrived(people, case)
    ways.step(way, "fail_handover", people.eskort)
    failed = issued.taken(people.eskort, "handover_paper", way)
    ways.alternate_approved(people, way)
    assert issued.is_current(failed)
    handing.begin_handover(way.pk, actor=people.eskort)
    assert not issued.is_current(failed)
    # It can still be had, as what it is by now.
    assert not issued.is_current(issued.taken(people.eskort, "handover_paper", way))


def test_a_report_holds(people: Company, case: Case) -> None:
    way = issued.visited(people, case)
    report = issued.taken(people.tomas, "visit_paper", way, 1)
    ways.visits_reported(people, way)
    ways.step(way, "complete", people.sami)
    assert issued.is_current(report)


def _proposed_and_ended(people: Company, way: Return) -> None:
    propose_end(way.pk, actor=people.sami, why=EndReason.DECLINED)
    ways.step(way, "end", people.vera, code=EndReason.DECLINED)


def _case_ends(people: Company, way: Return) -> None:
    propose_end_of_case(way.case_id, actor=people.sami, why="died")  # type: ignore[arg-type]
    take_step(way.case_id, "end_early", actor=people.vera)


@pytest.mark.parametrize("event", [_proposed_and_ended, _case_ends])
def test_with_the_return_mandate_and_pack_end(people: Company, ready: Return, event: Event) -> None:
    papers = (("ana", "mandate_paper"), ("ana", "travel_pack"))
    assert current(people, ready, event, *papers) == [False, False]


def test_what_changes_while_a_pack_is_written_makes_it_history(
    people: Company, ready: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of medicines is another row than the journey, and so is the travel document."""

    def slowly(*args: Any, **kwargs: Any) -> bytes:
        monkeypatch.undo()
        record_health(ready.case_id, actor=people.ana, kind=HealthRecordKind.MEDICATION, words="Half of it.")
        return sheets_pdf(*args, **kwargs)

    monkeypatch.setattr("repatriation.views.issuing.sheets_pdf", slowly)
    assert not issued.is_current(issued.taken(people.eskort, "travel_pack", ready))
    assert issued.is_current(issued.taken(people.eskort, "travel_pack", ready))
