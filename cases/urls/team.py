from django.urls import path

from cases.views import calendar, duty, reassign, team

urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/reassign/", reassign.team_reassign, name="team_reassign"),
    path("team/cover/", team.cover_new, name="cover_new"),
    path("team/cover/<uuid:cover_id>/end/", team.cover_end, name="cover_end"),
    path("duty/", duty.duty, name="duty"),
    path("duty/new/", duty.duty_new, name="duty_new"),
    path("duty/<uuid:shift_id>/cancel/", duty.duty_cancel, name="duty_cancel"),
    path("calendar/address/", calendar.calendar_settings, name="calendar_settings"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
]
