"""What the other country knows about safety there."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.services.clocks import workers_of
from repatriation.models import CountryInput
from repatriation.models.choices import Likelihood, RiskFactor
from repatriation.services.beginning import by_partner
from repatriation.services.events import add_event

# What somebody says who can find nothing out about a factor.
NOT_KNOWN = "unknown"
KNOWN = frozenset({*Likelihood.values, NOT_KNOWN})


@dataclass(frozen=True)
class Known:
    """About one factor, and from whom."""

    likelihood: str
    sources: str = ""


@write
def give_input(return_id: UUID, *, actor: User, known: Mapping[str, Known]) -> CountryInput:
    """Of every factor, if only that nothing is known of it. It never changes; the latest counts. Raises Invalid."""
    way = by_partner(return_id, actor)
    _check(known)
    row = CountryInput(
        way=way,
        case=way.case,
        country=actor.agency.country.code,
        agency=actor.agency,
        written_by=actor,
    )
    row.factors = [
        {"factor": code, "likelihood": known[code].likelihood, "sources": known[code].sources}
        for code in RiskFactor.values
    ]
    row.save(force_insert=True)
    record(
        actor,
        "return.input_given",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        country=row.country,
    )
    add_event(way, "input_given", actor=actor)
    notify(workers_of(way.case) - {actor}, "return.input_given", way, case_id=way.case_id)
    return row


def _check(known: Mapping[str, Known]) -> None:
    for code in RiskFactor.values:
        said = known.get(code)
        if said is None or said.likelihood not in KNOWN:
            raise Invalid(f"{code}_likelihood", _("Choose an answer."))
        if said.likelihood != NOT_KNOWN and not said.sources:
            raise Invalid(f"{code}_sources", _("Say what is known, and from whom."))
