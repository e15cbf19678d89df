"""Every state × state of the case's lifecycle in the database, as the application's role."""

from collections.abc import Callable, Iterable
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

import clock
from cases.models import Case
from tests.cases import files
from tests.cast import Cast
from tests.matrices.lifecycle import NEVER, RUNNING, STATES, STEPS, source_of
from tests.matrices.moving_files import guards_hold, settled, step
from tests.undone import undone
from vault import keys

REFUSED_BY_DATABASE = (DatabaseError,)
LEGAL = {
    (source, target) for sources, targets, _who in STEPS.values() for source in sources for target in targets
}


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
