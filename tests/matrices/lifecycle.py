"""The lifecycle as the domain's table tells it: steps, guards and entries, and the lists that follow from them."""

from collections.abc import Mapping

from cases.models.choices import CaseState

STATES = tuple(CaseState.values)
RUNNING = {"reported", "screening", "registered", "assessed", "planned", "active", "monitoring"}
OPEN = RUNNING | {"suspended"}

# The lifecycle as the domain's table says it, in words of its own: step -> (from, to, whose hand).
STEPS: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "begin_screening": ({"reported"}, {"screening"}, {"assigned"}),
    "take_over": (RUNNING, set(), {"assigned"}),
    "register": ({"screening"}, {"registered"}, {"assigned"}),
    "find_not_eligible": (RUNNING, {"not_eligible"}, {"agency"}),
    "assess": ({"registered"}, {"assessed"}, {"assigned"}),
    "plan": ({"assessed"}, {"planned"}, {"assigned"}),
    "activate": ({"planned"}, {"active"}, {"agency"}),
    "begin_monitoring": ({"active"}, {"monitoring"}, {"assigned"}),
    "return_to_active": ({"monitoring"}, {"active"}, {"assigned"}),
    "close": ({"monitoring"}, {"closed"}, {"agency"}),
    "end_early": (RUNNING, {"closed"}, {"agency"}),
    "suspend": (RUNNING, {"suspended"}, {"assigned", "agency", "duty", "referred", "personal"}),
    "resume": ({"suspended"}, RUNNING, {"assigned"}),
    "close_suspended": ({"suspended"}, {"closed"}, {"agency"}),
    "reopen": ({"closed"}, {"active"}, {"agency"}),
    "mark_duplicate": (OPEN, {"duplicate"}, {"agency"}),
    "undo_duplicate": ({"duplicate"}, OPEN, {"agency"}),
    "refer_out": (RUNNING, {"referred_out"}, {"agency"}),
}
# Guards in their order, with the mark of what may be set aside; entries that a person must make.
GUARDS: Mapping[str, str] = {
    "begin_screening": "worker_assigned",
    "take_over": "worker_assigned safety_looked_at",
    "register": "consent_services⚠ consent_data⚠ is_a_child duplicate_check_run candidates_decided",
    "find_not_eligible": "",
    "assess": "safety_looked_at representation placement best_interests_assessment",
    "plan": "child_heard goals_set plan_agreed",
    "activate": "plan_approved_by_another✖",
    "begin_monitoring": "tracks_settled durable_solution",
    "return_to_active": "",
    "close": "visits_done nothing_open closure_summary retention_date closure_approved_by_another✖",
    "end_early": "early_end_proposed closure_approved_by_another✖",
    "suspend": "",
    "resume": "found_and_safe",
    "close_suspended": "died_or_long_missing",
    "reopen": "",
    "mark_duplicate": "",
    "undo_duplicate": "",
    "refer_out": "accepted_outside",
}
ENTRIES: Mapping[str, set[str]] = {
    "find_not_eligible": {"code", "signpost"},
    "return_to_active": {"reason"},
    "reopen": {"reason"},
    "mark_duplicate": {"surviving_case"},
    "undo_duplicate": {"reason"},
}


def codes(edge: str) -> list[str]:
    return [code.rstrip("⚠✖") for code in GUARDS[edge].split()]


EVERY_GUARD = [(edge, code) for edge in GUARDS for code in codes(edge)]
NEVER = [(edge, code.rstrip("✖")) for edge in GUARDS for code in GUARDS[edge].split() if code.endswith("✖")]
MAY_BE_SET_ASIDE = [
    (edge, code.rstrip("⚠")) for edge in GUARDS for code in GUARDS[edge].split() if code.endswith("⚠")
]


def source_of(edge: str) -> str:
    return sorted(STEPS[edge][0])[0]
