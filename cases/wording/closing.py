"""Words for consent that is withdrawn, and the end of a case."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.closing import DurableSolution
from cases.models.erasure import ErasureGround
from cases.wording.base import DueWords

DUE: Mapping[str, DueWords] = {
    "consent_withdrawn": DueWords(
        _("Decide how help goes on without consent"),
        _("the child, or who speaks for it, withdrew it"),
        "consents",
        _("Decide"),
    ),
    "turns_18": DueWords(
        _("Review what changes on the 18th birthday"), _("turning 18"), "coming_of_age", _("Open")
    ),
    "tell_focal_point": DueWords(
        _("Tell the other country’s focal point"),
        _("the child is believed to be in danger there"),
        "danger_abroad",
        _("Record"),
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "closure.written": _("wrote the closure"),
    "case.solution_confirmed": _("confirmed the durable solution"),
    "outside.accepted": _("recorded that an agency outside took the case on"),
    "case.age_reviewed": _("recorded the review at 18"),
    "case.danger_believed": _("recorded that the child is believed to be in danger in another country"),
    "case.focal_point_told": _("recorded that the other country’s focal point was told"),
    "erasure.asked": _("asked that the file be erased"),
    "erasure.exported": _("exported the file before it is erased"),
    "erasure.dropped": _("took back that the file be erased"),
    "erasure.confirmed": _("confirmed that the file be erased"),
    "erasure.repeated": _("erased again after a backup had brought it back"),
    "hold.placed": _("placed a legal hold"),
    "hold.lifted": _("lifted a legal hold"),
    "consent.decided": _("decided how help goes on after consent was withdrawn"),
}
NOTICES: Mapping[str, StrPromise] = {
    "closure.written": _("A closure is written and waits for a supervisor."),
    "outside.accepted": _("An agency outside took a case on. A supervisor can refer it out of the system."),
    "erasure.asked": _("A file is to be erased. A second person has to confirm it."),
    "erasure.confirmed": _("A file was erased."),
    "hold.lifted": _("A legal hold that you placed was lifted."),
    "case.turned_18": _("The person in a case turns 18 this month. A review is due."),
    "case.danger_abroad": _("A missing child is believed to be in danger in another country."),
    "consent.withdrawn": _("Consent in a case was withdrawn."),
    "overdue.consent_withdrawn": _("A decision after consent was withdrawn is overdue."),
    "overdue.turns_18": _("The review at 18 is due in a case."),
    "overdue.tell_focal_point": _("Telling another country’s focal point about a missing child is overdue."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {
    "ground": {ground.value: ground.label for ground in ErasureGround},
    "solution": {solution.value: solution.label for solution in DurableSolution},
}
