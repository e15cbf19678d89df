"""The minute, signed by the chair; and how child and guardian were told what was decided."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from accounts.permissions import require
from cases.services import papers
from repatriation.guards.deciding import today
from repatriation.models import Panel, Return, Seat
from repatriation.models.choices import ReturnState
from repatriation.permissions import can_chair, can_tell_decision
from repatriation.services import clocks
from repatriation.services.convening import DECISION
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.panels import decided, sitting


def owed_dissent(panel: Panel) -> list[Seat]:
    """Of those who voted otherwise, whoever has not said anything about it yet."""
    others = panel.seats.filter(recused_at__isnull=True, dissent_on__isnull=True).exclude(vote="")
    return list(others.exclude(vote=panel.outcome).select_related("member"))


@write
def sign_minute(
    return_id: UUID,
    *,
    actor: User,
    reasons: str,
    appeal_until: date,
    appeal: str,
    goes_on: str,
    no_reasons_given: bool = False,
) -> Panel:
    """Called for somebody who has just proved who they are. The minute stands from then on. Raises Invalid.

    `no_reasons_given` notes of whoever dissented and has said nothing that they were asked and give no reason.
    """
    way = locked(return_id, actor)
    require(can_chair(actor, way))
    panel = sitting(way)
    if panel is None or panel.closed_at is None:
        raise Invalid("", _("The vote has to be closed first."))
    if panel.minute_signed_at is not None:
        raise Invalid("", _("The minute is signed already."))
    if appeal_until < today(way):
        raise Invalid("appeal_until", _("This day is over: nobody could appeal any more."))
    _note_silence(way, panel, asked=no_reasons_given)
    panel.reasons, panel.appeal, panel.goes_on = reasons, appeal, goes_on
    panel.appeal_until, panel.minute_signed_at, panel.minute_signed_by = appeal_until, clock.now(), actor
    panel.save()
    record(actor, "return.minute_signed", panel, case_id=way.case_id, sections=DECISION)
    add_event(way, "minute_signed", actor=actor)
    return panel


def _note_silence(way: Return, panel: Panel, *, asked: bool) -> None:
    owed = owed_dissent(panel)
    if owed and not asked:
        raise Invalid(
            "no_reasons_given",
            _(
                "Somebody voted otherwise and has not said why yet. Ask them, or note that they give no reason."
            ),
        )
    for seat in owed:
        seat.dissent_on = today(way)
        seat.save(update_fields=["dissent_on"])


def to_be_told(way: Return) -> Panel | None:
    """The panel whose decision is told: it stands, or its minute is signed and the step follows."""
    found = decided(way) or sitting(way)
    return found if found is not None and found.minute_signed_at is not None else None


@write
def record_telling(
    return_id: UUID,
    *,
    actor: User,
    child_told_on: date | None,
    guardian_told_on: date | None,
    words: str,
    seen: str = "",
) -> Panel:
    """How and when both were told. The clock ends when both were. Raises Invalid, Meanwhile."""
    way = locked(return_id, actor)
    require(can_tell_decision(actor, way))
    panel = to_be_told(way)
    if panel is None or panel.closed_at is None:
        raise Invalid("", _("There is no decision yet that could be told."))
    if child_told_on is None and guardian_told_on is None:
        raise Invalid("child_told_on", _("Say on which day the child or the guardian was told."))
    require_unchanged(panel, seen)
    decided_on = panel.closed_at.astimezone(ZoneInfo(way.case.agency.time_zone)).date()
    for field, day in (("child_told_on", child_told_on), ("guardian_told_on", guardian_told_on)):
        if day is not None and not decided_on <= day <= today(way):
            raise Invalid(field, _("This day lies between the decision and today."))
    panel.child_told_on, panel.guardian_told_on, panel.told_words = child_told_on, guardian_told_on, words
    panel.save()
    papers.outdate(panel.pk)
    if child_told_on and guardian_told_on:
        clocks.stop(way, clocks.TELL, met=True)
    record(actor, "return.told", panel, case_id=way.case_id, sections=DECISION)
    if way.state != ReturnState.PANEL_PENDING:
        add_event(way, "told", actor=actor)
    return panel
