"""Taking an edge, and setting a guard aside. Both are parts of a room's own write, inside its transaction."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.access import Ability, Role, Section, can
from accounts.audit import record
from accounts.models import Agency, AgencyKind, User
from accounts.notifications import notify
from accounts.permissions import require
from workflow.machine import (
    Attempt,
    Edge,
    Machine,
    NotOverridable,
    Override,
    Overrides,
    Result,
    Verdict,
    WrongState,
    visible_length,
)
from workflow.models import GuardOverride

SHORTEST_REASON = 20


def judge(machine: Machine, edge: Edge | str, subject: Model, attempt: Attempt) -> list[Result]:
    """Every guard of an edge as it stands now, overrides heeded: what a page shows before the button."""
    edge = machine.edge(edge) if isinstance(edge, str) else edge
    return machine.judge(edge, subject, attempt, _overrides(edge, subject, attempt.actor))


def move(
    machine: Machine,
    subject: Model,
    edge_name: str,
    attempt: Attempt,
    *,
    case_id: UUID,
    columns: Mapping[str, Any] | None = None,
    sections: Iterable[Section] = (),
) -> list[Result]:
    """Take an edge; answers how its guards were judged.

    The caller holds the row's lock and has refetched it. `columns` change in the same UPDATE as the state, so
    that triggers and constraints see both. `sections` are those that the step belongs to. Raises NotInHand,
    WrongState, or Refused with every failure.
    """
    edge = machine.edge(edge_name)
    before = _stored_state(machine, subject)
    # Memory may be older than the row, or come from a transaction that was rolled back.
    if before != machine.state_of(subject) or before not in edge.sources:
        machine.require_hand(edge, subject, attempt.actor)
        raise WrongState(edge)
    remembered = dict(subject.__dict__)
    try:
        overrides = _overrides(edge, subject, attempt.actor)
        verdict: Verdict = getattr(subject, edge.name)(attempt, overrides)
        for name, value in (columns or {}).items():
            setattr(subject, name, value)
        subject.save(update_fields=[machine.field, *(columns or {})])
        if not edge.stays:
            _spend_overrides(subject)
        _write_down(machine, edge, subject, attempt, case_id, before, verdict, sections)
    except BaseException:
        # The row was not moved, so neither is what stands for it in memory.
        subject.__dict__.clear()
        subject.__dict__.update(remembered)
        raise
    return list(verdict.results)


def override_guard(
    machine: Machine,
    subject: Model,
    edge_name: str,
    guard_code: str,
    *,
    actor: User,
    reason: str,
    case_id: UUID,
) -> GuardOverride:
    """A supervisor answers for one ⚠ guard; it counts when somebody else takes the step.

    Raises NotOverridable for every other guard, PermissionDenied, WrongState, or ValidationError for a reason
    of fewer than 20 readable characters. The data-protection officers are told.
    """
    edge = machine.edge(edge_name)
    guard = machine.guard(guard_code)
    if guard not in edge.guards or guard.override is not Override.SUPERVISOR:
        raise NotOverridable(f"{machine.name}.{edge.name}.{guard_code}")
    supervises = bool(machine.hands(actor, subject) & machine.override_hands)
    require(supervises and can(actor, Ability.OVERRIDE_GUARD))
    if visible_length(reason) < SHORTEST_REASON:
        short = _("Say why in at least %(count)s characters: others will rely on it.")
        raise ValidationError({"reason": short % {"count": SHORTEST_REASON}})
    if _stored_state(machine, subject) not in edge.sources:
        raise WrongState(edge)
    made = GuardOverride(
        case_id=case_id,
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        edge=edge.name,
        guard=guard.code,
        made_by=actor,
    )
    made.reason = reason
    made.save(force_insert=True)
    record(
        actor,
        f"{machine.name}.guard_overridden",
        subject,
        case_id=case_id,
        reason=reason,
        edge=edge.name,
        guard=guard.code,
        override=str(made.pk),
    )
    notify(data_protection_officers(actor.agency), "guard.overridden", subject, case_id=case_id)
    return made


def _stored_state(machine: Machine, subject: Model) -> str | None:
    """What the database says, under the row's lock; None where there is no such row."""
    rows = type(subject)._base_manager.select_for_update(of=("self",))
    return rows.filter(pk=subject.pk).values_list(machine.field, flat=True).first()


def _waiting(subject: Model) -> QuerySet[GuardOverride]:
    return GuardOverride.objects.filter(
        subject_label=subject._meta.label_lower, subject_id=subject.pk, used_at=None
    )


def _overrides(edge: Edge, subject: Model, actor: User | None) -> Overrides:
    """Which override counts for a failed guard: the oldest one that waits and is not the actor's own."""

    def counting(codes: frozenset[str]) -> Mapping[str, UUID]:
        rows = _waiting(subject).filter(edge=edge.name, guard__in=codes)
        if actor is not None:
            rows = rows.exclude(made_by=actor)
        return dict(rows.order_by("-made_at", "-pk").values_list("guard", "pk"))

    return counting


def _spend_overrides(subject: Model) -> None:
    """All that wait, needed or not: what was answered for in one state is not answered for in the next."""
    _waiting(subject).update(used_at=clock.now())


def withdraw_overrides_of_case(case_id: UUID) -> None:
    """Another agency answers for the case now, and with it for every condition."""
    GuardOverride.objects.filter(case_id=case_id, used_at=None).update(used_at=clock.now())


def withdraw_overrides(subject: Model, guard_code: str) -> None:
    """The fact has changed for which somebody answered; a part of the write that changes it."""
    _waiting(subject).filter(guard=guard_code).update(used_at=clock.now())


def _write_down(
    machine: Machine,
    edge: Edge,
    subject: Model,
    attempt: Attempt,
    case_id: UUID,
    before: str,
    verdict: Verdict,
    sections: Iterable[Section],
) -> None:
    details: dict[str, Any] = {
        "from": before,
        "to": verdict.target,
        "guards": [result.stored() for result in verdict.results],
        "evidence": [str(document) for document in attempt.evidence],
    }
    verb = f"{machine.name}.{edge.name}"
    record(attempt.actor, verb, subject, case_id=case_id, reason=attempt.reason, sections=sections, **details)


def data_protection_officers(agency: Agency) -> QuerySet[User]:
    """The agency's own, and those of its country's data-protection office."""
    of_country = Q(agency__kind=AgencyKind.DATA_PROTECTION, agency__country=agency.country)
    officers = User.objects.filter(role=Role.DATA_PROTECTION_OFFICER)
    return officers.filter(Q(agency=agency) | of_country)
