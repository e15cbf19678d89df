"""What several papers say alike."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.countries import country_name
from accounts.models import Agency, User
from cases.models import Case
from repatriation.models import Journey, Return
from repatriation.pdf import Facts, Part
from repatriation.planning import on_the_wall
from repatriation.services.journeys import HERE, THERE
from repatriation.views.escort import first_name, on_duty
from repatriation.views.journey import legs_of


def plain(facts: Iterable[tuple[str, Any]]) -> Facts:
    """As pages have them: labels and values of any kind, some of them empty."""
    return [(str(label), "" if value is None else str(value)) for label, value in facts]


def day(value: date | None) -> str:
    return date_format(value, "j E Y") if value else ""


def moment(at: datetime | None, way: Return) -> str:
    """By the clock of the agency that works the case, which it names: the paper is read in two countries."""
    return on_the_wall(at, way.case.agency.time_zone) if at else ""


def of_agency(user: User | None, agency: Agency | None = None) -> str:
    if user is None:
        return ""
    return f"{user.name} · {(agency or user.agency).name}"


def child_of(case: Case) -> tuple[str, str]:
    """No more than an escort reads: who it is in full stands in its travel document."""
    return _("First name"), first_name(case)


def whole_name_of(case: Case) -> tuple[str, str]:
    """For those who read the identity of the child, on what is kept with its file."""
    return _("Name of the child"), case.child.known_as or first_name(case)


def way_of(journey: Journey) -> Part:
    legs = [
        (
            _("From %(start)s to %(end)s") % leg,
            [(_("With"), leg["carrier"]), (_("Departs"), leg["departs"]), (_("Arrives"), leg["arrives"])],
        )
        for leg in legs_of(journey)
    ]
    return Part(_("The way"), entries=legs)


def contacts(way: Return, journey: Journey) -> Part:
    """By country: here and there depend on who reads."""
    countries = {HERE: country_name(way.case.agency.country.code), THERE: country_name(way.country)}
    facts = [(f"{name} · {countries[side]}", phone) for side, name, phone in journey.contacts or []]
    at_night = [(f"{row['name']} · {row['side']}", row["phone"]) for row in on_duty(way)]
    return Part(_("Whom to call"), facts=[*facts, *at_night])


def document_of(way: Return) -> str:
    document = way.facts.document
    return str(document.get_kind_display()) if document else ""
