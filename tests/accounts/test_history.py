"""Every saved state is kept: who, when by our clock, and sealed as it was."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import ProgrammingError, connection, models, transaction

from accounts.acting import acting_as
from accounts.grants import APPEND_ONLY, rights_of
from cases.models import Case
from tests.cast import Cast
from tests.conftest import ClockHand
from vault import keys

History = Case.history.model


def new_case(cast: Cast, signpost: str = "Mira, ask at the station") -> Case:
    case = Case(agency=cast.ana.agency)
    keys.create(case.pk)
    case.signpost = signpost
    case.save()
    return case


def test_it_names_who_acts(cast: Cast) -> None:
    with acting_as(cast.ana):
        case = new_case(cast)
    case.save()
    assert [(row.history_type, row.history_user) for row in case.history.order_by("history_id")] == [
        ("+", cast.ana),
        ("~", None),
    ]


def test_it_is_dated_by_our_clock(cast: Cast, clock_at: ClockHand) -> None:
    moment = datetime(2031, 5, 1, 12, tzinfo=UTC)
    clock_at(moment)
    case = new_case(cast)
    assert timedelta() <= case.history.get().history_date - moment < timedelta(minutes=1)
    clock_at.forward(timedelta(days=1))
    case.save()
    assert case.history.latest().history_date - moment >= timedelta(days=1)


def test_old_values_stay_readable_and_sealed(cast: Cast) -> None:
    case = new_case(cast, "Mira, ask at the station")
    case.signpost = "Mira, ask at the school"
    case.save()
    assert [row.signpost for row in case.history.order_by("history_id")] == [
        "Mira, ask at the station",
        "Mira, ask at the school",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT signpost_sealed FROM cases_historicalcase")
        assert not any(b"Mira" in bytes(stored) for (stored,) in cursor.fetchall())


def test_it_cannot_be_rewritten(cast: Cast) -> None:
    case = new_case(cast)
    rewrites: list[Callable[[], object]] = [
        lambda: case.history.update(history_type="-"),
        lambda: case.history.get().delete(),
        lambda: case.history.get().save(),
    ]
    for rewrite in rewrites:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rewrite()
    assert case.history.count() == 1


def test_its_rows_are_numbered_widely_and_outlive_what_they_describe() -> None:
    assert isinstance(History._meta.pk, models.BigAutoField)
    assert isinstance(History._meta.get_field("history_change_reason"), models.TextField)
    assert rights_of(History) == APPEND_ONLY
    with pytest.raises(FieldDoesNotExist):
        History._meta.get_field("history_relation")
