"""A supervisor answers for a ⚠ guard; nobody ever answers for a ✖."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

import clock
from accounts.models import AuditEvent, Notification
from tests.cast import Cast
from tests.workflow.parcels import PARCELS, Parcel
from workflow.machine import Attempt, NotOverridable, Refused, WrongState
from workflow.models import GuardOverride
from workflow.services import judge, move, override_guard

REASON = "The stamp follows by hand tomorrow."


@pytest.fixture
def unstamped(parcel: Parcel) -> Parcel:
    parcel.is_stamped = False
    parcel.save(update_fields=["is_stamped"])
    return parcel


def _set_aside(parcel: Parcel, cast: Cast, **changes: object) -> GuardOverride:
    settled = {"edge_name": "send", "guard_code": "stamped", "actor": cast.sami, "reason": REASON}
    return override_guard(PARCELS, parcel, **(settled | changes), case_id=parcel.pk)  # type: ignore[arg-type]


def _send(parcel: Parcel, cast: Cast) -> None:
    move(PARCELS, parcel, "send", Attempt(cast.ana), case_id=parcel.pk)


def test_somebody_else_may_take_the_step_then(unstamped: Parcel, cast: Cast) -> None:
    with pytest.raises(Refused):
        _send(unstamped, cast)
    made = _set_aside(unstamped, cast)
    assert judge(PARCELS, "send", unstamped, Attempt(cast.ana))[1].overridden_by == made.pk
    _send(unstamped, cast)
    assert unstamped.state == "sent"


def test_the_step_spends_it(unstamped: Parcel, cast: Cast) -> None:
    made = _set_aside(unstamped, cast)
    _send(unstamped, cast)
    assert GuardOverride.objects.get(pk=made.pk).used_at
    move(PARCELS, unstamped, "hold", Attempt(cast.ana, "torn label"), case_id=unstamped.pk)
    unstamped.held_from = "packed"
    move(PARCELS, unstamped, "release", Attempt(cast.ana), case_id=unstamped.pk)
    with pytest.raises(Refused, match="stamped"):
        _send(unstamped, cast)


def test_one_that_was_not_needed_does_not_wait_for_another_day(parcel: Parcel, cast: Cast) -> None:
    made = _set_aside(parcel, cast)
    _send(parcel, cast)
    assert GuardOverride.objects.get(pk=made.pk).used_at
    assert AuditEvent.objects.get(verb="parcel.send").details["guards"][1]["overridden_by"] is None


def test_a_refused_step_spends_nothing(unstamped: Parcel, cast: Cast) -> None:
    made = _set_aside(unstamped, cast)
    unstamped.weight = 9
    with pytest.raises(Refused, match=r"^send: weighed$"):
        _send(unstamped, cast)
    assert GuardOverride.objects.get(pk=made.pk).used_at is None


def test_ones_own_does_not_count(unstamped: Parcel, cast: Cast) -> None:
    made = _set_aside(unstamped, cast)
    assert judge(PARCELS, "send", unstamped, Attempt(cast.sami))[1].blocks
    assert judge(PARCELS, "send", unstamped, Attempt(cast.vera))[1].overridden_by == made.pk


def test_it_holds_for_this_subject_only(unstamped: Parcel, cast: Cast) -> None:
    _set_aside(unstamped, cast)
    other = Parcel.objects.create(is_stamped=False)
    with pytest.raises(Refused):
        _send(other, cast)


@pytest.mark.parametrize("maker", ["ana", "omar", "aida", "admin", "stella", "petra"])
def test_only_a_supervisor_may(unstamped: Parcel, cast: Cast, maker: str) -> None:
    with pytest.raises(PermissionDenied):
        _set_aside(unstamped, cast, actor=getattr(cast, maker))
    assert not GuardOverride.objects.exists()


def test_a_supervisor_without_a_hand_on_it_may_not(
    unstamped: Parcel, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PARCELS, "hands", lambda user, parcel: frozenset())
    with pytest.raises(PermissionDenied):
        _set_aside(unstamped, cast)


def test_a_hand_does_not_make_a_supervisor(
    unstamped: Parcel, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PARCELS, "hands", lambda user, parcel: frozenset({"supervisor"}))
    with pytest.raises(PermissionDenied):
        _set_aside(unstamped, cast, actor=cast.ana)


@pytest.mark.parametrize("guard", ["addressed", "weighed"])
def test_an_unmarked_guard_cannot_be_overridden(parcel: Parcel, cast: Cast, guard: str) -> None:
    with pytest.raises(NotOverridable):
        _set_aside(parcel, cast, guard_code=guard)


def test_a_guard_of_another_step_is_not_asked_here(parcel: Parcel, cast: Cast) -> None:
    with pytest.raises(NotOverridable):
        _set_aside(parcel, cast, edge_name="repack")


def test_never_cannot_be_overridden_through_any_door(parcel: Parcel, cast: Cast) -> None:
    _send(parcel, cast)
    with pytest.raises(NotOverridable):
        _set_aside(parcel, cast, edge_name="deliver", guard_code="checked_by_another")
    forged = GuardOverride(
        case_id=parcel.pk,
        subject_label="workflow.parcel",
        subject_id=parcel.pk,
        edge="deliver",
        guard="checked_by_another",
        made_by=cast.vera,
    )
    forged.reason = REASON
    forged.save()
    Parcel.objects.filter(pk=parcel.pk).update(checker=parcel.packer)
    forgiven = Parcel.objects.get(pk=parcel.pk)
    with pytest.raises(Refused, match="checked_by_another"):
        move(PARCELS, forgiven, "deliver", Attempt(cast.sami), case_id=parcel.pk)
    with pytest.raises(Refused, match="checked_by_another"):
        forgiven.deliver(Attempt(cast.sami), lambda codes: {"checked_by_another": forged.pk})  # type: ignore[attr-defined]
    with pytest.raises(DatabaseError, match="checked_by_another"), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(state="delivered")


@pytest.mark.parametrize("reason", ["", "x" * 19, "a" + " " * 40, "short\u200b" + "\u200b" * 30])
def test_the_reason_can_be_read(parcel: Parcel, cast: Cast, reason: str) -> None:
    with pytest.raises(ValidationError, match="20 characters"):
        _set_aside(parcel, cast, reason=reason)


def test_twenty_characters_are_enough(parcel: Parcel, cast: Cast) -> None:
    assert _set_aside(parcel, cast, reason="x" * 20).reason == "x" * 20


def test_only_where_the_step_could_be_taken(parcel: Parcel, cast: Cast) -> None:
    _send(parcel, cast)
    with pytest.raises(WrongState):
        _set_aside(parcel, cast)


def test_the_data_protection_officers_are_told_and_it_is_written_down(parcel: Parcel, cast: Cast) -> None:
    made = _set_aside(parcel, cast)
    (told,) = Notification.objects.all()
    assert (told.receiver, told.kind, told.case_id) == (cast.aida, "guard.overridden", parcel.pk)
    event = AuditEvent.objects.get(verb="parcel.guard_overridden")
    assert (event.actor, event.reason) == (cast.sami, REASON)
    assert event.details == {"edge": "send", "guard": "stamped", "override": str(made.pk)}


def test_the_reason_is_sealed(parcel: Parcel, cast: Cast) -> None:
    made = _set_aside(parcel, cast)
    sealed: Any = GuardOverride.objects.values_list("reason_sealed", flat=True).get(pk=made.pk)
    assert REASON.encode() not in bytes(sealed)


def test_what_was_answered_cannot_be_rewritten(parcel: Parcel, cast: Cast) -> None:
    made = _set_aside(parcel, cast)
    rows = GuardOverride.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(made_by=cast.vera)
    rows.update(used_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(used_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
