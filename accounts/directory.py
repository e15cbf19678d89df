"""Which agency offers what: the directory as other rooms and its own pages ask it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _
from django_countries import countries

import clock
from accounts import policy
from accounts.access import Ability, can
from accounts.holidays import in_office_hours
from accounts.languages import CODES
from accounts.lists import Choice, List, Options, Sort, in_order_of
from accounts.models import Agency, AgencyKind, ServiceType
from accounts.models.agencies import NOT_LISTED, AgencyQuerySet


def _country_codes() -> Options:
    return [(code, code) for code in countries.countries]


AGENCIES = List(
    name="agencies",
    title=_("Agencies"),
    may=partial(can, ability=Ability.SEE_DIRECTORY),
    page="agency_list",
    sorts=(
        Sort("name", _("Agency"), "name"),
        Sort("kind", _("Kind"), in_order_of("kind", AgencyKind.values)),
        Sort("free", _("Places free"), "places_free", falls=True),
        Sort("said", _("Entry"), "said_on", falls=True),
    ),
    # A form of their own asks for them (`accounts/forms/directory.py`), and says what is wrong with an answer.
    choices=(
        Choice("country", _("Country"), _country_codes, apart=True),
        Choice("service", _("Service"), ServiceType.choices, apart=True),
        Choice("language", _("Language"), [(code, code) for code in sorted(CODES)], apart=True),
        Choice("free", _("Has free places"), (("on", _("Has free places")),), apart=True),
        Choice("open", _("Open now"), (("on", _("Open now")),), apart=True),
    ),
)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; whatever is empty does not matter."""

    country: str = ""
    service: str = ""
    language: str = ""
    has_free_places: bool = False
    open_at: datetime | None = None


def agencies_offering(
    service: str, *, country: str = "", language: str = "", near: Agency | None = None
) -> AgencyQuerySet:
    """Agencies of the directory that say they offer a `ServiceType`, by name.

    `near` brings those of its country to the front; none is left out for being far.
    """
    return found(Wanted(country=country, service=service, language=language), near=near)


def offers(agency: Agency, service: str) -> bool:
    return agency.is_active and agency.kind not in NOT_LISTED and service in agency.services


def found(wanted: Wanted, *, near: Agency | None = None) -> AgencyQuerySet:
    """Where free places are wanted, the most of them stand first; else those near by, then all others by name."""
    agencies = Agency.objects.listed()
    if wanted.country:
        agencies = agencies.filter(country=wanted.country)
    if wanted.service:
        agencies = agencies.filter(services__contains=[wanted.service])
    if wanted.language:
        agencies = agencies.filter(languages__contains=[wanted.language])
    if wanted.has_free_places:
        agencies = agencies.filter(places_free__gt=0)
    if wanted.open_at:
        agencies = agencies.filter(pk__in=_open_ones(agencies, wanted.open_at))
    most_free = [F("places_free").desc()] if wanted.has_free_places else []
    return agencies.order_by(*most_free, _far(near), "name", "pk")


def _open_ones(agencies: Iterable[Agency], at: datetime) -> list[UUID]:
    """Holidays and time zones are no business of the database, so each is asked; there are hundreds, not millions."""
    return [agency.pk for agency in agencies if says_open(agency, at)]


def says_open(agency: Agency, at: datetime) -> bool | None:
    """None where it says no hours: the policy's are for duty, and nobody should set out because of them."""
    return None if agency.opening_hours is None else in_office_hours(agency, at)


def _far(near: Agency | None) -> Case:
    return Case(When(country=near.country.code if near else "", then=Value(0)), default=Value(1))


def days_since(agency: Agency, said_on: date) -> int:
    return (clock.today(agency.time_zone) - said_on).days


def is_old(agency: Agency, said_on: date | None) -> bool:
    """Whether what was said on that day is to be marked; what was never said is not old."""
    if said_on is None:
        return False
    after: int = policy.get("directory.old_after_days", agency=agency)
    return days_since(agency, said_on) > after
