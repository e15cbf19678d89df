"""From the decision to the planned journey: the consulate, the document, and what a journey needs."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

import clock
from referrals.models.choices import RUNNING
from repatriation import zone
from repatriation.guards.deciding import today
from repatriation.models import Return
from workflow.machine import Attempt, Guard


def _consent_to_post(way: Return, attempt: Attempt) -> bool:
    return way.facts.consent_to_post


def _request_frozen(way: Return, attempt: Attempt) -> bool:
    request = way.facts.request
    if request is None or request.frozen is None:
        return False
    return bool(request.country == way.country and request.post.country == way.country)


def _zone_holds(way: Return, attempt: Attempt) -> bool | Mapping[str, str | int]:
    """Where there is a machine-readable zone: its check digits, and that it says what was typed besides."""
    typed = str(attempt.values.get("zone") or "")
    if not typed.strip():
        return True
    return zone.agrees(
        typed, number=str(attempt.values.get("number") or ""), expires_on=attempt.values.get("expires_on")
    )


def _valid_on_the_day(way: Return, attempt: Attempt) -> bool:
    """At the desk there may be no journey yet: then it must not have expired, at least."""
    expires: date | None = attempt.values.get("expires_on")
    issued: date | None = attempt.values.get("issued_on")
    if expires is None or issued is None:
        return True
    journey = way.facts.journey
    needed = journey.arrives_on if journey else today(way)
    zone = attempt.actor.agency.time_zone if attempt.actor else "UTC"
    return issued <= clock.today(zone) and issued < expires and expires >= needed


def escort_vetted(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    if journey is None or journey.escort is None or journey.escort_vetted_on is None:
        return False
    holds = journey.vetted_until is None or journey.vetted_until >= journey.arrives_on
    return journey.escort.is_active and holds


def reception_accepted(way: Return, attempt: Attempt) -> bool:
    reception = way.reception
    there = reception is not None and reception.recipient.country == way.country
    return reception is not None and there and reception.state in RUNNING


def _route_known(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    return journey is not None and journey.legs.exists()


def _authorised(way: Return, attempt: Attempt) -> bool:
    journey = way.facts.journey
    return journey is not None and bool(journey.authorised_by) and journey.authorised_on is not None


CONSENT_TO_POST = Guard(
    "consent_to_post",
    _("The child or its representative agrees to share with this very consulate."),
    ("HTCDS", "ASYL"),
    _consent_to_post,
    remedy="consent_new",
    remedy_label=_("Record consent"),
)
REQUEST_FROZEN = Guard(
    "request_frozen",
    _("The request is written: identity, parents’ names, last address at home, and nothing else."),
    ("PAL8", "VCCR"),
    _request_frozen,
    remedy="return_request",
    remedy_label=_("Write the request"),
)
ZONE_HOLDS = Guard(
    "zone_holds",
    _("The machine-readable zone is read rightly: its check digits, the number and the last day agree."),
    ("PAL8",),
    _zone_holds,
    hint=_("Compare each line with the document, sign by sign."),
)
VALID_ON_THE_DAY = Guard(
    "valid_on_the_day",
    _("The document is issued, and valid on the day of travel."),
    ("PAL8",),
    _valid_on_the_day,
    hint=_("Look at the days again, or issue another document."),
)
ESCORT_VETTED = Guard(
    "escort_vetted",
    _("An escort is named, and vetted until after the arrival."),
    ("GC6 ¶85", "CETS197 16(2)"),
    escort_vetted,
    remedy="return_journey",
    remedy_label=_("The journey"),
)
RECEPTION_ACCEPTED = Guard(
    "reception_accepted",
    _("The organisation that receives the child has accepted the referral."),
    ("TRM", "GC6 ¶85"),
    reception_accepted,
    remedy="return_partners",
    remedy_label=_("The partners abroad"),
)
ROUTE_KNOWN = Guard(
    "route_known",
    _("The way is known, leg by leg."),
    ("CETS197 16(2)",),
    _route_known,
    remedy="return_journey",
    remedy_label=_("The journey"),
)
AUTHORISED = Guard(
    "authorised",
    _("The guardian or a court has authorised the journey."),
    ("EU2011/36", "CETS197 10(4)"),
    _authorised,
    remedy="return_journey",
    remedy_label=_("The journey"),
)
