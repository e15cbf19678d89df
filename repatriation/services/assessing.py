"""The risk and security assessment: a draft that is worked on, then a version that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from cases.services.clocks import supervisors_of
from repatriation.guards.deciding import ASSESSMENT_DAYS
from repatriation.models import Return, SecurityAssessment
from repatriation.models.choices import Conclusion, Likelihood, ReturnState, RiskFactor
from repatriation.services import clocks
from repatriation.services.beginning import by_worker
from repatriation.services.events import add_event

# Of these something has to be done, or the assessment says why nothing can be.
TO_BE_MET = (Likelihood.MEDIUM, Likelihood.HIGH)


@dataclass(frozen=True)
class Weighed:
    """One factor: how likely, what shows it, and what is done against it."""

    likelihood: str = ""
    sources: str = ""
    mitigation: str = ""

    @property
    def is_said(self) -> bool:
        return bool(self.likelihood or self.sources or self.mitigation)


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """What the page sent. `version` is the one that it showed, `seen` the state of it.

    Services raise Meanwhile when somebody else has worked on the draft since.
    """

    version: int
    country: str
    seen: str = ""
    factors: Mapping[str, Weighed] = field(default_factory=dict)
    conclusion: str = ""
    refoulement: bool = False
    reasons: str = ""
    not_sought: str = ""


@write
def save_assessment(return_id: UUID, *, actor: User, assessed: Assessed) -> SecurityAssessment:
    """Keeps the draft as far as it goes. Without a draft the next version begins, whose author this is."""
    return _kept(by_worker(return_id, actor), actor, assessed)


@write
def finish_assessment(return_id: UUID, *, actor: User, assessed: Assessed) -> SecurityAssessment:
    """Makes the draft final, as it was sent. Whoever finishes is its author, and has no vote on the panel.

    Raises Invalid for the first thing that is missing, or that contradicts another.
    """
    way = by_worker(return_id, actor)
    latest = way.assessments.first()
    if latest and latest.finished_at and latest.version == assessed.version and _says(latest, assessed):
        return latest
    _check_complete(way, assessed)
    draft = _kept(way, actor, assessed)
    draft.author, draft.finished_at = actor, clock.now()
    draft.save(update_fields=["author", "finished_at"])
    _record(
        actor,
        "return.assessment_finished",
        draft,
        conclusion=draft.conclusion,
        refoulement=draft.refoulement,
        signs=list(draft.signs),
    )
    if way.state == ReturnState.PANEL_PENDING:
        # The panel that waits rests on the new one from now on.
        clocks.stop(way, clocks.STALE, met=True)
        clocks.follow(way)
    add_event(way, "assessment_finished", actor=actor)
    told = supervisors_of(way.case) - {actor}
    notify(told, "return.assessment_finished", way, case_id=way.case_id)
    return draft


def _check_complete(way: Return, assessed: Assessed) -> None:
    for code in RiskFactor.values:
        _check_factor(code, assessed.factors.get(code, Weighed()))
    if not assessed.conclusion:
        raise Invalid("conclusion", _("Choose what you conclude."))
    if not assessed.reasons:
        raise Invalid("reasons", _("Say how the conclusion follows."))
    if assessed.refoulement and assessed.conclusion == Conclusion.POSITIVE:
        raise Invalid(
            "conclusion",
            _(
                "Where no measure takes a serious danger away, going there is not in the child’s best interests."
            ),
        )
    if not assessed.not_sought and not way.facts.has_input(assessed.country):
        raise Invalid(
            "not_sought",
            _("The other country has said nothing yet. Wait for its input, or say why it was not asked."),
        )


def _check_factor(code: str, weighed: Weighed) -> None:
    if not weighed.likelihood:
        raise Invalid(f"{code}_likelihood", _("Choose how likely it is."))
    if not weighed.sources:
        raise Invalid(f"{code}_sources", _("Say what shows it, and who says so."))
    if weighed.likelihood in TO_BE_MET and not weighed.mitigation:
        raise Invalid(f"{code}_mitigation", _("Say what is done against it, or that nothing can be done."))


def _kept(way: Return, actor: User, assessed: Assessed) -> SecurityAssessment:
    draft = current_draft(way, actor)
    if draft.version != assessed.version:
        raise Invalid("", _("This version is finished. Open the page again to begin the next one."))
    if not is_country(assessed.country) or assessed.country == way.case.agency.country.code:
        raise Invalid("country", _("Choose another country than the one in which this case is worked."))
    if draft._state.adding or not _says(draft, assessed):
        require_unchanged(draft, assessed.seen)
        _fill(draft, assessed)
        draft.save()
        _record(actor, "return.assessment_saved", draft)
    return draft


def current_draft(way: Return, actor: User) -> SecurityAssessment:
    """The draft, or the next version, not saved yet: a copy of the one that was finished last."""
    latest = way.assessments.first()
    if latest is not None and latest.finished_at is None:
        return latest
    draft = SecurityAssessment(
        way=way,
        case=way.case,
        country=latest.country if latest else way.country,
        version=latest.version + 1 if latest else 1,
        author=actor,
        begun_at=clock.now(),
    )
    if latest is not None:
        draft.factors, draft.reasons = latest.factors, latest.reasons
        draft.not_sought, draft.signs = latest.not_sought, list(latest.signs)
        draft.conclusion, draft.refoulement = latest.conclusion, latest.refoulement
    return draft


def _fill(draft: SecurityAssessment, assessed: Assessed) -> None:
    draft.country = assessed.country
    draft.factors = _rows(assessed)
    draft.signs = _signs(assessed)
    draft.conclusion, draft.refoulement = assessed.conclusion, assessed.refoulement
    draft.reasons, draft.not_sought = assessed.reasons or None, assessed.not_sought or None


def _rows(assessed: Assessed) -> list[dict[str, Any]]:
    said = ((code, assessed.factors.get(code)) for code in RiskFactor.values)
    return [
        {
            "factor": code,
            "likelihood": each.likelihood,
            "sources": each.sources,
            "mitigation": each.mitigation,
        }
        for code, each in said
        if each is not None and each.is_said
    ]


def _signs(assessed: Assessed) -> list[str]:
    """Factors that are likely, in clear: what a board may count without opening anything."""
    return [
        code
        for code in RiskFactor.values
        if assessed.factors.get(code, Weighed()).likelihood == Likelihood.HIGH
    ]


def _says(version: SecurityAssessment, assessed: Assessed) -> bool:
    stored = (
        version.country,
        version.factors or [],
        version.conclusion,
        version.refoulement,
        version.reasons or "",
        version.not_sought or "",
    )
    sent = (assessed.country, _rows(assessed), assessed.conclusion, assessed.refoulement)
    return stored == (*sent, assessed.reasons, assessed.not_sought)


def holds_until(version: SecurityAssessment) -> datetime | None:
    """Until when a panel may rest its decision on it."""
    if version.finished_at is None:
        return None
    days = policy.get(ASSESSMENT_DAYS, agency=version.case.agency)
    return version.finished_at + timedelta(days=days)


def _record(actor: User, verb: str, version: SecurityAssessment, **details: Any) -> None:
    record(
        actor,
        verb,
        version,
        case_id=version.case_id,
        sections=[Section.RETURN_DECISION],
        version=version.version,
        country=version.country,
        **details,
    )
