"""The best-interests assessment: a draft that is worked on, then a version that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.models import BestInterestsAssessment, Case
from cases.models.situation import FACTORS
from cases.permissions import can_write
from cases.services.evidence import settle
from cases.services.locking import locked
from cases.services.standing import require_open
from workflow import deadlines

BEST_INTERESTS_AGAIN = "best_interests_again"


@dataclass(frozen=True, kw_only=True)
class Argued:
    """What is argued factor by factor, and what follows from it.

    `version` is the one that the page showed, `seen` the state of it. Services raise Meanwhile when somebody else
    has worked on the draft since.
    """

    version: int
    seen: str = ""
    factors: Mapping[str, str] = field(default_factory=dict)
    recommendation: str = ""
    conclusion: str = ""


@write
def save_best_interests(case_id: UUID, *, actor: User, argued: Argued) -> BestInterestsAssessment:
    """Keeps the draft as far as it goes. Without a draft the next version begins, whose author this is."""
    return _kept(_case_for_assessment(case_id, actor), actor, argued)


@write
def finish_best_interests(case_id: UUID, *, actor: User, argued: Argued) -> BestInterestsAssessment:
    """Makes the draft final, as it was sent. Whoever finishes answers for it, and so becomes its author.

    Raises Invalid for the first factor that is not argued, or without a recommendation or conclusion.
    """
    case = _case_for_assessment(case_id, actor)
    _check_complete(argued)
    latest = case.best_interests.first()
    if latest and latest.finished_at and latest.version == argued.version and _says(latest, argued):
        return latest
    draft = _kept(case, actor, argued)
    draft.author, draft.finished_at = actor, clock.now()
    draft.save(update_fields=["author", "finished_at"])
    _record(actor, "best_interests.finished", draft, recommendation=draft.recommendation)
    deadlines.meet(case.pk, BEST_INTERESTS_AGAIN)
    settle(case, actor)
    return draft


def _case_for_assessment(case_id: UUID, actor: User) -> Case:
    case = locked(case_id, actor)
    require(can_write(actor, case, Section.RISK))
    require_open(case)
    return case


def _check_complete(argued: Argued) -> None:
    for name, _label in FACTORS:
        if not argued.factors.get(name):
            raise Invalid(name, _("Argue this factor, or say why it cannot be argued yet."))
    if not argued.recommendation:
        raise Invalid("recommendation", _("Choose what you recommend."))
    if not argued.conclusion:
        raise Invalid("conclusion", _("Say how the recommendation follows."))


def _kept(case: Case, actor: User, argued: Argued) -> BestInterestsAssessment:
    draft = current_draft(case, actor)
    if draft.version != argued.version:
        raise Invalid("version", _("This version is finished. Open the page again to begin the next one."))
    if draft._state.adding or not _says(draft, argued):
        require_unchanged(draft, argued.seen)
        draft.factors = _said(argued)
        draft.recommendation = argued.recommendation
        draft.conclusion = argued.conclusion or None
        draft.save()
        _record(actor, "best_interests.saved", draft)
    return draft


def current_draft(case: Case, actor: User) -> BestInterestsAssessment:
    """The draft, or the next version, not saved yet: a copy of the one that was finished last."""
    latest = case.best_interests.first()
    if latest is not None and latest.finished_at is None:
        return latest
    draft = BestInterestsAssessment(
        case=case, version=latest.version + 1 if latest else 1, author=actor, begun_at=clock.now()
    )
    if latest is not None:
        draft.factors = latest.factors
        draft.recommendation, draft.conclusion = latest.recommendation, latest.conclusion
    return draft


def _said(argued: Argued) -> dict[str, str]:
    return {name: argued.factors[name] for name, _label in FACTORS if argued.factors.get(name)}


def _says(version: BestInterestsAssessment, argued: Argued) -> bool:
    stored = (version.factors or {}, version.recommendation, version.conclusion or "")
    return stored == (_said(argued), argued.recommendation, argued.conclusion)


def _record(actor: User, verb: str, version: BestInterestsAssessment, **details: str) -> None:
    record(
        actor,
        verb,
        version,
        case_id=version.case_id,
        sections=[Section.RISK],
        version=version.version,
        **details,
    )
