"""Every guard of the case's lifecycle, alone and together, and who may set which aside."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEvent, User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Case
from cases.services.steps import override_guard
from tests.cases import facts, files
from tests.cases.asking import told
from tests.cast import Cast
from tests.matrices.lifecycle import EVERY_GUARD, GUARDS, MAY_BE_SET_ASIDE, NEVER, STEPS, codes, source_of
from tests.matrices.lifecycle_facts import FACTS, candidate, checked
from tests.matrices.moving_files import bare, guards_hold, hand_of, held_by_everybody, settled, step
from tests.undone import undone
from workflow.machine import Attempt, NotInHand, NotOverridable, Refused
from workflow.models import GuardOverride
from workflow.services import judge


def alone_false(cast: Cast, edge: str, code: str) -> list[str]:
    """What refuses a bare file when every other guard holds."""
    case = bare(cast, source_of(edge), taken_over=edge != "take_over")
    if code == "candidates_decided":
        checked(cast, case)
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


def test_every_guard_is_judged() -> None:
    assert set(FACTS) == {code for _edge, code in EVERY_GUARD}


@pytest.mark.parametrize(("edge", "code"), EVERY_GUARD)
def test_a_guard_holds_when_its_fact_is_there(cast: Cast, edge: str, code: str) -> None:
    case = settled(cast, source_of(edge), taken_over=edge != "take_over")
    FACTS[code](cast, case)
    with guards_hold(except_for=code):
        moved = step(case, edge, hand_of(edge, cast))
    assert moved.state in STEPS[edge][1] or edge == "take_over"


# What may be set aside, and what may not

WHY = "The father is in hospital and was asked by telephone."


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
