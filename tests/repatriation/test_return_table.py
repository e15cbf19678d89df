"""The table of a return says what the domain says; each guard alone refuses by its name, through every door."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

import clock
from accounts import policy
from cases.models import Case
from repatriation.edges.returns import RETURN
from repatriation.models import Return
from repatriation.models.choices import Option
from repatriation.services.watching import look
from tests.repatriation import ways
from tests.repatriation.breaking import BREAKS, TYPED
from tests.repatriation.ways import MAIN, Company, fresh_row
from tests.repatriation.words import EVERY_GUARD, GUARDS, LEGAL, STATES, STEPS, codes, never
from tests.undone import undone
from workflow.machine import NotInHand, Override, Refused
from workflow.services import override_guard


@pytest.fixture(autouse=True)
def kept_policies() -> Iterator[None]:
    """What a test said of an agency is undone with its transaction, but remembered a while longer."""
    yield
    policy.forget_kept()


def test_the_table_is_the_domains() -> None:
    assert set(STEPS) == {edge.name for edge in RETURN.edges}
    assert set(RETURN.states.values) == STATES
    for edge in RETURN.edges:
        found = ({str(each) for each in edge.sources}, {str(each) for each in edge.targets}, set(edge.who))
        assert found == STEPS[edge.name], edge.name
        said = " ".join(guard.code + guard.override.mark for guard in edge.guards)
        assert said == GUARDS.get(edge.name, ""), edge.name


def test_every_fact_is_tried() -> None:
    assert set(BREAKS) | set(TYPED) | {"no_other_open"} == {code for _edge, code in EVERY_GUARD}


def walk(people: Company, case: Case) -> Iterator[tuple[Return, str]]:
    """The main path: each state with everything there that the next step, which is named, asks for."""
    way = ways.considered(people.cast, case)
    for name, actor, facts in MAIN:
        for fact in facts:
            fact(people, way)
        yield fresh_row(way), name
        ways.step(way, name, getattr(people, actor))


def refusals(people: Company, way: Return, edge: str, actor: Any) -> list[str]:
    """Guards of this step that do not refuse it alone and by their name; everything else is there."""
    wrong = []
    for code in codes(edge):
        if code == "no_other_open" and way.state != "decided_integration":
            # Beside an open one the database admits no other.
            continue
        with undone():
            changes = typed(way, code)
            if code in BREAKS:
                BREAKS[code](people, way)
            try:
                ways.step(way, edge, actor, **changes)
                found = ["taken"]
            except Refused as refused:
                found = [failure.code for failure in refused.failures]
            except Return.DoesNotExist:
                found = ["gone"]
        policy.forget_kept()
        if found != [code] and found != SAME_FACT.get((edge, code), []):
            wrong.append(f"{edge} without {code}: {found}")
    return wrong


# One fact that two conditions ask about: both are named.
SAME_FACT: dict[tuple[str, str], list[str]] = {
    ("depart", "identity_checked"): ["identity_checked", "entered_identity_checked"],
}


def typed(way: Return, code: str) -> dict[str, Any]:
    said = dict(TYPED.get(code, {}))
    if code == "valid_on_the_day":
        said["expires_on"] = ways.today(way) - timedelta(days=1)
        said["issued_on"] = ways.today(way) - timedelta(days=9)
    if code == "review_in_time":
        said["review_on"] = ways.today(way) + timedelta(days=400)
    return said


def by_cursor(way: Return, values: dict[str, Any]) -> None:
    assignments = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE repatriation_return SET {assignments} WHERE id = %s",  # noqa: S608
            [*values.values(), way.pk],
        )


def by_queryset(way: Return, values: dict[str, Any]) -> None:
    Return.objects.filter(pk=way.pk).update(**values)


def looking_away(way: Return, values: dict[str, Any]) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{any}'")
        by_queryset(way, values)


DOORS: tuple[Callable[[Return, dict[str, Any]], None], ...] = (by_cursor, by_queryset, looking_away)


def is_refused(door: Callable[[Return, dict[str, Any]], None], way: Return, values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            door(way, values)
    except DatabaseError:
        return True
    return False


def beside(way: Return, target: str) -> dict[str, Any]:
    """What has to change with the state, so that the state alone is the question."""
    now = clock.now()
    values: dict[str, Any] = {"state": target}
    if target == "departed":
        values |= {"departed_at": now, "identity_checked": True}
    if target == "suspended":
        values["suspended_from"] = way.state
    if target == "deferred":
        values["review_on"] = ways.today(way)
    return values


def passed_by(people: Company, way: Return, edge: str) -> list[str]:
    """✖ guards of this step that a door past the services does not heed."""
    wrong = []
    target = next(iter(STEPS[edge][1]))
    for code in never(edge):
        for door in DOORS:
            with undone():
                BREAKS[code](people, way)
                if not is_refused(door, fresh_row(way), beside(fresh_row(way), target)):
                    wrong.append(f"{edge} without {code} by {door.__name__}")
    return wrong


def test_on_the_main_path_each_guard_alone_refuses_through_every_door(people: Company, case: Case) -> None:
    wrong: list[str] = []
    actors = {name: actor for name, actor, _facts in MAIN}
    for way, edge in walk(people, case):
        wrong += refusals(people, way, edge, getattr(people, actors[edge]))
        wrong += passed_by(people, way, edge)
    assert wrong == []


OTHER_DECISIONS = {
    "decide_integration": "integration",
    "decide_later": "deferral",
    "decide_third_country": "third_country",
}


@pytest.mark.parametrize("edge", OTHER_DECISIONS)
def test_on_other_decisions_too(people: Company, case: Case, edge: str) -> None:
    way = ways.at(people, case, "panel_pending")
    third = "XC" if edge == "decide_third_country" else ""
    if third:
        ways.assessed(people, way, third)
        ways.input_given(people, way, third)
        ways.care_agreed(people, way, third)
    ways.panel_votes(people, way, OTHER_DECISIONS[edge], third_country=third)  # type: ignore[arg-type]
    # The country in question is the one that the panel named.
    Return.objects.filter(pk=way.pk).update(country=third or way.country)
    way = fresh_row(way)
    assert refusals(people, way, edge, people.pia) == []
    assert passed_by(people, way, edge) == []
    assert ways.step(way, edge, people.pia).state in STEPS[edge][1]


def test_nothing_of_it_can_be_set_aside(people: Company, case: Case) -> None:
    way = ways.considered(people.cast, case)
    for edge in RETURN.edges:
        for guard in edge.guards:
            assert guard.override is not Override.SUPERVISOR
            with pytest.raises(Exception, match=edge.name):
                override_guard(
                    RETURN,
                    way,
                    edge.name,
                    guard.code,
                    actor=people.sami,
                    reason="Because it has to be tonight, whatever it says.",
                    case_id=case.pk,
                )


def side_states(people: Company, way: Return) -> Iterator[tuple[str, Any]]:
    """Steps aside from where the return stands on the main path."""
    yield from {
        "verification_requested": [
            ("deny_nationality", people.konsul),
            ("find_inconclusive", people.konsul),
            ("withdraw", people.ana),
        ],
        "document_requested": [("refuse_document", people.konsul)],
        "considered": [("suspend", people.ana)],
        "departed": [("fail_handover", people.eskort)],
        "monitoring": [("raise_alert", people.tomas)],
    }.get(way.state, [])


def illegal(way: Return) -> list[str]:
    """Moves from here that no row of the table makes, and the database lets through."""
    wrong = []
    for target in sorted(STATES - {way.state}):
        if (way.state, target) in LEGAL:
            continue
        for door in DOORS:
            with undone():
                if not is_refused(door, way, beside(way, target)):
                    wrong.append(f"{way.state} → {target} by {door.__name__}")
    return wrong


def test_the_database_makes_no_move_that_is_not_in_the_table(people: Company, case: Case) -> None:
    wrong: list[str] = []
    seen = set[str]()
    way = ways.considered(people.cast, case)
    for name, actor, facts in MAIN:
        way = fresh_row(way)
        seen.add(way.state)
        wrong += illegal(way)
        for edge, who in side_states(people, way):
            with undone():
                aside = ways.step(way, edge, who)
                seen.add(aside.state)
                wrong += illegal(fresh_row(aside))
        for fact in facts:
            fact(people, way)
        ways.step(way, name, getattr(people, actor))
    wrong += illegal(fresh_row(way))
    assert wrong == []
    assert seen >= STATES - {
        "decided_integration",
        "decided_third_country",
        "deferred",
        "handed_over",
        "ended",
        "completed",
    }


def test_a_return_begins_at_the_beginning_of_a_running_case(people: Company, case: Case) -> None:
    for state in sorted(STATES - {"considered"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Return.objects.create(case=case, country="XB", opened_by=people.ana, state=state)
    Case.objects.filter(pk=case.pk).update(state="suspended", suspended_from="active")
    with pytest.raises(DatabaseError), transaction.atomic():
        Return.objects.create(case=case, country="XB", opened_by=people.ana)


def test_each_step_lies_in_the_hands_that_the_table_says(people: Company, case: Case) -> None:
    hands = {
        "case_worker": people.ana,
        "supervisor": people.sami,
        "chair": people.pia,
        "consular": people.konsul,
        "escort": people.eskort,
        "partner_abroad": people.tomas,
        "receiver": people.tomas,
    }
    way = ways.considered(people.cast, case)
    for name, actor, facts in MAIN:
        for fact in facts:
            fact(people, way)
        way = fresh_row(way)
        may = {hands[hand] for hand in STEPS[name][2] if hand in hands}
        for person in set(hands.values()) - may:
            with pytest.raises((NotInHand, Return.DoesNotExist)), undone():
                ways.step(way, name, person)
        ways.step(way, name, getattr(people, actor))


# Where the main path is left, the steps that lead on from there, and by whom each is taken; the last one is tried.
ASIDE: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "asked again": ("verification_requested", (("find_inconclusive", "konsul"), ("ask_again", "ana"))),
    "no result": ("verification_requested", (("find_inconclusive", "konsul"),)),
    "not a national": ("verification_requested", (("deny_nationality", "konsul"), ("back_to_panel", "ana"))),
    "refused": ("document_requested", (("refuse_document", "konsul"),)),
    "requested again": ("document_requested", (("refuse_document", "konsul"), ("request_document", "ana"))),
    "withdrawn": ("travel_planned", (("withdraw", "ana"), ("back_to_panel", "sami"))),
    "suspended": ("ready", (("suspend", "sami"), ("resume", "ana"))),
    "reopened": ("decided_return", (("reopen_decision", "sami"),)),
    "assessed anew": ("panel_pending", (("reassess", "sami"),)),
    "failed": ("arrived", (("fail_handover", "tomas"), ("decide_anew", "sami"))),
    "alert": ("monitoring", (("raise_alert", "tomas"), ("alert_to_panel", "ana"))),
    "goes on": ("monitoring", (("raise_alert", "ana"), ("go_on_visiting", "sami"))),
}


def test_aside_of_the_main_path_too(people: Company, case: Case) -> None:
    wrong: list[str] = []
    for way, _edge in walk(people, case):
        for start, steps in ASIDE.values():
            if way.state == start:
                with undone():
                    wrong += aside(people, way, steps)
    assert wrong == []


def aside(people: Company, way: Return, steps: tuple[tuple[str, str], ...]) -> list[str]:
    for edge, actor in steps[:-1]:
        ways.step(way, edge, getattr(people, actor))
    edge, who = steps[-1][0], getattr(people, steps[-1][1])
    way = fresh_row(way)
    wrong = refusals(people, way, edge, who) + passed_by(people, way, edge)
    assert ways.step(way, edge, who).state in STEPS[edge][1]
    return wrong


def test_to_an_alternate_only_as_the_panel_approved(people: Company, case: Case) -> None:
    way = ways.at(people, case, "arrived")
    ways.alternate_approved(people, way)
    ways.step(way, "fail_handover", people.eskort)
    ways.alternate_signs(people, way)
    assert refusals(people, fresh_row(way), "hand_over_to_alternate", people.eskort) == []
    assert ways.step(way, "hand_over_to_alternate", people.eskort).state == "monitoring"


def test_an_integration_is_not_reopened_beside_another_return(people: Company, case: Case) -> None:
    way = ways.at(people, case, "panel_pending")
    ways.panel_votes(people, way, Option.INTEGRATION)
    ways.step(way, "decide_integration", people.pia)
    other = ways.considered(people.cast, case)
    with pytest.raises(Refused, match="no_other_open"):
        ways.step(way, "reopen_decision", people.sami)
    ways.end_proposed(people, other)
    ways.step(other, "end", people.sami)
    assert ways.step(way, "reopen_decision", people.sami).state == "panel_pending"


def test_two_supervisors_end_it(people: Company, case: Case) -> None:
    way = ways.considered(people.cast, case)
    ways.end_proposed(people, way)
    way = fresh_row(way)
    assert refusals(people, way, "end", people.sami) == []
    for door in DOORS:
        assert is_refused(door, way, {"state": "ended", "end_confirmed_by_id": people.vera.pk})
        assert is_refused(door, way, {"state": "ended", "end_reason": "case"})
    assert ways.step(way, "end", people.sami).state == "ended"


# What is a fact for good: it does not go away by waiting, and the way on has to be another one.
IRREVERSIBLE = ("somebody_cares", "assessment_positive", "no_refoulement", "cleared")


def test_whatever_is_found_out_late_stops_the_journey_and_leads_on(people: Company, case: Case) -> None:
    tried = 0
    for way, edge in walk(people, case):
        for fact in set(IRREVERSIBLE) & set(codes(edge)) if not edge.startswith("decide") else ():
            with undone():
                BREAKS[fact](people, way)
                goes_before_the_panel(people, way)
            tried += 1
    assert tried == len(IRREVERSIBLE) * 7


def goes_before_the_panel(people: Company, way: Return) -> None:
    look(way.case_id)
    assert fresh_row(way).state == "suspended"
    assert ways.step(way, "resume", people.ana).state == "panel_pending"
    way = fresh_row(way)
    ways.panel_votes(people, way, Option.INTEGRATION)
    assert ways.step(way, "decide_integration", people.pia).state == "decided_integration"
    assert Case.objects.get(pk=way.case_id).durable_solution == "integration"


def test_from_every_state_a_path_leads_to_a_final_one_without_what_may_never_come() -> None:
    """By the table alone: no step on the path asks for a fact that somebody else's no can take away for good."""
    lost = {"assessment_positive", "no_refoulement", "input_received", "somebody_cares", "cleared"}
    steps = {
        (source, target)
        for name, (sources, targets, who) in STEPS.items()
        if who and not lost & set(codes(name)) and name != "end"
        for source in sources
        for target in targets
    }
    reached = {"completed", "decided_integration", "ended"}
    while True:
        more = {source for source, target in steps if target in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == STATES


@pytest.mark.parametrize(
    ("state", "finding"),
    [("considered", "contact_refused"), ("tracing", "not_found"), ("family_assessment", "implicated")],
)
def test_a_family_that_cannot_take_the_child_leads_to_the_panel(
    people: Company, case: Case, state: str, finding: str
) -> None:
    way = ways.at(people, case, state)
    ways.step(way, "record_finding", people.ana, code=finding)
    ways.assessed(people, way, conclusion="negative")
    ways.input_given(people, way)
    assert ways.step(way, "submit_to_panel", people.sami).state == "panel_pending"
