"""By when each side has to move: the recipient confirms and answers, the sender answers questions and confirms."""

from datetime import datetime, timedelta

import clock
from accounts import policy
from accounts.holidays import add_working_days
from accounts.models import Agency, User
from accounts.notifications import notify
from cases.models import Case
from cases.services.consents import DECIDE_DAYS
from referrals.models import Referral
from referrals.models.choices import CAN_BE_SENT_AGAIN, OFFERED, OPEN
from referrals.permissions import answering
from workflow import deadlines
from workflow.models import Deadline

ACKNOWLEDGE = "referral_acknowledge"
ANSWER = "referral_answer"
INFORM = "referral_inform"
REPLACE = "referral_replace"
CONFIRM = "referral_confirm"
BASIS = "referral_basis"
# The recipient's; the others are the sender's.
OF_RECIPIENT = (ACKNOWLEDGE, ANSWER)
ALL = (ACKNOWLEDGE, ANSWER, INFORM, REPLACE, CONFIRM, BASIS)

ACKNOWLEDGE_HIGH = "referral.acknowledge_hours.high"
ACKNOWLEDGE_OTHER = "referral.acknowledge_hours.other"
INFORM_HOURS = "referral.inform_hours"
REPLACE_HOURS = "referral.replace_hours"
CONFIRM_DAYS = "referral.confirm_days"
AFTER_CONFIRMATION = "referral.access_days.confirmed"
AFTER_COMPLETION = "referral.access_days.completed"


def _start(referral: Referral, kind: str, due_at: datetime, agency: Agency) -> None:
    params = {"referral": str(referral.pk)}
    deadlines.start(referral.case_id, kind, due_at, agency=agency, params=params)


def _end(referral: Referral, kind: str, *, met: bool) -> None:
    end = deadlines.meet if met else deadlines.cancel
    end(referral.case_id, kind, {"referral": str(referral.pk)})


def _answer_by(referral: Referral) -> datetime:
    if referral.answer_by is None:
        raise ValueError("A referral that was sent says by when it is answered.")
    return referral.answer_by


def start_offer(referral: Referral) -> None:
    """From sending: to confirm that it arrived, by risk (TRM), and to answer."""
    key = ACKNOWLEDGE_HIGH if referral.urgency in ("", "high") else ACKNOWLEDGE_OTHER
    hours = policy.get(key, agency=referral.recipient)
    answer_by = _answer_by(referral)
    soon = min(clock.now() + timedelta(hours=hours), answer_by)
    _start(referral, ACKNOWLEDGE, soon, referral.recipient)
    _start(referral, ANSWER, _answer_by(referral), referral.recipient)


def arrived(referral: Referral) -> None:
    _end(referral, ACKNOWLEDGE, met=True)


def left_to_answer(referral: Referral) -> int:
    """Seconds; the recipient's clock stands still while it waits for information."""
    return max(0, int((_answer_by(referral) - clock.now()).total_seconds()))


def wait_for_sender(referral: Referral) -> None:
    _end(referral, ACKNOWLEDGE, met=True)
    _end(referral, ANSWER, met=False)
    hours = policy.get(INFORM_HOURS, agency=referral.sender)
    _start(referral, INFORM, clock.now() + timedelta(hours=hours), referral.sender)


def wait_for_recipient(referral: Referral) -> None:
    _end(referral, INFORM, met=True)
    _start(referral, ANSWER, _answer_by(referral), referral.recipient)


def answered(referral: Referral) -> None:
    for kind in (ACKNOWLEDGE, ANSWER):
        _end(referral, kind, met=True)


def stop(referral: Referral) -> None:
    """Nothing is due between the two any more."""
    for kind in ALL:
        _end(referral, kind, met=False)


def stop_ended(case: Case, actor: User) -> None:
    """A merge was undone, and deadlines run again: referrals stay recalled. What the sender owes it owes on."""
    for referral in Referral.objects.filter(case=case).exclude(state__in=OPEN):
        for kind in (*OF_RECIPIENT, INFORM, BASIS):
            _end(referral, kind, met=False)
        if referral.confirmed_at is not None:
            confirmed(referral)


def ask_to_replace(referral: Referral) -> None:
    """Nobody has the child's matter in hand: the sender offers it to somebody else, or the supervisor hears of it."""
    hours = policy.get(REPLACE_HOURS, agency=referral.sender)
    _start(referral, REPLACE, clock.now() + timedelta(hours=hours), referral.sender)


def replaced(referral: Referral) -> None:
    """Somebody is asked for the same again, whoever it is: for what was not taken up nobody else has to be found."""
    same = Referral.objects.filter(
        case=referral.case_id, service=referral.service, transfer=referral.transfer
    )
    for ended in same.filter(state__in=CAN_BE_SENT_AGAIN):
        _end(ended, REPLACE, met=True)


def ask_to_confirm(referral: Referral) -> None:
    days = policy.get(CONFIRM_DAYS, agency=referral.sender)
    _start(referral, CONFIRM, clock.now() + timedelta(days=days), referral.sender)


def confirmed(referral: Referral) -> None:
    _end(referral, CONFIRM, met=True)


def ask_for_basis(referral: Referral) -> None:
    """The consent is gone and the care goes on: a supervisor finds another ground, or ends it.

    A second no gives no more time.
    """
    if lacks_basis(referral):
        return
    days = policy.get(DECIDE_DAYS, agency=referral.sender)
    _start(referral, BASIS, add_working_days(referral.sender, clock.now(), days), referral.sender)


def lacks_basis(referral: Referral) -> bool:
    waiting = Deadline.objects.open().filter(case_id=referral.case_id, kind=BASIS)
    return waiting.filter(params={"referral": str(referral.pk)}).exists()


def basis_found(referral: Referral) -> None:
    _end(referral, BASIS, met=True)


def access_after_completion(referral: Referral) -> datetime:
    return clock.now() + timedelta(days=policy.get(AFTER_COMPLETION, agency=referral.sender))


def access_after_confirmation(referral: Referral) -> datetime:
    return clock.now() + timedelta(days=policy.get(AFTER_CONFIRMATION, agency=referral.sender))


def referral_of(deadline: Deadline) -> Referral | None:
    named = deadline.params.get("referral")
    found = Referral.objects.select_related("case__agency", "sender", "recipient")
    return found.filter(pk=named).first() if named else None


def remind_recipient(deadline: Deadline) -> None:
    _tell_recipient(deadline, "referral.due_soon")


def tell_recipient(deadline: Deadline) -> None:
    _tell_recipient(deadline, f"overdue.{deadline.kind}")


def _tell_recipient(deadline: Deadline, notice: str) -> None:
    """The case's own callbacks tell those who work on it, this one the recipient's people, while they can answer."""
    referral = referral_of(deadline) if deadline.kind in OF_RECIPIENT else None
    if referral is not None and referral.state in OFFERED:
        notify(answering(referral), notice, referral, case_id=referral.case_id)
