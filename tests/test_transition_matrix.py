"""Every state × edge of the case's lifecycle, in Python and in the database, as the application's role."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Case, DuplicateCandidate
from cases.models.choices import Basis, CaseState, EarlyEnd, Purpose, Verdict
from cases.services.closing import write_closure
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import record_identity
from cases.services.steps import override_guard, propose_end, take_step
from tests.cases import facts, files
from tests.cases.asking import told
from tests.cast import Cast
from vault import keys
from workflow.machine import Attempt, Machine, NotInHand, NotOverridable, Refused, WrongState
from workflow.models import GuardOverride
from workflow.services import judge, move

STATES = tuple(CaseState.values)
RUNNING = {"reported", "screening", "registered", "assessed", "planned", "active", "monitoring"}
OPEN = RUNNING | {"suspended"}

# The lifecycle as the domain's table says it, in words of its own: step -> (from, to, whose hand).
STEPS: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "begin_screening": ({"reported"}, {"screening"}, {"assigned"}),
    "take_over": (RUNNING, set(), {"assigned"}),
    "register": ({"screening"}, {"registered"}, {"assigned"}),
    "find_not_eligible": (RUNNING, {"not_eligible"}, {"agency"}),
    "assess": ({"registered"}, {"assessed"}, {"assigned"}),
    "plan": ({"assessed"}, {"planned"}, {"assigned"}),
    "activate": ({"planned"}, {"active"}, {"agency"}),
    "begin_monitoring": ({"active"}, {"monitoring"}, {"assigned"}),
    "return_to_active": ({"monitoring"}, {"active"}, {"assigned"}),
    "close": ({"monitoring"}, {"closed"}, {"agency"}),
    "end_early": (RUNNING, {"closed"}, {"agency"}),
    "suspend": (RUNNING, {"suspended"}, {"assigned", "agency", "duty", "referred", "personal"}),
    "resume": ({"suspended"}, RUNNING, {"assigned"}),
    "close_suspended": ({"suspended"}, {"closed"}, {"agency"}),
    "reopen": ({"closed"}, {"active"}, {"agency"}),
    "mark_duplicate": (OPEN, {"duplicate"}, {"agency"}),
    "undo_duplicate": ({"duplicate"}, OPEN, {"agency"}),
    "refer_out": (RUNNING, {"referred_out"}, {"agency"}),
}
# Guards in their order, with the mark of what may be set aside; entries that a person must make.
GUARDS: Mapping[str, str] = {
    "begin_screening": "worker_assigned",
    "take_over": "worker_assigned safety_looked_at",
    "register": "consent_services⚠ consent_data⚠ is_a_child duplicate_check_run candidates_decided",
    "find_not_eligible": "",
    "assess": "safety_looked_at representation placement best_interests_assessment",
    "plan": "child_heard goals_set plan_agreed",
    "activate": "plan_approved_by_another✖",
    "begin_monitoring": "tracks_settled durable_solution",
    "return_to_active": "",
    "close": "visits_done nothing_open closure_summary retention_date closure_approved_by_another✖",
    "end_early": "early_end_proposed closure_approved_by_another✖",
    "suspend": "",
    "resume": "found_and_safe",
    "close_suspended": "died_or_long_missing",
    "reopen": "",
    "mark_duplicate": "",
    "undo_duplicate": "",
    "refer_out": "accepted_outside",
}
ENTRIES: Mapping[str, set[str]] = {
    "find_not_eligible": {"code", "signpost"},
    "return_to_active": {"reason"},
    "reopen": {"reason"},
    "mark_duplicate": {"surviving_case"},
    "undo_duplicate": {"reason"},
}
RELATIONS: Mapping[str, Basis] = {
    "duty": Basis.DUTY,
    "referred": Basis.REFERRAL,
    "consular": Basis.REQUEST,
    "panel": Basis.PANEL,
    "escort": Basis.ESCORT,
    "emergency": Basis.EMERGENCY,
    "personal": Basis.PERSONAL,
}
REFUSED_BY_DATABASE = (DatabaseError,)


def codes(edge: str) -> list[str]:
    return [code.rstrip("⚠✖") for code in GUARDS[edge].split()]


EVERY_GUARD = [(edge, code) for edge in GUARDS for code in codes(edge)]
NEVER = [(edge, code.rstrip("✖")) for edge in GUARDS for code in GUARDS[edge].split() if code.endswith("✖")]
MAY_BE_SET_ASIDE = [
    (edge, code.rstrip("⚠")) for edge in GUARDS for code in GUARDS[edge].split() if code.endswith("⚠")
]


@contextmanager
def guards_hold(except_for: str = "") -> Iterator[None]:
    """Every guard holds, but for one that keeps its own judgement. They are frozen, hence the long way."""
    before = {guard: guard.check for guard in LIFECYCLE.guards if guard.code != except_for}
    for guard in before:
        object.__setattr__(guard, "check", lambda _case, _attempt: True)
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
def people(cast: Cast) -> dict[str, User]:
    return {
        "assigned": cast.ana,
        "agency": cast.sami,
        "duty": cast.ben,
        "referred": cast.petra,
        "consular": cast.konsul,
        "panel": cast.pia,
        "escort": cast.eskort,
        "emergency": cast.omar,
        "personal": cast.tomas,
    }


def bare(cast: Cast, state: str, **columns: Any) -> Case:
    """A file in a state, in ana's hands, without any fact that a guard could like."""
    taken_over = columns.pop("taken_over", True)
    case = files.in_state(state, cast.ana.agency, taken_over=taken_over, **columns)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    return case


def settled(cast: Cast, state: str, **columns: Any) -> Case:
    """The same with different people in every column that a ✖ guard reads."""
    people = {
        "plan_author": cast.ana,
        "plan_approver": cast.sami,
        "closure_author": cast.vera,
        "closure_approver": cast.sami,
    }
    return bare(cast, state, **(people | columns))


def source_of(edge: str) -> str:
    return sorted(STEPS[edge][0])[0]


def step(case: Case, edge: str, actor: User, **changes: Any) -> Case:
    """Takes the edge with everything entered that it asks for."""
    values: dict[str, Any] = {}
    if edge == "find_not_eligible":
        values = {"code": "adult", "signpost": "The adults’ centre in Graz"}
    if edge == "mark_duplicate":
        values = {"surviving_case": files.in_state("active", case.agency)}
    given: dict[str, Any] = {"reason": "The facts have changed.", "values": values} | changes
    return take_step(case.pk, edge, actor=actor, **given)


def hand_of(edge: str, cast: Cast) -> User:
    return cast.ana if "assigned" in STEPS[edge][2] else cast.sami


# The table


def table_differences(machine: Machine = LIFECYCLE) -> list[str]:
    """Where the table of edges says otherwise than the domain."""
    hands = {
        "case_worker": "assigned",
        "supervisor": "agency",
        "duty_worker": "duty",
        "caring_partner": "referred",
    }
    found = sorted(set(STEPS) ^ {edge.name for edge in machine.edges})
    for edge in machine.edges:
        sources, targets, who = STEPS[edge.name]
        here = (set(map(str, edge.sources)), set(map(str, edge.targets)), {hands[hand] for hand in edge.who})
        guards = " ".join(guard.code + guard.override.mark for guard in edge.guards)
        entries = {entry.name for entry in edge.inputs if entry.required}
        if here != (sources, targets, who) or guards != GUARDS[edge.name]:
            found.append(edge.name)
        if entries != ENTRIES.get(edge.name, set()):
            found.append(f"{edge.name}: {sorted(entries)}")
    return found


def test_the_table_is_the_domains() -> None:
    assert table_differences() == []


@pytest.mark.parametrize("edge", STEPS)
def test_an_edge_leaves_its_sources_and_no_other_state(cast: Cast, edge: str) -> None:
    sources, targets, _who = STEPS[edge]
    for state in STATES:
        case = settled(cast, state, taken_over=edge != "take_over")
        with guards_hold():
            if state in sources:
                moved = step(case, edge, hand_of(edge, cast)).state
                assert moved in targets or (not targets and moved == state), state
            else:
                with pytest.raises(WrongState), undone():
                    step(case, edge, hand_of(edge, cast))
                assert files.fresh(case).state == state


@pytest.mark.parametrize("edge", STEPS)
def test_an_edge_lies_in_the_hands_that_are_named_and_in_no_other(
    cast: Cast, people: dict[str, User], edge: str
) -> None:
    case = settled(cast, source_of(edge), taken_over=edge != "take_over")
    for relation, basis in RELATIONS.items():
        until = {"until": clock.now() + timedelta(days=1), "sections": list(Section), "may_write": True}
        files.ground(case, basis, account=people[relation], **(until if relation == "personal" else {}))
    taken = set()
    for relation, actor in people.items():
        with guards_hold(), undone():
            try:
                step(case, edge, actor)
                taken.add(relation)
            except NotInHand:
                assert files.fresh(case).state == case.state
    assert taken == STEPS[edge][2]


@pytest.mark.parametrize("edge", STEPS)
def test_for_a_stranger_there_is_no_case_to_move(cast: Cast, edge: str) -> None:
    case = settled(cast, source_of(edge))
    for stranger in (cast.omar, cast.stella, cast.aida, cast.admin, cast.hotline):
        with guards_hold(), pytest.raises(Case.DoesNotExist), undone():
            step(case, edge, stranger)


# The guards


def alone_false(cast: Cast, edge: str, code: str) -> list[str]:
    """What refuses a bare file when every other guard holds."""
    case = bare(cast, source_of(edge), taken_over=edge != "take_over")
    if code == "candidates_decided":
        _checked(cast, case)
        candidate(cast, case)
    leave_open(cast, case, code)
    try:
        with guards_hold(except_for=code), undone():
            step(case, edge, hand_of(edge, cast))
    except Refused as refused:
        return [failure.code for failure in refused.failures]
    return []


def leave_open(cast: Cast, case: Case, code: str) -> None:
    """Two guards hold for a bare file, because nothing is open in it: something is opened."""
    if code == "candidates_decided":
        candidate(cast, case)
    if code == "nothing_open":
        facts.task(case, cast.ana)


def candidate(cast: Cast, case: Case) -> DuplicateCandidate:
    other = files.in_state("active", case.agency)
    return DuplicateCandidate.objects.create(
        case=case, other=other, other_agency=other.agency, reasons=["name"]
    )


@pytest.mark.parametrize(("edge", "code"), EVERY_GUARD)
def test_one_guard_alone_refuses_by_name(cast: Cast, edge: str, code: str) -> None:
    assert alone_false(cast, edge, code) == [code]


@pytest.mark.parametrize("edge", [edge for edge in GUARDS if codes(edge)])
def test_every_failure_is_named_at_once(cast: Cast, edge: str) -> None:
    case = bare(cast, source_of(edge), taken_over=edge != "take_over")
    for code in codes(edge):
        leave_open(cast, case, code)
    audited = AuditEvent.objects.filter(case_id=case.pk).count()
    with pytest.raises(Refused) as refused, undone():
        step(case, edge, hand_of(edge, cast))
    assert [failure.code for failure in refused.value.failures] == codes(edge)
    assert files.fresh(case).state == case.state
    assert AuditEvent.objects.filter(case_id=case.pk).count() == audited


Arrange = Callable[[Cast, Case], object]


def _risk(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana)


def _checked(cast: Cast, case: Case) -> None:
    run_duplicate_check(case.pk, actor=cast.ana)


def _decided(cast: Cast, case: Case) -> None:
    _checked(cast, case)
    found = candidate(cast, case)
    found.verdict = Verdict.DIFFERENT
    found.save()


def _assigned(cast: Cast, case: Case) -> None:
    case.assignments.create(worker=cast.ana, assigned_by=cast.sami)


def _set(**columns: Any) -> Arrange:
    return lambda cast, case: Case.objects.filter(pk=case.pk).update(
        **{name: getattr(cast, value, value) for name, value in columns.items()}
    )


def _closed_well(cast: Cast, case: Case) -> None:
    write_closure(
        case.pk,
        actor=cast.ana,
        summary="She is safe with her aunt.",
        child_informed_on=clock.today("Europe/Vienna"),
        no_guardian_because="The aunt has custody.",
    )


# How each guard comes to hold.
FACTS: Mapping[str, Arrange] = {
    "worker_assigned": _assigned,
    "safety_looked_at": _risk,
    "consent_services": lambda cast, case: files.agree(case, cast.ana, Purpose.SERVICES),
    "consent_data": lambda cast, case: files.agree(case, cast.ana, Purpose.DATA),
    "is_a_child": lambda cast, case: record_identity(case.pk, actor=cast.ana, identity=files.identity()),
    "duplicate_check_run": _checked,
    "candidates_decided": _decided,
    "plan_approved_by_another": _set(plan_author="ana"),
    "closure_approved_by_another": _set(closure_author="vera"),
    "early_end_proposed": _set(early_end=EarlyEnd.DIED, closure_author="vera"),
    "found_and_safe": lambda cast, case: files.look_at_safety(case, cast.ana, seen=True),
    "representation": lambda cast, case: facts.representation(case, cast.ana),
    "placement": lambda cast, case: facts.placement(case, cast.ana, "shelter"),
    "best_interests_assessment": lambda cast, case: facts.best_interests(case, cast.ana),
    "child_heard": lambda cast, case: facts.heard(case, cast.ana),
    "goals_set": lambda cast, case: facts.goals(case, cast.ana),
    "plan_agreed": lambda cast, case: facts.agreement(case, cast.ana),
    "tracks_settled": lambda cast, case: facts.settled_tracks(case, cast.ana),
    "durable_solution": lambda cast, case: facts.no_solution_needed(case, cast.ana, cast.sami),
    "visits_done": lambda cast, case: facts.visited(case, cast.ana),
    "nothing_open": lambda cast, case: facts.done_task(case, cast.ana),
    "closure_summary": _closed_well,
    "retention_date": _closed_well,
    "died_or_long_missing": lambda cast, case: propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DIED),
    "accepted_outside": lambda cast, case: facts.accepted_outside(case, cast.ana),
}


def test_every_guard_is_judged() -> None:
    assert set(FACTS) == {code for _edge, code in EVERY_GUARD}


@pytest.mark.parametrize(("edge", "code"), EVERY_GUARD)
def test_a_guard_holds_when_its_fact_is_there(cast: Cast, edge: str, code: str) -> None:
    case = settled(cast, source_of(edge), taken_over=edge != "take_over")
    FACTS[code](cast, case)
    with guards_hold(except_for=code):
        moved = step(case, edge, hand_of(edge, cast))
    assert moved.state in STEPS[edge][1] or edge == "take_over"


@pytest.mark.parametrize(
    ("edge", "entry"), [(edge, entry) for edge in ENTRIES for entry in sorted(ENTRIES[edge])]
)
def test_an_edge_wants_what_it_asks_for(cast: Cast, edge: str, entry: str) -> None:
    case = settled(cast, source_of(edge))
    values = {"code": "adult", "signpost": "Graz"}
    values.pop(entry, None)
    reason = "" if entry == "reason" else "The facts have changed."
    with guards_hold(), pytest.raises((Refused, Invalid)) as refused, undone():
        take_step(case.pk, edge, actor=hand_of(edge, cast), reason=reason, values=values)
    answer = refused.value
    if isinstance(answer, Invalid):
        # The file that stays is looked up and locked before the step is judged.
        assert answer.field == entry == "surviving_case"
    else:
        assert isinstance(answer, Refused)
        assert [failure.code for failure in answer.failures] == [f"entered_{entry}"]
    assert files.fresh(case).state == case.state


def test_the_file_that_stays_is_another_one_that_the_supervisor_sees(cast: Cast) -> None:
    case = settled(cast, "active")
    elsewhere = files.in_state("active", cast.omar.agency)
    merged = files.in_state("duplicate", case.agency)
    for named in (None, case, merged, elsewhere, elsewhere.code):
        with guards_hold(), pytest.raises(Invalid) as refused, undone():
            step(case, "mark_duplicate", cast.sami, values={"surviving_case": named})
        assert refused.value.field == "surviving_case"
    assert files.fresh(case).state == "active"


def test_the_machine_wants_the_file_that_stays_too(cast: Cast) -> None:
    case = settled(cast, "active")
    with guards_hold(), pytest.raises(Refused) as refused, undone():
        move(LIFECYCLE, case, "mark_duplicate", Attempt(actor=cast.sami), case_id=case.pk)
    assert [failure.code for failure in refused.value.failures] == ["entered_surviving_case"]


def test_a_file_that_was_not_imported_is_not_taken_over(cast: Cast) -> None:
    case = files.screened(cast)
    with guards_hold(), pytest.raises(WrongState), undone():
        step(case, "take_over", cast.ana)


def test_a_file_is_taken_over_once(cast: Cast) -> None:
    case = settled(cast, "active", taken_over=False)
    with guards_hold():
        step(case, "take_over", cast.ana)
        with pytest.raises(WrongState), undone():
            step(case, "take_over", cast.ana)


# What may be set aside, and what may not

WHY = "The father is in hospital and was asked by telephone."


def held_by_everybody(case: Case, people: Mapping[str, User]) -> None:
    """Every relation at once has its ground on the file; nobody is a stranger to it."""
    for relation, basis in RELATIONS.items():
        until = {"until": clock.now() + timedelta(days=1), "sections": list(Section), "may_write": True}
        files.ground(case, basis, account=people[relation], **(until if relation == "personal" else {}))


@pytest.mark.parametrize(("edge", "code"), MAY_BE_SET_ASIDE)
def test_only_a_supervisor_sets_a_marked_guard_aside_for_another(
    cast: Cast, people: dict[str, User], edge: str, code: str
) -> None:
    case = settled(cast, source_of(edge))
    held_by_everybody(case, people)
    for relation, actor in people.items():
        if relation != "agency":
            with pytest.raises(PermissionDenied), undone():
                override_guard(case.pk, edge, code, actor=actor, reason=WHY)
    with pytest.raises(ValidationError), undone():
        override_guard(case.pk, edge, code, actor=cast.sami, reason="Nineteen letters …")
    override_guard(case.pk, edge, code, actor=cast.sami, reason=WHY)
    assert told(cast.aida) == ["guard.overridden"]
    with guards_hold(except_for=code):
        # Whoever answered for it does not take the step, with whatever hand.
        counted = judge(LIFECYCLE, edge, case, Attempt(actor=cast.sami))
        assert [result.code for result in counted if result.blocks] == [code]
        assert step(case, edge, hand_of(edge, cast)).state in STEPS[edge][1]


@pytest.mark.parametrize(("edge", "code"), [pair for pair in EVERY_GUARD if pair not in MAY_BE_SET_ASIDE])
def test_nobody_sets_another_guard_aside(cast: Cast, people: dict[str, User], edge: str, code: str) -> None:
    case = settled(cast, source_of(edge))
    held_by_everybody(case, people)
    for actor in (*people.values(), cast.vera):
        with pytest.raises((NotOverridable, PermissionDenied)), undone():
            override_guard(case.pk, edge, code, actor=actor, reason=WHY)
    assert not GuardOverride.objects.exists()


@pytest.mark.parametrize(("edge", "code"), NEVER)
def test_no_author_approves_whatever_else_it_is_to_the_case(
    cast: Cast, people: dict[str, User], edge: str, code: str
) -> None:
    """Each in turn wrote it; nobody who wrote it takes the step, by whatever ground and role."""
    case = settled(cast, source_of(edge))
    held_by_everybody(case, people)
    author = f"{code.split('_', maxsplit=1)[0]}_author"
    for actor in (*people.values(), cast.vera):
        Case.objects.filter(pk=case.pk).update(**{author: actor})
        with guards_hold(except_for=code), pytest.raises((Refused, NotInHand)), undone():
            step(case, edge, actor)
        assert files.fresh(case).state == case.state


# The database


def by_cursor(case: Case, **columns: Any) -> None:
    assignments = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {assignments} WHERE id = %s", [*columns.values(), case.pk])  # noqa: S608


def by_queryset(case: Case, **columns: Any) -> None:
    Case.objects.filter(pk=case.pk).update(**columns)


def looking_away(case: Case, **columns: Any) -> None:
    """pgtrigger's own switch, and the session setting behind it."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{any}'")
        by_queryset(case, **columns)


DOORS = (by_cursor, by_queryset, looking_away)
LEGAL = {
    (source, target) for sources, targets, _who in STEPS.values() for source in sources for target in targets
}


def is_refused(door: Callable[..., None], case: Case, **columns: Any) -> bool:
    try:
        with transaction.atomic():
            door(case, **columns)
    except REFUSED_BY_DATABASE:
        return True
    return False


def jump(case: Case, source: str, target: str) -> dict[str, Any]:
    """The state with what has to change beside it, so that the state alone is the question."""
    columns = {"state": target}
    if target == "suspended" and source != "duplicate":
        columns["suspended_from"] = source
    if target == "duplicate":
        columns["merged_from"] = source
    return columns


def jump_differences(cast: Cast, door: Callable[..., None], sources: Iterable[str] = STATES) -> list[str]:
    """State changes that the database answers otherwise than the domain's table."""
    found = []
    survivor = files.in_state("active", cast.ana.agency)
    for source in sources:
        for target in STATES:
            if target == source:
                continue
            # Where a way back is remembered, it is the one that is tried.
            back = {"suspended_from": target if target in RUNNING else "active", "merged_from": target}
            case = settled(cast, source, surviving_case=survivor, **back)
            with undone():
                refused = is_refused(door, case, **jump(case, source, target))
            if refused == ((source, target) in LEGAL):
                found.append(f"{source} → {target}")
    return found


@pytest.mark.parametrize("door", DOORS)
def test_the_database_knows_every_step_and_no_other(cast: Cast, door: Callable[..., None]) -> None:
    assert jump_differences(cast, door) == []


# Changes that would lead a file further by way of a suspension or a merge; each file came from elsewhere.
DETOURS: tuple[tuple[str, dict[str, str]], ...] = (
    ("suspended", {"state": "monitoring"}),
    ("suspended", {"suspended_from": "monitoring"}),
    ("suspended", {"state": "monitoring", "suspended_from": "monitoring"}),
    ("suspended", {"state": "duplicate", "merged_from": "suspended", "suspended_from": "monitoring"}),
    ("suspended", {"state": "duplicate", "merged_from": "monitoring"}),
    ("duplicate", {"state": "active"}),
    ("duplicate", {"merged_from": "active"}),
    ("duplicate", {"state": "active", "merged_from": "active"}),
    ("duplicate", {"suspended_from": "monitoring"}),
    ("duplicate", {"state": "suspended"}),
    ("duplicate", {"state": "suspended", "merged_from": "suspended"}),
    ("screening", {"state": "suspended", "suspended_from": "active"}),
    ("screening", {"state": "suspended"}),
    ("screening", {"state": "duplicate", "merged_from": "active"}),
)


def detours_open(cast: Cast, door: Callable[..., None]) -> list[str]:
    """Detours that the database does not refuse."""
    found = []
    survivor = files.in_state("active", cast.ana.agency)
    for state, columns in DETOURS:
        case = settled(cast, state, suspended_from="active", merged_from="screening", surviving_case=survivor)
        with undone():
            if not is_refused(door, case, **columns):
                found.append(f"{state}: {columns}")
    return found


@pytest.mark.parametrize("door", DOORS)
def test_no_detour_leads_further(cast: Cast, door: Callable[..., None]) -> None:
    assert detours_open(cast, door) == []


def test_a_merged_file_of_a_missing_child_rewrites_no_way_back(cast: Cast) -> None:
    survivor = files.in_state("active", cast.ana.agency)
    back = {"suspended_from": "active", "merged_from": "suspended"}
    case = settled(cast, "duplicate", surviving_case=survivor, **back)
    assert is_refused(by_queryset, case, state="suspended", suspended_from="monitoring")
    assert not is_refused(by_queryset, case, state="suspended")


def test_a_merged_file_of_a_missing_child_goes_back_all_the_way(cast: Cast) -> None:
    case = settled(cast, "registered")
    way = (
        ("suspend", cast.ana, "suspended"),
        ("mark_duplicate", cast.sami, "duplicate"),
        ("undo_duplicate", cast.sami, "suspended"),
        ("resume", cast.ana, "registered"),
    )
    for edge, actor, state in way:
        with guards_hold():
            assert step(case, edge, actor).state == state


def never_differences(cast: Cast, door: Callable[..., None]) -> list[str]:
    """Steps with a ✖ guard that the database lets somebody take alone."""
    found = []
    for edge, code in NEVER:
        prefix = code.split("_")[0]
        target = next(iter(STEPS[edge][1]))
        for source in sorted(STEPS[edge][0]):
            case = settled(cast, source)
            author, approver = f"{prefix}_author_id", f"{prefix}_approver_id"
            for who in (
                (cast.sami.pk, cast.sami.pk),
                (None, cast.sami.pk),
                (cast.sami.pk, None),
                (None, None),
            ):
                with undone():
                    if not is_refused(
                        door, case, state=target, **dict(zip((author, approver), who, strict=True))
                    ):
                        found.append(f"{edge} from {source}: {who}")
    return found


@pytest.mark.parametrize("door", DOORS)
def test_what_nobody_can_override_the_database_refuses_too(cast: Cast, door: Callable[..., None]) -> None:
    assert never_differences(cast, door) == []


@pytest.mark.parametrize(("edge", "code"), NEVER)
def test_the_database_refuses_even_when_the_guard_in_python_is_broken(
    cast: Cast, edge: str, code: str
) -> None:
    own = {"plan_author": cast.sami, "closure_author": cast.sami}
    case = settled(cast, source_of(edge), **own)
    with guards_hold(), pytest.raises(IntegrityError, match=code), undone():
        step(case, edge, cast.sami)
    assert files.fresh(case).state == case.state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("looking_away", [False, True])
def test_a_row_begins_in_the_first_state(cast: Cast, state: str, looking_away: bool) -> None:
    survivor = files.in_state("active", cast.ana.agency)
    case = Case(
        agency=cast.ana.agency,
        state=state,
        suspended_from="active",
        merged_from="active",
        surviving_case=survivor,
    )

    def refused() -> bool:
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except REFUSED_BY_DATABASE:
            return True
        return False

    if looking_away:
        with pgtrigger.ignore():
            assert refused() == (state != "reported")
    else:
        assert refused() == (state != "reported")


def test_an_imported_mark_put_on_later_opens_no_way(cast: Cast) -> None:
    case = Case(agency=cast.ana.agency)
    keys.create(case.pk)
    case.save(force_insert=True)
    assert is_refused(by_queryset, case, imported_at=clock.now(), state="active")
