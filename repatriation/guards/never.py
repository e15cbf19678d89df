"""What nobody can set aside, through any door: read in Python for the sentence, in SQL for the database."""

from collections.abc import Iterable
from copy import copy

from django.utils.translation import gettext_lazy as _

from cases.models.choices import RUNNING_STATES
from repatriation.guards.country import country_of
from repatriation.models import ContactClearance, Return
from repatriation.models.choices import Conclusion, Option
from repatriation.models.facts import PROTECTED, is_protected
from repatriation.models.finding import IMPLICATED_BY, IMPLICATED_ROLES
from workflow.machine import Attempt, Guard, Override, Result


def _among(values: Iterable[object]) -> str:
    return ", ".join(f"'{value!s}'" for value in values)


_PROTECTED = _among(PROTECTED)
# Against the country in question: the one that the latest claim names, or any where none is named.
_IS_PROTECTED = (
    "(EXISTS (SELECT 1 FROM cases_legalprotection legal"
    f" WHERE legal.case_id = NEW.case_id AND legal.protection IN ({_PROTECTED}))"
    " AND COALESCE((SELECT claim.coded ->> 'against' = NEW.country FROM cases_trackstep claim"
    " WHERE claim.case_id = NEW.case_id AND claim.track = 'protection' AND claim.edge = 'claim_protection'"
    " ORDER BY claim.made_at DESC LIMIT 1), TRUE))"
)
# The latest finished assessment for the country in question.
_ASSESSMENT = (
    "FROM repatriation_securityassessment found"
    " WHERE found.way_id = NEW.id AND found.country = NEW.country AND found.finished_at IS NOT NULL"
    " ORDER BY found.version DESC LIMIT 1"
)
IMPLICATED = f"(person.role IN ({_among(IMPLICATED_ROLES)}) OR person.conflict IN ({_among(IMPLICATED_BY)}))"


def _case_runs(way: Return, attempt: Attempt) -> bool:
    return way.facts.case_runs


def _cleared(way: Return, attempt: Attempt) -> bool:
    return way.facts.is_cleared


def _not_protected(clearance: ContactClearance, attempt: Attempt) -> bool:
    return not is_protected(clearance.case, clearance.country)


def _positive(way: Return, attempt: Attempt) -> bool:
    assessment = way.facts.assessment_for(country_of(way))
    return assessment is not None and assessment.conclusion == Conclusion.POSITIVE


def _no_refoulement(way: Return, attempt: Attempt) -> bool:
    assessment = way.facts.assessment_for(country_of(way))
    return assessment is None or not assessment.refoulement


def _input_received(way: Return, attempt: Attempt) -> bool:
    return way.facts.has_input(country_of(way))


def _somebody_cares(way: Return, attempt: Attempt) -> bool:
    found = way.facts.arrangement_for(country_of(way))
    return found is not None and found.is_able and found.agreed_on is not None and not found.is_implicated


def _voters_are_free(way: Return, attempt: Attempt) -> bool:
    present = way.case.facts.assignment
    barred = {present.worker_id} if present else set()
    barred |= set(way.assessments.values_list("author_id", flat=True))
    return not any(seat.vote and seat.member_id in barred for seat in way.facts.seats)


def _second_supervisor(way: Return, attempt: Attempt) -> bool:
    return way.end_proposed_by_id is not None and way.end_proposed_by != attempt.actor


CASE_RUNS = Guard(
    "case_runs",
    _("The case is open and not suspended."),
    ("IACM",),
    _case_runs,
    override=Override.NEVER,
    violation=(
        "(SELECT held.state FROM cases_case held WHERE held.id = NEW.case_id)"
        f" NOT IN ({_among(RUNNING_STATES)})"
    ),
    hint=_("The return goes on when the case does."),
)
NOT_PROTECTED = Guard(
    "not_protected",
    _("No claim for international protection is pending or open to appeal, and no protection is held."),
    ("ASYL",),
    _not_protected,
    override=Override.NEVER,
    violation=_IS_PROTECTED,
    hint=_("Only a final refusal, or a counselled withdrawal of the claim, lifts this."),
)
CLEARED = Guard(
    "cleared",
    _("Contact with this country is cleared, and no protection against it is asked for or held."),
    ("ASYL", "CETS197 33(1)"),
    _cleared,
    override=Override.NEVER,
    violation=(
        "NOT EXISTS (SELECT 1 FROM repatriation_contactclearance clearance"
        " WHERE clearance.case_id = NEW.case_id AND clearance.country = NEW.country"
        f" AND clearance.state = 'cleared') OR {_IS_PROTECTED}"
    ),
    remedy="clearances",
    remedy_label=_("Clear contact"),
)
POSITIVE = Guard(
    "assessment_positive",
    _("The risk and security assessment concludes that going there is in the child’s best interests."),
    ("CETS197 16(7)",),
    _positive,
    override=Override.NEVER,
    violation=f"COALESCE((SELECT found.conclusion <> 'positive' {_ASSESSMENT}), TRUE)",
    remedy="return_assessment",
    remedy_label=_("Risk and security assessment"),
)
NO_REFOULEMENT = Guard(
    "no_refoulement",
    _("Nothing says that the child would be in serious danger there."),
    ("GC6 ¶84",),
    _no_refoulement,
    override=Override.NEVER,
    violation=f"COALESCE((SELECT found.refoulement {_ASSESSMENT}), FALSE)",
    remedy="return_assessment",
    remedy_label=_("Risk and security assessment"),
)
INPUT_RECEIVED = Guard(
    "input_received",
    _("The other country has said what it knows about safety there."),
    ("CETS197 16(7)",),
    _input_received,
    override=Override.NEVER,
    violation=(
        "NOT EXISTS (SELECT 1 FROM repatriation_countryinput given"
        " WHERE given.way_id = NEW.id AND given.country = NEW.country)"
    ),
    hint=_("The partner abroad writes it on its own page of this return."),
)
SOMEBODY_CARES = Guard(
    "somebody_cares",
    _(
        "A named adult or an authorised agency has agreed to take responsibility, is able to, and had no part in it."
    ),
    ("GA64/142 ¶148", "GC6 ¶85"),
    _somebody_cares,
    override=Override.NEVER,
    violation=(
        "NOT EXISTS (SELECT 1 FROM repatriation_carearrangement care"
        " LEFT JOIN cases_person person ON person.id = care.person_id"
        " WHERE care.way_id = NEW.id AND care.country = NEW.country AND NOT care.alternate"
        " AND care.ended_at IS NULL AND care.is_able AND care.agreed_on IS NOT NULL"
        f" AND (person.id IS NULL OR NOT {IMPLICATED}))"
    ),
    remedy="return_care",
    remedy_label=_("Who would care"),
)
VOTERS_ARE_FREE = Guard(
    "voters_are_free",
    _("Neither the worker of the case nor the author of the assessment has voted."),
    ("UNHCR-BIP",),
    _voters_are_free,
    override=Override.NEVER,
    violation=(
        "EXISTS (SELECT 1 FROM repatriation_seat seat WHERE seat.panel_id = NEW.panel_id AND seat.vote <> ''"
        " AND (seat.member_id IN (SELECT work.worker_id FROM cases_assignment work"
        " WHERE work.case_id = NEW.case_id AND work.ended_at IS NULL)"
        " OR seat.member_id IN (SELECT written.author_id FROM repatriation_securityassessment written"
        " WHERE written.way_id = NEW.id)))"
    ),
    hint=_("Convene the panel anew, with others."),
)
SECOND_SUPERVISOR = Guard(
    "second_supervisor",
    _("Another supervisor has proposed the end."),
    ("IACM",),
    _second_supervisor,
    override=Override.NEVER,
    violation=(
        "COALESCE(NEW.end_proposed_by_id = NEW.end_confirmed_by_id, TRUE) AND NOT (NEW.end_reason = 'case' AND"
        " (SELECT held.state FROM cases_case held WHERE held.id = NEW.case_id)"
        " IN ('not_eligible', 'referred_out', 'closed', 'duplicate'))"
    ),
    remedy="return_propose_end",
    remedy_label=_("Propose the end"),
    why=_("Four eyes see more than two: whoever wrote something does not approve it."),
)
DECIDES = {
    Option.RETURN: (POSITIVE, NO_REFOULEMENT, INPUT_RECEIVED, SOMEBODY_CARES),
    Option.THIRD_COUNTRY: (POSITIVE, NO_REFOULEMENT, INPUT_RECEIVED, SOMEBODY_CARES),
}


def against(way: Return, option: str) -> list[Result]:
    """What forbids the panel this option now, in the country that it would lead to; whatever anybody has voted."""
    imagined = copy(way)
    imagined.__dict__.pop("facts", None)
    if way.panel is not None:
        imagined.panel = copy(way.panel)
        imagined.panel.outcome = option
    results = (guard.judge(imagined, Attempt(None)) for guard in DECIDES.get(Option(option), ()))
    return [result for result in results if not result.passed]


# Checked again at every step from the decision to the departure, not only where they first stand.
STILL = (CASE_RUNS, CLEARED, POSITIVE, NO_REFOULEMENT, INPUT_RECEIVED, SOMEBODY_CARES)
