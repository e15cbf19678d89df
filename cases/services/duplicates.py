"""Does this child already have a file? Run the check, compare, decide."""

from uuid import UUID

import clock
from accounts.access import Role, Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.matching import SUSPICIOUS, tokens_by_reason
from cases.models import Case, Child, DuplicateCandidate, DuplicateCheck
from cases.models.choices import CaseState, Verdict
from cases.permissions import can_decide_candidate, can_write
from cases.registry import known_apart
from cases.services.clocks import supervisors_of
from cases.services.evidence import settle
from cases.services.locking import locked, must_not_have_ended
from workflow import deadlines


@write
def run_duplicate_check(case_id: UUID, *, actor: User) -> DuplicateCheck:
    """Looks over every agency's files by keyed tokens; what was decided before stays decided."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.IDENTITY))
    must_not_have_ended(case)
    table = tokens_by_reason(case.child)
    known = {found.other_id: found for found in DuplicateCandidate.objects.filter(case=case)}
    for other, reasons in _suspects(case, table).items():
        found = known.get(other.pk) or DuplicateCandidate(case=case, other=other)
        if (found.reasons, found.other_agency_id) != (reasons, other.agency_id):
            found.reasons, found.other_agency = reasons, other.agency
            found.save()
    check = DuplicateCheck.objects.create(case=case, run_by=actor, run_at=clock.now(), tokens=sorted(table))
    record(actor, "duplicates.checked", check, case_id=case.pk, sections=[Section.IDENTITY])
    settle(case, actor)
    return check


def _suspects(case: Case, table: dict[int, str]) -> dict[Case, list[str]]:
    suspicious = [token for token, reason in table.items() if reason in SUSPICIOUS]
    found = (
        Child.objects.filter(search_tokens__overlap=suspicious)
        .exclude(case=case)
        .exclude(case__in=known_apart(case))
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
    """Another child, or the same one (a supervisor then merges the files, and is told when a worker decides so).

    Whoever decides has seen both files. A file that the worker may not open, another agency's among them, is
    the supervisor's question.
    """
    case = locked(case_id, actor)
    candidate = DuplicateCandidate.objects.select_related("other").get(pk=candidate_id, case=case)
    require(can_decide_candidate(actor, candidate))
    must_not_have_ended(case)
    candidate.verdict, candidate.note = verdict, note or None
    candidate.decided_by, candidate.decided_at = actor, clock.now()
    candidate.save()
    record(
        actor, "duplicates.decided", candidate, case_id=case.pk, sections=[Section.IDENTITY], verdict=verdict
    )
    deadlines.meet(case.pk, "ask_other_agency", {"candidate": str(candidate.pk)})
    settle(case, actor)
    if verdict == Verdict.SAME and actor.role != Role.SUPERVISOR:
        notify(supervisors_of(case), "duplicates.same", case, case_id=case.pk)
    return candidate
