"""Every state × state of the eight machines of care in the database, as the application's role."""

from collections.abc import Callable
from contextlib import ExitStack

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from cases.edges.tracks import TRACKS
from cases.models import Case
from tests.cast import Cast
from tests.matrices.moving_tracks import put
from tests.matrices.tracks import DOMAIN, MACHINES
from tests.undone import undone

TABLES = {"medical": "cases_medicalcare", "rehabilitation": "cases_rehabilitation"}


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
