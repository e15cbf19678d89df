"""Connects the case file to the rooms below, once, when all models are loaded."""

from django.utils.translation import gettext_lazy as _

from accounts import policy
from cases.edges import LIFECYCLE
from cases.models import Case
from cases.services import clocks
from workflow import deadlines


def connect() -> None:
    LIFECYCLE.attach(Case)
    deadlines.on_change(clocks.refresh_due)
    deadlines.on_escalate(clocks.escalate)
    policy.register(
        "case.contact_lost_days",
        365,
        _("days"),
        _("How long there must have been no contact before a case ends because contact was lost."),
    )
    policy.register(
        "case.reopened_assessment_days",
        7,
        _("days"),
        _("After reopening, a new best-interests assessment is due within this many days."),
    )
