"""The handover: two people at two devices go through one list, and each signs for it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

import clock
from accounts import live
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import last_saved, require_unchanged
from accounts.models import User
from accounts.permissions import require
from repatriation.edges.returns import RETURN
from repatriation.models import CareArrangement, Handover, HandoverSignature, Return
from repatriation.models.choices import ReturnState, SeenPaper, SignedAs
from repatriation.permissions import Hand, can_hand_over, hands
from repatriation.services import visits
from repatriation.services.events import add_event
from repatriation.services.locking import locked
from repatriation.services.moving import take
from workflow.machine import Attempt
from workflow.services import judge

# Ticks are no events that both countries keep, and yet the other device has to see them.
HANDOVER_TOPIC = "handover"
# By which step a handover ends well, from where it is made.
COMPLETES: Mapping[str, str] = {
    ReturnState.ARRIVED: "hand_over",
    ReturnState.HANDOVER_FAILED: "hand_over_to_alternate",
}


def numbers(returns: Collection[UUID]) -> Mapping[UUID, int]:
    """The number of the latest change to a handover of each."""
    rows = Handover.history.filter(way__in=returns).values_list("way")
    return dict(rows.annotate(latest=Max("history_id")).values_list("way", "latest"))


def receiver_now(way: Return) -> CareArrangement | None:
    """To whom the child is to be given from here: the one named, or an alternate whom the panel has approved."""
    if way.state == ReturnState.HANDOVER_FAILED:
        found = way.facts.arrangement_for(way.country, alternate=True)
        return found if found is not None and found.approved_by_id == way.panel_id else None
    receiver = way.facts.journey.receiver if way.facts.journey is not None else None
    return receiver if receiver is not None and receiver.ended_at is None else None


@write
def begin_handover(return_id: UUID, *, actor: User) -> Handover:
    """Whoever of the two comes first begins; for the other it has begun then. Raises Invalid."""
    way = _locked(return_id, actor)
    standing = way.facts.handover
    return standing if standing is not None else _begin(way, actor, "handover_begun")


@write
def begin_anew(return_id: UUID, *, actor: User) -> Handover:
    """What was signed by one side stays as it is, and counts no more; both go through everything once more."""
    way = _locked(return_id, actor)
    handover = _standing(way)
    handover.ended_at = clock.now()
    handover.save(update_fields=["ended_at"])
    return _begin(way, actor, "handover_begun_anew")


def _begin(way: Return, actor: User, verb: str) -> Handover:
    if way.state not in COMPLETES:
        raise Invalid("", _("A handover begins when the child has arrived."))
    receiver = receiver_now(way)
    if receiver is None:
        raise Invalid("", _("Nobody is named to whom the child may be given. Call the child’s case worker."))
    visits.outdate_protocols(way)
    journey = way.facts.journey
    lines = list(journey.to_carry or []) if journey is not None else []
    handover = Handover(way=way, case=way.case, receiver=receiver, list_done=not lines)
    handover.lines, handover.ticked, handover.missing = lines, [], []
    handover.save(force_insert=True)
    _record(way, handover, actor, verb)
    add_event(way, verb, actor=actor)
    return handover


@write
def tick_line(return_id: UUID, *, actor: User, place: int, there: bool) -> Handover:
    """`place` counts from 1 along the list. Said again, or otherwise, the latest answer counts. Raises Invalid."""
    way = _locked(return_id, actor)
    handover = _unsigned(way)
    lines = list(handover.lines or [])
    if not 1 <= place <= len(lines):
        raise Invalid("place", _("There is no such line on the list."))
    line = lines[place - 1]
    ticked = [each for each in handover.ticked or [] if each != line]
    missing = [each for each in handover.missing or [] if each != line]
    (ticked if there else missing).append(line)
    handover.ticked, handover.missing = ticked, missing
    handover.list_done = all(each in ticked or each in missing for each in lines)
    handover.save(update_fields=["ticked", "missing", "list_done"])
    _record(way, handover, actor, "line_ticked", place=place, there=there)
    return handover


@write
def match_receiver(return_id: UUID, *, actor: User, matches: bool, paper: SeenPaper | None) -> Handover:
    """The escort has looked at the papers of whoever stands there. Only their kind is kept. Raises Invalid."""
    way = _locked(return_id, actor)
    require(Hand.ESCORT in hands(actor, way))
    handover = _unsigned(way)
    if matches and paper is None:
        raise Invalid("paper", _("Choose which document you have looked at."))
    handover.receiver_matches, handover.paper = matches, paper or ""
    handover.save(update_fields=["receiver_matches", "paper"])
    _record(way, handover, actor, "receiver_matched", matches=matches, paper=paper or "")
    return handover


@write
def write_remarks(return_id: UUID, *, actor: User, words: str, seen: str = "") -> Handover:
    """Both who meet write here. Raises Meanwhile when the other one has since the page was shown (`seen`)."""
    way = _locked(return_id, actor)
    handover = _unsigned(way)
    require_unchanged(handover, seen, "remarks")
    handover.remarks = words or None
    handover.save(update_fields=["remarks"])
    _record(way, handover, actor, "handover_remarked")
    return handover


@write
def sign_handover(return_id: UUID, *, actor: User, seen: str) -> Return:
    """One of the two signs; with the second the child is handed over, unless a fact forbids it by now.

    The caller has proved anew who signs (`accounts.proving`). `seen` names the state that the page showed: nobody
    signs for what it did not show. Raises Invalid.
    """
    way = _locked(return_id, actor)
    handover, side = _standing(way), _side(way, actor)
    if handover.signatures.filter(signed_as=side, signer=actor).exists():
        return way
    if seen != last_saved(handover):
        raise Invalid("", _("Something was changed meanwhile. Look at it once more, and sign then."))
    if not (handover.receiver_matches and handover.list_done):
        raise Invalid("", _("Look at the papers and go through the whole list before you sign."))
    if handover.signatures.filter(signed_as=side).exists():
        raise Invalid("", _("Somebody else has signed for your side already."))
    HandoverSignature.objects.create(handover=handover, signed_as=side, signer=actor, agency=actor.agency)
    _record(way, handover, actor, "handover_signed", side=side)
    add_event(way, "handover_signed", actor=actor, code=side)
    _complete(way, actor)
    return way


def _complete(way: Return, actor: User) -> None:
    """A signature stays also where the step does not follow; the page then says what it lacks."""
    attempt = Attempt(actor)
    edge = RETURN.edge(COMPLETES[way.state])
    if not any(result.blocks for result in judge(RETURN, edge, way, attempt)):
        take(way, edge.name, attempt)


def _locked(return_id: UUID, actor: User) -> Return:
    way = locked(return_id, actor)
    require(can_hand_over(actor, way))
    live.hint(HANDOVER_TOPIC, way.pk)
    return way


def _standing(way: Return) -> Handover:
    handover = way.facts.handover
    if handover is None or way.state not in COMPLETES:
        raise Invalid("", _("No handover is under way."))
    return handover


def _unsigned(way: Return) -> Handover:
    handover = _standing(way)
    if handover.signatures.exists():
        raise Invalid(
            "", _("One side has signed already: nothing of it changes now. Begin anew if it is wrong.")
        )
    return handover


def _side(way: Return, actor: User) -> SignedAs:
    return SignedAs.ESCORT if Hand.ESCORT in hands(actor, way) else SignedAs.RECEIVER


def _record(way: Return, handover: Handover, actor: User, verb: str, **details: Any) -> None:
    sections = [Section.RETURN_JOURNEY]
    record(actor, f"return.{verb}", handover, case_id=way.case_id, sections=sections, **details)
