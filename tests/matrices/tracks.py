"""The machines of care as the domain tells them: one table in words, and the lists that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.access import Section

Step = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Domain:
    """One machine as the domain tells it: steps are (name, from, to, whose hand, guards), states divided by spaces.

    A step whose `to` is `=` keeps the state. What every step asks for besides is its day.
    """

    states: str
    steps: tuple[Step, ...]
    entries: Mapping[str, str] = field(default_factory=dict)
    final: str = ""


LEGAL, CLINIC, CARE, WORKER, HELP = "worker lawyer", "clinic", "worker clinic", "worker", "worker partner"
TREATED = "triage urgent_care assessment treatment stable_follow_up"
RESTING = "achieved partly_achieved ended"
WRITTEN = "treatment_plan medication_list mental_health_screened"
ASKED = "incident"

DOMAIN: Mapping[str, Domain] = {
    "representation": Domain(
        "needed not_needed requested appointed ended",
        (
            ("judge_parents_safe", "needed", "not_needed", LEGAL, ""),
            ("need_representative", "not_needed ended", "needed", LEGAL, ""),
            ("request_representative", "needed", "requested", LEGAL, ""),
            ("appoint_representative", "requested", "appointed", LEGAL, "no_conflict"),
            ("report_conflict", "appointed", "requested", LEGAL, ""),
            ("end_representation", "appointed", "ended", LEGAL, ""),
        ),
        {
            "judge_parents_safe": "parents_safe basis",
            "need_representative": "reason",
            "request_representative": "authority pending_because",
            "appoint_representative": "person authority number",
            "report_conflict": "reason authority",
            "end_representation": "reason",
        },
    ),
    "identification": Domain(
        "not_started requested possible_victim victim not_a_victim",
        (
            ("request_identification", "not_started", "requested", LEGAL, ""),
            ("find_possible_victim", "requested", "possible_victim", LEGAL, ""),
            ("find_victim", "possible_victim", "victim", LEGAL, ""),
            ("find_no_victim", "requested possible_victim", "not_a_victim", LEGAL, ""),
            ("appeal_identification", "not_a_victim", "requested", LEGAL, ""),
        ),
        {
            "request_identification": "authority",
            "find_possible_victim": "decided_by",
            "find_victim": "decided_by number",
            "find_no_victim": "decided_by reason",
            "appeal_identification": "authority reason",
        },
        final="victim",
    ),
    "residence": Domain(
        "none permit_requested permitted refused not_applicable ended",
        (
            ("request_permit", "none refused", "permit_requested", LEGAL, ""),
            ("permit_residence", "permit_requested", "permitted", LEGAL, ""),
            ("renew_permit", "permitted", "=", LEGAL, ""),
            ("refuse_permit", "permit_requested", "refused", LEGAL, ""),
            ("record_national", "none", "not_applicable", LEGAL, ""),
            ("doubt_nationality", "not_applicable", "none", LEGAL, ""),
            ("end_residence", "none permit_requested permitted refused", "ended", LEGAL, ""),
        ),
        {
            "request_permit": "authority number",
            "permit_residence": "number",
            "renew_permit": "number",
            "refuse_permit": "number reason",
            "record_national": "basis",
            "doubt_nationality": "reason",
            "end_residence": "basis reason",
        },
        final="ended",
    ),
    "protection": Domain(
        "none claimed granted refused_final withdrawn",
        (
            ("claim_protection", "none refused_final withdrawn", "claimed", LEGAL, ""),
            ("grant_protection", "claimed", "granted", LEGAL, ""),
            ("refuse_protection", "claimed", "refused_final", LEGAL, ""),
            ("withdraw_claim", "claimed", "withdrawn", LEGAL, ""),
        ),
        {
            "claim_protection": "authority against",
            "grant_protection": "number",
            "refuse_protection": "number no_appeal_open",
            "withdraw_claim": "counselled reason",
        },
        final="granted",
    ),
    "proceedings": Domain(
        "none open paused closed",
        (
            ("open_proceedings", "none", "open", LEGAL, ""),
            ("pause_proceedings", "open", "paused", LEGAL, ""),
            ("resume_proceedings", "paused", "open", LEGAL, ""),
            ("close_proceedings", "open paused", "closed", LEGAL, ""),
            ("reopen_proceedings", "closed", "open", LEGAL, ""),
        ),
        {
            "open_proceedings": "authority number",
            "pause_proceedings": "reason",
            "close_proceedings": "result",
            "reopen_proceedings": "reason",
        },
    ),
    "redress": Domain(
        "not_sought sought awarded refused",
        (
            ("seek_redress", "not_sought refused", "sought", LEGAL, ""),
            ("drop_redress", "sought", "not_sought", LEGAL, ""),
            ("award_redress", "sought", "awarded", LEGAL, ""),
            ("refuse_redress", "sought", "refused", LEGAL, ""),
        ),
        {
            "seek_redress": "authority",
            "drop_redress": "reason",
            "award_redress": "award",
            "refuse_redress": "reason",
        },
        final="awarded",
    ),
    "medical": Domain(
        f"not_started not_applicable {TREATED} completed declined",
        (
            ("begin_triage", "not_started", "triage", CARE, ""),
            ("name_incident", TREATED, "=", CARE, ""),
            ("answer_prophylaxis", f"{TREATED} completed", "=", CARE, ""),
            ("answer_contraception", f"{TREATED} completed", "=", CARE, ""),
            ("find_no_care_needed", "not_started", "not_applicable", CARE, ""),
            ("need_care_after_all", "not_applicable", "not_started", CARE, ""),
            ("begin_urgent_care", "triage", "urgent_care", CARE, ""),
            ("begin_assessment", "triage urgent_care", "assessment", CARE, "examination_consented"),
            ("begin_treatment", "assessment", "treatment", CLINIC, WRITTEN),
            ("find_stable", "treatment", "stable_follow_up", CLINIC, WRITTEN),
            ("treat_again", "stable_follow_up", "treatment", CLINIC, WRITTEN),
            ("complete_care", "assessment stable_follow_up", "completed", CLINIC, "medical_summary"),
            ("start_care_again", "completed", "triage", CLINIC, ""),
            ("decline_care", f"not_started not_applicable {TREATED} completed", "declined", CARE, ""),
            ("confirm_refusal_of_care", "declined", "=", CARE, ""),
            ("accept_care", "declined", "triage", CARE, ""),
        ),
        {
            "begin_triage": ASKED,
            "name_incident": ASKED,
            "answer_prophylaxis": "answer",
            "answer_contraception": "answer",
            "find_no_care_needed": "reason",
            "need_care_after_all": "reason",
            "begin_urgent_care": "measures",
            "treat_again": "reason",
            "start_care_again": f"reason {ASKED}",
            "decline_care": "refused_by reason review_on",
            "confirm_refusal_of_care": "refused_by reason review_on",
            "accept_care": ASKED,
        },
        final="completed not_applicable",
    ),
    "rehabilitation": Domain(
        f"not_started not_applicable needs_assessed plan_agreed in_progress on_hold review {RESTING} declined",
        (
            ("assess_needs", "not_started", "needs_assessed", HELP, "needs_recorded"),
            ("find_no_rehabilitation_needed", "not_started", "not_applicable", HELP, ""),
            ("need_rehabilitation_after_all", "not_applicable", "not_started", HELP, ""),
            (
                "agree_plan",
                "needs_assessed",
                "plan_agreed",
                WORKER,
                "heard_about_plan representative_agrees rehabilitation_goals",
            ),
            ("begin_rehabilitation", "plan_agreed", "in_progress", HELP, ""),
            ("hold", "in_progress", "on_hold", HELP, ""),
            ("prolong_hold", "on_hold", "=", HELP, ""),
            ("go_on", "on_hold", "in_progress", HELP, ""),
            ("begin_review", "in_progress", "review", WORKER, ""),
            ("continue_after_review", "review", "in_progress", WORKER, ""),
            ("find_achieved", "review", "achieved", WORKER, "outcomes_recorded"),
            ("find_partly_achieved", "review", "partly_achieved", WORKER, "outcomes_recorded"),
            ("end_rehabilitation", "review", "ended", WORKER, "outcomes_recorded"),
            (
                "decline_rehabilitation",
                "not_started not_applicable needs_assessed plan_agreed in_progress on_hold review " + RESTING,
                "declined",
                WORKER,
                "",
            ),
            ("confirm_refusal_of_rehabilitation", "declined", "=", WORKER, ""),
            ("assess_needs_again", f"declined {RESTING}", "needs_assessed", WORKER, ""),
        ),
        {
            "find_no_rehabilitation_needed": "reason",
            "need_rehabilitation_after_all": "reason",
            "agree_plan": "education_from",
            "hold": "reason review_on",
            "prolong_hold": "reason review_on",
            "continue_after_review": "finding",
            "find_achieved": "own_words",
            "find_partly_achieved": "own_words",
            "end_rehabilitation": "own_words reason",
            "decline_rehabilitation": "reason review_on",
            "confirm_refusal_of_rehabilitation": "reason review_on",
            "assess_needs_again": "reason review_on",
        },
        final=f"{RESTING} not_applicable",
    ),
}
HANDS = {
    "worker": {"case_worker", "duty_worker"},
    "lawyer": {"legal_partner"},
    "clinic": {"clinic"},
    "partner": {"rehabilitation_partner"},
}
SECTIONS = {"medical": Section.MEDICAL, "rehabilitation": Section.REHABILITATION}
EVERY_STEP = [(name, step[0]) for name, domain in DOMAIN.items() for step in domain.steps]
EVERY_GUARD = [
    (name, step[0], code)
    for name, domain in DOMAIN.items()
    for step in domain.steps
    for code in step[4].split()
]
EVERY_ENTRY = [
    (name, step[0], entry)
    for name, domain in DOMAIN.items()
    for step in domain.steps
    for entry in ["happened_on", *domain.entries.get(step[0], "").split()]
]
MACHINES = tuple(DOMAIN)


def step_of(name: str, edge: str) -> Step:
    return next(step for step in DOMAIN[name].steps if step[0] == edge)


def source_of(name: str, edge: str) -> str:
    return step_of(name, edge)[1].split()[0]


def section_of(name: str) -> Section:
    return SECTIONS.get(name, Section.LEGAL)
