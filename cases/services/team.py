"""Many files at once change hands: all of them or none."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import Ability, can
from accounts.acting import write
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case
from cases.models.choices import OPEN_STATES
from cases.permissions import is_assignable, team_cases
from cases.services import assignment

MOST_AT_ONCE = 100


@write
def reassign(
    case_ids: Collection[UUID],
    *,
    actor: User,
    worker: User,
    before: User | None,
    held: Mapping[UUID, UUID | None] | None = None,
) -> int:
    """Gives all these files to one worker; answers how many changed hands. Each is audited, each person told once.

    `before` is who had them on the page that was confirmed, nobody for files without a worker: what has gone to
    a third person meanwhile is not taken away in silence. `held` says the same file by file, where they are of
    several. What the worker has already stays as it is, so a
    second click changes nothing. Raises Case.DoesNotExist when one is outside the actor's scope.
    """
    require(can(actor, Ability.ASSIGN_WORKER))
    wanted = set(case_ids)
    if not wanted:
        raise Invalid("cases", _("Choose at least one file."))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid("cases", _("At most %(most)s files change hands at once.") % {"most": MOST_AT_ONCE})
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    _check_scope(cases, wanted, actor)
    if not all(is_assignable(worker, case) for case in cases):
        raise Invalid("worker", _("Choose a case worker of this agency."))
    moving = [case for case in cases if not _has(worker, case)]
    was = {case.pk: before.pk if before else None for case in moving} if held is None else held
    present = _check_present(moving, was)
    for case in moving:
        assignment.give(case, worker, by=actor)
    if moving:
        _tell(moving, worker, User.objects.filter(pk__in=present))
    return len(moving)


def _check_scope(cases: list[Case], wanted: set[UUID], actor: User) -> None:
    """Bulk actions filter like reads: one file that is not there for this actor, and nothing is done."""
    seen = set(Case.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if {case.pk for case in cases} != wanted or seen != wanted:
        raise Case.DoesNotExist
    require(team_cases(actor).filter(pk__in=wanted).count() == len(wanted))


def _has(worker: User, case: Case) -> bool:
    present = case.facts.assignment
    return present is not None and present.worker_id == worker.pk


def _check_present(moving: list[Case], was: Mapping[UUID, UUID | None]) -> set[UUID]:
    """Whoever has these files now, if that is whoever the confirmed page showed."""
    present = {case.pk: case.facts.assignment.worker_id if case.facts.assignment else None for case in moving}
    if any(was.get(case_id) != worker_id for case_id, worker_id in present.items()):
        raise Invalid("cases", _("Somebody else has some of these files now. Look at the list again."))
    if any(case.state not in OPEN_STATES for case in moving):
        raise Invalid("cases", _("Some of these files are not open any more. Look at the list again."))
    return {worker_id for worker_id in present.values() if worker_id}


def _tell(moving: list[Case], worker: User, before: Iterable[User]) -> None:
    """One notice each, however many files; it leads to the file when there is only one."""
    first = moving[0]
    notices = [(worker, "team.given", first.pk if len(moving) == 1 else None)]
    notices += [(loser, "team.taken", None) for loser in before]
    # In one order: two supervisors who exchange files of the same two workers must not wait in a ring.
    for receiver, kind, case_id in sorted(notices, key=lambda notice: notice[0].pk):
        notify([receiver], kind, first, case_id=case_id)
