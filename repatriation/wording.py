"""Codes of a return put into words: what happened, what is due, what somebody is told."""

from collections.abc import Mapping
from typing import cast

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.wording.base import DueWords
from repatriation.edges import CLEARANCE, RETURN
from repatriation.models.choices import (
    Channel,
    EndReason,
    Finding,
    HandoverRefusal,
    Refusal,
    SignedAs,
    TravelDocumentKind,
    VerifiedAs,
)
from workflow.machine import Edge

DUE: Mapping[str, DueWords] = {
    "return_verification": DueWords(
        _("The consulate answers who the child is"), _("it was asked"), "case_returns", _("Open")
    ),
    "return_review": DueWords(
        _("Put the deferred decision before the panel"),
        _("the panel named this day"),
        "case_returns",
        _("Open"),
    ),
    "return_assessment_stale": DueWords(
        _("Renew the risk and security assessment"),
        _("the panel has not decided yet"),
        "case_returns",
        _("Open"),
    ),
    "return_ready_until": DueWords(
        _("Depart, or renew what runs out"), _("readiness ends then"), "case_returns", _("Open")
    ),
    "return_unconfirmed": DueWords(
        _("Confirm that the child has arrived and was handed over"),
        _("it departed"),
        "case_returns",
        _("Open"),
    ),
    "return_visit": DueWords(
        _("Visit the child after its return"), _("as the plan of visits says"), "case_returns", _("Open")
    ),
}


def _happened(edge: Edge) -> StrPromise:
    return cast(StrPromise, edge.happened)


OTHER_EVENTS: Mapping[str, StrPromise] = {
    "opened": _("opened the question of a return"),
    "handover_begun": _("began the handover"),
    "handover_begun_anew": _("began the handover anew"),
    "handover_signed": _("signed the handover"),
    "visit_reported": _("reported a visit"),
    "reception_ended": _("The receiving organisation has ended its work; visits are still to be made"),
}
EVENTS: Mapping[str, StrPromise] = {
    "return.opened": _("opened the question of a return"),
    "return.end_proposed": _("proposed to end the return"),
    "return.handover_begun": _("began the handover"),
    "return.handover_begun_anew": _("began the handover anew"),
    "return.line_ticked": _("went through a line of the list to carry"),
    "return.receiver_matched": _("looked at the papers of whoever receives the child"),
    "return.handover_remarked": _("wrote a remark on the handover"),
    "return.handover_signed": _("signed the handover"),
    "return.visit_reported": _("reported a visit after the return"),
    **{f"return.{edge.name}": _happened(edge) for edge in RETURN.edges},
    **{f"clearance.{edge.name}": _happened(edge) for edge in CLEARANCE.edges},
}
NOTICES: Mapping[str, StrPromise] = {
    "return.opened": _("A return is considered for a child of your team."),
    "return.end_proposed": _("Another supervisor proposes to end a return."),
    "return.visit_reported": _("A visit after a return is reported."),
    "return.visit_not_safe": _("A visit after a return: the child is not safe."),
    "return.reception_ended": _(
        "A receiving organisation has ended its work, and visits are still to be made."
    ),
    "return.unconfirmed": _("Alert on a journey: nobody has confirmed that the child was handed over."),
    "return.retrafficking": _("Alert after a return: signs of trafficking."),
    "return.trace": _("The search for a child’s family has begun."),
    "return.assess_family": _("A family is looked at for a return."),
    "return.record_finding": _("It is recorded what was found about a family."),
    "return.submit_to_panel": _("A return waits for the panel."),
    "return.reassess": _("The panel asks for another risk and security assessment."),
    "return.decide_return": _("The panel has decided on a return."),
    "return.decide_integration": _("The panel has decided on integration here."),
    "return.decide_third_country": _("The panel has decided on a third country."),
    "return.decide_later": _("The panel has deferred its decision."),
    "return.reopen_decision": _("A decision goes before the panel again."),
    "return.request_verification": _("A request for verification has arrived."),
    "return.verify_nationality": _("A consulate has confirmed a nationality."),
    "return.deny_nationality": _("A consulate says that a child is not a national."),
    "return.find_inconclusive": _("A consulate came to no result."),
    "return.ask_again": _("A consulate is asked again."),
    "return.request_document": _("A travel document is being made."),
    "return.issue_document": _("A travel document was issued."),
    "return.refuse_document": _("A travel document was refused."),
    "return.back_to_panel": _("A finding goes before the panel."),
    "return.plan_travel": _("A journey is planned."),
    "return.make_ready": _("Everything is ready for a departure."),
    "return.plan_again": _("A journey is not ready any more."),
    "return.depart": _("A child has departed."),
    "return.arrive": _("A child has arrived."),
    "return.hand_over": _("A child was handed over."),
    "return.fail_handover": _("A handover failed."),
    "return.hand_over_to_alternate": _("A child was handed over to the alternate."),
    "return.decide_anew": _("A return goes before the panel after a handover failed."),
    "return.begin_visits": _("The visits after a return are planned."),
    "return.complete": _("A return is complete."),
    "return.raise_alert": _("Alert after a return: signs of trafficking."),
    "return.go_on_visiting": _("The visits after a return go on."),
    "return.alert_to_panel": _("A return goes before the panel after an alert."),
    "return.withdraw": _("A return was withdrawn."),
    "return.suspend": _("A return is suspended."),
    "return.resume": _("A suspended return goes on."),
    "return.end": _("A return has ended."),
    "return.end_with_case": _("A return has ended with its case."),
    "overdue.return_verification": _("A consulate has not answered yet."),
    "overdue.return_review": _("A deferred decision is due before the panel."),
    "overdue.return_assessment_stale": _("A risk and security assessment is too old."),
    "overdue.return_ready_until": _("A journey is not ready any more: something has run out."),
    "overdue.return_unconfirmed": _("A child has departed, and nobody has confirmed the handover."),
    "overdue.return_visit": _("A visit after a return is overdue."),
}
READS: Mapping[str, StrPromise] = {
    "return.read": _("read the return"),
    "return.alert_read": _("read the alert of a return"),
}
CODES: Mapping[str, StrPromise] = {
    **dict(Channel.choices),
    **dict(EndReason.choices),
    **dict(Finding.choices),
    **dict(HandoverRefusal.choices),
    **dict(Refusal.choices),
    **dict(SignedAs.choices),
    **dict(TravelDocumentKind.choices),
    **dict(VerifiedAs.choices),
}


def event_words(kind: str) -> str:
    known = {**OTHER_EVENTS, **{edge.name: edge.happened for edge in RETURN.edges}}
    return str(known.get(kind, kind))
