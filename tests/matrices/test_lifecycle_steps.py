"""Every state × edge of the case's lifecycle in Python: where each step leads and in whose hands it lies."""

from datetime import timedelta

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Case
from cases.services.steps import take_step
from tests.cases import files
from tests.cast import Cast
from tests.matrices.lifecycle import ENTRIES, STATES, STEPS, source_of
from tests.matrices.moving_files import RELATIONS, guards_hold, hand_of, settled, step
from tests.undone import undone
from workflow.machine import Attempt, NotInHand, Refused, WrongState
from workflow.services import move


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


# What an edge asks for


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


# Once only, and back


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
