"""What a plan of a journey runs against, each with its day; and what a clock on a wall means.

Nothing here forbids: what must not be is a guard. A conflict is said while it can still be planned around.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import policy
from accounts.countries import country_name
from accounts.holidays import office_hours
from accounts.models.agencies import Hours
from repatriation.guards.ready import (
    ASSENT_DAYS,
    FITNESS_DAYS,
    assent_until,
    days_of,
    decided_until,
    fit_until,
)
from repatriation.models import Journey, Return
from repatriation.models.choices import OPEN, AssentKind

FIRST, SECOND = "first", "second"
LONGEST_RIDE = timedelta(days=7)


@cache
def zones() -> frozenset[str]:
    """Those named after places, and the one of none; the others are old names, or the machine's own."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return frozenset(named) | {"UTC"}


class SkippedTime(ValueError):
    """The clocks are put forward that night, and no clock shows this time."""


class TwiceThatNight(ValueError):
    """The clocks are put back that night: somebody has to say which of the two is meant."""


def moment(day: date, at: time, zone: str, which: str = "") -> datetime:
    """The moment, in UTC, at which clocks in `zone` show this. Raises SkippedTime, TwiceThatNight.

    `which` says `first` or `second` where a time comes twice; elsewhere it says nothing.
    """
    first, second = (datetime.combine(day, at, ZoneInfo(zone)).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    back = first.astimezone(UTC).astimezone(ZoneInfo(zone))
    if back.replace(tzinfo=None) != first.replace(tzinfo=None):
        raise SkippedTime
    if which not in (FIRST, SECOND):
        raise TwiceThatNight
    return (first if which == FIRST else second).astimezone(UTC)


def which_of_two(at: datetime, zone: str) -> str:
    """What to say beside a stored moment whose local time comes twice; empty for every other."""
    local = at.astimezone(ZoneInfo(zone))
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() == local.utcoffset():
        return ""
    return SECOND if local.fold else FIRST


def on_the_wall(at: datetime, zone: str) -> str:
    """Day and time as a clock there shows them, with the name of the place whose clock it is."""
    local = date_format(at.astimezone(ZoneInfo(zone)), "l j E Y, H:i")
    return _("%(time)s (clock of %(place)s)") % {"time": local, "place": place_of(zone)}


def place_of(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


@dataclass(frozen=True)
class Term:
    """Something that is valid until a day."""

    words: str
    until: date


@dataclass(frozen=True)
class Ride:
    """From one moment to another, each with the zone in which people read it."""

    departs_at: datetime
    departs_zone: str
    arrives_at: datetime
    arrives_zone: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is known about one journey. None: nobody has said so yet, and that is no conflict but a gap."""

    departs_at: datetime
    departs_on: date
    arrives_on: date
    rides: Sequence[Ride] = ()
    document_until: date | None = None
    permits: Sequence[Term] = ()
    vetted_until: date | None = None
    # Days of other journeys of the same escort that overlap with this one.
    escort_elsewhere: Sequence[tuple[date, date]] = ()
    fit_until: date | None = None
    fitness_days: int = 0
    supply_days: int | None = None
    assent_until: date | None = None
    assent_days: int = 0
    reflection_until: date | None = None
    decided_until: datetime | None = None
    # The receiving organisation, and when it is open on the day of arrival; None: closed.
    receiver: str = ""
    receiver_hours: Hours | None = None
    receiver_zone: str = "UTC"
    # Somebody else would care for the child now than the one whom the plan names.
    receiver_changed: bool = False
    authorised_on: date | None = None
    # The day on which the departure was moved to where it is now.
    moved_on: date | None = None


Check = Callable[[Plan], Sequence[str]]


def _day(day: date) -> str:
    return date_format(day, "j E Y")


def _terms(plan: Plan) -> list[str]:
    terms = list(plan.permits)
    if plan.document_until is not None:
        terms.insert(0, Term(_("The travel document"), plan.document_until))
    if plan.vetted_until is not None:
        terms.append(Term(_("The vetting of the escort"), plan.vetted_until))
    words = _("%(what)s ends on %(day)s, before the arrival on %(arrival)s.")
    return [
        words % {"what": term.words, "day": _day(term.until), "arrival": _day(plan.arrives_on)}
        for term in terms
        if term.until < plan.arrives_on
    ]


def _escort(plan: Plan) -> list[str]:
    words = _("The escort is on another journey from %(first)s to %(last)s.")
    on_one_day = _("The escort is on another journey on %(first)s.")
    return [
        (words if first < last else on_one_day) % {"first": _day(first), "last": _day(last)}
        for first, last in plan.escort_elsewhere
    ]


def _fitness(plan: Plan) -> list[str]:
    found = list[str]()
    if plan.fit_until is not None and plan.fit_until < plan.departs_on:
        first = plan.departs_on - timedelta(days=plan.fitness_days)
        found.append(
            _(
                "The certificate of fitness holds until %(day)s, and the departure is on %(departure)s."
                " A new one can be made from %(first)s on."
            )
            % {"day": _day(plan.fit_until), "departure": _day(plan.departs_on), "first": _day(first)}
        )
    if plan.supply_days is not None and plan.supply_days < days_of(plan.departs_on, plan.arrives_on):
        found.append(
            ngettext(
                "The medication lasts for %(days)s day; the journey ends on %(arrival)s.",
                "The medication lasts for %(days)s days; the journey ends on %(arrival)s.",
                plan.supply_days,
            )
            % {"days": plan.supply_days, "arrival": _day(plan.arrives_on)}
        )
    return found


def _assent(plan: Plan) -> list[str]:
    if plan.assent_until is None or plan.assent_until >= plan.departs_on:
        return []
    said = {
        "day": _day(plan.assent_until - timedelta(days=plan.assent_days)),
        "first": _day(plan.departs_on - timedelta(days=plan.assent_days)),
        "departure": _day(plan.departs_on),
    }
    return [
        _(
            "The child was asked on %(day)s, which is too long before the departure on %(departure)s."
            " Ask it again from %(first)s on."
        )
        % said
    ]


def _reflection(plan: Plan) -> list[str]:
    if plan.reflection_until is None or plan.reflection_until < plan.departs_on:
        return []
    said = {"day": _day(plan.reflection_until), "departure": _day(plan.departs_on)}
    return [
        _("The reflection period goes on until %(day)s; the departure is planned for %(departure)s.") % said
    ]


def _decision(plan: Plan) -> list[str]:
    if plan.decided_until is None or plan.decided_until >= plan.departs_at:
        return []
    return [
        _("The panel’s decision carries a departure until %(day)s.")
        % {"day": _day(plan.decided_until.date())}
    ]


def _receiver(plan: Plan) -> list[str]:
    if not plan.receiver or not plan.rides:
        return []
    local = plan.rides[-1].arrives_at.astimezone(ZoneInfo(plan.receiver_zone))
    said = {"agency": plan.receiver, "day": _day(local.date())}
    if plan.receiver_hours is None:
        return [_("%(agency)s is closed on %(day)s, the day of the arrival.") % said]
    opens, closes = plan.receiver_hours
    on_the_clock = timedelta(hours=local.hour, minutes=local.minute)
    if opens <= on_the_clock < closes:
        return []
    said |= {"opens": _hour(opens), "closes": _hour(closes), "time": date_format(local, "H:i")}
    return [
        _(
            "%(agency)s is open from %(opens)s to %(closes)s on %(day)s; the arrival is at %(time)s there."
            " Somebody has to stay."
        )
        % said
    ]


def _hour(since_midnight: timedelta) -> str:
    minutes = int(since_midnight.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _connections(plan: Plan) -> list[str]:
    words = _("Leg %(number)s departs on %(departs)s, before the one before it arrives on %(arrives)s.")
    found = list[str]()
    for number, (before, after) in enumerate(zip(plan.rides, plan.rides[1:], strict=False), start=2):
        if after.departs_at < before.arrives_at:
            found.append(
                words
                % {
                    "number": number,
                    "departs": on_the_wall(after.departs_at, after.departs_zone),
                    "arrives": on_the_wall(before.arrives_at, before.arrives_zone),
                }
            )
    return found


def _long_rides(plan: Plan) -> list[str]:
    """Mostly a month or a year that was mistyped; a ship may take as long, so it is said and not refused."""
    words = _(
        "Leg %(number)s takes more than seven days: from %(departs)s to %(arrives)s. Look at its days again."
    )
    return [
        words
        % {
            "number": number,
            "departs": on_the_wall(ride.departs_at, ride.departs_zone),
            "arrives": on_the_wall(ride.arrives_at, ride.arrives_zone),
        }
        for number, ride in enumerate(plan.rides, start=1)
        if ride.arrives_at - ride.departs_at > LONGEST_RIDE
    ]


def _care(plan: Plan) -> list[str]:
    if not plan.receiver_changed:
        return []
    return [
        _(
            "Somebody else would care for the child now than this plan names."
            " Save who goes along, and to whom, once more."
        )
    ]


def _authorisation(plan: Plan) -> list[str]:
    if plan.authorised_on is None or plan.moved_on is None or plan.authorised_on >= plan.moved_on:
        return []
    said = {"day": _day(plan.authorised_on), "moved": _day(plan.moved_on)}
    return [
        _(
            "The journey was authorised on %(day)s, and its date was moved on %(moved)s."
            " Ask whether the authorisation holds for the new one."
        )
        % said
    ]


CHECKS: tuple[Check, ...] = (
    _connections,
    _long_rides,
    _terms,
    _escort,
    _fitness,
    _assent,
    _reflection,
    _decision,
    _receiver,
    _care,
    _authorisation,
)


def conflicts(plan: Plan) -> list[str]:
    """Each a sentence with its day, in the reader's language; none where the plan holds as far as is known."""
    return [sentence for check in CHECKS for sentence in check(plan)]


def known(way: Return) -> Plan | None:
    """Of the journey that stands now; None where none does."""
    journey, facts = way.facts.journey, way.facts
    if journey is None:
        return None
    agency, receiver = way.case.agency, way.reception.recipient if way.reception else None
    rides = [
        Ride(leg.departs_at, leg.departs_zone, leg.arrives_at, leg.arrives_zone) for leg in journey.legs.all()
    ]
    fit, assent = facts.fitness is not None and facts.fitness.is_fit, facts.assent
    agrees = assent is not None and assent.kind != AssentKind.REFUSED
    there = journey.arrives_at.astimezone(ZoneInfo(receiver.time_zone)).date() if receiver else None
    return Plan(
        departs_at=journey.departs_at,
        departs_on=journey.departs_on,
        arrives_on=journey.arrives_on,
        rides=rides,
        document_until=facts.document.expires_on if facts.document else None,
        permits=_permits(way),
        vetted_until=journey.vetted_until if journey.escort else None,
        escort_elsewhere=_elsewhere(journey),
        fit_until=fit_until(way),
        fitness_days=policy.get(FITNESS_DAYS, agency=agency),
        supply_days=facts.fitness.supply_days if facts.fitness and fit and facts.takes_medication else None,
        assent_until=assent_until(way) if agrees else None,
        assent_days=policy.get(ASSENT_DAYS, agency=agency),
        reflection_until=None if way.reflection_waived_on else way.case.legal.reflection_until,
        decided_until=decided_until(way),
        receiver=receiver.name if receiver else "",
        receiver_hours=office_hours(receiver, there) if receiver and there else None,
        receiver_zone=receiver.time_zone if receiver else "UTC",
        receiver_changed=facts.arrangement != journey.receiver,
        authorised_on=journey.authorised_on,
        moved_on=_moved_on(way, journey),
    )


def _permits(way: Return) -> list[Term]:
    rows = way.permits.filter(removed_at__isnull=True, granted_on__isnull=False, valid_until__isnull=False)
    return [
        Term(f"{row.get_kind_display()} ({country_name(row.country)})", row.valid_until)
        for row in rows
        if row.valid_until is not None
    ]


def _elsewhere(journey: Journey) -> list[tuple[date, date]]:
    """Of whom the escort takes along then, nothing is said."""
    if journey.escort_id is None:
        return []
    others = Journey.objects.filter(
        escort=journey.escort_id,
        ended_at__isnull=True,
        way__state__in=OPEN,
        way__handed_over_at__isnull=True,
        departs_at__lt=journey.arrives_at,
        arrives_at__gt=journey.departs_at,
    ).exclude(way=journey.way_id)
    return sorted(set(others.values_list("departs_on", "arrives_on")))


def _moved_on(way: Return, journey: Journey) -> date | None:
    earlier = way.journeys.filter(made_at__lt=journey.made_at)
    if not earlier.exclude(departs_on=journey.departs_on).exists():
        return None
    return journey.made_at.astimezone(ZoneInfo(way.case.agency.time_zone)).date()
