"""Does this child already have a file? Run the check, compare, decide."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

import clock
from accounts.access import Role, Section
from accounts.acting import write
from accounts.audit import record
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.matching.candidates import sought
from cases.matching.facts import Facts, facts_of, facts_of_many
from cases.matching.names import opened
from cases.matching.scoring import Likeness, likeness
from cases.models import Case, Child, DuplicateCandidate, DuplicateCheck, SearchTokens
from cases.models.choices import CaseState, Verdict
from cases.permissions import can_decide_candidate, can_write
from cases.registry import known_apart
from cases.services.clocks import supervisors_of, workers_of
from cases.services.evidence import settle
from cases.services.locking import locked, must_not_have_ended
from workflow import deadlines

# So many rows are opened and compared at most; tokens of two words and more find far fewer.
FEW = 200


@dataclass(frozen=True)
class Found:
    """Another file that may be the same child's."""

    case: Case
    likeness: Likeness


def alike(facts: Facts, *, besides: Case | None = None) -> list[Found]:
    """Of every agency, the likeliest first; for whoever goes on to show only what its reader may see.

    Opens few rows: those that share two words of a name as it may be spelled, or one thing that is rarer.
    """
    with opened.words() as words:
        condition = sought(facts, words).condition()
        salts = {word: words.salts.get(word, 1) for word in facts.words}
    if condition is None:
        return []
    carriers = SearchTokens.objects.filter(condition).values("case")
    rows = Child.objects.filter(case__in=carriers).exclude(case__state=CaseState.DUPLICATE)
    if besides is not None:
        rows = rows.exclude(case=besides).exclude(case__in=known_apart(besides))
    children = list(rows.select_related("case__agency")[:FEW])
    found = [
        Found(child.case, likeness(facts, theirs, salts))
        for child, theirs in zip(children, facts_of_many(children), strict=True)
    ]
    return sorted(
        (each for each in found if each.likeness.is_suspicious), key=lambda each: -each.likeness.points
    )


@write
def run_duplicate_check(case_id: UUID, *, actor: User) -> DuplicateCheck:
    """Looks over every agency's files; what was decided before stays decided."""
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.IDENTITY))
    must_not_have_ended(case)
    facts = facts_of(case.child)
    known = {found.other_id: found for found in DuplicateCandidate.objects.filter(case=case)}
    for each in alike(facts, besides=case):
        other, reasons = each.case, list(each.likeness.reasons)
        found = known.get(other.pk) or DuplicateCandidate(case=case, other=other)
        if (found.reasons, found.other_agency_id) != (reasons, other.agency_id):
            found.reasons, found.other_agency = reasons, other.agency
            found.save()
    check = DuplicateCheck.objects.create(
        case=case, run_by=actor, run_at=clock.now(), identity_digest=case.child.identity_digest
    )
    record(actor, "duplicates.checked", check, case_id=case.pk, sections=[Section.IDENTITY])
    settle(case, actor)
    return check


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
    merging = verdict == Verdict.SAME and actor.role != Role.SUPERVISOR
    told = supervisors_of(case) if merging else set()
    notify(told, "duplicates.same", case, case_id=case.pk)
    other = candidate.other
    if not other.has_ended:
        concerned = workers_of(other) | supervisors_of(other)
        notify(concerned - told - {actor}, "duplicates.decided_elsewhere", other, case_id=other.pk)
    return candidate


def candidates_about(case: Case) -> list[DuplicateCandidate]:
    """Those of this file, and what was decided about it from others; why stands there, under the other file's key."""
    about = Q(case=case) | Q(other=case, decided_at__isnull=False)
    rows = DuplicateCandidate.objects.filter(about)
    return list(
        rows.select_related("other", "other_agency", "decided_by__agency").order_by("-decided_at", "pk")
    )
