from django.urls import path

from repatriation.views import board, opening, returns, steps

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
]
