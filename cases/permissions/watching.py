"""Who watches over files and over those who read them; what needs a second person from there."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import RELATIONS_OF, Ability, Relation, Role, can
from accounts.models import AgencyKind, User
from cases.models import (
    Case,
    EmergencyOpening,
    Erasure,
    LegalHold,
)
from cases.models.emergency import EmergencyOpeningQuerySet
from cases.permissions.acts import can_ask_for_erasure, can_hold, team_cases
from workflow.services import data_protection_officers


def cases_of_officer(user: User) -> QuerySet[Case]:
    """The files of the officer's agency; of its whole country for a national data-protection office."""
    if not can(user, Ability.SEE_CASE_LOG):
        return Case.objects.none()
    if user.agency.kind == AgencyKind.DATA_PROTECTION:
        return Case.objects.filter(agency__country=user.agency.country)
    return Case.objects.filter(agency=user.agency_id)


def can_confirm_erasure(user: User, case: Case, erasure: Erasure) -> bool:
    """A second supervisor, or the data-protection officer, who sees no section and need not."""
    others = can_ask_for_erasure(user, case) or cases_of_officer(user).filter(pk=case.pk).exists()
    return others and user.pk != erasure.asked_by_id


def can_lift_hold(user: User, case: Case, hold: LegalHold) -> bool:
    """Somebody who did not place it: alone, nobody keeps a file or lets go of it."""
    others = can_hold(user, case) or cases_of_officer(user).filter(pk=case.pk).exists()
    return others and user.pk != hold.placed_by_id


def can_open_in_emergency(user: User) -> bool:
    """Whoever can hold such a ground at all; of which files, the service asks."""
    return Relation.EMERGENCY in RELATIONS_OF[Role(user.role)]


def can_review_emergencies(user: User) -> bool:
    """Whether there is a queue for this account: of its team's files, or of those that it watches over."""
    return can(user, Ability.ASSIGN_WORKER) or can(user, Ability.SEE_CASE_LOG)


def emergencies_watched_by(user: User) -> EmergencyOpeningQuerySet:
    """Emergency openings of the files that this account answers for, reviewed or not; of an erased one none opens."""
    openings = EmergencyOpening.objects.filter(case__erased_at__isnull=True)
    if can(user, Ability.SEE_CASE_LOG):
        return openings.filter(case__in=cases_of_officer(user))
    if can(user, Ability.ASSIGN_WORKER):
        return openings.filter(case__in=team_cases(user))
    return openings.none()


def people_watched_by(user: User) -> QuerySet[User]:
    """Of whom this account may ask what they read: never of itself."""
    others = User.objects.exclude(pk=user.pk)
    if can(user, Ability.SEE_CASE_LOG):
        if user.agency.kind == AgencyKind.DATA_PROTECTION:
            return others.filter(agency__country=user.agency.country)
        return others.filter(agency=user.agency_id)
    if can(user, Ability.ASSIGN_WORKER):
        return others.filter(agency=user.agency_id, role=Role.CASE_WORKER)
    return others.none()


def watchers_of(account: User) -> set[User]:
    """The other side of the same: whoever may ask what this account read."""
    officers = set(data_protection_officers(account.agency))
    supervisors = User.objects.filter(agency=account.agency_id, role=Role.SUPERVISOR, is_active=True)
    return (officers | (set(supervisors) if account.role == Role.CASE_WORKER else set())) - {account}


def codes_known_to(user: User, case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Codes of those of these cases whose existence this account may know: it sees them, or watches over them."""
    known = cases_of_officer(user) if can(user, Ability.SEE_CASE_LOG) else Case.objects.visible_to(user)
    return dict(known.filter(pk__in=list(case_ids)).values_list("pk", "code"))
