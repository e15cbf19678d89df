"""Codes of a return put into words: what happened, what is due, what somebody is told."""

from collections.abc import Iterable, Mapping
from typing import cast

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Role
from cases.wording.base import DueWords
from cases.wording.tour import OWNERS, Placed, Stop
from repatriation.edges.clearance import CLEARANCE
from repatriation.edges.returns import RETURN
from repatriation.models.choices import (
    Channel,
    EndReason,
    Finding,
    HandoverRefusal,
    NextQuestion,
    PermitKind,
    Refusal,
    SignedAs,
    TravelDocumentKind,
    VerifiedAs,
)
from repatriation.services import newfacts
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
    "return_tell": DueWords(
        _("Tell child and guardian what the panel has decided"),
        _("the panel has decided"),
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
    "partners_named": _("named who has a part abroad"),
    "care_named": _("named who would care for the child"),
    "care_agreed": _("recorded the agreement of who would care"),
    "study_written": _("wrote a home study"),
    "input_given": _("said what is known there about safety"),
    "assessment_finished": _("finished the risk and security assessment"),
    "plan_accepted": _("accepted the plan for the time afterwards"),
    "plan_not_accepted": _("accepts the plan for the time afterwards no more"),
    "panel_convened": _("convened the panel"),
    "panel_completed": _("completed the panel"),
    "panel_stepped_down": _("stepped down from the panel"),
    "panel_dissolved": _("dissolved the panel"),
    "vote_closed": _("closed the vote of the panel"),
    "minute_signed": _("signed the minute of the panel"),
    "told": _("told what was decided"),
    "alternate_asked": _("asked the panel about an alternate"),
    "alternate_answered": _("wrote down what the panel says about an alternate"),
    "document_replaced": _("entered another travel document"),
    "permit_needed": _("noted that the journey needs a permit"),
    "permit_granted": _("recorded that a permit is granted"),
    "permit_removed": _("recorded that a permit is not needed"),
    "route_set": _("planned the way and its times"),
    "journey_arranged": _("arranged who goes along, and what for"),
    "assent_recorded": _("recorded what the child says to the journey"),
    "handover_begun": _("began the handover"),
    "handover_begun_anew": _("began the handover anew"),
    "handover_signed": _("signed the handover"),
    "visit_reported": _("reported a visit"),
    "own_file_opened": _("opened a file of its own"),
    "reception_ended": _("The receiving organisation has ended its work; visits are still to be made"),
}
EVENTS: Mapping[str, StrPromise] = {
    "return.opened": _("opened the question of a return"),
    "return.end_proposed": _("proposed to end the return"),
    "return.wish_recorded": _("recorded what the child wishes about a return"),
    "return.relationship_verified": _("recorded how somebody is related to the child"),
    "return.partners_named": _("named who has a part in the return abroad"),
    "return.care_named": _("named who would care for the child there"),
    "return.care_agreed": _("recorded the agreement of who would care"),
    "return.study_written": _("wrote a home study"),
    "return.input_given": _("said what is known there about safety"),
    "return.assessment_saved": _("worked on the risk and security assessment"),
    "return.assessment_finished": _("finished the risk and security assessment"),
    "return.plan_accepted": _("accepted the plan for the time afterwards"),
    "return.plan_not_accepted": _("accepts the plan for the time afterwards no more"),
    "return.panel_convened": _("convened the panel"),
    "return.panel_completed": _("completed the panel"),
    "return.panel_stepped_down": _("stepped down from the panel"),
    "return.panel_dissolved": _("dissolved the panel"),
    "return.argued": _("argued a factor before the panel"),
    "return.panel_heard": _("recorded how the panel heard the child"),
    "return.voted": _("voted in the panel"),
    "return.vote_closed": _("closed the vote of the panel"),
    "return.dissented": _("said something about a vote"),
    "return.minute_signed": _("signed the minute of the panel"),
    "return.told": _("recorded how the decision was told"),
    "return.alternate_asked": _("asked the panel about an alternate"),
    "return.alternate_answered": _("wrote down what the panel says about an alternate"),
    "return.request_frozen": _("froze the request to the consulate"),
    "return.document_replaced": _("entered another travel document"),
    "return.name_confirmed": _("confirmed that a document with another name is the child’s"),
    "return.permit_needed": _("noted that the journey needs a permit"),
    "return.permit_granted": _("recorded that a permit is granted"),
    "return.permit_removed": _("recorded that a permit is not needed"),
    "return.route_set": _("planned the way and its times"),
    "return.journey_arranged": _("arranged who goes along, and what for"),
    "return.assent_recorded": _("recorded what the child says to the journey"),
    "return.reflection_waived": _("recorded that the reflection period is waived"),
    "return.waiver_taken_back": _("recorded that the reflection period is not waived any more"),
    "return.handover_begun": _("began the handover"),
    "return.handover_begun_anew": _("began the handover anew"),
    "return.line_ticked": _("went through a line of the list to carry"),
    "return.receiver_matched": _("looked at the papers of whoever receives the child"),
    "return.handover_remarked": _("wrote a remark on the handover"),
    "return.handover_signed": _("signed the handover"),
    "return.visit_reported": _("reported a visit after the return"),
    "return.own_file_opened": _("opened a file of its own at the agency to which the child comes"),
    **{f"return.{edge.name}": _happened(edge) for edge in RETURN.edges},
    **{f"clearance.{edge.name}": _happened(edge) for edge in CLEARANCE.edges},
}
NOTICES: Mapping[str, StrPromise] = {
    "return.opened": _("A return is considered for a child of your team."),
    "return.end_proposed": _("Another supervisor proposes to end a return."),
    "return.stopped": _(
        "A return in which you had a part was stopped. Do nothing more in it until you are asked."
    ),
    "return.partner_named": _("Your agency has a part in a return."),
    "return.care_named": _("It is named who would care for a child after a return."),
    "return.care_agreed": _("Who would care for a child has agreed in writing."),
    "return.study_written": _("A home study has arrived."),
    "return.input_given": _("The other country has said what it knows about safety."),
    "return.assessment_finished": _("A risk and security assessment is finished."),
    "return.plan_accepted": _("A plan for the time after a return is accepted abroad."),
    "return.plan_not_accepted": _("A plan for the time after a return is not accepted abroad any more."),
    "return.panel_convened": _("You sit on a panel that decides about a child."),
    "return.panel_stepped_down": _("A member has stepped down from a panel."),
    "return.alternate_asked": _("A panel is asked about an alternate."),
    "return.alternate_answered": _("A panel has answered about an alternate."),
    "return.new_facts": _("New facts have come in since a panel decided."),
    "return.route_set": _("The plan of a journey has changed: look at its times again."),
    "return.journey_arranged": _("The plan of a journey has changed."),
    "return.visit_reported": _("A visit after a return is reported."),
    "return.own_file_opened": _("The agency to which a child comes has opened a file of its own."),
    "return.own_file": _("A file was opened for a child who comes home. Name who works on it."),
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
    "overdue.return_tell": _("Child and guardian have not been told yet what a panel decided."),
    "overdue.return_ready_until": _("A journey is not ready any more: something has run out."),
    "overdue.return_unconfirmed": _("A child has departed, and nobody has confirmed the handover."),
    "overdue.return_visit": _("A visit after a return is overdue."),
}
READS: Mapping[str, StrPromise] = {
    "return.dossier_read": _("read the file for the panel"),
    "return.pack_read": _("read the journey pack"),
    "return.paper_taken": _("took a paper of the return"),
    "return.calendar_taken": _("took the times of the journey for a calendar"),
    "return.read": _("read the return"),
    "return.alert_read": _("read the alert of a return"),
}
PAGES: Mapping[str, StrPromise] = {
    **dict.fromkeys(
        ("case_returns", "return", "return_new", "return_propose_end", "return_step"), _("Return")
    ),
    "return_wish": _("The child’s wish"),
    "return_family": _("The family"),
    "return_partners": _("The partners abroad"),
    **dict.fromkeys(("return_agreement", "return_care"), _("Who would care")),
    **dict.fromkeys(("return_study", "return_study_new"), _("Home study")),
    "return_input": _("Safety there"),
    "return_plan": _("The time afterwards"),
    **dict.fromkeys(("return_assessment", "return_assessment_finish"), _("Risk and security assessment")),
    **dict.fromkeys(("panel", "panel_factor", "panel_hearing", "panel_weighing"), _("Panel")),
    "return_request": _("Request to the consulate"),
    "consular": _("Consulate"),
    **dict.fromkeys(("permit_new", "return_document_new", "return_documents"), _("Travel documents")),
    **dict.fromkeys(("return_arrange", "return_journey", "return_route"), _("Journey")),
    **dict.fromkeys(("return_assent", "return_ready", "return_waiver"), _("Ready to depart")),
    "escort": _("For the escort"),
    "handover": _("Handover"),
    **dict.fromkeys(("monitoring", "return_visit"), _("Visits afterwards")),
}
# Why a step was taken that nobody took (`services.watching`, `services.moving.by_itself`).
BY_ITSELF: Mapping[str, StrPromise] = {
    "case_suspended": _("The case is suspended."),
    "clearance_revoked": _("Contact with this country is not cleared any more."),
    "facts_changed": _("Something in the file has changed on which it rested."),
    "run_out": _("Something has run out on which it rested."),
}
# Facts that came after a decision (`services.newfacts`).
NEW_FACTS: Mapping[str, StrPromise] = {
    newfacts.RISK: _("The risk in this case was assessed anew."),
    newfacts.WISH: _("The child has said anew what it wishes."),
    newfacts.CARE: _("Who would care for the child has changed."),
    newfacts.ASSESSMENT: _("There is a new risk and security assessment."),
    newfacts.INPUT: _("The other country has said more about safety there."),
    newfacts.STUDY: _("There is another home study."),
    newfacts.IMPLICATED: _("It is known now that somebody in the file had a part in what happened."),
}
CODES: Mapping[str, StrPromise] = {
    **dict(Channel.choices),
    **dict(EndReason.choices),
    **dict(Finding.choices),
    **dict(HandoverRefusal.choices),
    **dict(NextQuestion.choices),
    **dict(PermitKind.choices),
    **dict(Refusal.choices),
    **dict(SignedAs.choices),
    **dict(TravelDocumentKind.choices),
    **dict(VerifiedAs.choices),
}


def event_words(kind: str) -> str:
    known = {**OTHER_EVENTS, **{edge.name: edge.happened for edge in RETURN.edges}}
    return str(known.get(kind, kind))


def hand_words(hands: Iterable[str]) -> str:
    """In whose hands something lies; the clock's own are nobody's."""
    labels = RETURN.hand_labels
    return str(_(" or ")).join(str(labels[hand]) for hand in sorted(set(hands) & set(labels)))


STOPS: tuple[Placed, ...] = (
    (
        50,
        OWNERS,
        Stop(
            _("The way home"),
            _(
                "A return goes on only when everything is there that keeps the child safe. All who have a part in it "
                "read the same list."
            ),
            "returns",
            "ready",
        ),
    ),
    (
        20,
        [Role.CONSULAR_OFFICER],
        Stop(
            _("What your post is asked"),
            _(
                "A request names the child, its parents and its last address at home, and nothing else. You answer on "
                "the same page, and enter the travel document there."
            ),
            "returns",
            "request",
        ),
    ),
    (
        20,
        [Role.PANEL_MEMBER],
        Stop(
            _("What you decide"),
            _(
                "Read what was found, argue each factor for each option, then vote. To return and to stay are equal "
                "outcomes: what counts is what is best for this child."
            ),
            "returns",
            "weigh",
        ),
    ),
    (
        20,
        [Role.ESCORT],
        Stop(
            _("Your journey"),
            _(
                "The way leg by leg, whom to call on both ends, and what the child needs on the road. At the handover "
                "you and the receiver sign, each on an own device."
            ),
            "returns",
            "ready",
        ),
    ),
    (
        30,
        [Role.FOCAL_POINT],
        Stop(
            _("Alerts"),
            _(
                "When a child that travelled is not where it should be, you are told at once, and it stands here."
            ),
            "return_alerts",
            "alert",
        ),
    ),
)
