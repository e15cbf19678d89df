"""From the first question to the decision: what is found out, and how a panel decides."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

import clock
from accounts import policy
from cases.models.choices import Purpose
from cases.models.situation import FACTORS
from repatriation.guards.country import country_of
from repatriation.models import Return
from repatriation.models.choices import OPEN, Channel, Option, ReturnState
from workflow.machine import Attempt, Guard

ASSESSMENT_DAYS = "return.assessment_days"
QUORUM = "return.quorum"
DEFER_DAYS = "return.defer_days"
SHORTEST_EVIDENCE = 20


LEAVING = (Option.RETURN, Option.THIRD_COUNTRY)


def today(way: Return) -> date:
    return clock.today(way.case.agency.time_zone)


def within(way: Return, key: str, moment: Any) -> bool:
    """Whether it happened within the agency's so many days; a day counts whole."""
    return bool(moment) and clock.now() - moment <= timedelta(days=policy.get(key, agency=way.case.agency))


def is_authority(way: Return, attempt: Attempt) -> bool:
    return (attempt.values.get("code") or way.channel) == Channel.AUTHORITY


def _wish_known(way: Return, attempt: Attempt) -> bool:
    return way.facts.wish is not None


def _consent_to_tracing(way: Return, attempt: Attempt) -> bool:
    return way.case.facts.agreed(Purpose.TRACING)


def _channel_cleared(way: Return, attempt: Attempt) -> bool:
    return not is_authority(way, attempt) or way.facts.is_cleared


def _relationship_verified(way: Return, attempt: Attempt) -> bool:
    return way.relationships.exists()


def limit(name: str, key: str) -> Callable[[Return], Mapping[str, int]]:
    """What the sentence of a guard calls `name`: the policy `key` of the agency that owns the case."""
    return lambda way: {name: policy.get(key, agency=way.case.agency)}


def _fresh_assessment(way: Return, attempt: Attempt) -> bool:
    """Of any country that is in question: a panel may turn to another one than it was asked about."""
    latest = way.assessments.filter(finished_at__isnull=False).first()
    panel = way.facts.panel
    if way.state == ReturnState.PANEL_PENDING and panel is not None and panel.outcome in LEAVING:
        # What was voted for is judged by what was written about that country.
        latest = way.facts.assessment_for(country_of(way))
    return latest is not None and within(way, ASSESSMENT_DAYS, latest.finished_at)


def _input_or_reason(way: Return, attempt: Attempt) -> bool:
    latest = way.assessments.filter(finished_at__isnull=False).first()
    return latest is not None and (way.facts.has_input(latest.country) or bool(latest.not_sought))


def _closed(way: Return) -> bool:
    panel = way.facts.panel
    return panel is not None and panel.closed_at is not None and panel.dissolved_at is None


def _quorum(way: Return, attempt: Attempt) -> bool | Mapping[str, str | int]:
    voted = sum(bool(seat.vote) for seat in way.facts.seats)
    return voted >= policy.get(QUORUM, agency=way.case.agency) or {"voted": voted}


def _no_majority(way: Return, attempt: Attempt) -> bool:
    """Half of the votes is no majority yet, but more than half must never come from one agency."""
    votes = Counter(seat.agency_id for seat in way.facts.seats if seat.vote)
    return not votes or max(votes.values()) * 2 <= votes.total()


def _child_heard(way: Return, attempt: Attempt) -> bool:
    panel = way.facts.panel
    return panel is not None and panel.child_heard_on is not None and bool(panel.child_means)


def _representative_heard(way: Return, attempt: Attempt) -> bool:
    return way.facts.panel is not None and way.facts.panel.representative_heard_on is not None


def options_of(third_country: str) -> list[Option]:
    """What a panel weighs; a third country only where one is in question."""
    return [each for each in Option if each != Option.THIRD_COUNTRY or third_country]


def _all_argued(way: Return, attempt: Attempt) -> bool | Mapping[str, str | int]:
    panel = way.facts.panel
    if panel is None:
        return False
    wanted = {(code, option.value) for code, _label in FACTORS for option in options_of(panel.third_country)}
    missing = wanted - set(panel.arguments.values_list("factor", "option"))
    return not missing or {"missing": len(missing)}


def _minute_signed(way: Return, attempt: Attempt) -> bool:
    return _closed(way) and way.facts.panel.minute_signed_at is not None  # type: ignore[union-attr]


def _dissent_recorded(way: Return, attempt: Attempt) -> bool:
    panel = way.facts.panel
    if panel is None:
        return False
    others = (seat for seat in way.facts.seats if seat.vote and seat.vote != panel.outcome)
    return all(seat.dissent_on is not None for seat in others)


def voted_for(option: Option) -> Guard:
    def check(way: Return, attempt: Attempt) -> bool:
        return _closed(way) and way.facts.panel.outcome == option  # type: ignore[union-attr]

    return Guard(
        f"voted_{option.value}",
        _("The chair has closed the vote, and this is what the majority voted for. A tie defers."),
        ("UNHCR-BIP",),
        check,
        remedy="panel",
        remedy_label=_("The panel"),
    )


def _review_in_time(way: Return, attempt: Attempt) -> bool:
    on, now = attempt.values.get("review_on"), today(way)
    days = policy.get(DEFER_DAYS, agency=way.case.agency)
    return on is None or now < on <= now + timedelta(days=days)


def _no_other_open(way: Return, attempt: Attempt) -> bool:
    others = Return.objects.filter(case=way.case_id, state__in=OPEN).exclude(pk=way.pk)
    return not others.exists()


NO_OTHER_OPEN = Guard(
    "no_other_open",
    _("No other return of this child is open."),
    ("PAL8",),
    _no_other_open,
    hint=_("Go on with the other one."),
)
WISH_KNOWN = Guard(
    "wish_known",
    _("The child was asked what it wishes."),
    ("CRC 12", "IACM"),
    _wish_known,
    remedy="return_wish",
    remedy_label=_("Record the child’s wish"),
)
CONSENT_TO_TRACING = Guard(
    "consent_to_tracing",
    _("There is consent to look for the family."),
    ("IACM", "HTCDS"),
    _consent_to_tracing,
    remedy="consent_new",
    remedy_label=_("Record consent"),
)
CHANNEL_CLEARED = Guard(
    "channel_cleared",
    _("Where an authority of that country is asked, contact with it is cleared."),
    ("ASYL",),
    _channel_cleared,
    remedy="clearances",
    remedy_label=_("Clear contact"),
)
RELATIONSHIP_VERIFIED = Guard(
    "relationship_verified",
    _("It is shown how somebody who was found is related to the child."),
    ("IACM",),
    _relationship_verified,
    remedy="return_family",
    remedy_label=_("The family"),
    why=_("People who exploited a child have said before that they were its family."),
)
FRESH_ASSESSMENT = Guard(
    "fresh_assessment",
    _("The risk and security assessment is finished and at most %(days)s days old."),
    ("CETS197 16(7)",),
    _fresh_assessment,
    remedy="return_assessment",
    remedy_label=_("Risk and security assessment"),
    limits=limit("days", ASSESSMENT_DAYS),
)
INPUT_OR_REASON = Guard(
    "input_or_reason",
    _("The other country has given its input, or it is said why it was not asked."),
    ("CETS197 16(7)", "ASYL"),
    _input_or_reason,
    remedy="return_assessment",
    remedy_label=_("Risk and security assessment"),
)
HAS_QUORUM = Guard(
    "quorum",
    _("At least %(needed)s members have voted."),
    ("UNHCR-BIP",),
    _quorum,
    remedy="panel",
    remedy_label=_("The panel"),
    limits=limit("needed", QUORUM),
)
NO_MAJORITY = Guard(
    "no_agency_majority",
    _("No agency has more than half of the votes."),
    ("UNHCR-BIP",),
    _no_majority,
    remedy="panel",
    remedy_label=_("The panel"),
)
CHILD_HEARD = Guard(
    "panel_heard_child",
    _("The child was heard for this decision, by means that fit its age."),
    ("CRC 12", "UNHCR-BIP"),
    _child_heard,
    remedy="panel",
    remedy_label=_("The panel"),
)
REPRESENTATIVE_HEARD = Guard(
    "panel_heard_representative",
    _("The child’s representative was heard."),
    ("EU2011/36", "UNHCR-BIP"),
    _representative_heard,
    remedy="panel",
    remedy_label=_("The panel"),
)
ALL_ARGUED = Guard(
    "all_argued",
    _("Every factor is argued for every option."),
    ("UNHCR-BIP", "CRC 3"),
    _all_argued,
    remedy="panel",
    remedy_label=_("The panel"),
)
MINUTE_SIGNED = Guard(
    "minute_signed",
    _("The chair has signed the minute."),
    ("UNHCR-BIP",),
    _minute_signed,
    remedy="panel",
    remedy_label=_("The panel"),
)
DISSENT_RECORDED = Guard(
    "dissent_recorded",
    _("Whoever voted otherwise has said why, or that no reason is given."),
    ("UNHCR-BIP",),
    _dissent_recorded,
    remedy="panel",
    remedy_label=_("The panel"),
)
REVIEW_IN_TIME = Guard(
    "review_in_time",
    _("The day of the review lies within %(days)s days."),
    ("UNHCR-BIP", "PAL8"),
    _review_in_time,
    hint=_("Choose an earlier day."),
    limits=limit("days", DEFER_DAYS),
)
PANEL = (
    HAS_QUORUM,
    NO_MAJORITY,
    CHILD_HEARD,
    REPRESENTATIVE_HEARD,
    ALL_ARGUED,
    FRESH_ASSESSMENT,
    MINUTE_SIGNED,
    DISSENT_RECORDED,
)
# What has to be there before anybody votes: whoever votes first has not heard and read less than who votes last.
BEFORE_VOTING = (CHILD_HEARD, REPRESENTATIVE_HEARD, ALL_ARGUED, FRESH_ASSESSMENT)
