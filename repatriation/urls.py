from django.urls import path

from repatriation.views import board, departures, escort, journey, opening, ready, returns, steps

urlpatterns = [
    path("returns/", board.returns, name="returns"),
    path("returns/<uuid:return_id>/", returns.return_page, name="return"),
    path("returns/<uuid:return_id>/steps/<slug:edge_name>/", steps.return_step, name="return_step"),
    path("returns/<uuid:return_id>/end/", opening.return_propose_end, name="return_propose_end"),
    path("cases/<uuid:case_id>/returns/", opening.case_returns, name="case_returns"),
    path("cases/<uuid:case_id>/returns/new/", opening.return_new, name="return_new"),
    path("cases/<uuid:case_id>/contact/", opening.clearances, name="clearances"),
    path(
        "cases/<uuid:case_id>/contact/<str:country>/revoke/",
        opening.clearance_revoke,
        name="clearance_revoke",
    ),
    path("returns/departures/", departures.departures, name="departures"),
    path("returns/<uuid:return_id>/journey/", journey.return_journey, name="return_journey"),
    path("returns/<uuid:return_id>/journey/route/", journey.return_route, name="return_route"),
    path("returns/<uuid:return_id>/journey/arrange/", journey.return_arrange, name="return_arrange"),
    path("returns/<uuid:return_id>/journey.ics", journey.return_calendar, name="return_calendar"),
    path("returns/<uuid:return_id>/ready/", ready.return_ready, name="return_ready"),
    path("returns/<uuid:return_id>/ready/assent/", ready.return_assent, name="return_assent"),
    path("returns/<uuid:return_id>/ready/waiver/", ready.return_waiver, name="return_waiver"),
    path("returns/<uuid:return_id>/ready/waiver/back/", ready.return_waiver_back, name="return_waiver_back"),
    path("returns/<uuid:return_id>/escort/", escort.escort, name="escort"),
]
