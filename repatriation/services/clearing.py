"""Contact with a country of origin: cleared by a supervisor, before anybody there is asked; revoked at once."""

from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models import Case
from cases.models.choices import OPEN_STATES
from cases.services.locking import locked
from repatriation.edges.clearance import CLEARANCE
from repatriation.models import ContactClearance
from repatriation.permissions import can_clear_contact
from repatriation.services.moving import suspend_open
from workflow.machine import Attempt
from workflow.services import move


@write
def take_clearance_step(
    case_id: UUID, country: str, edge_name: str, *, actor: User, reason: str
) -> ContactClearance:
    """`clear` or `revoke`, with reasons. Raises Refused with everything that is missing, WrongState, Invalid."""
    case = locked(case_id, actor)
    require(can_clear_contact(actor, case))
    if case.state not in OPEN_STATES:
        raise Invalid("", _("This file has ended. Nothing new is recorded in it."))
    if not is_country(country) or country == case.agency.country.code:
        raise Invalid("country", _("Choose another country than the one in which this case is worked."))
    clearance = _row(case, country)
    attempt = Attempt(actor, reason)
    columns = {"state_since": clock.now(), "decided_by": actor, "reasons": reason or None}
    sections = [Section.RETURN_DECISION]
    move(CLEARANCE, clearance, edge_name, attempt, case_id=case.pk, columns=columns, sections=sections)
    if edge_name == "revoke":
        suspend_open(case, country, "clearance_revoked")
    return clearance


def _row(case: Case, country: str) -> ContactClearance:
    rows = ContactClearance.objects.select_for_update(of=("self",)).select_related("case__legal")
    found = rows.filter(case=case, country=country).first()
    return found or ContactClearance.objects.create(case=case, country=country)


def standing(case: Case, country: str) -> ContactClearance | None:
    """The clearance that lets an authority of that country be asked; None means not cleared."""
    return ContactClearance.objects.filter(case=case, country=country, state="cleared").first()
