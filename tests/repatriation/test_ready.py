"""No child departs while one line of G-READY is missing: refused by its name, in Python and in the database."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import clock
from cases.models import Case, LegalProtection, TravelFitness
from repatriation.edges.returns import RETURN
from repatriation.guards import arriving, never, ready
from repatriation.models import (
    Assent,
    CareArrangement,
    ContactClearance,
    CountryInput,
    Journey,
    Panel,
    Return,
    TravelDocument,
    TravelPermit,
)
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company, fresh_row
from tests.undone import undone
from workflow.machine import Refused

Missing = Callable[[Company, Return], Any]


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def planned(people: Company, case: Case) -> Return:
    """Everything is there, and nobody has said so yet."""
    return ways.before(people, case, "make_ready")


@kept
def way(people: Company, planned: Return) -> Return:
    return ways.step(planned, "make_ready", people.sami)


def _refused_assent(people: Company, way: Return) -> None:
    row = Assent(
        way=way, case=way.case, kind="refused", given_on=ways.today(way), means="talk", written_by=people.ana
    )
    row.words = "No."
    row.save(force_insert=True)


def _unfit(people: Company, way: Return) -> None:
    TravelFitness.objects.create(
        case=way.case, is_fit=False, certified_on=ways.today(way), certified_by=people.petra
    )


def _legal(way: Return, **columns: Any) -> None:
    LegalProtection.objects.filter(case=way.case_id).update(**columns)


def _journey(way: Return, **columns: Any) -> None:
    Journey.objects.filter(way=way, ended_at__isnull=True).update(**columns)


def _arrival(way: Return) -> date:
    return Journey.objects.get(way=way, ended_at=None).arrives_on


def _short_document(people: Company, way: Return) -> None:
    arrives_on = Journey.objects.get(way=way).arrives_on
    TravelDocument.objects.filter(way=way).update(
        issued_on=arrives_on - timedelta(days=9), expires_on=arrives_on - timedelta(days=1)
    )


def _reflects(people: Company, way: Return) -> None:
    leaves = Journey.objects.get(way=way).departs_on
    _legal(way, reflection_from=leaves - timedelta(days=30), reflection_until=leaves)


# Each fact taken away alone, past every service.
MISSING: Mapping[str, Missing] = {
    "case_runs": lambda people, way: Case.objects.filter(pk=way.case_id).update(
        state="suspended", suspended_from="active", suspended_at=clock.now()
    ),
    "cleared": lambda people, way: ContactClearance.objects.filter(case=way.case_id).update(state="revoked"),
    "assessment_positive": lambda people, way: ways.assessed(people, way, conclusion="negative"),
    "no_refoulement": lambda people, way: ways.assessed(people, way, refoulement=True),
    "input_received": lambda people, way: CountryInput.objects.filter(way=way).update(country="XC"),
    "somebody_cares": lambda people, way: CareArrangement.objects.filter(way=way).update(is_able=False),
    "decision_fresh": lambda people, way: Panel.objects.filter(way=way).update(minute_signed_at=None),
    "reflection_over": _reflects,
    "proceedings_allow": lambda people, way: _legal(way, proceedings="open"),
    "assent_given": _refused_assent,
    "fit_to_travel": _unfit,
    "care_in_writing": lambda people, way: CareArrangement.objects.filter(way=way).update(agreement=None),
    "plan_accepted": lambda people, way: Return.objects.filter(pk=way.pk).update(plan_accepted_on=None),
    "document_valid": _short_document,
    "escort_ready": lambda people, way: _journey(way, escort_vetted_on=None),
    "receiver_named": lambda people, way: _journey(way, receiver=None),
    "contacts_known": lambda people, way: _journey(way, has_contacts=False),
}
# Other ways in which the same line is missing.
AS_WELL: tuple[tuple[str, str, Missing], ...] = (
    ("cleared", "protection is claimed", lambda people, way: _legal(way, protection="claimed")),
    ("somebody_cares", "is implicated", lambda people, way: ways.implicate(ways.grandmother(people, way))),
    (
        "document_valid",
        "a visa is not granted",
        lambda people, way: TravelPermit.objects.create(
            way=way, case=way.case, kind="visa", country="XC", made_by=people.ana
        ),
    ),
    ("escort_ready", "nobody goes along", lambda people, way: _journey(way, escort=None)),
    (
        "escort_ready",
        "the vetting ends on the way",
        lambda people, way: _journey(way, vetted_until=_arrival(way) - timedelta(days=1)),
    ),
    (
        "decision_fresh",
        "another outcome",
        lambda people, way: Panel.objects.filter(way=way).update(outcome="deferral"),
    ),
)
LINES = [(code, "", missing) for code, missing in MISSING.items()] + list(AS_WELL)
NAMES = [f"{code} {how}".strip() for code, how, _missing in LINES]
CODES = {guard.code for guard in (*never.STILL, *ready.READY)}


def failing(way: Return, edge: str, actor: Any) -> set[str]:
    with undone(), pytest.raises(Refused) as refused:
        ways.step(way, edge, actor)
    return {failure.code for failure in refused.value.failures}


def sets_out(way: Return, **columns: Any) -> bool:
    """Whether the application's role can write into the row that the child has departed."""
    settled: dict[str, Any] = {
        "state": "departed",
        "departed_at": clock.now(),
        "identity_checked": True,
    } | columns
    assignments = ", ".join(f"{name} = %s" for name in settled)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE repatriation_return SET {assignments} WHERE id = %s",  # noqa: S608
            [*settled.values(), way.pk],
        )
    return True


def says_ready(way: Return) -> None:
    until = clock.now() + timedelta(days=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE repatriation_return SET state = 'ready', ready_until = %s WHERE id = %s", [until, way.pk]
        )


def test_every_line_is_tried() -> None:
    assert set(MISSING) == CODES
    assert {guard.code for guard in RETURN.edge("depart").guards} == CODES | {
        ready.NOT_RUN_OUT.code,
        ready.ON_THE_DAY.code,
        arriving.IDENTITY_CHECKED.code,
    }
    assert {guard.code for guard in RETURN.edge("make_ready").guards} == CODES


def test_with_all_of_them_it_is_ready_and_departs(people: Company, way: Return) -> None:
    ways.day_has_come(way)
    assert way.state == "ready"
    with undone():
        assert sets_out(way)
    assert ways.step(way, "depart", people.eskort).state == "departed"


@pytest.mark.parametrize(("code", "how", "missing"), LINES, ids=NAMES)
def test_without_one_nobody_says_that_it_is_ready(
    people: Company, planned: Return, code: str, how: str, missing: Missing
) -> None:
    missing(people, planned)
    assert failing(planned, "make_ready", people.sami) == {code}
    with pytest.raises(DatabaseError, match=code):
        says_ready(planned)
    assert fresh_row(planned).state == "travel_planned"


@pytest.mark.parametrize(("code", "how", "missing"), LINES, ids=NAMES)
def test_without_one_nobody_departs(
    people: Company, way: Return, code: str, how: str, missing: Missing
) -> None:
    ways.day_has_come(way)
    missing(people, way)
    assert failing(way, "depart", people.konsul) == {code}
    with pytest.raises(DatabaseError, match=code):
        sets_out(way)
    assert fresh_row(way).state == "ready"


def test_what_has_run_out_departs_no_more(people: Company, way: Return) -> None:
    ways.day_has_come(way)
    for until in (clock.now() - timedelta(seconds=1), None):
        Return.objects.filter(pk=way.pk).update(ready_until=until)
        assert failing(way, "depart", people.eskort) == {"not_run_out"}
        with pytest.raises(DatabaseError, match="not_run_out"):
            sets_out(way)


def test_nobody_departs_unseen(people: Company, way: Return) -> None:
    ways.day_has_come(way)
    with undone(), pytest.raises(Refused) as refused:
        ways.step(way, "depart", people.eskort, identity_checked=False)
    assert "identity_checked" in {failure.code for failure in refused.value.failures}
    with pytest.raises(DatabaseError, match="return_departed_at_a_time"):
        sets_out(way, identity_checked=False)


def test_several_lines_are_all_named(people: Company, planned: Return) -> None:
    for code in ("assent_given", "plan_accepted", "contacts_known"):
        MISSING[code](people, planned)
    found = failing(planned, "make_ready", people.sami)
    assert found == {"assent_given", "plan_accepted", "contacts_known"}
