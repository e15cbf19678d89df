"""Connects the case file to the rooms below, once, when all models are loaded."""

from accounts import policy
from cases.edges import LIFECYCLE
from cases.models import Case
from cases.services import clocks
from workflow import deadlines


def connect() -> None:
    LIFECYCLE.attach(Case)
    deadlines.on_change(clocks.refresh_due)
    deadlines.on_overdue(clocks.tell_worker)
    deadlines.on_escalate(clocks.tell_supervisors)
    policy.register(
        "case.reopened_assessment_days",
        7,
        "days",
        "After reopening, a new best-interests assessment is due within this many days.",
    )
