"""Grounds that a return opens and closes: for the post that is asked, the panel, the escort. Parts of other writes."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import clock
from accounts import policy
from accounts.access import Role
from accounts.models import AgencyKind, User
from cases.models import CaseAccess
from cases.models.choices import Basis
from cases.services import grounds, papers
from cases.services.clocks import supervisors_of, workers_of
from referrals.models import Referral
from referrals.permissions import answering
from repatriation.edges.aside import ASIDE
from repatriation.edges.returns import RETURN
from repatriation.models import Journey, Panel, Return, VerificationRequest
from repatriation.permissions import Hand

ESCORT_HOURS = "escort.hours_after_handover"
_ASIDE = frozenset(edge.name for edge in ASIDE)


def open_for_consulate(request: VerificationRequest, *, by: User) -> None:
    """This post, as long as the request is open, and no other."""
    if not _held(Basis.REQUEST, [request.pk]):
        grounds.open_ground(request.way.case, Basis.REQUEST, request.pk, agency=request.post, by=by)


def close_for_consulate(way: Return) -> None:
    """From this moment the child does not exist for the post any more, and the paper of the request is history."""
    running = way.requests.filter(ended_at__isnull=True)
    _end(Basis.REQUEST, [request.pk for request in running])
    for request in running:
        request.ended_at = clock.now()
        request.save(update_fields=["ended_at"])
        papers.outdate(request.pk)


def open_for_panel(panel: Panel, members: Iterable[User], *, by: User) -> None:
    for member in members:
        grounds.open_ground(panel.way.case, Basis.PANEL, panel.pk, account=member, by=by)


def close_for_panel(panel: Panel, member: User | None = None) -> None:
    _end(Basis.PANEL, [panel.pk], member)


def open_for_escort(journey: Journey, *, by: User) -> None:
    if journey.escort is not None:
        grounds.open_ground(journey.way.case, Basis.ESCORT, journey.pk, account=journey.escort, by=by)


def close_for_escort(way: Return) -> None:
    _end(Basis.ESCORT, list(way.journeys.values_list("pk", flat=True)))


def end_escort_later(way: Return) -> None:
    """Until the handover and a while longer, so that questions can be answered."""
    until = clock.now() + timedelta(hours=policy.get(ESCORT_HOURS, agency=way.case.agency))
    for row in _held(Basis.ESCORT, list(way.journeys.values_list("pk", flat=True))):
        row.until = min(row.until, until) if row.until else until
        row.save(update_fields=["until"])


def _held(basis: Basis, ids: list[UUID]) -> list[CaseAccess]:
    rows = CaseAccess.objects.live().filter(basis=basis, basis_id__in=ids)
    return list(rows.select_related("case", "account"))


def _end(basis: Basis, ids: list[UUID], account: User | None = None) -> None:
    for row in _held(basis, ids):
        if account is None or row.account_id == account.pk:
            grounds.end_ground(row, by=None)


def people_concerned(way: Return) -> set[User]:
    """In whose hands the next step lies, and whoever works on the case."""
    held = {hand for edge in RETURN.edges_from(way.state) if edge.name not in _ASIDE for hand in edge.who}
    people = workers_of(way.case)
    if Hand.SUPERVISOR in held:
        people |= supervisors_of(way.case)
    if Hand.CHAIR in held and way.panel is not None and way.panel.is_open:
        people.add(way.panel.chair)
    if Hand.PARTNER_ABROAD in held:
        people |= answering_of(way.partner)
    if Hand.RECEIVER in held:
        people |= answering_of(way.reception)
    if Hand.ESCORT in held:
        people |= escort_of(way)
    if Hand.CONSULAR in held and way.facts.request is not None:
        people |= officers_of(way.facts.request)
    return people


def officers_of(request: VerificationRequest) -> set[User]:
    return set(User.objects.filter(agency=request.post_id, role=Role.CONSULAR_OFFICER, is_active=True))


def focal_points_of(way: Return) -> set[User]:
    """Of both countries (CETS197 33(1))."""
    countries = {way.case.agency.country.code, way.country}
    people = User.objects.filter(role=Role.FOCAL_POINT, is_active=True, agency__country__in=countries)
    return set(people.filter(agency__kind=AgencyKind.FOCAL_POINT))


def answering_of(referral: Referral | None) -> set[User]:
    """Whoever answers for it while it opens anything: a referral that is over is told nothing."""
    if referral is None or not _held(Basis.REFERRAL, [referral.pk]):
        return set()
    return set(answering(referral))


def escort_of(way: Return) -> set[User]:
    """Whoever holds the pack of a journey of this return now."""
    rows = _held(Basis.ESCORT, list(way.journeys.values_list("pk", flat=True)))
    return {row.account for row in rows if row.account is not None}
