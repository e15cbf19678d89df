"""G-READY: what must be there before a child departs, and still at the moment when it does.

Each line is refused by the database too. What runs out by time is judged here with the agency's own values; the
database knows the first of these moments as `ready_until`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

import clock
from accounts import policy
from cases.models.tracks import Proceedings
from repatriation.guards.carrying import escort_vetted, reception_accepted
from repatriation.guards.deciding import limit
from repatriation.models import Return
from repatriation.models.choices import AssentKind, Option
from workflow.machine import Attempt, Guard, Override

DECISION_DAYS = "return.decision_days"
ASSENT_DAYS = "return.assent_days"
FITNESS_DAYS = "medical.fitness_days"

_JOURNEY = "repatriation_journey trip WHERE trip.way_id = NEW.id AND trip.ended_at IS NULL"


def day_of_departure(way: Return) -> date:
    """The planned one; today where none is planned."""
    journey = way.facts.journey
    return journey.departs_on if journey else clock.today(way.case.agency.time_zone)


def _days(way: Return, key: str) -> timedelta:
    return timedelta(days=policy.get(key, agency=way.case.agency))


def decided_until(way: Return) -> datetime | None:
    """Until when the decision carries a departure."""
    panel = way.facts.panel
    leaves = panel is not None and panel.outcome in (Option.RETURN, Option.THIRD_COUNTRY)
    if panel is None or not leaves or panel.closed_at is None or panel.minute_signed_at is None:
        return None
    return panel.closed_at + _days(way, DECISION_DAYS)


def _decision_fresh(way: Return, attempt: Attempt) -> bool:
    until = decided_until(way)
    return until is not None and max(clock.now(), _departs(way)) <= until


def _departs(way: Return) -> datetime:
    journey = way.facts.journey
    return journey.departs_at if journey else clock.now()


def _reflection_over(way: Return, attempt: Attempt) -> bool:
    until = way.case.legal.reflection_until
    return until is None or until < day_of_departure(way) or way.reflection_waived_on is not None


def _proceedings_allow(way: Return, attempt: Attempt) -> bool:
    legal = way.case.legal
    return legal.proceedings in (Proceedings.NONE, Proceedings.CLOSED) or legal.testimony_arranged


def _assent_given(way: Return, attempt: Attempt) -> bool:
    assent = way.facts.assent
    if assent is None or assent.kind not in (AssentKind.ASSENT, AssentKind.OBSERVED):
        return False
    return day_of_departure(way) - _days(way, ASSENT_DAYS) <= assent.given_on


def fit_until(way: Return) -> date | None:
    """The last day on which the latest certificate lets the child travel."""
    fitness = way.facts.fitness
    return fitness.certified_on + _days(way, FITNESS_DAYS) if fitness and fitness.is_fit else None


def days_of(departs_on: date, arrives_on: date) -> int:
    """For how many days something has to last on the way, the first and the last among them."""
    return (arrives_on - departs_on).days + 1


def _fit(way: Return, attempt: Attempt) -> bool:
    until = fit_until(way)
    journey = way.facts.journey
    on_day = until is not None and day_of_departure(way) <= until
    if on_day and journey is not None and way.facts.fitness is not None:
        needed = days_of(journey.departs_on, journey.arrives_on) if way.facts.takes_medication else 0
        on_day = way.facts.fitness.supply_days >= needed
    return on_day


def _care_in_writing(way: Return, attempt: Attempt) -> bool:
    care = way.facts.arrangement
    return care is not None and care.agreement_id is not None


def _plan_accepted(way: Return, attempt: Attempt) -> bool:
    return way.plan_accepted_on is not None


def _document_valid(way: Return, attempt: Attempt) -> bool:
    document, journey = way.facts.document, way.facts.journey
    if document is None or journey is None or document.expires_on < journey.arrives_on:
        return False
    needed = way.permits.filter(removed_at__isnull=True)
    return not any(
        permit.granted_on is None or (permit.valid_until and permit.valid_until < journey.arrives_on)
        for permit in needed
    )


def _receiver_named(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    standing = way.facts.arrangement
    named = journey is not None and standing is not None and journey.receiver_id == standing.pk
    return named and reception_accepted(way, attempt)


def _contacts_known(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    return journey is not None and journey.has_contacts


def _not_run_out(way: Return, attempt: Attempt) -> bool:
    return way.ready_until is not None and clock.now() <= way.ready_until


def runs_out_at(way: Return) -> datetime:
    """The first moment at which something that G-READY asks for is not there any more by time alone."""
    zone = ZoneInfo(way.case.agency.time_zone)
    moments = [decided_until(way)]
    moments += [_end_of(day, zone) for day in (fit_until(way), assent_until(way)) if day is not None]
    known = [moment for moment in moments if moment is not None]
    return min(known, default=clock.now())


def assent_until(way: Return) -> date | None:
    """The last day on which what the child said last carries a departure."""
    assent = way.facts.assent
    return assent.given_on + _days(way, ASSENT_DAYS) if assent else None


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def _line(
    code: str,
    sentence: object,
    source: tuple[str, ...],
    check: Callable[[Return, Attempt], bool | Mapping[str, str | int]],
    violation: str,
    remedy: tuple[str, object],
    days: str = "",
) -> Guard:
    return Guard(
        code,
        sentence,  # type: ignore[arg-type]
        source,
        check,
        override=Override.NEVER,
        violation=violation,
        remedy=remedy[0],
        remedy_label=remedy[1],  # type: ignore[arg-type]
        limits=limit("days", days) if days else None,
    )


_TO_JOURNEY = ("return_journey", _("The journey"))
_LEGAL = "(SELECT {} FROM cases_legalprotection legal WHERE legal.case_id = NEW.case_id)"

READY = (
    _line(
        "decision_fresh",
        _("The panel’s decision is at most %(days)s days old on the day of departure."),
        ("UNHCR-BIP", "PAL8(1)"),
        _decision_fresh,
        "NOT EXISTS (SELECT 1 FROM repatriation_panel decided WHERE decided.id = NEW.panel_id"
        " AND decided.minute_signed_at IS NOT NULL AND decided.outcome IN ('return', 'third_country'))",
        ("panel", _("The panel")),
        days=DECISION_DAYS,
    ),
    _line(
        "reflection_over",
        _("The reflection period is over, or waived by the child with its representative."),
        ("CETS197 13",),
        _reflection_over,
        "NEW.reflection_waived_on IS NULL AND COALESCE("
        + _LEGAL.format("legal.reflection_until")
        + f" >= (SELECT trip.departs_on FROM {_JOURNEY}), FALSE)",
        ("return_ready", _("Ready to depart")),
    ),
    _line(
        "proceedings_allow",
        _("Proceedings are over or not begun, or the child can testify from abroad."),
        ("PAL8(2)",),
        _proceedings_allow,
        "NOT " + _LEGAL.format("legal.proceedings IN ('none', 'closed') OR legal.testimony_arranged"),
        ("legal", _("Legal protection")),
    ),
    _line(
        "assent_given",
        _(
            "Within %(days)s days before the departure the child agreed, or it was observed that it goes along."
        ),
        ("CRC 12", "PAL8(2)"),
        _assent_given,
        "COALESCE((SELECT said.kind = 'refused' FROM repatriation_assent said WHERE said.way_id = NEW.id"
        " ORDER BY said.given_on DESC, said.written_at DESC LIMIT 1), TRUE)",
        ("return_ready", _("Ready to depart")),
        days=ASSENT_DAYS,
    ),
    _line(
        "fit_to_travel",
        _(
            "A clinic has certified within %(days)s days before the departure that the child is fit to travel,"
            " and medication lasts for the journey."
        ),
        ("MED",),
        _fit,
        "COALESCE((SELECT NOT found.is_fit FROM cases_travelfitness found WHERE found.case_id = NEW.case_id"
        " ORDER BY found.certified_on DESC, found.entered_at DESC LIMIT 1), TRUE)",
        ("medical", _("Medical care")),
        days=FITNESS_DAYS,
    ),
    _line(
        "care_in_writing",
        _("The agreement of who will care is there in writing."),
        ("GA64/142 ¶148", "GC6 ¶85"),
        _care_in_writing,
        "NOT EXISTS (SELECT 1 FROM repatriation_carearrangement written WHERE written.way_id = NEW.id"
        " AND written.country = NEW.country AND NOT written.alternate AND written.ended_at IS NULL"
        " AND written.agreement_id IS NOT NULL)",
        ("return_care", _("Who would care")),
    ),
    _line(
        "plan_accepted",
        _("The plan for the time afterwards is accepted where the child goes."),
        ("LANZ14", "CETS197 16(5)"),
        _plan_accepted,
        "NEW.plan_accepted_on IS NULL",
        ("return_partners", _("The partners abroad")),
    ),
    _line(
        "document_valid",
        _("The travel document holds until the arrival, and every visa, permit or waiver is granted."),
        ("PAL8(4)",),
        _document_valid,
        "NOT EXISTS (SELECT 1 FROM repatriation_traveldocument paper, repatriation_journey trip"
        " WHERE paper.way_id = NEW.id AND paper.ended_at IS NULL AND trip.way_id = NEW.id"
        " AND trip.ended_at IS NULL AND paper.expires_on >= trip.arrives_on)"
        " OR EXISTS (SELECT 1 FROM repatriation_travelpermit permit, repatriation_journey trip"
        " WHERE permit.way_id = NEW.id AND permit.removed_at IS NULL AND trip.way_id = NEW.id"
        " AND trip.ended_at IS NULL"
        " AND (permit.granted_on IS NULL OR permit.valid_until < trip.arrives_on))",
        ("return_documents", _("Travel documents")),
    ),
    _line(
        "escort_ready",
        _("The escort is named, and vetted until after the arrival."),
        ("CETS197 16(2)", "GC6 ¶85"),
        escort_vetted,
        f"NOT EXISTS (SELECT 1 FROM {_JOURNEY} AND trip.escort_id IS NOT NULL"
        " AND trip.escort_vetted_on IS NOT NULL"
        " AND (trip.vetted_until IS NULL OR trip.vetted_until >= trip.arrives_on))",
        _TO_JOURNEY,
    ),
    _line(
        "receiver_named",
        _("Who will receive the child is named, and the organisation there has accepted."),
        ("TRM", "GA64/142 ¶148"),
        _receiver_named,
        f"NOT EXISTS (SELECT 1 FROM {_JOURNEY} AND trip.receiver_id IN"
        " (SELECT care.id FROM repatriation_carearrangement care WHERE care.way_id = NEW.id"
        " AND care.country = NEW.country AND NOT care.alternate AND care.ended_at IS NULL))"
        " OR NOT EXISTS (SELECT 1 FROM referrals_referral asked WHERE asked.id = NEW.reception_id"
        " AND asked.state IN ('accepted', 'in_service')"
        " AND (SELECT there.country FROM accounts_agency there WHERE there.id = asked.recipient_id) = NEW.country)",
        _TO_JOURNEY,
    ),
    _line(
        "contacts_known",
        _("Whom to call on both ends is written down."),
        ("TRM", "CETS197 16(5)"),
        _contacts_known,
        f"NOT EXISTS (SELECT 1 FROM {_JOURNEY} AND trip.has_contacts)",
        _TO_JOURNEY,
    ),
)


def _on_the_day(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    first = journey.legs.first() if journey else None
    return journey is not None and first is not None and clock.today(first.departs_zone) == journey.departs_on


ON_THE_DAY = Guard(
    "on_the_day",
    _("Today is the planned day of departure, for which everything was looked at."),
    ("PAL8(1)", "CETS197 13"),
    _on_the_day,
    override=Override.NEVER,
    violation=(
        "NOT EXISTS (SELECT 1 FROM repatriation_journey trip JOIN repatriation_leg leg ON leg.journey_id = trip.id"
        " WHERE trip.way_id = NEW.id AND trip.ended_at IS NULL AND leg.place = 1"
        " AND (NEW.departed_at AT TIME ZONE leg.departs_zone)::date = trip.departs_on)"
    ),
    hint=_("Go back to planning, and plan another day."),
)
NOT_RUN_OUT = Guard(
    "not_run_out",
    _("Nothing on which readiness rests has run out meanwhile."),
    ("PAL8(1)", "MED"),
    _not_run_out,
    override=Override.NEVER,
    violation="NEW.ready_until IS NULL OR NEW.departed_at > NEW.ready_until",
    hint=_("Go back to planning, and renew what has run out."),
)
