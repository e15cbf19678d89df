"""By which referrals somebody abroad has a part in a return, and the plan for the time afterwards."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from cases.services.clocks import workers_of
from referrals.models import Referral
from referrals.models.choices import RUNNING
from repatriation.models import Return
from repatriation.services.access import answering_of
from repatriation.services.beginning import by_somebody_there, by_worker
from repatriation.services.events import add_event


def in_question(way: Return) -> set[str]:
    """Codes of the countries to which the child may go: the return's, and others that are weighed besides."""
    asked = {way.country, *way.assessments.values_list("country", flat=True)}
    asked |= set(way.arrangements.filter(ended_at__isnull=True).values_list("country", flat=True))
    return asked | {way.panel.third_country if way.panel else ""} - {""}


def possible_partners(way: Return) -> QuerySet[Referral]:
    """Accepted, and not over, by somebody in a country that is in question."""
    rows = Referral.objects.filter(case=way.case_id, state__in=RUNNING, transfer=False)
    found = rows.filter(recipient__country__in=in_question(way))
    return found.select_related("recipient").order_by("recipient__name", "service")


@write
def name_partners(
    return_id: UUID, *, actor: User, partner: Referral | None, reception: Referral | None, seen: str = ""
) -> Return:
    """Whoever is named sees its own part of the return from this moment, and whoever is not any more sees nothing.

    Raises Meanwhile when somebody else has named others since the page was shown (`seen`).
    """
    way = by_worker(return_id, actor)
    before = {way.partner_id, way.reception_id}
    _check(way, "partner", partner)
    _check(way, "reception", reception)
    if (way.partner, way.reception) == (partner, reception):
        return way
    require_unchanged(way, seen, "partner_id", "reception_id")
    way.partner, way.reception = partner, reception
    _forget_plan(way)
    way.save(update_fields=["partner", "reception", "plan_accepted_on", "plan_accepted_by"])
    record(
        actor,
        "return.partners_named",
        way,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        partner=str(partner.pk) if partner else "",
        reception=str(reception.pk) if reception else "",
    )
    add_event(way, "partners_named", actor=actor)
    _tell_new(way, before, actor)
    return way


def _check(way: Return, name: str, chosen: Referral | None) -> None:
    """What stands already may stay, also where that referral has ended since."""
    stands = chosen is not None and chosen.pk == getattr(way, f"{name}_id")
    if chosen is not None and not stands and not possible_partners(way).filter(pk=chosen.pk).exists():
        raise Invalid(name, _("Choose a referral that was accepted there, and is not over."))


def _forget_plan(way: Return) -> None:
    """Whoever comes new has accepted nothing yet."""
    accepted = way.plan_accepted_by
    there = {row.recipient_id for row in (way.partner, way.reception) if row is not None}
    if accepted is not None and accepted.agency_id not in there:
        way.plan_accepted_on, way.plan_accepted_by = None, None


def _tell_new(way: Return, before: Iterable[UUID | None], actor: User) -> None:
    new = [row for row in (way.partner, way.reception) if row is not None and row.pk not in set(before)]
    told = set[User]().union(*(answering_of(row) for row in new))
    notify(told - {actor}, "return.partner_named", way, case_id=way.case_id)


@write
def answer_plan(return_id: UUID, *, actor: User, accepts: bool) -> Return:
    """The plan for the time afterwards is accepted where the child goes, or is not any more."""
    way = by_somebody_there(return_id, actor)
    if accepts == (way.plan_accepted_on is not None):
        return way
    way.plan_accepted_on = clock.today(actor.agency.time_zone) if accepts else None
    way.plan_accepted_by = actor if accepts else None
    way.save(update_fields=["plan_accepted_on", "plan_accepted_by"])
    kind = "plan_accepted" if accepts else "plan_not_accepted"
    record(actor, f"return.{kind}", way, case_id=way.case_id, sections=[Section.RETURN_DECISION])
    add_event(way, kind, actor=actor)
    notify(workers_of(way.case) - {actor}, f"return.{kind}", way, case_id=way.case_id)
    return way
