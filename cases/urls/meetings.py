from django.urls import path

from cases.views import appointments, conferences, diary, minutes

_CONFERENCE = "cases/<uuid:case_id>/conferences/<uuid:conference_id>/"
_APPOINTMENT = "cases/<uuid:case_id>/appointments/<uuid:appointment_id>/"

urlpatterns = [
    path("calendar/", diary.calendar, name="calendar"),
    path("cases/<uuid:case_id>/calendar/", diary.case_calendar, name="case_calendar"),
    path("cases/<uuid:case_id>/conferences/", conferences.conferences, name="conferences"),
    path("cases/<uuid:case_id>/conferences/new/", conferences.conference_new, name="conference_new"),
    path(_CONFERENCE, conferences.conference, name="conference"),
    path(f"{_CONFERENCE}invited/", conferences.conference_invited, name="conference_invited"),
    path(f"{_CONFERENCE}move/", conferences.conference_move, name="conference_move"),
    path(f"{_CONFERENCE}cancel/", conferences.conference_cancel, name="conference_cancel"),
    path(f"{_CONFERENCE}points/new/", conferences.point_new, name="point_new"),
    path(f"{_CONFERENCE}points/<uuid:point_id>/remove/", conferences.point_remove, name="point_remove"),
    path(f"{_CONFERENCE}points/<uuid:point_id>/addendum/", minutes.addendum_new, name="addendum_new"),
    path(f"{_CONFERENCE}minute/", minutes.minute, name="minute"),
    path(f"{_CONFERENCE}minute/close/", minutes.minute_close, name="minute_close"),
    path(f"{_CONFERENCE}decisions/new/", minutes.decision_new, name="decision_new"),
    path("cases/<uuid:case_id>/appointments/new/", appointments.appointment_new, name="appointment_new"),
    path(f"{_APPOINTMENT}move/", appointments.appointment_move, name="appointment_move"),
    path(f"{_APPOINTMENT}done/", appointments.appointment_done, name="appointment_done"),
    path(f"{_APPOINTMENT}cancel/", appointments.appointment_cancel, name="appointment_cancel"),
]
