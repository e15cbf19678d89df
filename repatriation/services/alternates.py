"""An alternate who receives the child where the one named cannot: asked of the panel, answered by its chair."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.services.clocks import supervisors_of
from repatriation.guards.deciding import today
from repatriation.models import AlternateQuestion, CareArrangement, Panel, Return
from repatriation.permissions import can_chair, can_convene
from repatriation.services import access
from repatriation.services.convening import DECISION, candidates, quorum
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.panels import decided, drop_questions, leads_away


def proposed(way: Return) -> Sequence[CareArrangement]:
    """Alternates whom the panel in question has not approved yet, in the country of the decision."""
    rows = way.arrangements.filter(country=way.country, alternate=True, ended_at__isnull=True)
    rows = rows.filter(Q(approved_by__isnull=True) | ~Q(approved_by=way.panel_id))
    return [row for row in rows.select_related("person", "agency") if not row.is_implicated]


def open_question(way: Return) -> AlternateQuestion | None:
    panel = decided(way)
    if panel is None:
        return None
    waiting = panel.alternate_questions.filter(answered_at__isnull=True)
    return waiting.select_related("arrangement__person", "arrangement__agency", "asked_by").first()


def who_sat(panel: Panel) -> QuerySet[User]:
    """Members who could be asked once more: they did not step down, and they still work here."""
    seats = panel.seats.filter(recused_at__isnull=True)
    return candidates(panel.way).filter(pk__in=seats.values("member"))


@write
def ask_about_alternate(
    return_id: UUID, *, actor: User, arrangement_id: UUID, chair: User | None = None
) -> AlternateQuestion:
    """By a supervisor. Until it is answered those who sat read the file again. Raises Invalid.

    It takes the place of a question that still waits. `chair` is who writes the answer down, where that has to be
    somebody else than before.
    """
    way = locked(return_id, actor)
    require(can_convene(actor, way))
    panel = decided(way)
    if panel is None or not leads_away(way):
        raise Invalid("", _("No decision to leave stands for which an alternate could be approved."))
    arrangement = next((row for row in proposed(way) if row.pk == arrangement_id), None)
    if arrangement is None:
        raise Invalid(
            "arrangement", _("Choose an alternate of this return, who had no part in what happened.")
        )
    members = list(who_sat(panel))
    _pass_chair(panel, members, chair or panel.chair)
    drop_questions(way)
    question = AlternateQuestion.objects.create(
        panel=panel, case=way.case, arrangement=arrangement, asked_by=actor
    )
    access.open_for_panel(panel, members, by=actor)
    record(actor, "return.alternate_asked", question, case_id=way.case_id, sections=DECISION)
    add_event(way, "alternate_asked", actor=actor)
    notify(set(members), "return.alternate_asked", way, case_id=way.case_id)
    return question


def _pass_chair(panel: Panel, members: list[User], chair: User) -> None:
    if chair not in members:
        raise Invalid("chair", _("Choose a member who sat and still works there."))
    if chair.pk != panel.chair_id:
        panel.chair = chair
        panel.save(update_fields=["chair"])


@write
def answer_about_alternate(
    return_id: UUID, *, actor: User, approved: bool, in_favour: int, decided_on: date, reasons: str
) -> AlternateQuestion:
    """The chair writes down what the members have decided. With the answer the file is closed to them again."""
    way = locked(return_id, actor)
    require(can_chair(actor, way))
    question = open_question(way)
    if question is None:
        raise Invalid("", _("The panel is not asked about an alternate."))
    _check_answer(way, question, approved=approved, in_favour=in_favour, decided_on=decided_on)
    question.approved, question.in_favour, question.decided_on = approved, in_favour, decided_on
    question.reasons, question.answered_at = reasons, clock.now()
    question.save()
    if approved:
        question.arrangement.approved_by = question.panel
        question.arrangement.save(update_fields=["approved_by"])
    access.close_for_panel(question.panel)
    record(
        actor,
        "return.alternate_answered",
        question,
        case_id=way.case_id,
        sections=DECISION,
        approved=approved,
    )
    add_event(way, "alternate_answered", actor=actor)
    notify(
        access.people_concerned(way) | supervisors_of(way.case),
        "return.alternate_answered",
        way,
        case_id=way.case_id,
    )
    return question


def _check_answer(
    way: Return, question: AlternateQuestion, *, approved: bool, in_favour: int, decided_on: date
) -> None:
    if approved and (question.arrangement.is_implicated or question.arrangement.ended_at is not None):
        raise Invalid("", _("This alternate does not stand any more, or had a part in what happened."))
    seats = question.panel.seats.filter(recused_at__isnull=True).count()
    if approved and not (question.arrangement.is_able and question.arrangement.agreed_on):
        raise Invalid(
            "approved",
            _("Whoever is approved has agreed and is able to care for the child. That is missing."),
        )
    if in_favour > seats:
        raise Invalid("in_favour", _("There are fewer members than that."))
    if approved and (in_favour * 2 <= seats or seats < quorum(way)):
        raise Invalid("in_favour", _("An alternate is approved by more than half of the members."))
    asked_on = question.asked_at.astimezone(ZoneInfo(way.case.agency.time_zone)).date()
    if not asked_on <= decided_on <= today(way):
        raise Invalid("decided_on", _("This day lies between the question and today."))
