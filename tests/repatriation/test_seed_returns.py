"""The demo's returns: every state, led there by the steps that people take."""

from collections.abc import Mapping

from accounts.models import AuditEvent, Notification, User
from accounts.notifications import NOTICES
from cases.demo.people import make_people
from cases.models import Case
from cases.models.choices import CaseState
from repatriation.demo.stories import ROWS, tell_returns
from repatriation.models import (
    AlternateQuestion,
    CareArrangement,
    HomeStudy,
    Panel,
    Person,
    Return,
    ReturnEvent,
    Seat,
    SecurityAssessment,
)
