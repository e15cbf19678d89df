"""The checks can fail: with one fault planted in each place that holds a rule, the check that guards it turns red."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts import access, grants
from accounts.access import Level, Relation, Role, Rule, Section
from accounts.models import AuditEvent
from cases.edges.lifecycle import LIFECYCLE
from cases.guards import lifecycle as guards
from cases.models import Case
from tests import test_append_only as past
from tests import test_permission_matrix as permissions
from tests.cases import facts, files
from tests.cast import Cast
from tests.matrices.test_lifecycle_database import (
    by_cursor,
    by_queryset,
    detours_open,
    jump_differences,
    never_differences,
)
from tests.matrices.test_lifecycle_guards import alone_false
from tests.matrices.test_lifecycle_table import table_differences
from workflow.machine import Edge, Guard

world = permissions.world


@pytest.mark.parametrize(
    ("relation", "section", "planted", "viewer", "address"),
    [
        (Relation.AGENCY, Section.IDENTITY, Level.WRITE, ("supervisor", "agency"), "case_identity"),
        (Relation.CONSULAR, Section.LEGAL, Level.READ, ("consular_officer", "consular"), "consents"),
        (Relation.EMERGENCY, Section.RISK, Level.NONE, ("case_worker", "emergency"), "case_risk"),
        (
            Relation.PERSONAL,
            Section.LEGAL,
            Level.NONE,
            ("service_provider", "personal_legal_write"),
            "consents",
        ),
    ],
)
def test_a_wrong_cell_of_the_access_table(
    world: permissions.World,
    monkeypatch: pytest.MonkeyPatch,
    relation: Relation,
    section: Section,
    planted: Level,
    viewer: tuple[str, str],
    address: str,
) -> None:
    row = {**access.TABLE[relation], section: Rule(planted)}
    monkeypatch.setattr(access, "TABLE", {**access.TABLE, relation: row})
    role, held = viewer
    found = permissions.differences(world, role, [address])
    assert [said for said in found if f"'{held}'" in said] != []


def test_a_role_that_may_hold_a_relation_too_many(
    world: permissions.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = {**access.RELATIONS_OF, Role.ANALYST: frozenset({Relation.PERSONAL})}
    monkeypatch.setattr("cases.models.access.RELATIONS_OF", wide)
    assert permissions.differences(world, "analyst", ["case"]) != []


def test_a_role_with_an_ability_too_many(world: permissions.World, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {**access.ABILITIES, Role.ANALYST: frozenset({access.Ability.WORK_DESK})}
    monkeypatch.setattr(access, "ABILITIES", wide)
    assert permissions.differences(world, "analyst", ["desk"]) != []


@contextmanager
def guard_that_always_holds(guard: Guard) -> Iterator[None]:
    """Guards are frozen, hence the long way."""
    check = guard.check
    object.__setattr__(guard, "check", lambda _case, _attempt: True)
    try:
        yield
    finally:
        object.__setattr__(guard, "check", check)


@pytest.mark.parametrize(
    ("edge", "guard"),
    [
        ("register", guards.IS_A_CHILD),
        ("assess", guards.PLACEMENT),
        ("register", guards.CANDIDATES_DECIDED),
    ],
)
def test_a_guard_that_always_holds(cast: Cast, edge: str, guard: Guard) -> None:
    assert alone_false(cast, edge, guard.code) == [guard.code]
    with guard_that_always_holds(guard):
        assert alone_false(cast, edge, guard.code) != [guard.code]


def test_an_edge_that_lost_a_guard() -> None:
    def careless(edge: Edge) -> Edge:
        return replace(edge, guards=edge.guards[1:]) if edge.name == "register" else edge

    machine = replace(LIFECYCLE, edges=tuple(map(careless, LIFECYCLE.edges)))
    assert table_differences() == []
    assert table_differences(machine) == ["register"]


@contextmanager
def trigger_dropped(name: str) -> Iterator[None]:
    """By the owner, as a careless migration would, and put back with its own words."""
    find = (
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE tgrelid = 'cases_case'::regclass AND tgname LIKE %s"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(find, [f"pgtrigger_{name}%"])
        ((trigger, words),) = cursor.fetchall()
        cursor.execute(f'DROP TRIGGER "{trigger}" ON cases_case')
        try:
            yield
        finally:
            cursor.execute(words)


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_is_gone(cast: Cast) -> None:
    def jumps() -> list[str]:
        return jump_differences(cast, by_queryset, ["reported"])

    assert jumps() == []
    with trigger_dropped("case_edges"):
        assert jumps() != []
    assert jumps() == []

    assert never_differences(cast, by_cursor) == []
    with trigger_dropped("case_never_plan"):
        assert never_differences(cast, by_cursor) != []

    assert detours_open(cast, by_cursor) == []
    with trigger_dropped("way_back"):
        assert detours_open(cast, by_cursor) != []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [AuditEvent, Case.history.model])
def test_a_grant_too_many(model: type[AuditEvent]) -> None:
    assert past.allowed(model) == []
    role = connection.settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT UPDATE ON "{model._meta.db_table}" TO "{role}"')
    try:
        assert any(found.startswith("rewrite") for found in past.allowed(model))
    finally:
        grants.settle(connections["owner"])
    assert past.allowed(model) == []


def test_the_database_alone_refuses_who_set_a_goal(cast: Cast) -> None:
    """The guard that Python asks is another one: with it planted away the trigger still stands."""
    case = files.in_state("planned", cast.ana.agency, worker=cast.ana, plan_author=cast.ana)
    facts.goals(case, cast.sami)
    moved = Case.objects.filter(pk=case.pk)
    with pytest.raises(IntegrityError, match="plan_approved_by_another"), transaction.atomic():
        moved.update(state="active", plan_approver=cast.sami)
    assert moved.update(state="active", plan_approver=cast.vera) == 1
