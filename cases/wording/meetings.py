"""Words for case conferences and appointments."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.conferences import AppointmentKind
from cases.wording.base import DueWords

# The conference's and the appointment's own moment stands in their place for those who see them.
DUE: Mapping[str, DueWords] = {
    "minute": DueWords(
        _("Write the minute of a case conference"),
        _("to be closed within days of the conference"),
        "conferences",
        _("Open"),
    ),
    "appointment": DueWords(
        _("An appointment"), _("to be recorded once it took place"), "case_calendar", _("Open")
    ),
}
EVENTS: Mapping[str, StrPromise] = {
    "conference.called": _("called a case conference"),
    "conference.moved": _("moved a case conference"),
    "conference.cancelled": _("cancelled a case conference"),
    "conference.invited": _("changed who is invited to a case conference"),
    "conference.point_added": _("put a point on the agenda of a case conference"),
    "conference.point_removed": _("took a point off the agenda of a case conference"),
    "conference.minuted": _("wrote the minute of a case conference"),
    "conference.decided": _("recorded a decision of a case conference"),
    "conference.closed": _("closed the minute of a case conference"),
    "conference.addendum_written": _("added to the minute of a case conference"),
    "appointment.made": _("made an appointment"),
    "appointment.moved": _("moved an appointment"),
    "appointment.done": _("recorded that an appointment took place"),
    "appointment.cancelled": _("cancelled an appointment"),
    "appointment.handed_over": _("handed an appointment over to the new worker"),
}
NOTICES: Mapping[str, StrPromise] = {
    "conference.called": _("You are invited to a case conference."),
    "conference.moved": _("A case conference was moved."),
    "conference.cancelled": _("A case conference was cancelled."),
    "conference.uninvited": _("You are no longer invited to a case conference."),
    "conference.closed": _("The minute of a case conference is final."),
    "appointment.made": _("You are to go along to an appointment."),
    "appointment.moved": _("An appointment to which you go along was moved."),
    "appointment.cancelled": _("An appointment to which you were to go along was cancelled."),
    "overdue.minute": _("The minute of a case conference is overdue."),
    "overdue.appointment": _("What came of an appointment has not been recorded."),
}
# Lists whose labels put the coded details of an event into words, by the name of the detail.
LABELS: Mapping[str, Mapping[str, StrPromise]] = {"appointment": dict(AppointmentKind.choices)}
