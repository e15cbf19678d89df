"""Who may do what with one case: role, relation and section, read from `accounts.access` and `CaseAccess`."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import Ability, Level, Relation, Role, Section, can, level
from accounts.models import AgencyKind, User
from cases.models import Case, CaseAccess, DuplicateCandidate, Report
from cases.models.choices import Basis


class Hand(TextChoices):
    """In whose hands an edge of the lifecycle lies."""

    CASE_WORKER = "case_worker", _("the assigned case worker")
    SUPERVISOR = "supervisor", _("a supervisor of the team")
    DUTY_WORKER = "duty_worker", _("the duty worker")
    CARING_PARTNER = "caring_partner", _("a partner that cares for the child")
    LEGAL_PARTNER = "legal_partner", _("the legal partner or guardian’s office")
    CLINIC = "clinic", _("the clinic")
    REHABILITATION_PARTNER = "rehabilitation_partner", _("the partner for rehabilitation")


# Steps, conditions and tasks of a case are the business of these.
WORKING_HANDS = frozenset({Hand.CASE_WORKER, Hand.SUPERVISOR, Hand.DUTY_WORKER})
# At night the duty worker does in the tracks what the assigned worker does by day: care does not wait.
TRACK_WORKERS = frozenset({Hand.CASE_WORKER, Hand.DUTY_WORKER})
# Grounds on which a partner writes in a section that it was given.
GIVEN = frozenset({Relation.REFERRED, Relation.PERSONAL})

HAND_OF = {
    Relation.ASSIGNED: Hand.CASE_WORKER,
    Relation.AGENCY: Hand.SUPERVISOR,
    Relation.DUTY: Hand.DUTY_WORKER,
    Relation.REFERRED: Hand.CARING_PARTNER,
}


def grounds(user: User, case: Case) -> list[CaseAccess]:
    """The live grounds on which this account sees this case; empty for a stranger."""
    return list(CaseAccess.objects.live_for(user).filter(case=case))


def hands(user: User, case: Case) -> frozenset[str]:
    return hands_on(grounds(user, case))


def hands_on(rows: list[CaseAccess]) -> frozenset[str]:
    return frozenset(HAND_OF[row.relation] for row in rows if row.relation in HAND_OF)


# Whose hand it is when a partner was given a section to write.
PARTNER_IN: Mapping[Section, Hand] = {
    Section.LEGAL: Hand.LEGAL_PARTNER,
    Section.MEDICAL: Hand.CLINIC,
    Section.REHABILITATION: Hand.REHABILITATION_PARTNER,
}


def hands_in(section: Section) -> Callable[[User, Any], frozenset[str]]:
    """Hands on a track's row: those on its case, and the partner's for whoever was given its section to write."""
    return lambda user, track: hands_in_section(grounds(user, track.case), section)


def hands_in_section(rows: list[CaseAccess], section: Section) -> frozenset[str]:
    given = any(row.relation in GIVEN and _level(row, section) >= Level.WRITE for row in rows)
    return hands_on(rows) | ({PARTNER_IN[section]} if given else frozenset())


def sections_on(rows: list[CaseAccess]) -> Mapping[Section, Level]:
    """The highest level in each section over all grounds. A section that is missing does not exist for the reader."""
    held: dict[Section, Level] = {}
    for row in rows:
        for section in Section:
            held[section] = max(held.get(section, Level.NONE), _level(row, section))
    return {section: found for section, found in held.items() if found > Level.NONE}


def _level(row: CaseAccess, section: Section) -> Level:
    return level(row.relation, section, row.sections, may_write=row.may_write)


def sections(user: User, case: Case) -> Mapping[Section, Level]:
    return sections_on(grounds(user, case))


def can_read(user: User, case: Case, section: Section) -> bool:
    return section in sections(user, case)


def can_write(user: User, case: Case, section: Section) -> bool:
    return sections(user, case).get(section, Level.NONE) >= Level.WRITE


def can_certify_fitness(user: User, case: Case) -> bool:
    """The clinic alone answers for a journey."""
    return Hand.CLINIC in hands_in_section(grounds(user, case), Section.MEDICAL)


def can_assign(user: User, case: Case) -> bool:
    return can(user, Ability.ASSIGN_WORKER) and Hand.SUPERVISOR in hands(user, case)


def is_assignable(worker: User, case: Case) -> bool:
    """Whether this account can work on the case: a case worker of the owning agency, switched on."""
    return worker.role == Role.CASE_WORKER and worker.agency_id == case.agency_id and worker.is_active


def team_cases(user: User) -> QuerySet[Case]:
    """The files that this account supervises."""
    return Case.objects.filter(
        pk__in=CaseAccess.objects.live_for(user).filter(basis=Basis.TEAM).values("case_id")
    )


def can_end_access(user: User, case: Case) -> bool:
    return Hand.SUPERVISOR in hands(user, case)


can_grant_personally = can_end_access
can_override_guard = can_end_access
can_propose_end = can_end_access
can_record_police_reference = can_end_access


def can_tell_police(user: User, case: Case) -> bool:
    return bool(hands(user, case) & WORKING_HANDS)


def can_link(user: User, case: Case) -> bool:
    """By day, by those whose case it is: what a link says does not wait for the night."""
    return bool(hands(user, case) & {Hand.CASE_WORKER, Hand.SUPERVISOR})


def can_raise_alarm(user: User, case: Case) -> bool:
    """The team's: telling another country is more than saying that the child is missing."""
    return bool(hands(user, case) & {Hand.CASE_WORKER, Hand.SUPERVISOR, Hand.DUTY_WORKER})


def can_write_closure(user: User, case: Case) -> bool:
    return Hand.CASE_WORKER in hands(user, case)


can_review_coming_of_age = can_write_closure
can_confirm_solution = can_end_access
can_decide_withdrawal = can_end_access


def can_record_outside(user: User, case: Case) -> bool:
    return bool(hands(user, case) & {Hand.CASE_WORKER, Hand.SUPERVISOR})


def can_decide_candidate(user: User, candidate: DuplicateCandidate) -> bool:
    """The worker decides between files that it sees; the supervisor asks where the other file is closed to both."""
    held = hands(user, candidate.case)
    if Hand.SUPERVISOR in held:
        return True
    return Hand.CASE_WORKER in held and bool(grounds(user, candidate.other))


def cases_of_officer(user: User) -> QuerySet[Case]:
    """The files of the officer's agency; of its whole country for a national data-protection office."""
    if not can(user, Ability.SEE_CASE_LOG):
        return Case.objects.none()
    if user.agency.kind == AgencyKind.DATA_PROTECTION:
        return Case.objects.filter(agency__country=user.agency.country)
    return Case.objects.filter(agency=user.agency_id)


def can_take_report(user: User, report: Report) -> bool:
    return can(user, Ability.WORK_DESK) and user.agency_id == report.desk_id and report.taken_at is None
