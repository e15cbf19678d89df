"""Every move of a referral goes through here: whoever makes it, and the clock."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.acting import acting_as, write
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.models import Case, FormerOwner
from cases.permissions import former_readers, may_be_named
from cases.services import papers
from cases.services.clocks import supervisors_of, workers_of
from cases.services.ownership import move_to_agency
from referrals.edges import REFERRAL
from referrals.guards import clearance_of, not_given_yet, to_authority_of_origin
from referrals.models import Message, Referral
from referrals.models.choices import FINAL, OFFERED, OPEN, HandBack, ReferralState, Side
from referrals.permissions import Hand, answering
from referrals.services import access, clocks, passing_on
from referrals.services.events import add_event, happened_before
from referrals.services.giving import give
from referrals.services.locking import locked, locked_at_once, locked_row
from referrals.services.summary import summary_of
from workflow.machine import Attempt
from workflow.models import Deadline
from workflow.services import move
from workflow.services import override_guard as override

Columns = dict[str, Any]


@write
def take_referral_step(
    referral_id: UUID,
    edge_name: str,
    *,
    actor: User,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
    key: UUID | None = None,
) -> Referral:
    """One step by one side. Raises Refused with everything that is missing, NotInHand, WrongState.

    `key` is the mover's own number of the move: what arrives twice has its effect once.
    """
    referral = locked(referral_id, actor)
    if happened_before(referral, key):
        return referral
    return _take(referral, edge_name, Attempt(actor, reason, dict(values or {})), key)


@write
def override_referral_guard(
    referral_id: UUID, edge_name: str, guard_code: str, *, actor: User, reason: str
) -> None:
    """A supervisor of the sender answers for one ⚠ guard; somebody else takes the step."""
    referral = locked(referral_id, actor)
    override(REFERRAL, referral, edge_name, guard_code, actor=actor, reason=reason, case_id=referral.case_id)


def expire(deadline: Deadline) -> None:
    """Called inside the sweep, once: the time to answer, or to inform, has passed. Raises Later."""
    if deadline.kind not in (clocks.ANSWER, clocks.INFORM):
        return
    named = clocks.referral_of(deadline)
    if named is None:
        return
    referral = locked_at_once(named)
    if referral.state in OFFERED:
        with acting_as(None):
            _take(referral, "expire", Attempt(None))


def end_with_case(case: Case, actor: User) -> None:
    """The case leaves the open states: what is offered or running ends in the same transaction."""
    for referral in Referral.objects.filter(case=case, state__in=OPEN).order_by("pk"):
        _take(locked_row(referral.pk), "end_with_case", Attempt(None))
    for draft in Referral.objects.filter(case=case, state=ReferralState.DRAFT).order_by("pk"):
        _take(locked_row(draft.pk), "discard", Attempt(None))


def end_with_consent(referral: Referral) -> None:
    """An offer that nobody accepted yet loses the consent it rests on; a part of the write that holds its lock."""
    _take(referral, "end_with_consent", Attempt(None))


def has_open(case: Case) -> bool:
    return Referral.objects.filter(case=case, state__in=OPEN).exists()


def _take_over(referral: Referral, attempt: Attempt) -> None:
    """All in this transaction. What is due comes first, what tells people last: the sweep locks in this order."""
    by, worker = _person(attempt), attempt.values["worker"]
    if not may_be_named(by).filter(pk=worker.pk).exists():
        raise Invalid("worker", _("Choose a case worker of this agency."))
    clocks.answered(referral)
    case = referral.case
    move_to_agency(case, referral.recipient, worker=worker, by=by, transfer=referral.pk)
    at_home = [locked_row(row.pk) for row in passing_on.addressed_to(referral.recipient, case)]
    for row in at_home:
        clocks.stop(row)
    for row in at_home:
        _end_at_home(row)
    passing_on.pass_on(referral, by=by)
    notify({worker} - {by}, "case.assigned", case, case_id=case.pk)


def _end_at_home(referral: Referral) -> None:
    """Nobody asks itself for a service. What it was given for that is a part of its own file now."""
    if referral.state == ReferralState.DRAFT:
        _take(referral, "discard", Attempt(None))
    elif referral.is_open:
        _take(referral, "end_with_transfer", Attempt(None))
    else:
        access.close_pack(referral, by=None)


def _take(referral: Referral, edge_name: str, attempt: Attempt, key: UUID | None = None) -> Referral:
    REFERRAL.require_hand(REFERRAL.edge(edge_name), referral, attempt.actor)
    columns = COLUMNS.get(edge_name, _nothing)(referral, attempt)
    move(REFERRAL, referral, edge_name, attempt, case_id=referral.case_id, columns=columns)
    EFFECTS.get(edge_name, _no_effect)(referral, attempt)
    if referral.state in FINAL:
        papers.outdate(referral.pk)
    _tell(referral, edge_name, attempt, key)
    return referral


def _tell(referral: Referral, edge_name: str, attempt: Attempt, key: UUID | None) -> None:
    """One event for both sides, and a notice for the other; what was never sent is nobody else's business."""
    if edge_name == "discard":
        return
    side = _side(attempt.actor, edge_name)
    coded = {
        name: value
        for name in ("code", "outcome")
        if isinstance(value := attempt.values.get(name), str) and value
    }
    add_event(referral, edge_name, side=side, actor=attempt.actor, key=key, state=referral.state, **coded)
    told: set[User] = set()
    if side != Side.RECIPIENT:
        told |= set(answering(referral))
    if side != Side.SENDER:
        told |= _senders_people(referral, edge_name)
    notify(told - {attempt.actor}, f"referral.{edge_name}", referral, case_id=referral.case_id)


def _senders_people(referral: Referral, edge_name: str) -> set[User]:
    """Where nobody has the matter in hand any more, the supervisors hear of it too."""
    if edge_name == "take_over":
        # The case is another agency's by now.
        return set(former_readers(FormerOwner.objects.get(transfer=referral.pk)))
    alarming = edge_name in ("expire", "hand_back")
    workers = workers_of(referral.case)
    return workers | supervisors_of(referral.case) if alarming or not workers else workers


def _side(actor: User | None, edge_name: str) -> Side:
    if actor is None:
        return Side.CLOCK
    who = REFERRAL.edge(edge_name).who
    return Side.RECIPIENT if Hand.RECIPIENT in who else Side.SENDER


def _nothing(referral: Referral, attempt: Attempt) -> Columns:
    return {}


def _no_effect(referral: Referral, attempt: Attempt) -> None:
    return None


def _sent(referral: Referral, attempt: Attempt) -> Columns:
    return {
        "sent_by": attempt.actor,
        "sent_at": clock.now(),
        "urgency": referral.case.risk or "high",
        "summary": summary_of(referral),
        "to_authority_of_origin": to_authority_of_origin(referral),
        "clearance": clearance_of(referral),
    }


def _asked(referral: Referral, attempt: Attempt) -> Columns:
    return {
        "left_to_answer": clocks.left_to_answer(referral),
        "acknowledged_at": referral.acknowledged_at or clock.now(),
    }


def _provided(referral: Referral, attempt: Attempt) -> Columns:
    left = timedelta(seconds=referral.left_to_answer or 0)
    return {"answer_by": clock.now() + left, "left_to_answer": None}


def _accepted(referral: Referral, attempt: Attempt) -> Columns:
    return {
        "answered_at": clock.now(),
        "accepted_by": attempt.actor,
        "responsible": str(attempt.values.get("responsible", "")),
        "starts_on": attempt.values.get("starts_on"),
    }


def _taken_over(referral: Referral, attempt: Attempt) -> Columns:
    """Accepted and done in one: there is no service that would have to be given, or confirmed."""
    now = clock.now()
    return {
        "answered_at": now,
        "accepted_by": attempt.actor,
        "responsible": getattr(attempt.values.get("worker"), "name", ""),
        "completed_at": now,
        "ended_at": now,
    }


def _completed(referral: Referral, attempt: Attempt) -> Columns:
    return {
        "completed_at": clock.now(),
        "outcome": attempt.values.get("outcome", ""),
        "feedback": attempt.values.get("feedback") or None,
    }


def _over(referral: Referral, attempt: Attempt) -> Columns:
    return {"ended_at": clock.now()}


COLUMNS: Mapping[str, Callable[[Referral, Attempt], Columns]] = {
    "discard": _over,
    "send": _sent,
    "acknowledge": lambda referral, attempt: {
        "acknowledged_at": clock.now(),
        "contact": str(attempt.values.get("contact", "")),
        "alternate": str(attempt.values.get("alternate", "")),
    },
    "ask": _asked,
    "provide": _provided,
    "accept": _accepted,
    "take_over": _taken_over,
    "decline": lambda referral, attempt: (
        _over(referral, attempt) | {"declined": attempt.values.get("code", ""), "answered_at": clock.now()}
    ),
    "recall": _over,
    "recall_care": _over,
    "expire": _over,
    "hand_back": lambda referral, attempt: (
        _over(referral, attempt) | {"handed_back": attempt.values.get("code", "")}
    ),
    "complete": _completed,
    "confirm": lambda referral, attempt: {"confirmed_at": clock.now(), "confirmed_by": attempt.actor},
    "end_with_consent": _over,
    "end_with_transfer": _over,
    "end_with_case": _over,
}


def _person(attempt: Attempt) -> User:
    if attempt.actor is None:
        raise TypeError("The clock makes no such move.")
    return attempt.actor


def _offer(referral: Referral, attempt: Attempt) -> None:
    give(referral, referral.wanted, by=_person(attempt))
    clocks.start_offer(referral)
    clocks.replaced(referral)


def _write(referral: Referral, attempt: Attempt, name: str, about: Message.About) -> None:
    by = _person(attempt)
    said = Message(referral=referral, case=referral.case, about=about, written_by=by, agency=by.agency)
    said.words = str(attempt.values[name])
    said.save(force_insert=True)


def _ask(referral: Referral, attempt: Attempt) -> None:
    _write(referral, attempt, "question", Message.About.QUESTION)
    clocks.wait_for_sender(referral)


def _provide(referral: Referral, attempt: Attempt) -> None:
    """Fields that were chosen since are given with the answer; each is a new disclosure, closed until acceptance."""
    _write(referral, attempt, "answer", Message.About.ANSWER)
    give(referral, not_given_yet(referral), by=_person(attempt))
    clocks.wait_for_recipient(referral)


def _accept(referral: Referral, attempt: Attempt) -> None:
    clocks.answered(referral)
    access.open_pack(referral)
    # A letter says more from now on.
    papers.outdate(referral.pk)


def _close(referral: Referral, attempt: Attempt) -> None:
    clocks.stop(referral)
    access.close_pack(referral, by=attempt.actor)


def _close_and_replace(referral: Referral, attempt: Attempt) -> None:
    _close(referral, attempt)
    clocks.ask_to_replace(referral)


def _hand_back(referral: Referral, attempt: Attempt) -> None:
    _close(referral, attempt)
    if attempt.values.get("code") != HandBack.REPLACED:
        clocks.ask_to_replace(referral)


def _complete(referral: Referral, attempt: Attempt) -> None:
    if clocks.lacks_basis(referral):
        # It was open for the care that has ended, and for nothing else any more.
        _close(referral, attempt)
        clocks.ask_to_confirm(referral)
        return
    access.end_access_on(referral, clocks.access_after_completion(referral))
    clocks.ask_to_confirm(referral)


def _confirm(referral: Referral, attempt: Attempt) -> None:
    access.end_access_on(referral, clocks.access_after_confirmation(referral))
    clocks.confirmed(referral)


EFFECTS: Mapping[str, Callable[[Referral, Attempt], None]] = {
    "send": _offer,
    "acknowledge": lambda referral, attempt: clocks.arrived(referral),
    "ask": _ask,
    "provide": _provide,
    "accept": _accept,
    "take_over": _take_over,
    "decline": _close_and_replace,
    "recall": _close,
    "recall_care": _close,
    "expire": _close_and_replace,
    "hand_back": _hand_back,
    "complete": _complete,
    "confirm": _confirm,
    "end_with_consent": _close,
    "end_with_transfer": _close,
    "end_with_case": _close,
}
