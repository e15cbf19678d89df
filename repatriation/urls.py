from django.urls import path

from repatriation.views import alerts, board, handing, opening, reporting, returns, steps

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
    path("returns/alerts/", alerts.return_alerts, name="return_alerts"),
    path("returns/<uuid:return_id>/alert/", alerts.return_alert, name="return_alert"),
    path("returns/<uuid:return_id>/handover/", handing.handover, name="handover"),
    path("returns/<uuid:return_id>/handover/arrived/", handing.handover_arrive, name="handover_arrive"),
    path("returns/<uuid:return_id>/handover/begin/", handing.handover_begin, name="handover_begin"),
    path("returns/<uuid:return_id>/handover/receiver/", handing.handover_receiver, name="handover_receiver"),
    path("returns/<uuid:return_id>/handover/line/", handing.handover_line, name="handover_line"),
    path("returns/<uuid:return_id>/handover/remarks/", handing.handover_remarks, name="handover_remarks"),
    path("returns/<uuid:return_id>/handover/sign/", handing.handover_sign, name="handover_sign"),
    path("returns/<uuid:return_id>/handover/complete/", handing.handover_complete, name="handover_complete"),
    path("returns/<uuid:return_id>/handover/failed/", handing.handover_fail, name="handover_fail"),
    path("returns/<uuid:return_id>/visits/", reporting.monitoring, name="monitoring"),
    path("returns/<uuid:return_id>/visits/<int:number>/", reporting.return_visit, name="return_visit"),
]
