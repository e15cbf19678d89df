"""The return as the domain's table says it, in words of its own: step -> (from, to, whose hand); and its guards."""

from collections.abc import Mapping

UNDECIDED = {"considered", "tracing", "family_assessment", "risk_assessment", "panel_pending"}
DECIDED = {"decided_return", "decided_third_country"}
CARRIED_OUT = {
    "verification_requested",
    "nationality_verified",
    "not_a_national",
    "verification_inconclusive",
    "document_requested",
    "document_issued",
    "document_refused",
    "travel_planned",
    "ready",
}
BEFORE_DEPARTURE = UNDECIDED | DECIDED | {"deferred"} | CARRIED_OUT
FINAL = {"completed", "decided_integration", "ended"}
STATES = (
    BEFORE_DEPARTURE
    | FINAL
    | {"departed", "arrived", "handed_over", "monitoring", "handover_failed", "retrafficking_alert"}
    | {"withdrawn", "suspended"}
)
OPEN = STATES - FINAL
Step = tuple[set[str], set[str], set[str]]
STEPS: Mapping[str, Step] = {
    "trace": ({"considered"}, {"tracing"}, {"case_worker"}),
    "assess_family": ({"tracing"}, {"family_assessment"}, {"case_worker", "partner_abroad"}),
    "record_finding": (
        {"considered", "tracing", "family_assessment"},
        {"risk_assessment"},
        {"case_worker", "partner_abroad"},
    ),
    "submit_to_panel": ({"risk_assessment"}, {"panel_pending"}, {"supervisor"}),
    "reassess": ({"panel_pending"}, {"risk_assessment"}, {"supervisor"}),
    "decide_return": ({"panel_pending"}, {"decided_return"}, {"chair"}),
    "decide_integration": ({"panel_pending"}, {"decided_integration"}, {"chair"}),
    "decide_third_country": ({"panel_pending"}, {"decided_third_country"}, {"chair"}),
    "decide_later": ({"panel_pending"}, {"deferred"}, {"chair"}),
    "reopen_decision": (
        DECIDED | {"decided_integration", "deferred"},
        {"panel_pending"},
        {"supervisor"},
    ),
    "request_verification": (DECIDED, {"verification_requested"}, {"case_worker"}),
    "verify_nationality": ({"verification_requested"}, {"nationality_verified"}, {"consular"}),
    "deny_nationality": ({"verification_requested"}, {"not_a_national"}, {"consular"}),
    "find_inconclusive": ({"verification_requested"}, {"verification_inconclusive"}, {"consular"}),
    "ask_again": ({"verification_inconclusive"}, {"verification_requested"}, {"case_worker"}),
    "request_document": (
        {"nationality_verified", "document_refused"},
        {"document_requested"},
        {"consular", "case_worker"},
    ),
    "issue_document": ({"document_requested"}, {"document_issued"}, {"consular"}),
    "refuse_document": ({"document_requested"}, {"document_refused"}, {"consular"}),
    "back_to_panel": (
        {"not_a_national", "verification_inconclusive", "document_refused", "withdrawn"},
        {"panel_pending"},
        {"case_worker", "supervisor"},
    ),
    "plan_travel": ({"document_issued"}, {"travel_planned"}, {"case_worker", "consular"}),
    "make_ready": ({"travel_planned"}, {"ready"}, {"supervisor"}),
    "plan_again": ({"ready"}, {"travel_planned"}, {"case_worker", "clock"}),
    "depart": ({"ready"}, {"departed"}, {"escort", "consular"}),
    "arrive": ({"departed"}, {"arrived"}, {"escort", "receiver"}),
    "hand_over": ({"arrived"}, {"handed_over"}, {"escort", "receiver"}),
    "fail_handover": ({"departed", "arrived"}, {"handover_failed"}, {"escort", "receiver"}),
    "hand_over_to_alternate": ({"handover_failed"}, {"handed_over"}, {"escort", "receiver"}),
    "decide_anew": ({"handover_failed"}, {"panel_pending"}, {"case_worker", "supervisor"}),
    "begin_visits": ({"handed_over"}, {"monitoring"}, set()),
    "complete": ({"monitoring"}, {"completed"}, {"supervisor"}),
    "raise_alert": (
        {"handed_over", "monitoring"},
        {"retrafficking_alert"},
        {"receiver", "case_worker"},
    ),
    "go_on_visiting": ({"retrafficking_alert"}, {"monitoring"}, {"case_worker", "supervisor"}),
    "alert_to_panel": ({"retrafficking_alert"}, {"panel_pending"}, {"case_worker", "supervisor"}),
    "withdraw": (BEFORE_DEPARTURE | {"suspended"}, {"withdrawn"}, {"case_worker"}),
    "suspend": (BEFORE_DEPARTURE, {"suspended"}, {"case_worker", "supervisor", "clock"}),
    "resume": ({"suspended"}, UNDECIDED, {"case_worker", "supervisor"}),
    "end": (OPEN, {"ended"}, {"supervisor"}),
    "end_with_case": (OPEN, {"ended"}, set()),
}
STILL = "case_runs✖ cleared✖ assessment_positive✖ no_refoulement✖ input_received✖ somebody_cares✖"
TO_LEAVE = "assessment_positive✖ no_refoulement✖ input_received✖ somebody_cares✖"
PANEL = (
    "quorum no_agency_majority panel_heard_child panel_heard_representative all_argued fresh_assessment "
    "minute_signed dissent_recorded voters_are_free✖"
)
READY = (
    "decision_fresh✖ reflection_over✖ proceedings_allow✖ assent_given✖ fit_to_travel✖ care_in_writing✖ "
    "plan_accepted✖ document_valid✖ escort_ready✖ receiver_named✖ contacts_known✖"
)
GUARDS: Mapping[str, str] = {
    "trace": "case_runs✖ wish_known consent_to_tracing channel_cleared",
    "assess_family": "case_runs✖ relationship_verified",
    "record_finding": "case_runs✖",
    "submit_to_panel": "case_runs✖ fresh_assessment input_or_reason",
    "reassess": "case_runs✖",
    "decide_return": f"case_runs✖ voted_return {PANEL} {TO_LEAVE}",
    "decide_integration": f"case_runs✖ voted_integration {PANEL}",
    "decide_third_country": f"case_runs✖ voted_third_country {PANEL} {TO_LEAVE}",
    "decide_later": f"case_runs✖ voted_deferral {PANEL} review_in_time",
    "reopen_decision": "case_runs✖ no_other_open",
    "request_verification": f"{STILL} request_frozen consent_to_post",
    "verify_nationality": STILL,
    "deny_nationality": "case_runs✖",
    "find_inconclusive": "case_runs✖",
    "ask_again": f"{STILL} request_frozen consent_to_post",
    "request_document": STILL,
    "issue_document": f"{STILL} zone_holds valid_on_the_day",
    "refuse_document": "case_runs✖",
    "back_to_panel": "case_runs✖",
    "plan_travel": f"{STILL} escort_vetted reception_accepted route_known authorised",
    "make_ready": f"{STILL} {READY}",
    "depart": f"{STILL} {READY} not_run_out✖ on_the_day✖ identity_checked",
    "hand_over": "two_signatures receiver_is_named receiver_is_free lists_done",
    "hand_over_to_alternate": "two_signatures alternate_approved receiver_is_free lists_done",
    "complete": "reports_in last_is_well",
    "resume": "case_runs✖",
    "end": "second_supervisor✖",
}


def codes(edge: str) -> list[str]:
    return [code.rstrip("✖") for code in GUARDS.get(edge, "").split()]


def never(edge: str) -> list[str]:
    """The codes of what nobody can set aside on this step."""
    return [code.rstrip("✖") for code in GUARDS.get(edge, "").split() if code.endswith("✖")]


EVERY_GUARD = sorted({(edge, code) for edge in GUARDS for code in codes(edge)})
LEGAL = {
    (source, target) for sources, targets, _who in STEPS.values() for source in sources for target in targets
}
