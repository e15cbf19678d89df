"""One member, one vote: nobody sees another's before the chair closes; more than half decides, anything else defers."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import live
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from repatriation.guards import deciding, never
from repatriation.models import Panel, Return, Seat
from repatriation.models.choices import Option
from repatriation.permissions import can_chair, has_seat
from repatriation.services.convening import DECISION, in_conflict
from repatriation.services.events import RETURN_TOPIC, add_event
from repatriation.services.locking import locked
from repatriation.services.panels import at_the_table, sitting
from workflow.machine import Attempt, Guard, Result

TO_CLOSE = (*deciding.BEFORE_VOTING, deciding.HAS_QUORUM, deciding.NO_MAJORITY, never.VOTERS_ARE_FREE)


def judged(way: Return, guards: Iterable[Guard]) -> list[Result]:
    return [guard.judge(way, Attempt(None)) for guard in guards]


@write
def cast_vote(return_id: UUID, *, actor: User, option: Option) -> Seat:
    """Until the chair closes it can be cast anew. Raises Invalid where nobody can vote yet, or for this option."""
    way = locked(return_id, actor)
    panel, seat = at_the_table(way, actor)
    if option not in deciding.options_of(panel.third_country):
        raise Invalid("option", _("This panel does not weigh that."))
    if actor.pk in in_conflict(way):
        raise Invalid("", _("You have had a part in this case and cannot vote. Please step down."))
    _require_all("", judged(way, deciding.BEFORE_VOTING))
    _require_all("option", never.against(way, option))
    seat.vote, seat.voted_at = option, clock.now()
    seat.save(update_fields=["vote", "voted_at"])
    # How somebody votes stands in no log: it is told when the vote is closed.
    record(actor, "return.voted", seat, case_id=way.case_id, sections=DECISION)
    live.hint(RETURN_TOPIC, way.pk)
    return seat


@write
def close_vote(return_id: UUID, *, actor: User) -> Panel:
    """By the chair. The outcome stands from then on, and everybody who reads the decision sees who voted how."""
    way = locked(return_id, actor)
    require(can_chair(actor, way))
    panel, _seat = at_the_table(way, actor)
    _require_all("", judged(way, TO_CLOSE))
    outcome = majority(seat.vote for seat in way.facts.seats if seat.vote)
    _require_all("", never.against(way, outcome))
    panel.outcome, panel.closed_at = outcome, clock.now()
    panel.save(update_fields=["outcome", "closed_at"])
    record(actor, "return.vote_closed", panel, case_id=way.case_id, sections=DECISION, outcome=str(outcome))
    add_event(way, "vote_closed", actor=actor)
    return panel


def majority(votes: Iterable[str]) -> Option:
    """What more than half have voted for; without that, later."""
    counted = Counter(votes)
    option, number = counted.most_common(1)[0]
    return Option(option) if number * 2 > counted.total() else Option.DEFERRAL


@write
def say_dissent(return_id: UUID, *, actor: User, words: str) -> Seat:
    """Whoever voted otherwise says why, or that they give no reason (empty words). Until the minute is signed."""
    way = locked(return_id, actor)
    panel = sitting(way)
    require(panel is not None and has_seat(actor, panel))
    seat = Seat.objects.get(panel=panel, member=actor)
    if not panel or panel.closed_at is None or panel.minute_signed_at is not None:
        raise Invalid("", _("This is said after the vote and before the minute is signed."))
    if not seat.vote or seat.vote == panel.outcome:
        raise Invalid("", _("You did not vote otherwise."))
    seat.dissent, seat.dissent_on = words or None, deciding.today(way)
    seat.save()
    record(actor, "return.dissented", seat, case_id=way.case_id, sections=DECISION)
    live.hint(RETURN_TOPIC, way.pk)
    return seat


def _require_all(field: str, results: Iterable[Result]) -> None:
    missing = [result.sentence for result in results if not result.passed]
    if missing:
        raise Invalid(field, _("Not yet: %(missing)s") % {"missing": " ".join(missing)})
