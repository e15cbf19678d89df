"""Who may do what with one case, and who reads which notes, conferences and former files."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import RELATIONS_OF, Ability, Level, Relation, Role, Section, can, level, rule
from accounts.models import Agency, AgencyKind, User
from cases.models import (
    AgendaPoint,
    Case,
    CaseAccess,
    Conference,
    Document,
    DuplicateCandidate,
    FormerOwner,
    Invitation,
    Note,
    Report,
    Task,
)
from cases.models.access import OF_OWN_AGENCY
from cases.models.choices import Basis
from cases.permissions.grounds import (
    GIVEN,
    WORKING_HANDS,
    Hand,
    grounds,
    hands,
    hands_in_section,
    hands_on,
    sections,
    sections_on,
)


def can_read(user: User, case: Case, section: Section) -> bool:
    return section in sections(user, case)


def can_write(user: User, case: Case, section: Section) -> bool:
    return sections(user, case).get(section, Level.NONE) >= Level.WRITE


def can_certify_fitness(user: User, case: Case) -> bool:
    """The clinic alone answers for a journey."""
    return Hand.CLINIC in hands_in_section(grounds(user, case), Section.MEDICAL)


# Whoever may have a part of the plan, if only what is its own, can be given a task; whoever writes it, a visit.
GIVEN_TASKS = frozenset(each for each in Relation if rule(each, Section.PLAN).level > Level.NONE)


GIVEN_VISITS = frozenset(each for each in Relation if level(each, Section.PLAN) >= Level.WRITE)


def people_on(
    case: Case,
    relations: frozenset[Relation] = GIVEN_TASKS,
    live: Iterable[CaseAccess] | None = None,
) -> QuerySet[User]:
    """Accounts which have access to the case now by one of these relations, in the order of their names.

    `live` are the grounds on the case that count now, where the caller has them already.
    """
    holders = Q(pk__in=[])
    for row in CaseAccess.objects.live().filter(case=case) if live is None else live:
        # The agency's standing duty ground counts only for whoever has a shift, which is nobody in advance.
        if row.relation in relations and not row.stands_by:
            roles = [role for role, held in RELATIONS_OF.items() if row.relation in held]
            who = Q(pk=row.account_id) if row.account_id else Q(agency=row.agency_id)
            if row.basis in OF_OWN_AGENCY:
                # Who works for another agency now has left the old one's files behind.
                who &= Q(agency=case.agency_id)
            holders |= who & Q(role__in=roles)
    people = User.objects.filter(holders, is_active=True, agency__is_active=True)
    return people.select_related("agency").order_by("name", "pk")


def may_be_given_tasks(user: User, case: Case) -> QuerySet[User]:
    """To whom this account may give a task: who works on the case, to all who have access.

    Others are not told who they are: a partner gives tasks inside its own agency, and to who works on the case.
    """
    people = people_on(case)
    if hands(user, case) & WORKING_HANDS:
        return people
    return people.filter(Q(agency=user.agency_id) | Q(agency=case.agency_id))


def can_finish_task(user: User, task: Task) -> bool:
    """Whoever writes the plan, and the one to whom it was given while that one still sees the case."""
    held = grounds(user, task.case)
    own = bool(held) and task.assignee_id == user.pk
    return own or sections_on(held).get(Section.PLAN, Level.NONE) >= Level.WRITE


def note_labels(rows: list[CaseAccess]) -> list[Section]:
    """The labels under which somebody on these grounds writes notes: of sections that it may write itself.

    Where notes are only read (a supervisor), what was given to write (a partner's section) still counts.
    """
    may_all = sections_on(rows).get(Section.NOTES, Level.NONE) >= Level.WRITE
    held = sections_on(rows if may_all else [row for row in rows if row.relation in GIVEN])
    writable = {section for section, found in held.items() if found >= Level.WRITE}
    return [section for section in Section if section in writable - {Section.DOCUMENTS}]


def notes_visible(user: User, case: Case, rows: list[CaseAccess] | None = None) -> QuerySet[Note]:
    """The notes of a case that this account reads: every list, timeline and export asks here.

    Who may read notes reads those whose label it may read too. A partner's agency keeps reading its own while it
    has any access; inside the agency that owns the case the sections decide, and one's own notes stay one's own.
    `rows` are the account's live grounds where the caller has them already.
    """
    rows = grounds(user, case) if rows is None else rows
    if not rows:
        return Note.objects.none()
    held = sections_on(rows)
    readable = [section.value for section in held] if Section.NOTES in held else []
    at_home = user.agency_id == case.agency_id
    own = Q(written_by=user) if at_home else Q(agency=user.agency_id)
    return Note.objects.filter(Q(section__in=readable) | own, case=case)


# A note and a document have labels of their own; nobody meets about them as such.
NO_LABELS = frozenset({Section.NOTES, Section.DOCUMENTS})


def labels_to_write(rows: list[CaseAccess]) -> list[Section]:
    """The labels under which somebody on these grounds writes agenda points and appointments.

    Unlike notes, which a supervisor only reads: it writes the plan, so it puts points of the plan on the agenda.
    """
    held = sections_on(rows)
    return [each for each in Section if held.get(each, Level.NONE) >= Level.WRITE and each not in NO_LABELS]


def can_chair(user: User, case: Case) -> bool:
    """Who calls a conference, moves or cancels it, writes its minute and closes that: who works on the case."""
    return bool(hands(user, case) & WORKING_HANDS)


def standing_invitations(user: User) -> QuerySet[Invitation]:
    """Of this account, those that still count: access that ended took them along.

    Whoever is let in anew is invited anew: an invitation counts while a ground that is older than it does.
    """
    older = CaseAccess.objects.live_for(user).filter(case=OuterRef("case"), since__lte=OuterRef("invited_at"))
    mine = Invitation.objects.filter(Exists(older), account=user, withdrawn_at__isnull=True)
    return mine


def conferences_visible(user: User, case: Case, rows: list[CaseAccess] | None = None) -> QuerySet[Conference]:
    """All for those who work on the case; for others those to which they are invited.

    Which points of them somebody reads is decided by the label of each.
    """
    rows = grounds(user, case) if rows is None else rows
    every = Conference.objects.filter(case=case)
    if hands_on(rows) & WORKING_HANDS:
        return every
    if not sections_on(rows):
        return every.none()
    return every.filter(pk__in=standing_invitations(user).filter(case=case).values("conference"))


def invited_to(conference: Conference) -> list[Invitation]:
    """Who is invited and still has access to the case, by name; and who was there, whatever came of their access."""
    case = conference.case
    rows = list(CaseAccess.objects.live().filter(case=case))
    people = set(people_on(case, live=rows).values_list("pk", flat=True))
    invited = conference.invitations.filter(withdrawn_at__isnull=True).select_related("account__agency")
    return [
        each
        for each in invited.order_by("account__name", "pk")
        if each.attended or (each.account_id in people and _held_before(rows, each))
    ]


def _held_before(rows: list[CaseAccess], invitation: Invitation) -> bool:
    account = invitation.account
    mine = [row for row in rows if row.account_id == account.pk or row.agency_id == account.agency_id]
    return any(row.since <= invitation.invited_at for row in mine)


def can_remove_point(user: User, point: AgendaPoint, case: Case) -> bool:
    """Whoever added it, and whoever chairs."""
    return point.added_by_id == user.pk or can_chair(user, case)


def can_remove_document(user: User, document: Document, rows: list[CaseAccess]) -> bool:
    """Those who work on the case, what they may write; a partner, what its own agency added."""
    written = sections_on(rows).get(Section(document.section), Level.NONE) >= Level.WRITE
    own = document.added_by.agency_id == user.agency_id
    return written and (own or bool(hands_on(rows) & WORKING_HANDS))


def can_assign(user: User, case: Case) -> bool:
    return can(user, Ability.ASSIGN_WORKER) and Hand.SUPERVISOR in hands(user, case)


def is_assignable(worker: User, case: Case) -> bool:
    """Whether this account can work on the case: a case worker of the owning agency, switched on."""
    return worker.role == Role.CASE_WORKER and worker.agency_id == case.agency_id and worker.is_active


# Who keeps files: a desk takes reports, workers have cases, supervisors answer for them. Others offer services.
KEEPS_FILES = frozenset({AgencyKind.SOCIAL_SERVICE})


def can_own(agency: Agency) -> bool:
    """Whether a file may come to this agency: without a supervisor there it would belong to nobody."""
    supervisors = User.objects.filter(agency=agency, role=Role.SUPERVISOR, is_active=True)
    return agency.is_active and agency.kind in KEEPS_FILES and supervisors.exists()


def may_be_named(user: User) -> QuerySet[User]:
    """To whom this account may give a file that comes to its agency: a supervisor to all, a worker to itself."""
    workers = User.objects.filter(agency=user.agency_id, role=Role.CASE_WORKER, is_active=True)
    if not can(user, Ability.ASSIGN_WORKER):
        workers = workers.filter(pk=user.pk)
    return workers.order_by("name", "pk")


# What those who read a file of the past were to it then.
FORMERLY: Mapping[Role, Relation] = {
    Role.SUPERVISOR: Relation.AGENCY,
    Role.CASE_WORKER: Relation.ASSIGNED,
}


def former_files(user: User) -> QuerySet[FormerOwner]:
    """Files that the account's agency had: for its supervisors, and for the worker who had the file at the end.

    Whoever works for another agency now has left them behind.
    """
    rows = FormerOwner.objects.filter(agency=user.agency_id, case__erased_at__isnull=True)
    if user.role == Role.SUPERVISOR:
        return rows
    return rows.filter(worker=user) if user.role == Role.CASE_WORKER else rows.none()


def former_sections(user: User) -> list[Section]:
    """What such a reader saw as long as the file was theirs."""
    relation = FORMERLY.get(Role(user.role), Relation.NONE)
    return [section for section in Section if level(relation, section) > Level.NONE]


def former_readers(former: FormerOwner) -> QuerySet[User]:
    """Those to whom `former_files` shows it."""
    worker = Q(pk=former.worker_id, role=Role.CASE_WORKER)
    return User.objects.filter(
        worker | Q(role=Role.SUPERVISOR), agency=former.agency_id, is_active=True
    ).select_related("agency")


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


can_ask_for_erasure = can_end_access


can_hold = can_end_access


# By day, those whose case it is: what they write does not wait for the night.
DAY_HANDS = frozenset({Hand.CASE_WORKER, Hand.SUPERVISOR})


def can_tell_police(user: User, case: Case) -> bool:
    """The team's, and so is telling another country: more than saying that the child is missing."""
    return bool(hands(user, case) & WORKING_HANDS)


can_raise_alarm = can_tell_police


def can_link(user: User, case: Case) -> bool:
    return bool(hands(user, case) & DAY_HANDS)


def can_write_closure(user: User, case: Case) -> bool:
    return Hand.CASE_WORKER in hands(user, case)


can_review_coming_of_age = can_write_closure


can_confirm_solution = can_end_access


can_decide_withdrawal = can_end_access


can_record_outside = can_link


def can_decide_candidate(user: User, candidate: DuplicateCandidate) -> bool:
    """The worker decides between files that it sees; the supervisor asks where the other file is closed to both."""
    held = hands(user, candidate.case)
    if Hand.SUPERVISOR in held:
        return True
    return Hand.CASE_WORKER in held and bool(grounds(user, candidate.other))


def can_take_report(user: User, report: Report) -> bool:
    return can(user, Ability.WORK_DESK) and user.agency_id == report.desk_id and report.taken_at is None
