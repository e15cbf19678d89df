"""Does this child already have a file? Run the check, compare, decide."""

from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.permissions import require
from cases.matching import SUSPICIOUS, tokens_by_reason
from cases.models import Case, Child, DuplicateCandidate, DuplicateCheck
from cases.models.choices import CaseState, Verdict
from cases.permissions import can_write
from cases.services.errors import Invalid
from cases.services.locking import locked


@write
def run_duplicate_check(case_id: UUID, *, actor: User) -> DuplicateCheck:
    """Looks over every agency's files by keyed tokens; what was decided before stays decided."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.IDENTITY))
    table = tokens_by_reason(case.child)
    for other, reasons in _suspects(case, table).items():
        DuplicateCandidate.objects.update_or_create(
            case=case, other=other, defaults={"reasons": reasons, "other_agency": other.agency}
        )
    check = DuplicateCheck.objects.create(case=case, run_by=actor, run_at=clock.now(), tokens=sorted(table))
    record(actor, "duplicates.checked", check, case_id=case.pk, sections=[Section.IDENTITY])
    return check


def _suspects(case: Case, table: dict[int, str]) -> dict[Case, list[str]]:
    suspicious = [token for token, reason in table.items() if reason in SUSPICIOUS]
    found = (
        Child.objects.filter(search_tokens__overlap=suspicious)
        .exclude(case=case)
        .exclude(case__state=CaseState.DUPLICATE)
        .select_related("case__agency")
    )
    return {
        child.case: sorted({table[token] for token in child.search_tokens if token in table})
        for child in found
    }


@write
def decide_candidate(
    case_id: UUID, candidate_id: UUID, *, actor: User, verdict: Verdict, note: str = ""
) -> DuplicateCandidate:
    """Another child, or the same one (a supervisor then merges the files). A file of another agency stays a task."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.IDENTITY))
    candidate = DuplicateCandidate.objects.get(pk=candidate_id, case=case)
    if candidate.other_agency_id != case.agency_id:
        raise Invalid("verdict", _("Another agency keeps that file. Ask its supervisor first."))
    candidate.verdict, candidate.note = verdict, note or None
    candidate.decided_by, candidate.decided_at = actor, clock.now()
    candidate.save()
    record(
        actor, "duplicates.decided", candidate, case_id=case.pk, sections=[Section.IDENTITY], verdict=verdict
    )
    return candidate
