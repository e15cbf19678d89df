"""Which panel sits or has decided, and what a step of the return does to it; parts of other writes."""

from django.utils.translation import gettext as _

import clock
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.services import papers
from repatriation.models import AlternateQuestion, Panel, Return, Seat
from repatriation.models.choices import (
    CARRYING_OUT,
    DECIDED_TO_LEAVE,
    ON_THE_WAY,
    UNDECIDED,
    ReturnState,
)
from repatriation.permissions import has_seat
from repatriation.services import access

# Where a decision to leave is being carried out: an alternate who receives the child can be asked for.
AWAY = (*DECIDED_TO_LEAVE, *CARRYING_OUT, *ON_THE_WAY, ReturnState.HANDOVER_FAILED)
# No decision stands here that new facts could shake.
FALLEN = (ReturnState.WITHDRAWN, ReturnState.COMPLETED, ReturnState.ENDED)


def sitting(way: Return) -> Panel | None:
    """The panel of this round: convened since the return came before a panel, and not dissolved.

    One that has signed its minute is still this round's until its decision is taken.
    """
    panel = way.panel
    if way.state != ReturnState.PANEL_PENDING or panel is None or panel.dissolved_at is not None:
        return None
    return panel if panel.convened_at >= way.state_since else None


def decided(way: Return) -> Panel | None:
    """The panel whose decision stands now."""
    panel = way.panel
    stood = way.suspended_from if way.state == ReturnState.SUSPENDED else way.state
    if panel is None or panel.minute_signed_at is None or panel.dissolved_at is not None:
        return None
    return panel if stood not in (*UNDECIDED, *FALLEN) else None


def leads_away(way: Return) -> bool:
    return way.state in AWAY


def at_the_table(way: Return, actor: User) -> tuple[Panel, Seat]:
    """The panel that sits, and this member's seat; 403 for others, Invalid once the vote is closed."""
    panel = sitting(way)
    require(panel is not None and has_seat(actor, panel))
    if panel is None or panel.closed_at is not None:
        raise Invalid("", _("The vote is closed. Nothing is added to it any more."))
    return panel, panel.seats.get(member=actor)


def dissolve_unfinished(way: Return) -> None:
    """Whoever sat reads the dossier no more; a panel that has not signed its minute has decided nothing."""
    for panel in way.panels.all():
        access.close_for_panel(panel)
        if panel.is_open:
            panel.dissolved_at = clock.now()
            panel.save(update_fields=["dissolved_at"])


def outdate_minute(way: Return) -> None:
    """A minute on paper is current as long as its decision stands, or can still be taken."""
    if way.panel is not None and decided(way) is None and sitting(way) is None:
        papers.outdate(way.panel.pk)


def drop_questions(way: Return) -> None:
    """A question about an alternate falls with the decision on which it rests."""
    for question in AlternateQuestion.objects.filter(panel__way=way, answered_at__isnull=True):
        question.answered_at = clock.now()
        question.save(update_fields=["answered_at"])
        access.close_for_panel(question.panel)
