"""The referral as the domain's table says it, in words of its own: step -> (from, to, whose hand)."""

from collections.abc import Mapping

OFFERED = {"sent", "acknowledged", "info_requested", "info_provided"}
RUNNING = {"accepted", "in_service"}
STATES = (
    {"draft", "discarded", "completed", "declined", "recalled", "expired", "handed_back"} | OFFERED | RUNNING
)
STEPS: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "discard": ({"draft"}, {"discarded"}, {"sender"}),
    "send": ({"draft"}, {"sent"}, {"sender"}),
    "acknowledge": ({"sent"}, {"acknowledged"}, {"recipient"}),
    "ask": ({"sent", "acknowledged", "info_provided"}, {"info_requested"}, {"recipient"}),
    "provide": ({"info_requested"}, {"info_provided"}, {"sender"}),
    "accept": ({"acknowledged", "info_provided"}, {"accepted"}, {"recipient"}),
    "take_over": ({"acknowledged", "info_provided"}, {"completed"}, {"recipient"}),
    "decline": (OFFERED, {"declined"}, {"recipient"}),
    "recall": (OFFERED, {"recalled"}, {"sender"}),
    "recall_care": (RUNNING, {"recalled"}, {"sender_supervisor"}),
    "expire": (OFFERED, {"expired"}, {"clock"}),
    "hand_back": (RUNNING, {"handed_back"}, {"recipient"}),
    "begin_service": ({"accepted"}, {"in_service"}, {"recipient"}),
    "complete": ({"in_service"}, {"completed"}, {"recipient"}),
    "confirm": ({"completed"}, {"completed"}, {"sender"}),
    "end_with_consent": (OFFERED, {"recalled"}, set()),
    "end_with_transfer": (OFFERED | RUNNING, {"recalled"}, set()),
    "end_with_case": (OFFERED | RUNNING, {"recalled"}, set()),
}
GUARDS: Mapping[str, str] = {
    "send": (
        "case_is_open purpose_said recipient_offers somebody_answers recipient_keeps_files may_share⚠ previewed "
        "answer_by not_twice one_transfer cosigned transfer_basis contact_cleared✖"
    ),
    "provide": "previewed cosigned",
    "accept": "asks_for_a_service",
    "take_over": "asks_for_the_case recipient_keeps_files not_refused_since",
    "recall_care": "care_elsewhere",
    "confirm": "not_confirmed",
}
EVERY_GUARD = [(edge, code.rstrip("⚠✖")) for edge, codes in GUARDS.items() for code in codes.split()]
