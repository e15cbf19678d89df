"""What is entered in the steps of the tracks, step by step. A span of time is a day, counted from that of the step."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cases.demo.files import File
from cases.demo.names import COURT, PENDING
from cases.edges.legal import DecidingOrganisation
from cases.edges.medical import Incident, RefusedBy, UrgentAnswer

MIGRATION = "Office for migration, Lindau"
POLICE = "Criminal police, unit for trafficking"
MONTH = timedelta(days=30)

LEGAL: Mapping[str, dict[str, Any]] = {
    "request_representative": {
        "authority": COURT,
        "pending_because": PENDING,
    },
    "appoint_representative": {"authority": COURT, "number": "7 P 412"},
    "judge_parents_safe": {
        "parents_safe": True,
        "basis": "Two home visits and talks with both parents apart; nothing leads from them to the recruiter.",
    },
    "report_conflict": {
        "reason": "The guardian is an uncle of the man who is suspected, and had not said so.",
        "authority": COURT,
    },
    "end_representation": {"reason": "The aunt has parental responsibility now, by order of the court."},
    "request_identification": {"authority": POLICE},
    "find_possible_victim": {"decided_by": DecidingOrganisation.POLICE},
    "find_victim": {"decided_by": DecidingOrganisation.COURT, "number": "3 Gs 88"},
    "find_no_victim": {
        "decided_by": DecidingOrganisation.POLICE,
        "reason": "The police see begging within the family and no third person. We may appeal.",
    },
    "request_permit": {"authority": MIGRATION, "number": "M 2231"},
    "permit_residence": {"number": "M 2231/R", "valid_until": 10 * MONTH},
    "refuse_permit": {
        "number": "M 2231/A",
        "reason": "The office waits for the decision about identification.",
    },
    "record_national": {"basis": "Birth certificate of Lindau, number 118"},
    "end_residence": {
        "basis": "Ticket and the aunt’s letter",
        "reason": "Moved with its aunt to where she works; the service there visits the family.",
    },
    "claim_protection": {"authority": MIGRATION, "against": "XB"},
    "grant_protection": {"number": "IP 73"},
    "refuse_protection": {"number": "IP 74", "no_appeal_open": True},
    "withdraw_claim": {"counselled": True, "reason": "The permit for victims gives more, and sooner."},
    "open_proceedings": {"authority": "Public prosecutor, Lindau", "number": "41 Js 907"},
    "pause_proceedings": {"reason": "The suspect is abroad; a request for extradition is on its way."},
    "close_proceedings": {"result": "Two convictions. The child did not have to appear in court."},
    "seek_redress": {"authority": "Fund for victims of crime"},
    "award_redress": {"award": "Compensation, paid into an account that opens when the child comes of age."},
    "refuse_redress": {"reason": "The fund pays only after a conviction."},
}
MEDICAL: Mapping[str, dict[str, Any]] = {
    "begin_triage": {"incident": Incident.LONGER_AGO},
    "answer_prophylaxis": {"answer": UrgentAnswer.BEGUN},
    "answer_contraception": {"answer": UrgentAnswer.BEGUN},
    "begin_urgent_care": {
        "measures": "Wounds treated; blood taken before prophylaxis; a nurse stays with her."
    },
    "begin_assessment": {},
    "begin_treatment": {},
    "find_stable": {},
    "complete_care": {},
    "find_no_care_needed": {"reason": "Examined at school this month; nothing found, nothing wanted."},
    "decline_care": {
        "refused_by": RefusedBy.CHILD,
        "reason": "Does not want to be touched by anybody for now. The clinic stays in contact by telephone.",
        "review_on": timedelta(days=21),
    },
}
REHABILITATION: Mapping[str, dict[str, Any]] = {
    "assess_needs": {},
    "agree_plan": {"education_from": timedelta(days=7)},
    "begin_rehabilitation": {},
    "begin_review": {},
    "hold": {
        "reason": "The therapist is ill; her stand-in speaks no Belmoran.",
        "review_on": timedelta(days=10),
    },
    "continue_after_review": {"finding": "Sleeps through most nights; goes to school four days of five."},
    "find_achieved": {"own_words": "I have a friend here now. I do not need to come every week."},
    "find_partly_achieved": {"own_words": "School is good. I still do not like the evenings."},
    "end_rehabilitation": {
        "own_words": "I want to work with my uncle, not sit in a course.",
        "reason": "The training does not suit; what was wanted of it is reached elsewhere.",
    },
    "find_no_rehabilitation_needed": {"reason": "The receiving agency offers its own programme."},
    "decline_rehabilitation": {
        "reason": "Wants no more talks about what happened. Keeps the telephone number.",
        "review_on": MONTH,
    },
}
ENTRIES: Mapping[str, dict[str, Any]] = {**LEGAL, **MEDICAL, **REHABILITATION}


def take(file: File, *edges: str, by: str = "", **more: Any) -> None:
    """These steps one after the other; `more` is entered in each, over what stands above."""
    for edge in edges:
        file.track_step(edge, by=by, **ENTRIES[edge] | more)
