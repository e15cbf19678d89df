from django.urls import path

from repatriation.views import board, desk, documents, opening, requesting, returns, steps, verifications

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
    path("returns/<uuid:return_id>/request/", requesting.return_request, name="return_request"),
    path("returns/<uuid:return_id>/consular/", desk.consular, name="consular"),
    path("returns/<uuid:return_id>/documents/", documents.return_documents, name="return_documents"),
    path(
        "returns/<uuid:return_id>/documents/new/", documents.return_document_new, name="return_document_new"
    ),
    path("returns/<uuid:return_id>/permits/new/", documents.permit_new, name="permit_new"),
    path(
        "returns/<uuid:return_id>/permits/<uuid:permit_id>/", documents.permit_granted, name="permit_granted"
    ),
    path(
        "returns/<uuid:return_id>/permits/<uuid:permit_id>/remove/",
        documents.permit_remove,
        name="permit_remove",
    ),
    path("returns/verifications/", verifications.verifications, name="verifications"),
]
