"""Codes of a referral put into words: what happened, what is due, what somebody is told."""

from collections.abc import Mapping
from typing import cast

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Role
from cases.wording.base import DueWords
from cases.wording.tour import OWNERS, Placed, Stop
from referrals.edges import REFERRAL
from referrals.models.choices import Decline, HandBack, LegalBasis
from workflow.machine import Edge

DUE: Mapping[str, DueWords] = {
    "referral_acknowledge": DueWords(
        _("A recipient confirms that a referral arrived"), _("by risk"), "case_referrals", _("Open")
    ),
    "referral_answer": DueWords(
        _("A recipient answers a referral"), _("as the referral asks"), "case_referrals", _("Open")
    ),
    "referral_inform": DueWords(
        _("Answer a recipient’s question"), _("its own time stands still"), "case_referrals", _("Answer")
    ),
    "referral_replace": DueWords(
        _("Find somebody else for what was referred"),
        _("it was not taken up, or came back"),
        "case_referrals",
        _("Open"),
    ),
    "referral_confirm": DueWords(
        _("Confirm the outcome of a referral"),
        _("its recipient has completed it"),
        "case_referrals",
        _("Open"),
    ),
    "referral_basis": DueWords(
        _("Find another ground for a referral, or end it"),
        _("the consent to share was withdrawn, and care goes on"),
        "case_referrals",
        _("Open"),
    ),
}
# Events that are no step of the table.
OTHER_EVENTS: Mapping[str, StrPromise] = {
    "opened": _("opened the offer"),
    "message": _("wrote a message"),
    "service_note": _("reported what was done"),
    "consent_withdrawn": _("The consent to share was withdrawn"),
    "basis_stated": _("said another ground for sharing"),
    "sender_changed": _("took the case over and answers as the sender from now on"),
}


def _happened(edge: Edge) -> StrPromise:
    return cast(StrPromise, edge.happened)


EVENTS: Mapping[str, StrPromise] = {
    "referral.drafted": _("drafted a referral"),
    "referral.transfer_drafted": _("drafted the transfer of the case"),
    "referral.changed": _("changed the draft of a referral"),
    "referral.fields_chosen": _("chose the fields of a referral"),
    "referral.previewed": _("looked at a referral as its recipient will see it"),
    "referral.cosigned": _("signed a referral across a border"),
    "referral.message_written": _("wrote a message in a referral"),
    "referral.file_attached": _("sent a file in a referral"),
    "referral.service_noted": _("reported a service"),
    "referral.guard_overridden": _("set a condition of a referral aside"),
    "referral.consent_withdrawn": _("took the consent behind a referral back"),
    "referral.basis_stated": _("said another ground for a referral"),
    "field.disclosed": _("gave a field to another agency"),
    **{f"referral.{edge.name}": _happened(edge) for edge in REFERRAL.edges},
}
NOTICES: Mapping[str, StrPromise] = {
    "referral.send": _("A referral has arrived."),
    "referral.acknowledge": _("A referral was received."),
    "referral.ask": _("A recipient asks for information."),
    "referral.provide": _("Your question about a referral was answered."),
    "referral.accept": _("A referral was accepted."),
    "referral.take_over": _("Another agency has taken a case over."),
    "referral.decline": _("A referral was declined."),
    "referral.recall": _("A referral was recalled."),
    "referral.recall_care": _("A referral was ended by its sender."),
    "referral.expire": _("A referral has expired without an answer."),
    "referral.hand_back": _("A referral was handed back."),
    "referral.begin_service": _("The service of a referral has begun."),
    "referral.complete": _("The service of a referral is complete."),
    "referral.confirm": _("The outcome of a referral was confirmed."),
    "referral.end_with_transfer": _("A referral has ended: its recipient has taken the case over."),
    "referral.sender_changed": _(
        "Another agency has taken a case over and answers as the sender of a referral."
    ),
    "referral.end_with_case": _("A referral has ended with its case."),
    "referral.end_with_consent": _("A referral was recalled, because the consent to share was withdrawn."),
    "referral.consent_withdrawn": _(
        "The consent behind a referral was withdrawn. Its sender decides what follows."
    ),
    "referral.basis_needed": _("A referral needs another ground, or its end: the consent was withdrawn."),
    "referral.basis_stated": _("A referral stands on another ground now."),
    "referral.message": _("There is a message in a referral."),
    "referral.mentioned": _("You are named in a message of a referral."),
    "referral.service_note": _("A recipient reported what it did."),
    "referral.due_soon": _("A referral is to be answered soon."),
    "overdue.referral_acknowledge": _("A referral has not been confirmed in time."),
    "overdue.referral_answer": _("A referral was not answered in time."),
    "overdue.referral_inform": _("A recipient’s question was not answered in time."),
    "overdue.referral_replace": _("Nobody has been found yet for what was referred."),
    "overdue.referral_basis": _("A referral still has no ground after the consent was withdrawn."),
    "overdue.referral_confirm": _("The outcome of a referral waits for its confirmation."),
}
BY_ITSELF: Mapping[str, StrPromise] = {}
READS: Mapping[str, StrPromise] = {
    "referral.letter_taken": _("took the letter of a referral away as a PDF"),
    "ledger.exported": _("took away who holds which data, on paper"),
}
PAGES: Mapping[str, StrPromise] = {
    **dict.fromkeys(("case_referrals", "referral_again", "referral_new", "transfer_new"), _("Referrals")),
    **dict.fromkeys(("case_ledger", "case_ledger_pdf"), _("Who holds which data")),
}
CODES: Mapping[str, StrPromise] = {
    **dict(Decline.choices),
    **dict(HandBack.choices),
    **dict(LegalBasis.choices),
}


def event_words(kind: str) -> str:
    known = {**OTHER_EVENTS, **{edge.name: edge.happened for edge in REFERRAL.edges}}
    return str(known.get(kind, kind))


STOPS: tuple[Placed, ...] = (
    (
        20,
        [Role.SERVICE_PROVIDER, Role.FOCAL_POINT],
        Stop(
            _("What is asked of you"),
            _(
                "An offer says what is needed, and nothing that tells who the child is. Accept, ask, or decline with a "
                "reason. When you accept, the pack opens."
            ),
            "referrals",
            "offer",
        ),
    ),
    (
        40,
        OWNERS,
        Stop(
            _("Ask another agency"),
            _(
                "From a case you ask a shelter, a clinic or a lawyer, one or several at once. They see who the child "
                "is only when they accept."
            ),
            "referrals",
            "offer",
        ),
    ),
)
