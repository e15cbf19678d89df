"""Who sits: a panel is convened, completed when somebody steps down, and dissolved when it cannot decide."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts import policy
from accounts.access import Role, Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Assignment
from cases.services import papers
from repatriation.guards.deciding import QUORUM
from repatriation.models import Panel, Return, Seat
from repatriation.models.choices import ReturnState
from repatriation.permissions import can_convene
from repatriation.services import access
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.panels import at_the_table, sitting

DECISION = (Section.RETURN_DECISION,)


def candidates(way: Return) -> QuerySet[User]:
    """Panel members of the country in which the case is worked: a file does not cross a border to be judged."""
    found = User.objects.filter(
        role=Role.PANEL_MEMBER,
        is_active=True,
        agency__is_active=True,
        agency__country=way.case.agency.country.code,
    )
    return found.select_related("agency").order_by("name", "pk")


def in_conflict(way: Return) -> set[UUID]:
    """Whoever has ever worked on the case, and whoever has written of the risks of this return."""
    workers = Assignment.objects.filter(case=way.case_id).values_list("worker_id", flat=True)
    authors = way.assessments.values_list("author_id", flat=True)
    return set(workers) | set(authors)


def quorum(way: Return) -> int:
    return int(policy.get(QUORUM, agency=way.case.agency))


@write
def convene_panel(
    return_id: UUID,
    *,
    actor: User,
    members: Sequence[User],
    chair: User,
    meets_at: datetime,
    third_country: str = "",
) -> Panel:
    """From now on its members read the file. Raises Invalid with what speaks against this composition."""
    way = locked(return_id, actor)
    require(can_convene(actor, way))
    if way.state != ReturnState.PANEL_PENDING:
        raise Invalid("", _("This return is not before the panel."))
    if sitting(way) is not None:
        raise Invalid("", _("A panel sits already. It has to be dissolved before another one is convened."))
    _check_composition(way, members, chair)
    _check_country(way, third_country)
    _check_moment(way, meets_at)
    panel = Panel.objects.create(
        way=way,
        case=way.case,
        number=way.panels.count() + 1,
        country=way.country,
        third_country=third_country,
        chair=chair,
        convened_by=actor,
        meets_at=meets_at,
    )
    way.panel = panel
    way.save(update_fields=["panel"])
    for member in members:
        _seat(panel, member)
    access.open_for_panel(panel, members, by=actor)
    record(
        actor, "return.panel_convened", panel, case_id=way.case_id, sections=DECISION, members=len(members)
    )
    add_event(way, "panel_convened", actor=actor)
    notify(set(members), "return.panel_convened", way, case_id=way.case_id)
    return panel


@write
def complete_panel(
    return_id: UUID, *, actor: User, member: User | None, chair: User, seen: str = ""
) -> Panel:
    """Somebody takes a seat that became free, the chair passes on, or both. Raises Invalid, Meanwhile."""
    way = locked(return_id, actor)
    require(can_convene(actor, way))
    panel = sitting(way)
    if panel is None or panel.closed_at is not None:
        raise Invalid("", _("No panel sits whose vote is still open."))
    require_unchanged(panel, seen, "chair_id")
    seated = {seat.member_id for seat in panel.seats.all()}
    if member is not None:
        _check_newcomer(way, panel, member, seated)
        _seat(panel, member)
        access.open_for_panel(panel, [member], by=actor)
        notify({member}, "return.panel_convened", way, case_id=way.case_id)
    if not panel.seats.filter(member=chair, recused_at__isnull=True).exists():
        raise Invalid("chair", _("The chair is one of the members."))
    panel.chair = chair
    panel.save(update_fields=["chair"])
    record(actor, "return.panel_completed", panel, case_id=way.case_id, sections=DECISION)
    add_event(way, "panel_completed", actor=actor)
    return panel


@write
def step_down(return_id: UUID, *, actor: User) -> Seat:
    """A member in a conflict of interest leaves: its vote is taken back, and the file is closed to it at once."""
    way = locked(return_id, actor)
    panel, seat = at_the_table(way, actor)
    seat.recused_at, seat.vote, seat.voted_at = clock.now(), "", None
    seat.save(update_fields=["recused_at", "vote", "voted_at"])
    access.close_for_panel(panel, actor)
    record(actor, "return.panel_stepped_down", seat, case_id=way.case_id, sections=DECISION)
    add_event(way, "panel_stepped_down", actor=actor)
    notify({panel.convened_by}, "return.panel_stepped_down", way, case_id=way.case_id)
    return seat


@write
def dissolve_panel(return_id: UUID, *, actor: User, reason: str) -> Panel:
    """It decides nothing any more; another one can be convened. Also after its minute, until the decision is taken."""
    way = locked(return_id, actor)
    require(can_convene(actor, way))
    panel = sitting(way)
    if panel is None:
        raise Invalid("", _("No panel sits."))
    panel.dissolved_at = clock.now()
    panel.save(update_fields=["dissolved_at"])
    papers.outdate(panel.pk)
    access.close_for_panel(panel)
    record(actor, "return.panel_dissolved", panel, case_id=way.case_id, reason=reason, sections=DECISION)
    add_event(way, "panel_dissolved", actor=actor)
    return panel


def _seat(panel: Panel, member: User) -> None:
    Seat.objects.create(panel=panel, case=panel.case, member=member, agency=member.agency)


def _check_composition(way: Return, members: Sequence[User], chair: User) -> None:
    _check_free(way, members)
    needed = quorum(way)
    if len({member.pk for member in members}) < needed:
        words = ngettext(
            "At least %(needed)s member has to sit.", "At least %(needed)s members have to sit.", needed
        )
        raise Invalid("members", words % {"needed": needed})
    seats = Counter(member.agency_id for member in members)
    if max(seats.values()) * 2 > len(members):
        raise Invalid(
            "members", _("One agency would hold more than half of the seats. Choose others as well.")
        )
    if chair not in members:
        raise Invalid("chair", _("The chair is one of the members."))


def _check_newcomer(way: Return, panel: Panel, member: User, seated: Collection[UUID]) -> None:
    _check_free(way, [member], field="member")
    if member.pk in seated:
        raise Invalid("member", _("This member has a seat, or has stepped down from it."))
    present = panel.seats.filter(recused_at__isnull=True)
    own = present.filter(agency=member.agency_id).count() + 1
    if own * 2 > present.count() + 1:
        raise Invalid("member", _("One agency would hold more than half of the seats. Choose somebody else."))


def _check_free(way: Return, members: Sequence[User], field: str = "members") -> None:
    known = set(candidates(way).values_list("pk", flat=True))
    if not {member.pk for member in members} <= known:
        raise Invalid(field, _("Choose active panel members of this country."))
    if in_conflict(way) & {member.pk for member in members}:
        raise Invalid(
            field,
            _(
                "Whoever has worked on this case, or has written its risk and security assessment, does not sit."
            ),
        )


def _check_country(way: Return, third_country: str) -> None:
    if not third_country:
        return
    if not is_country(third_country) or third_country in (way.country, way.case.agency.country.code):
        raise Invalid("third_country", _("A third country is neither this one nor that of the return."))


def _check_moment(way: Return, meets_at: datetime) -> None:
    zone = way.case.agency.time_zone
    if meets_at.astimezone(ZoneInfo(zone)).date() < clock.today(zone):
        raise Invalid("meets_on", _("A panel meets today or later."))
