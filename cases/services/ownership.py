"""A file moves to another agency, which has accepted it. A part of other writes: the upper room that was asked."""

from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, User
from cases.models import Case, FormerOwner
from cases.permissions import can_own, is_assignable
from cases.services import assignment, clocks, grounds, papers
from workflow.services import withdraw_overrides_of_case


def move_to_agency(case: Case, agency: Agency, *, worker: User, by: User, transfer: UUID) -> FormerOwner:
    """The case is locked, and it is checked that `by` may take it for `agency`. The state stays.

    Whoever worked on it before keeps what stood in the file until this moment (`cases.permissions.former_files`).
    Tells nobody: the caller does, after all deadlines. Raises Invalid.
    """
    if not can_own(agency):
        raise Invalid("", _("This agency keeps no files, or has no supervisor."))
    former = _remember(case, agency, by, transfer)
    before, case.agency = case.agency, agency
    # What somebody proposed for the former owner, nobody here has agreed to.
    case.early_end, case.closure_author, case.closure_approver, case.retain_until = "", None, None, None
    case.import_key = ""
    case.save(
        update_fields=[
            "agency",
            "early_end",
            "closure_author",
            "closure_approver",
            "retain_until",
            "import_key",
        ]
    )
    if not is_assignable(worker, case):
        raise Invalid("worker", _("Choose a case worker of this agency."))
    assignment.unassign(case, by=by)
    grounds.change_owner(case, by=by)
    withdraw_overrides_of_case(case.pk)
    clocks.follow_agency(case, before)
    # Its file on paper ends with its period.
    papers.outdate_with_owner(case, before)
    record(by, "case.moved", case, case_id=case.pk, holder=str(agency.pk), former=str(former.pk))
    assignment.give(case, worker, by=by)
    return former


def _remember(case: Case, successor: Agency, by: User, transfer: UUID) -> FormerOwner:
    """First of all: whatever this write changes comes after its moment, and is not the former owner's to read."""
    present = case.facts.assignment
    return FormerOwner.objects.create(
        case=case,
        agency=case.agency,
        worker=present.worker if present else None,
        until=clock.now(),
        successor=successor,
        taken_by=by,
        transfer=transfer,
        import_key=case.import_key,
    )
