"""No trap: from every state, whatever can never be changed again about a file, a way leads to an end.

Searched per edge: each edge is taken once with each fact (in `make test`, with several of them), and from where it
leads the shortest way on is gone for real, through the services and with every guard. The tables alone are searched
as well.
"""

import os
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import clock
from accounts.errors import Invalid
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE, MAIN_PATH
from cases.edges.tracks import TRACKS
from cases.models import Case, LegalProtection
from cases.models.choices import FINAL_STATES, Answer, BirthCertainty, EarlyEnd, GivenBy, Purpose
from cases.services.closing import write_closure
from cases.services.consents import withdraw_consent
from cases.services.identity import record_identity
from cases.services.steps import override_guard, propose_end, take_step
from tests.cases import facts, files
from tests.cast import Cast
from tests.matrices.lifecycle import STEPS
from tests.matrices.lifecycle_facts import FACTS
from tests.undone import undone
from tests.ways import SETTLED, way
from workflow import deadlines
from workflow.machine import Attempt, Edge, Machine, Override, Refused

FINAL = {str(state) for state in FINAL_STATES}
# Ends that need no condition at all: with them every search would be over at once.
TOO_EASY = frozenset({"find_not_eligible", "mark_duplicate"})
MACHINES: Mapping[str, Machine] = {name: track.machine for name, track in TRACKS.items()}
EVERY_TRACK_EDGE = [(name, edge.name) for name, machine in MACHINES.items() for edge in machine.edges]


# The tables alone


@pytest.mark.parametrize(("track", "edge"), EVERY_TRACK_EDGE)
def test_from_wherever_a_step_of_a_track_leads_the_worker_alone_brings_it_to_rest(
    track: str, edge: str
) -> None:
    """No partner can leave a child hanging by not answering."""
    machine = MACHINES[track]
    for target in machine.edge(edge).targets:
        assert way(machine, target, SETTLED[track], lambda each: "case_worker" in each.who) is not None


@pytest.mark.parametrize("track", MACHINES)
def test_every_state_of_a_track_leads_to_one_that_is_called_final(track: str) -> None:
    machine = MACHINES[track]
    # Representation and proceedings may stay wherever they are for ever: none of their states is final.
    ends = machine.final or SETTLED[track]
    assert all(way(machine, state, ends) is not None for state in machine.states.values)


@pytest.mark.parametrize("edge", STEPS)
def test_from_wherever_a_step_of_a_case_leads_an_end_is_reached(edge: str) -> None:
    for target in STEPS[edge][1] or STEPS[edge][0]:
        found = way(LIFECYCLE, target, FINAL, lambda each: each.name not in TOO_EASY)
        assert found is not None, target


# With what can never be changed again

Add = Callable[[Cast, Case], object]


def _late_request(cast: Cast, case: Case) -> None:
    legal = LegalProtection.objects.filter(case=case)
    legal.update(representation_needed_at=clock.now() - timedelta(days=3))
    facts.representation(case, cast.ana)


def _withdrawn(cast: Cast, case: Case) -> None:
    for purpose in (Purpose.SERVICES, Purpose.DATA):
        files.agree(case, cast.ana, purpose)
        answer = files.fresh(case).facts.latest_answer(purpose)
        assert answer
        withdraw_consent(
            case.pk, answer.pk, actor=cast.ana, given_by=GivenBy.CHILD, given_on=facts.today(case)
        )


def _refused(cast: Cast, case: Case) -> None:
    for purpose in (Purpose.SERVICES, Purpose.DATA):
        files.agree(case, cast.ana, purpose, Answer.REFUSED)


def _declined(cast: Cast, case: Case) -> None:
    later = {"review_on": facts.today(case) + timedelta(days=30)}
    facts.track(case, cast.ana, "medical", "decline_care", refused_by="child", **later)
    facts.track(case, cast.ana, "rehabilitation", "decline_rehabilitation", **later)


def _no_victim(cast: Cast, case: Case) -> None:
    facts.track(case, cast.ana, "identification", "request_identification", authority="Police")
    facts.track(case, cast.ana, "identification", "find_no_victim", decided_by="Police")


def _permit_refused(cast: Cast, case: Case) -> None:
    facts.track(case, cast.ana, "residence", "request_permit", authority="Aliens' office", number="R 1")
    facts.track(case, cast.ana, "residence", "refuse_permit", number="R 2")


def _of_age(cast: Cast, case: Case) -> None:
    born = date(clock.now().year - 19, 1, 1)
    record_identity(
        case.pk,
        actor=cast.ana,
        identity=files.identity(birth_date=born, birth_certainty=BirthCertainty.EXACT),
    )
    deadlines.sweep()


def _asked_for(kind: str) -> Add:
    return lambda cast, case: deadlines.start(case.pk, kind, clock.now(), agency=case.agency)


def _column(**columns: Any) -> Add:
    return lambda cast, case: Case.objects.filter(pk=case.pk).update(
        **{name: getattr(cast, value, value) for name, value in columns.items()}
    )


FOR_EVER: Mapping[str, Add] = {
    "nothing": lambda cast, case: None,
    "of age": _of_age,
    "a late request for a representative": _late_request,
    "consent taken back": _withdrawn,
    "consent refused": _refused,
    "care refused": _declined,
    "found to be no victim": _no_victim,
    "permit refused": _permit_refused,
    "a supervisor wrote the plan": _column(plan_author="sami"),
    "a supervisor wrote the closure": _column(closure_author="sami"),
    "an end was proposed": lambda cast, case: propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DIED),
    "in detention": lambda cast, case: facts.placement(case, cast.ana, "detention", is_safe=False),
    "a task is open": lambda cast, case: facts.task(case, cast.ana),
    "an assessment is due": _asked_for("best_interests_again"),
}
# What cannot be had in spite of the fact on the main path: then one of the other ends is the way.
BARRED: Mapping[str, set[str]] = {
    "of age": {"register"},
    "permit refused": {"begin_monitoring"},
}
NOT_POSSIBLE = (Refused, Invalid, PermissionDenied)


def settle_as_it_stands(cast: Cast, case: Case) -> None:
    """Each track by the shortest way from where it is, in the worker's hands, without what cannot be had again."""
    for name, track in TRACKS.items():
        state = track.machine.state_of(track.row_of(case))
        for edge in way(track.machine, state, SETTLED[name], _worker_may) or ():
            entries = {
                entry.name: _entry(cast, case, entry) for entry in edge.inputs if entry.name != "reason"
            }
            facts.track(case, cast.ana, name, edge.name, **entries)


def _worker_may(edge: Edge) -> bool:
    # Asked again, the same authority would refuse the same permit.
    return "case_worker" in edge.who and edge.name not in {"request_permit", "end_residence"}


def _entry(cast: Cast, case: Case, entry: Any) -> Any:
    if entry.kind == "code":
        return entry.choices[0][0]
    if entry.kind == "day":
        return facts.today(case) + timedelta(days=30 if entry.name == "review_on" else 0)
    if entry.kind == "person":
        guardian = case.people.model(case=case, role="guardian", added_by=cast.ana)
        guardian.name = "Mr Tarn"
        guardian.save(force_insert=True)
        return guardian
    return {"yes": True, "country": "XB", "document": None}.get(entry.kind, "So it is.")


def leave_nothing_open(cast: Cast, case: Case) -> None:
    for task in case.tasks.filter(done_at=None, dropped_at=None):
        task.done_at, task.done_by = clock.now(), cast.ana
        task.save()
    for kind in ("best_interests_again", "turns_18", "identification", "representation", "consent_withdrawn"):
        deadlines.meet(case.pk, kind)


def represent(cast: Cast, case: Case) -> None:
    """By the parents, a request in time, or an appointment; whichever is still to be had."""
    settle_as_it_stands(cast, case)


def close_well(cast: Cast, case: Case) -> None:
    write_closure(
        case.pk,
        actor=cast.ana,
        summary="She is safe.",
        child_informed_on=facts.today(case),
        no_guardian_because="Of age.",
    )


ARRANGED: Mapping[str, Add] = {
    **FACTS,
    "is_a_child": lambda cast, case: None,
    "representation": represent,
    "tracks_settled": settle_as_it_stands,
    "nothing_open": leave_nothing_open,
    "closure_summary": close_well,
    "retention_date": close_well,
    "plan_approved_by_another": lambda cast, case: None,
    "closure_approved_by_another": lambda cast, case: None,
    "consent_services": lambda cast, case: None,
    "consent_data": lambda cast, case: None,
    "early_end_proposed": lambda cast, case: propose_end(case.pk, actor=cast.vera, why=EarlyEnd.DECLINED),
}
WHY = "The child wants help and refuses the paper; the court agrees."


def go(cast: Cast, case_id: Any, edge: Edge) -> bool:
    """Takes one edge after everything was brought about that still can be; whether it could be taken."""
    actor = approver(cast, files.fresh(Case(pk=case_id)), edge)
    for guard in edge.guards:
        case = files.fresh(Case(pk=case_id))
        if guard.check(case, Attempt(actor=actor)) is True:
            continue
        try:
            ARRANGED[guard.code](cast, case)
        except NOT_POSSIBLE:
            continue
        if guard.override is Override.SUPERVISOR:
            override_guard(case_id, edge.name, guard.code, actor=cast.vera, reason=WHY)
    values = {"code": "adult", "signpost": "Graz"} if edge.name == "find_not_eligible" else {}
    actor = approver(cast, files.fresh(Case(pk=case_id)), edge)
    try:
        take_step(case_id, edge.name, actor=actor, reason="The facts have changed.", values=values)
    except NOT_POSSIBLE:
        return False
    return True


def approver(cast: Cast, case: Case, edge: Edge) -> User:
    """The worker where the step is the worker's, else a supervisor who wrote neither plan nor closure."""
    if "assigned" in STEPS[edge.name][2]:
        return cast.ana
    return cast.vera if cast.sami.pk in (case.plan_author_id, case.closure_author_id) else cast.sami


def end_from(cast: Cast, case_id: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Depth first along the table, the edge nearest to an end first; what was tried in vain never happened."""
    state = files.fresh(Case(pk=case_id)).state
    if state in FINAL:
        return True
    leaving = [edge for edge in LIFECYCLE.edges_from(state) if edge.name not in TOO_EASY and not edge.stays]
    for edge in sorted(leaving, key=distance):
        if not set(edge.targets) <= seen:
            with undone():
                if go(cast, case_id, edge) and end_from(cast, case_id, seen | {state}):
                    return True
    return False


def distance(edge: Edge) -> int:
    return min(len(way(LIFECYCLE, target, FINAL) or ()) for target in edge.targets)


def holding(cast: Cast, state: str, fact: str) -> Case:
    """A child's file in ana's hands, whose plan she wrote, with the fact."""
    case = files.in_state(state, cast.ana.agency, worker=cast.ana, plan_author=cast.ana)
    try:
        record_identity(case.pk, actor=cast.ana, identity=files.identity())
        FOR_EVER[fact](cast, case)
    except Invalid:
        # Nothing is added to what has ended: that it has is the fact.
        assert state in FINAL or state == "suspended"
    return case


def edges_to_take(fact: str) -> list[str]:
    """With each fact other edges, and each edge with several facts; all of them in `make trials`."""
    names = [name for name in STEPS if name not in TOO_EASY and name != "take_over"]
    return names if "EVERY_WAY" in os.environ else names[list(FOR_EVER).index(fact) % 3 :: 3]


@pytest.mark.parametrize("fact", FOR_EVER)
def test_each_edge_taken_once_with_a_fact_for_ever_leads_to_an_end(cast: Cast, fact: str) -> None:
    stuck = []
    for name in edges_to_take(fact):
        with undone():
            edge = LIFECYCLE.edge(name)
            case = holding(cast, str(edge.sources[0]), fact)
            go(cast, case.pk, edge)
            # Taken or not: from where the file is now.
            if not end_from(cast, case.pk):
                stuck.append(name)
    assert stuck == []


@pytest.mark.parametrize("fact", FOR_EVER)
def test_the_work_goes_on_in_spite_of_it_unless_the_rules_say_otherwise(cast: Cast, fact: str) -> None:
    barred = set()
    for name in MAIN_PATH[1:]:
        edge = LIFECYCLE.edge(name)
        with undone():
            case = holding(cast, str(edge.sources[0]), fact)
            if not go(cast, case.pk, edge):
                barred.add(name)
    assert barred == BARRED.get(fact, set())


def test_the_search_finds_a_trap(cast: Cast) -> None:
    """Without the ends that need nothing but people, a file whose permit is refused for ever stays where it is."""
    case = holding(cast, "active", "permit refused")
    ends = {"end_early", "refer_out", "suspend", "close_suspended"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.test_ways_out.TOO_EASY", TOO_EASY | ends)
        assert not end_from(cast, case.pk)
    assert end_from(cast, case.pk)
