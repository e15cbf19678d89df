"""The database refuses what the table does not hold, whoever asks and past whatever Python."""

from uuid import uuid4

import pgtrigger
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

import clock
from tests.workflow.conftest import new_parcel
from tests.workflow.parcels import CHECKED, PARCELS, Parcel, ParcelState, edges, machine
from workflow import triggers
from workflow.machine import Edge, Guard

ALLOWED = {step for edge in edges() if not edge.stays for step in edge.steps}
EVERY_STEP = [(before, after) for before in ParcelState.values for after in ParcelState.values]


def _update(parcel: Parcel, **values: object) -> None:
    with transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(**values)


@pytest.mark.parametrize(("before", "after"), EVERY_STEP)
def test_only_steps_of_the_table_pass(parcel: Parcel, before: str, after: str) -> None:
    row = new_parcel(state=before, imported_at=clock.now(), packer=parcel.packer, checker=parcel.checker)
    if (before, after) in ALLOWED or before == after:
        _update(row, state=after)
    else:
        with pytest.raises(DatabaseError, match="Invalid transition"):
            _update(row, state=after)


@pytest.mark.parametrize("state", ParcelState.values)
def test_a_row_begins_at_the_beginning_unless_it_was_imported(
    parcels_table: None, db: None, state: str
) -> None:
    Parcel.objects.create(state=state, imported_at=clock.now())
    if state == PARCELS.initial:
        Parcel.objects.create(state=state)
    else:
        with pytest.raises(DatabaseError, match="begins in the first state"), transaction.atomic():
            Parcel.objects.create(state=state)


def test_bulk_doors_are_closed_too(parcel: Parcel) -> None:
    with pytest.raises(DatabaseError, match="begins in the first state"), transaction.atomic():
        Parcel.objects.bulk_create([Parcel(state="delivered")])
    parcel.__dict__["state"] = "lost"
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Parcel.objects.bulk_update([parcel], ["state"])


def test_never_means_never_past_python(parcel: Parcel) -> None:
    _update(parcel, state="sent", checker=parcel.packer)
    with pytest.raises(DatabaseError, match="checked_by_another can never be overridden"):
        _update(parcel, state="delivered")
    _update(parcel, state="held")


def test_what_the_database_cannot_know_is_refused(parcel: Parcel) -> None:
    _update(parcel, state="sent", checker=None)
    with pytest.raises(DatabaseError, match="checked_by_another can never be overridden"):
        _update(parcel, state="delivered")


def test_the_facts_may_change_in_the_same_update(parcel: Parcel) -> None:
    _update(parcel, state="sent", checker=None)
    _update(parcel, state="delivered", checker=uuid4())
    assert Parcel.objects.get(pk=parcel.pk).state == "delivered"


def test_switching_triggers_off_is_not_heeded(parcel: Parcel) -> None:
    with pytest.raises(DatabaseError, match="Invalid transition"), pgtrigger.ignore(), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(state="lost")


def test_tests_run_as_the_application(parcel: Parcel) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner <> current_user FROM pg_tables WHERE tablename = 'test_parcel'")
        assert cursor.fetchone() == (True,)


def test_names_are_stable_unique_and_short_enough() -> None:
    long = "a_guard_with_a_name_that_says_very_much_about_itself"
    codes = [f"{long}_{number}" for number in range(3)]
    never = [
        Guard(code, "?", (), lambda _p, _a: True, override=CHECKED.override, violation="FALSE")
        for code in codes
    ]
    built = triggers.build(machine(edges=(*edges(), _deliver(*never))), Parcel)
    names = [str(trigger.name) for trigger in built]
    assert names == [
        str(trigger.name) for trigger in triggers.build(machine(edges=(*edges(), _deliver(*never))), Parcel)
    ]
    assert names[:3] == ["parcel_edges", "parcel_first_state", "parcel_never_checked_by_another"]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= triggers.MAX_NAME


def _deliver(*guards: Guard) -> Edge:
    return Edge("deliver_late", "Late", ("sent",), ("delivered",), frozenset({"worker"}), guards)


def test_a_guard_on_an_edge_that_stays_holds_at_every_update() -> None:
    guard = Guard(
        "always", "?", (), lambda _p, _a: True, override=CHECKED.override, violation="NEW.weight > 5"
    )
    staying = Edge("look", "Look", ("packed",), (), frozenset({"worker"}), (guard,), stays=True)
    built = triggers.build(machine(edges=(*edges(), staying)), Parcel)
    assert built[-1].condition is None
    assert "NEW.weight > 5" in str(built[-1].func)


def test_a_violation_cannot_end_the_triggers_body() -> None:
    guard = Guard("ending", "?", (), lambda _p, _a: True, override=CHECKED.override, violation="TRUE $$")
    with pytest.raises(ImproperlyConfigured, match="ending"):
        triggers.build(machine(edges=(*edges(), _deliver(guard))), Parcel)
