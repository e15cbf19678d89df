"""Taking an edge, as every room does it: state, history of who and why, all in one transaction."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from tests.cast import Cast
from tests.workflow.conftest import new_parcel
from tests.workflow.parcels import PARCELS, Parcel, edges
from workflow import services
from workflow.machine import Attempt, NotInHand, Refused, WrongState
from workflow.models import GuardOverride
from workflow.services import judge, move


def _move(parcel: Parcel, edge: str, actor: User | None, **values: object) -> None:
    columns = values.pop("columns", None)
    attempt = Attempt(actor, **values)  # type: ignore[arg-type]
    move(PARCELS, parcel, edge, attempt, case_id=parcel.pk, columns=columns)  # type: ignore[arg-type]


def _stored(parcel: Parcel) -> str:
    return str(Parcel.objects.values_list("state", flat=True).get(pk=parcel.pk))


def test_it_changes_the_state_in_memory_and_in_the_database(parcel: Parcel, cast: Cast) -> None:
    _move(parcel, "send", cast.ana)
    assert (parcel.state, _stored(parcel)) == ("sent", "sent")


def test_it_writes_down_who_from_to_why_and_how_the_guards_stood(parcel: Parcel, cast: Cast) -> None:
    paper = uuid4()
    parcel.is_stamped = False
    override = _override(parcel, cast.sami)
    _move(parcel, "send", cast.ana, reason="The bus leaves now.", evidence=(paper,))
    event = AuditEvent.objects.get(verb="parcel.send")
    assert (event.actor, event.case_id, event.target_id) == (cast.ana, parcel.pk, parcel.pk)
    assert event.reason == "The bus leaves now."
    assert event.details == {
        "from": "packed",
        "to": "sent",
        "guards": [
            {"code": "addressed", "params": {}, "passed": True, "overridden_by": None},
            {"code": "stamped", "params": {}, "passed": False, "overridden_by": str(override.pk)},
            {"code": "weighed", "params": {}, "passed": True, "overridden_by": None},
        ],
        "evidence": [str(paper)],
    }


def test_a_refusal_changes_and_writes_nothing(parcel: Parcel, cast: Cast) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(is_addressed=False, weight=7)
    parcel = Parcel.objects.get(pk=parcel.pk)
    with pytest.raises(Refused) as refused:
        _move(parcel, "send", cast.ana, columns={"weight": 2})
    assert [failure.code for failure in refused.value.failures] == ["addressed", "weighed"]
    assert (parcel.state, parcel.weight, _stored(parcel)) == ("packed", 7, "packed")
    assert not AuditEvent.objects.filter(case_id=parcel.pk).exists()


def test_a_page_shows_before_what_the_button_would_say(parcel: Parcel, cast: Cast) -> None:
    parcel.is_stamped, parcel.weight = False, 7
    shown = judge(PARCELS, "send", parcel, Attempt(cast.ana))
    with pytest.raises(Refused) as refused:
        _move(parcel, "send", cast.ana)
    assert shown == refused.value.results


def test_columns_change_in_the_same_update(parcel: Parcel, cast: Cast) -> None:
    """The trigger refuses the state without the checker, and would not see one that is saved later."""
    parcel = new_parcel(packer=cast.ana.pk, checker=cast.sami.pk)
    _move(parcel, "send", cast.ana, columns={"weight": 3})
    assert Parcel.objects.get(pk=parcel.pk).weight == 3
    with pytest.raises(DatabaseError, match="checked_by_another"), transaction.atomic():
        _move(parcel, "deliver", cast.sami, columns={"checker": cast.ana.pk})
    assert (parcel.state, parcel.checker) == ("sent", cast.sami.pk)


def test_it_needs_the_hand_of_the_table(parcel: Parcel, cast: Cast) -> None:
    for stranger in (cast.sami, cast.aida, cast.stella, None):
        with pytest.raises(NotInHand):
            _move(parcel, "send", stranger)
    assert _stored(parcel) == "packed"


def test_the_hand_goes_before_the_state(parcel: Parcel, cast: Cast) -> None:
    with pytest.raises(NotInHand):
        _move(parcel, "deliver", cast.ana)


def test_it_starts_only_where_the_table_says(parcel: Parcel, cast: Cast) -> None:
    with pytest.raises(WrongState) as wrong:
        _move(parcel, "deliver", cast.sami)
    (failure,) = wrong.value.failures
    assert "moved on" in failure.sentence


def test_stale_memory_is_refused(parcel: Parcel, cast: Cast) -> None:
    other = Parcel.objects.get(pk=parcel.pk)
    _move(other, "send", cast.ana)
    with pytest.raises(WrongState):
        _move(parcel, "hold", cast.ana, reason="torn label")
    assert _stored(parcel) == "sent"


def test_memory_that_outlived_a_rollback_is_refused(parcel: Parcel, cast: Cast) -> None:
    with transaction.atomic():
        _move(parcel, "send", cast.ana)
        transaction.set_rollback(True)
    assert parcel.state == "sent"
    with pytest.raises(WrongState):
        _move(parcel, "deliver", cast.sami)
    assert _stored(parcel) == "packed"


def test_no_audit_no_move(parcel: Parcel, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_values: object) -> None:
        raise OSError

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(OSError), transaction.atomic():  # noqa: PT011 - the fault planted above
        _move(parcel, "send", cast.ana)
    assert (parcel.state, _stored(parcel)) == ("packed", "packed")


def test_a_row_that_is_gone_does_not_move(parcels_table: None, cast: Cast) -> None:
    with pytest.raises(WrongState):
        _move(Parcel(), "send", cast.ana)


def test_an_edge_that_stays_is_written_down_too(parcel: Parcel, cast: Cast) -> None:
    _move(parcel, "repack", cast.ana)
    details = AuditEvent.objects.get(verb="parcel.repack").details
    assert (details["from"], details["to"], _stored(parcel)) == ("packed", "packed", "packed")


def test_the_clock_moves_without_an_actor(parcel: Parcel, cast: Cast) -> None:
    _move(parcel, "send", cast.ana)
    _move(parcel, "lose", None)
    assert AuditEvent.objects.get(verb="parcel.lose").actor is None


def test_a_transition_called_past_the_service_asks_the_same(parcel: Parcel, cast: Cast) -> None:
    parcel.is_addressed, parcel.weight = False, 9
    with pytest.raises(Refused, match="addressed, weighed"):
        parcel.send(Attempt(cast.ana))  # type: ignore[attr-defined]
    with pytest.raises(NotInHand):
        parcel.send(Attempt(cast.sami))  # type: ignore[attr-defined]
    with pytest.raises(TransitionNotAllowed):
        parcel.deliver(Attempt(cast.sami))  # type: ignore[attr-defined]
    assert parcel.state == "packed"


def test_nobody_sets_the_state_by_hand(parcel: Parcel) -> None:
    with pytest.raises(AttributeError):
        parcel.state = "delivered"


def test_django_fsm_sees_the_edges(parcel: Parcel) -> None:
    names = {transition.name for transition in parcel.get_available_state_transitions()}  # type: ignore[attr-defined]
    assert names == {edge.name for edge in PARCELS.edges_from("packed")}


def _override(parcel: Parcel, maker: User, guard: str = "stamped", edge: str = "send") -> GuardOverride:
    made = GuardOverride(
        case_id=parcel.pk,
        subject_label="workflow.parcel",
        subject_id=parcel.pk,
        edge=edge,
        guard=guard,
        made_by=maker,
    )
    made.reason = "The stamp follows by hand."
    made.save()
    return made


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_edge_at_once_one_is_told(parcel: Parcel, cast: Cast) -> None:
    """Even where both forgot to lock the row when they fetched it."""
    together, outcomes = Barrier(2), list[str]()

    def take() -> None:
        mine = Parcel.objects.get(pk=parcel.pk)
        try:
            together.wait(timeout=20)
            with transaction.atomic():
                _move(mine, "send", cast.ana)
            outcomes.append("sent")
        except WrongState:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["refused", "sent"]
    assert AuditEvent.objects.filter(verb="parcel.send").count() == 1


MOVES = st.lists(st.tuples(st.sampled_from([edge.name for edge in edges()]), st.integers(0, 2)), max_size=12)


@pytest.fixture
def people(parcels_table: None, cast: Cast) -> tuple[User | None, ...]:
    return (cast.ana, cast.sami, None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=MOVES,
    addressed=st.booleans(),
    stamped=st.booleans(),
    weight=st.integers(1, 9),
    checked=st.booleans(),
)
def test_whatever_is_tried_the_row_walks_only_along_the_table(
    people: tuple[User | None, ...],
    moves: list[tuple[str, int]],
    addressed: bool,
    stamped: bool,
    weight: int,
    checked: bool,
) -> None:
    ana, sami, _ = people
    assert ana
    assert sami
    parcel = new_parcel(
        is_addressed=addressed,
        is_stamped=stamped,
        weight=weight,
        held_from="sent",
        packer=ana.pk,
        checker=sami.pk if checked else ana.pk,
    )
    walked = [parcel.state]
    for name, person in moves:
        edge, before = PARCELS.edge(name), parcel.state
        try:
            with transaction.atomic():
                _move(parcel, name, people[person], reason="because of the rain")
        except (Refused, NotInHand):
            assert parcel.state == before
        else:
            assert before in edge.sources
            assert all(guard.judge(parcel, Attempt(people[person])).passed for guard in edge.guards)
            walked.append(parcel.state)
        assert _stored(parcel) == parcel.state
    written = AuditEvent.objects.filter(case_id=parcel.pk).order_by("id").values_list("details", flat=True)
    assert [walked[0], *(details["to"] for details in written)] == walked
    assert parcel.state != "delivered" or checked
