"""Words for the three tracks."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.registers import ExaminationKind, HealthRecordKind, NeedDomain
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "representation": DueWords(
        _("Ask for a guardian or representative"), _("the child is alone"), "legal", _("Open")
    ),
    "identification": DueWords(
        _("Get the decision about identification"), _("requested from the authority"), "legal", _("Open")
    ),
    "permit_expires": DueWords(_("Renew the residence permit"), _("on this day it ends"), "legal", _("Open")),
    "prophylaxis": DueWords(
        _("Begin HIV prophylaxis, every hour counts"),
        _("possible only within 72 hours of the last incident"),
        "medical",
        _("Open"),
    ),
    "contraception": DueWords(
        _("Offer emergency contraception, every hour counts"),
        _("possible only within 120 hours of the last incident"),
        "medical",
        _("Open"),
    ),
    "care_review": DueWords(
        _("Ask again about medical care"), _("it was refused until then"), "medical", _("Open")
    ),
    "rehabilitation_review": DueWords(
        _("Review rehabilitation"),
        _("at regular times, and when the risk changes"),
        "rehabilitation",
        _("Open"),
    ),
    "rehabilitation_hold": DueWords(
        _("See whether rehabilitation can go on"),
        _("it was put on hold until then"),
        "rehabilitation",
        _("Open"),
    ),
    "rehabilitation_declined": DueWords(
        _("Ask again about rehabilitation"), _("it was refused until then"), "rehabilitation", _("Open")
    ),
}
# What was done in the tracks themselves stands in their machines.
EVENTS: Mapping[str, StrPromise] = {
    "interview.recorded": _("recorded an interview of the child"),
    "testimony.recorded": _("recorded whether the child can testify without being here"),
    "examination.recorded": _("recorded an examination"),
    "health.recorded": _("wrote a health record"),
    "fitness.certified": _("certified fitness to travel"),
    "need.recorded": _("recorded what the child needs"),
}
NOTICES: Mapping[str, StrPromise] = {
    "medical.urgent": _("A child needs medical care that has to begin at once."),
    "overdue.representation": _("Asking for a representative is overdue."),
    "overdue.identification": _("A decision about identification is overdue."),
    "overdue.permit_expires": _("A residence permit has ended."),
    "overdue.prophylaxis": _("The time for HIV prophylaxis has passed without an answer."),
    "overdue.contraception": _("The time for emergency contraception has passed without an answer."),
    "overdue.care_review": _("Asking again about medical care is overdue."),
    "overdue.rehabilitation_review": _("A review of rehabilitation is overdue."),
    "overdue.rehabilitation_hold": _("Rehabilitation on hold is to be looked at again."),
    "overdue.rehabilitation_declined": _("Asking again about rehabilitation is overdue."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, Any]] = {
    "examination": dict(ExaminationKind.choices),
    "health_record": dict(HealthRecordKind.choices),
    "domain": dict(NeedDomain.choices),
    "testimony": {"arranged": _("Arranged"), "not_arranged": _("Not arranged")},
    "fitness": {"fit": _("Fit to travel"), "not_fit": _("Not fit to travel")},
}
