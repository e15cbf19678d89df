"""Every state × edge of the eight machines of care, in Python and in the database, as the application's role."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.edges.tracks import TRACKS
from cases.models import Case, Person, TrackStep
from cases.models.choices import Basis, CaseState, GivenBy
from cases.models.people import Conflict, PersonRole
from cases.models.plan import Means, Outcome, ServiceType, Track
from cases.models.registers import ExaminationKind, HealthRecordKind, NeedDomain
from cases.services import registers
from cases.services.track_effects import COLUMNS, EFFECTS
from cases.services.tracks import take_track_step
from tests.cases import files
from tests.cast import Cast
from workflow.machine import Attempt, NotInHand, Refused, WrongState
from workflow.services import move

Step = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Domain:
    """One machine as the domain tells it: steps are (name, from, to, whose hand, guards), states divided by spaces.

    A step whose `to` is `=` keeps the state. What every step asks for besides is its day.
    """

    states: str
    steps: tuple[Step, ...]
    entries: Mapping[str, str] = field(default_factory=dict)
    final: str = ""


LEGAL, CLINIC, CARE, WORKER, HELP = "worker lawyer", "clinic", "worker clinic", "worker", "worker partner"
TREATED = "triage urgent_care assessment treatment stable_follow_up"
RESTING = "achieved partly_achieved ended"
WRITTEN = "treatment_plan medication_list mental_health_screened"
ASKED = "incident"

DOMAIN: Mapping[str, Domain] = {
    "representation": Domain(
        "needed not_needed requested appointed ended",
        (
            ("judge_parents_safe", "needed", "not_needed", LEGAL, ""),
            ("need_representative", "not_needed ended", "needed", LEGAL, ""),
            ("request_representative", "needed", "requested", LEGAL, ""),
            ("appoint_representative", "requested", "appointed", LEGAL, "no_conflict"),
            ("report_conflict", "appointed", "requested", LEGAL, ""),
            ("end_representation", "appointed", "ended", LEGAL, ""),
        ),
        {
            "judge_parents_safe": "parents_safe basis",
            "need_representative": "reason",
            "request_representative": "authority pending_because",
            "appoint_representative": "person authority number",
            "report_conflict": "reason authority",
            "end_representation": "reason",
        },
    ),
    "identification": Domain(
        "not_started requested possible_victim victim not_a_victim",
        (
            ("request_identification", "not_started", "requested", LEGAL, ""),
            ("find_possible_victim", "requested", "possible_victim", LEGAL, ""),
            ("find_victim", "possible_victim", "victim", LEGAL, ""),
            ("find_no_victim", "requested possible_victim", "not_a_victim", LEGAL, ""),
            ("appeal_identification", "not_a_victim", "requested", LEGAL, ""),
        ),
        {
            "request_identification": "authority",
            "find_possible_victim": "decided_by",
            "find_victim": "decided_by number",
            "find_no_victim": "decided_by reason",
            "appeal_identification": "authority reason",
        },
        final="victim",
    ),
    "residence": Domain(
        "none permit_requested permitted refused not_applicable ended",
        (
            ("request_permit", "none refused", "permit_requested", LEGAL, ""),
            ("permit_residence", "permit_requested", "permitted", LEGAL, ""),
            ("renew_permit", "permitted", "=", LEGAL, ""),
            ("refuse_permit", "permit_requested", "refused", LEGAL, ""),
            ("record_national", "none", "not_applicable", LEGAL, ""),
            ("doubt_nationality", "not_applicable", "none", LEGAL, ""),
            ("end_residence", "none permit_requested permitted refused", "ended", LEGAL, ""),
        ),
        {
            "request_permit": "authority number",
            "permit_residence": "number",
            "renew_permit": "number",
            "refuse_permit": "number reason",
            "record_national": "basis",
            "doubt_nationality": "reason",
            "end_residence": "basis reason",
        },
        final="ended",
    ),
    "protection": Domain(
        "none claimed granted refused_final withdrawn",
        (
            ("claim_protection", "none refused_final withdrawn", "claimed", LEGAL, ""),
            ("grant_protection", "claimed", "granted", LEGAL, ""),
            ("refuse_protection", "claimed", "refused_final", LEGAL, ""),
            ("withdraw_claim", "claimed", "withdrawn", LEGAL, ""),
        ),
        {
            "claim_protection": "authority against",
            "grant_protection": "number",
            "refuse_protection": "number no_appeal_open",
            "withdraw_claim": "counselled reason",
        },
        final="granted",
    ),
    "proceedings": Domain(
        "none open paused closed",
        (
            ("open_proceedings", "none", "open", LEGAL, ""),
            ("pause_proceedings", "open", "paused", LEGAL, ""),
            ("resume_proceedings", "paused", "open", LEGAL, ""),
            ("close_proceedings", "open paused", "closed", LEGAL, ""),
            ("reopen_proceedings", "closed", "open", LEGAL, ""),
        ),
        {
            "open_proceedings": "authority number",
            "pause_proceedings": "reason",
            "close_proceedings": "result",
            "reopen_proceedings": "reason",
        },
    ),
    "redress": Domain(
        "not_sought sought awarded refused",
        (
            ("seek_redress", "not_sought refused", "sought", LEGAL, ""),
            ("drop_redress", "sought", "not_sought", LEGAL, ""),
            ("award_redress", "sought", "awarded", LEGAL, ""),
            ("refuse_redress", "sought", "refused", LEGAL, ""),
        ),
        {
            "seek_redress": "authority",
            "drop_redress": "reason",
            "award_redress": "award",
            "refuse_redress": "reason",
        },
        final="awarded",
    ),
    "medical": Domain(
        f"not_started not_applicable {TREATED} completed declined",
        (
            ("begin_triage", "not_started", "triage", CARE, ""),
            ("name_incident", TREATED, "=", CARE, ""),
            ("answer_prophylaxis", f"{TREATED} completed", "=", CARE, ""),
            ("answer_contraception", f"{TREATED} completed", "=", CARE, ""),
            ("find_no_care_needed", "not_started", "not_applicable", CARE, ""),
            ("need_care_after_all", "not_applicable", "not_started", CARE, ""),
            ("begin_urgent_care", "triage", "urgent_care", CARE, ""),
            ("begin_assessment", "triage urgent_care", "assessment", CARE, "examination_consented"),
            ("begin_treatment", "assessment", "treatment", CLINIC, WRITTEN),
            ("find_stable", "treatment", "stable_follow_up", CLINIC, WRITTEN),
            ("treat_again", "stable_follow_up", "treatment", CLINIC, WRITTEN),
            ("complete_care", "assessment stable_follow_up", "completed", CLINIC, "medical_summary"),
            ("start_care_again", "completed", "triage", CLINIC, ""),
            ("decline_care", f"not_started not_applicable {TREATED} completed", "declined", CARE, ""),
            ("confirm_refusal_of_care", "declined", "=", CARE, ""),
            ("accept_care", "declined", "triage", CARE, ""),
        ),
        {
            "begin_triage": ASKED,
            "name_incident": ASKED,
            "answer_prophylaxis": "answer",
            "answer_contraception": "answer",
            "find_no_care_needed": "reason",
            "need_care_after_all": "reason",
            "begin_urgent_care": "measures",
            "treat_again": "reason",
            "start_care_again": f"reason {ASKED}",
            "decline_care": "refused_by reason review_on",
            "confirm_refusal_of_care": "refused_by reason review_on",
            "accept_care": ASKED,
        },
        final="completed not_applicable",
    ),
    "rehabilitation": Domain(
        f"not_started not_applicable needs_assessed plan_agreed in_progress on_hold review {RESTING} declined",
        (
            ("assess_needs", "not_started", "needs_assessed", HELP, "needs_recorded"),
            ("find_no_rehabilitation_needed", "not_started", "not_applicable", HELP, ""),
            ("need_rehabilitation_after_all", "not_applicable", "not_started", HELP, ""),
            (
                "agree_plan",
                "needs_assessed",
                "plan_agreed",
                WORKER,
                "heard_about_plan representative_agrees rehabilitation_goals",
            ),
            ("begin_rehabilitation", "plan_agreed", "in_progress", HELP, ""),
            ("hold", "in_progress", "on_hold", HELP, ""),
            ("prolong_hold", "on_hold", "=", HELP, ""),
            ("go_on", "on_hold", "in_progress", HELP, ""),
            ("begin_review", "in_progress", "review", WORKER, ""),
            ("continue_after_review", "review", "in_progress", WORKER, ""),
            ("find_achieved", "review", "achieved", WORKER, "outcomes_recorded"),
            ("find_partly_achieved", "review", "partly_achieved", WORKER, "outcomes_recorded"),
            ("end_rehabilitation", "review", "ended", WORKER, "outcomes_recorded"),
            (
                "decline_rehabilitation",
                "not_started not_applicable needs_assessed plan_agreed in_progress on_hold review " + RESTING,
                "declined",
                WORKER,
                "",
            ),
            ("confirm_refusal_of_rehabilitation", "declined", "=", WORKER, ""),
            ("assess_needs_again", f"declined {RESTING}", "needs_assessed", WORKER, ""),
        ),
        {
            "find_no_rehabilitation_needed": "reason",
            "need_rehabilitation_after_all": "reason",
            "agree_plan": "education_from",
            "hold": "reason review_on",
            "prolong_hold": "reason review_on",
            "continue_after_review": "finding",
            "find_achieved": "own_words",
            "find_partly_achieved": "own_words",
            "end_rehabilitation": "own_words reason",
            "decline_rehabilitation": "reason review_on",
            "confirm_refusal_of_rehabilitation": "reason review_on",
            "assess_needs_again": "reason review_on",
        },
        final=f"{RESTING} not_applicable",
    ),
}
HANDS = {
    "worker": {"case_worker", "duty_worker"},
    "lawyer": {"legal_partner"},
    "clinic": {"clinic"},
    "partner": {"rehabilitation_partner"},
}
SECTIONS = {"medical": Section.MEDICAL, "rehabilitation": Section.REHABILITATION}
TABLES = {"medical": "cases_medicalcare", "rehabilitation": "cases_rehabilitation"}
EVERY_STEP = [(name, step[0]) for name, domain in DOMAIN.items() for step in domain.steps]
EVERY_GUARD = [
    (name, step[0], code)
    for name, domain in DOMAIN.items()
    for step in domain.steps
    for code in step[4].split()
]
EVERY_ENTRY = [
    (name, step[0], entry)
    for name, domain in DOMAIN.items()
    for step in domain.steps
    for entry in ["happened_on", *domain.entries.get(step[0], "").split()]
]
MACHINES = tuple(DOMAIN)


def step_of(name: str, edge: str) -> Step:
    return next(step for step in DOMAIN[name].steps if step[0] == edge)


def section_of(name: str) -> Section:
    return SECTIONS.get(name, Section.LEGAL)


@contextmanager
def guards_hold(name: str, except_for: str = "") -> Iterator[None]:
    """Every guard of the machine holds, but for one that keeps its own judgement."""
    before = {guard: guard.check for guard in TRACKS[name].machine.guards if guard.code != except_for}
    for guard in before:
        object.__setattr__(guard, "check", lambda _row, _attempt: True)
    try:
        yield
    finally:
        for guard, check in before.items():
            object.__setattr__(guard, "check", check)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened; entry points of services may still demand the outermost transaction."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def case(cast: Cast) -> Case:
    """In ana's hands, with ben on duty and petra given every section to write."""
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    files.ground(case, Basis.DUTY, account=cast.ben)
    files.ground(
        case,
        Basis.PERSONAL,
        account=cast.petra,
        until=clock.now() + timedelta(days=1),
        sections=list(Section),
        may_write=True,
    )
    return case


def way(name: str, state: str) -> list[str]:
    """The shortest way to a state by the domain's steps, each state on it but the first."""
    ways = {DOMAIN[name].states.split()[0]: list[str]()}
    while state not in ways:
        for here, walked in list(ways.items()):
            for _edge, sources, target, _who, _guards in DOMAIN[name].steps:
                if here in sources.split() and target != "=":
                    ways.setdefault(target, [*walked, target])
    return ways[state]


def put(case: Case, name: str, state: str) -> None:
    """The track's row in a state: past Python, step by step as the database lets it go."""
    track = TRACKS[name]
    for each in way(name, state):
        track.model._base_manager.filter(case=case).update(**{track.machine.field: each})


def state_of(case: Case, name: str) -> str:
    track = TRACKS[name]
    return str(track.model._base_manager.filter(case=case).values_list(track.machine.field, flat=True).get())


def values_of(case: Case, name: str, edge: str) -> dict[str, Any]:
    """Everything that the step asks for, filled in."""
    today = clock.today("Europe/Vienna")
    answers: dict[str, Any] = {
        "decided_by": "Police",
        "against": "XB",
        "parents_safe": True,
        "no_appeal_open": True,
        "counselled": True,
        "incident": "not_known",
        "answer": "begun",
        "refused_by": "child",
        "review_on": today + timedelta(days=30),
        "education_from": today,
    }
    given: dict[str, Any] = {"happened_on": today}
    for entry in DOMAIN[name].entries.get(edge, "").split():
        given[entry] = guardian(case) if entry == "person" else answers.get(entry, "As it was said.")
    given.pop("reason", None)
    return given


def guardian(case: Case, **changes: Any) -> Person:
    settled = {"role": PersonRole.GUARDIAN, "conflict": Conflict.NONE} | changes
    person = Person(case=case, added_by=case.facts.assignment.worker, **settled)  # type: ignore[union-attr]
    person.name = "Greta Halm"
    person.save(force_insert=True)
    return person


def take(case: Case, name: str, edge: str, actor: User, **changes: Any) -> TrackStep:
    settled: dict[str, Any] = {"values": values_of(case, name, edge), "reason": "As it was decided."}
    return take_track_step(case.pk, name, edge, actor=actor, **(settled | changes))


def actor_of(cast: Cast, name: str, edge: str) -> User:
    return cast.ana if "worker" in step_of(name, edge)[3].split() else cast.petra


def source_of(name: str, edge: str) -> str:
    return step_of(name, edge)[1].split()[0]


# The table


def table_differences(name: str) -> list[str]:
    """Where the table of edges says otherwise than the domain."""
    domain, machine = DOMAIN[name], TRACKS[name].machine
    found = sorted({step[0] for step in domain.steps} ^ {edge.name for edge in machine.edges})
    if domain.states.split() != list(machine.states.values) or machine.initial != domain.states.split()[0]:
        found.append("states")
    if set(domain.final.split()) != machine.final:
        found.append("final")
    for edge in machine.edges:
        _name, sources, target, who, guards = step_of(name, edge.name)
        hands = set().union(*(HANDS[each] for each in who.split()))
        targets = set() if target == "=" else {target}
        here = (set(sources.split()), targets, hands, guards.split())
        there = (set(edge.sources), set(edge.targets), set(edge.who), [guard.code for guard in edge.guards])
        if here != there or edge.stays != (target == "="):
            found.append(edge.name)
        wanted = {"happened_on", *domain.entries.get(edge.name, "").split()}
        asked = {entry.name for entry in edge.inputs if entry.required}
        if asked != wanted:
            found.append(f"{edge.name}: {sorted(asked ^ wanted)}")
        if "document" not in {entry.name for entry in edge.inputs}:
            found.append(f"{edge.name}: no document can show it")
    return found


@pytest.mark.parametrize("name", MACHINES)
def test_the_table_is_the_domains(name: str) -> None:
    assert table_differences(name) == []


def test_there_are_eight_machines_each_in_its_section() -> None:
    assert {name: track.section for name, track in TRACKS.items()} == {
        name: section_of(name) for name in DOMAIN
    }


def test_what_follows_a_step_is_found_by_its_name_so_no_two_share_one() -> None:
    names = [edge for _machine, edge in EVERY_STEP]
    assert len(names) == len(set(names))
    assert set(COLUMNS) | set(EFFECTS) <= set(names)


@pytest.mark.parametrize("name", MACHINES)
def test_from_every_state_a_way_leads_to_a_final_one_or_round(name: str) -> None:
    """Searched step by step. A strand without a final state may stay as it is for ever, and none is a trap."""
    domain = DOMAIN[name]
    steps = [
        (source, target)
        for _edge, sources, target, _who, _guards in domain.steps
        for source in sources.split()
        if target != "="
    ]
    for state in domain.states.split():
        reached, frontier = {state}, {state}
        while frontier:
            frontier = {target for source, target in steps if source in frontier} - reached
            reached |= frontier
        final = set(domain.final.split())
        assert reached & final if final else len(reached) > 1, state


# Python


@pytest.mark.parametrize(("name", "edge"), EVERY_STEP)
def test_a_step_leaves_its_sources_and_no_other_state(cast: Cast, case: Case, name: str, edge: str) -> None:
    _name, sources, target, _who, _guards = step_of(name, edge)
    actor = actor_of(cast, name, edge)
    for state in DOMAIN[name].states.split():
        with undone():
            put(case, name, state)
            with guards_hold(name):
                if state in sources.split():
                    step = take(case, name, edge, actor)
                    assert state_of(case, name) == (state if target == "=" else target), state
                    assert (step.before, step.after) == (state, state_of(case, name))
                else:
                    with pytest.raises(WrongState):
                        take(case, name, edge, actor)
                    assert state_of(case, name) == state


RELATIONS: Mapping[str, Basis] = {
    "tomas": Basis.REFERRAL,
    "konsul": Basis.REQUEST,
    "pia": Basis.PANEL,
    "eskort": Basis.ESCORT,
    "omar": Basis.EMERGENCY,
}


@pytest.mark.parametrize(("name", "edge"), EVERY_STEP)
def test_a_step_lies_in_the_hands_that_are_named_and_in_no_other(
    cast: Cast, case: Case, name: str, edge: str
) -> None:
    for username, basis in RELATIONS.items():
        files.ground(case, basis, account=getattr(cast, username))
    put(case, name, source_of(name, edge))
    taken = set()
    everybody = ("ana", "ben", "petra", "sami", *RELATIONS, "vera", "stella", "aida", "admin", "hotline")
    for username in everybody:
        with guards_hold(name), undone():
            try:
                take(case, name, edge, getattr(cast, username))
                taken.add(username)
            except (NotInHand, Case.DoesNotExist):
                assert state_of(case, name) == source_of(name, edge)
    expected = {"ana", "ben"} if "worker" in step_of(name, edge)[3].split() else set()
    partner = {"lawyer", "clinic", "partner"} & set(step_of(name, edge)[3].split())
    assert taken == expected | ({"petra"} if partner else set())


@pytest.mark.parametrize("name", MACHINES)
def test_a_partner_has_a_hand_only_in_the_section_that_it_may_write(cast: Cast, name: str) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    edge = next(step[0] for step in DOMAIN[name].steps if step[3] != WORKER)
    put(case, name, source_of(name, edge))
    others = [section for section in Section if section != section_of(name)]
    grants = (
        (cast.petra, [section_of(name)], True),
        (cast.tomas, [section_of(name)], False),
        (cast.fokus, others, True),
    )
    until = clock.now() + timedelta(days=1)
    for account, sections, may_write in grants:
        files.ground(
            case, Basis.PERSONAL, account=account, until=until, sections=sections, may_write=may_write
        )
    with guards_hold(name), undone():
        take(case, name, edge, cast.petra)
    with guards_hold(name), pytest.raises(NotInHand), undone():
        take(case, name, edge, cast.tomas)
    with guards_hold(name), pytest.raises(Case.DoesNotExist), undone():
        take(case, name, edge, cast.fokus)


@pytest.mark.parametrize("name", MACHINES)
def test_care_never_waits_for_paper(cast: Cast, name: str) -> None:
    """The first step can be taken in every open state of the case, and in none that is not open."""
    edge = next(
        step[0] for step in DOMAIN[name].steps if DOMAIN[name].states.split()[0] in step[1] and step[2] != "="
    )
    closed = {"closed", "not_eligible", "referred_out", "duplicate"}
    for state in CaseState.values:
        case = files.in_state(state, cast.ana.agency)
        files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
        with guards_hold(name), undone():
            if state in closed:
                with pytest.raises(Invalid):
                    take(case, name, edge, cast.ana)
                assert state_of(case, name) == DOMAIN[name].states.split()[0]
            else:
                assert take(case, name, edge, cast.ana).edge == edge


# The guards


def refusals(cast: Cast, case: Case, name: str, edge: str, **changes: Any) -> list[str]:
    try:
        with undone():
            put(case, name, source_of(name, edge))
            take(case, name, edge, actor_of(cast, name, edge), **changes)
    except Refused as refused:
        return [failure.code for failure in refused.failures]
    return []


@pytest.mark.parametrize(("name", "edge", "code"), EVERY_GUARD)
def test_one_guard_alone_refuses_by_name(cast: Cast, case: Case, name: str, edge: str, code: str) -> None:
    values = values_of(case, name, edge)
    if code == "no_conflict":
        values["person"] = guardian(case, conflict=Conflict.OWN_GAIN)
    with guards_hold(name, except_for=code):
        assert refusals(cast, case, name, edge, values=values) == [code]


@pytest.mark.parametrize(
    ("name", "edge"), [(name, step[0]) for name in DOMAIN for step in DOMAIN[name].steps if step[4]]
)
def test_every_failure_is_named_at_once(cast: Cast, case: Case, name: str, edge: str) -> None:
    audited = AuditEvent.objects.filter(case_id=case.pk).count()
    wanted = step_of(name, edge)[4].split()
    values = values_of(case, name, edge)
    if "person" in values:
        values["person"] = guardian(case, role=PersonRole.MOTHER)
    assert refusals(cast, case, name, edge, values=values) == wanted
    assert AuditEvent.objects.filter(case_id=case.pk).count() == audited
    assert not TrackStep.objects.filter(case=case).exists()


@pytest.mark.parametrize(("name", "edge", "entry"), EVERY_ENTRY)
def test_every_entry_that_is_missing_refuses_by_name(
    cast: Cast, case: Case, name: str, edge: str, entry: str
) -> None:
    values = values_of(case, name, edge)
    values.pop(entry, None)
    reason = "" if entry == "reason" else "As it was decided."
    with guards_hold(name):
        found = refusals(cast, case, name, edge, values=values, reason=reason)
    assert found == [f"entered_{entry}"]


Arrange = Callable[[Cast, Case], object]


def _examined(cast: Cast, case: Case) -> None:
    registers.record_examination(
        case.pk,
        actor=cast.petra,
        kind=ExaminationKind.GENERAL,
        held_on=clock.today("Europe/Vienna"),
        consent_by=GivenBy.GUARDIAN,
        child_assents=True,
    )


def _written(kind: HealthRecordKind) -> Arrange:
    return lambda cast, case: registers.record_health(case.pk, actor=cast.petra, kind=kind, words="None.")


def _needs(cast: Cast, case: Case) -> None:
    registers.record_need(case.pk, actor=cast.ana, domain=NeedDomain.SCHOOLING, words="To read.")


def _heard(cast: Cast, case: Case) -> None:
    view = case.child_views.model(
        case=case, heard_on=clock.today("Europe/Vienna"), means=Means.TALK, recorded_by=cast.ana
    )
    view.words = "I want to go to school."
    view.save(force_insert=True)


def _agreed(cast: Cast, case: Case) -> None:
    case.plan_agreements.create(
        given_by=GivenBy.GUARDIAN,
        agrees=True,
        given_on=clock.today("Europe/Vienna"),
        recorded_by=cast.ana,
    )


def _goal(cast: Cast, case: Case, track: Track = Track.REHABILITATION, **ended: Any) -> None:
    goal = case.goals.model(
        case=case, track=track, service_type=ServiceType.EDUCATION, set_by=cast.ana, **ended
    )
    goal.words = "To go to school."
    goal.save(force_insert=True)


def _reached(cast: Cast, case: Case) -> None:
    _goal(cast, case, outcome=Outcome.ACHIEVED, ended_at=clock.now())


def _reached_one_of_two(cast: Cast, case: Case) -> None:
    _reached(cast, case)
    _goal(cast, case)


# How each guard comes to hold.
FACTS: Mapping[str, Arrange] = {
    "no_conflict": lambda cast, case: None,
    "examination_consented": _examined,
    "treatment_plan": _written(HealthRecordKind.TREATMENT_PLAN),
    "medication_list": _written(HealthRecordKind.MEDICATION),
    "mental_health_screened": _written(HealthRecordKind.MENTAL_HEALTH),
    "medical_summary": _written(HealthRecordKind.SUMMARY),
    "needs_recorded": _needs,
    "heard_about_plan": _heard,
    "representative_agrees": _agreed,
    "rehabilitation_goals": _goal,
    "outcomes_recorded": _reached,
}


def test_no_guard_is_forgotten() -> None:
    assert set(FACTS) == {code for _name, _edge, code in EVERY_GUARD}


@pytest.mark.parametrize(("name", "edge", "code"), EVERY_GUARD)
def test_a_guard_holds_when_its_fact_is_there(
    cast: Cast, case: Case, name: str, edge: str, code: str
) -> None:
    FACTS[code](cast, case)
    with guards_hold(name, except_for=code):
        assert refusals(cast, case, name, edge) == []


@pytest.mark.parametrize(
    ("edge", "arrange"),
    [
        ("find_achieved", _goal),
        ("find_achieved", _reached_one_of_two),
        (
            "find_achieved",
            lambda cast, case: _goal(
                cast, case, Track.MEDICAL, outcome=Outcome.ACHIEVED, ended_at=clock.now()
            ),
        ),
        ("agree_plan", lambda cast, case: _goal(cast, case, Track.MEDICAL)),
    ],
)
def test_goals_of_another_track_and_goals_that_wait_do_not_count(
    cast: Cast, case: Case, edge: str, arrange: Arrange
) -> None:
    code = "outcomes_recorded" if edge == "find_achieved" else "rehabilitation_goals"
    arrange(cast, case)
    with guards_hold("rehabilitation", except_for=code):
        assert refusals(cast, case, "rehabilitation", edge) == [code]


# The database


def by_cursor(case: Case, name: str, state: str) -> None:
    table = TABLES.get(name, "cases_legalprotection")
    column = TRACKS[name].machine.field
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE case_id = %s", [state, case.pk])  # noqa: S608


def by_queryset(case: Case, name: str, state: str) -> None:
    TRACKS[name].model._base_manager.filter(case=case).update(**{TRACKS[name].machine.field: state})


def looking_away(case: Case, name: str, state: str) -> None:
    """pgtrigger's own switch, and the session setting behind it."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{any}'")
        by_queryset(case, name, state)


DOORS = (by_cursor, by_queryset, looking_away)


def is_refused(door: Callable[[Case, str, str], None], case: Case, name: str, state: str) -> bool:
    try:
        with transaction.atomic():
            door(case, name, state)
    except DatabaseError:
        return True
    return False


def jump_differences(case: Case, name: str, door: Callable[[Case, str, str], None]) -> list[str]:
    """State changes that the database answers otherwise than the domain."""
    found = []
    states = DOMAIN[name].states.split()
    steps = {(source, step[2]) for step in DOMAIN[name].steps for source in step[1].split()}
    for source in states:
        with undone():
            put(case, name, source)
            for target in states:
                with undone():
                    refused = source != target and is_refused(door, case, name, target)
                if source != target and refused == ((source, target) in steps):
                    found.append(f"{source} → {target}")
    return found


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", MACHINES)
def test_the_database_knows_every_step_and_no_other(
    case: Case, name: str, door: Callable[[Case, str, str], None]
) -> None:
    assert jump_differences(case, name, door) == []


@pytest.mark.parametrize("ignoring", [False, True])
@pytest.mark.parametrize("name", MACHINES)
def test_a_row_begins_in_the_first_state(cast: Cast, case: Case, name: str, ignoring: bool) -> None:
    track = TRACKS[name]
    for state in DOMAIN[name].states.split():
        with undone(), ExitStack() as stack:
            # The row is the case's only one, so another file is to hold the second.
            other = Case(agency=cast.ana.agency)
            other.save(force_insert=True)
            if ignoring:
                stack.enter_context(pgtrigger.ignore())
            row = track.model(case=other, **{track.machine.field: state})
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
                refused = False
            except DatabaseError:
                refused = True
            assert refused == (state != DOMAIN[name].states.split()[0]), state


@pytest.mark.parametrize("name", MACHINES)
def test_the_machine_alone_asks_for_hand_and_entries_too(cast: Cast, case: Case, name: str) -> None:
    """Past the service: the transition itself refuses."""
    track = TRACKS[name]
    edge = track.machine.edges_from(track.machine.initial)[0]
    row = track.row_of(case)
    with guards_hold(name), pytest.raises(NotInHand), undone():
        move(track.machine, row, edge.name, Attempt(actor=cast.sami), case_id=case.pk)
    with guards_hold(name), pytest.raises(Refused) as refused, undone():
        move(track.machine, row, edge.name, Attempt(actor=cast.ana), case_id=case.pk)
    assert "entered_happened_on" in [failure.code for failure in refused.value.failures]
