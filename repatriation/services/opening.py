"""The question is opened: could this child go home?"""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models.choices import RUNNING_STATES
from cases.services.clocks import supervisors_of
from cases.services.locking import locked as locked_case
from repatriation.models import Return
from repatriation.models.choices import EndReason
from repatriation.permissions import can_consider, can_propose_end
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.moving import has_open


@write
def consider_return(case_id: UUID, *, actor: User, country: str) -> Return:
    """One open return for a case. Nobody abroad learns of it: that takes clearance and consent. Raises Invalid."""
    case = locked_case(case_id, actor)
    require(can_consider(actor, case))
    if case.state not in RUNNING_STATES:
        raise Invalid("", _("The case is not open, or suspended: a return is considered when it goes on."))
    if not is_country(country) or country == case.agency.country.code:
        raise Invalid("country", _("Choose another country than the one in which this case is worked."))
    if has_open(case):
        raise Invalid("", _("A return is open for this child already."))
    way = Return(case=case, country=country, opened_by=actor)
    way.save(force_insert=True)
    record(actor, "return.opened", way, case_id=case.pk, sections=[Section.RETURN_DECISION], country=country)
    add_event(way, "opened", actor=actor, state=way.state)
    notify(supervisors_of(case) - {actor}, "return.opened", way, case_id=case.pk)
    return way


@write
def propose_end(return_id: UUID, *, actor: User, why: EndReason) -> Return:
    """The first of the two supervisors whom the end of a return needs."""
    way = locked(return_id, actor)
    require(can_propose_end(actor, way))
    if not way.is_open:
        raise Invalid("", _("This return has ended."))
    if why == EndReason.CASE:
        raise Invalid("why", _("Choose a reason."))
    way.end_reason, way.end_proposed_by = why, actor
    way.save(update_fields=["end_reason", "end_proposed_by"])
    sections = [Section.RETURN_DECISION]
    record(actor, "return.end_proposed", way, case_id=way.case_id, sections=sections, why=why)
    notify(supervisors_of(way.case) - {actor}, "return.end_proposed", way, case_id=way.case_id)
    return way
