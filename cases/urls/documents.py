from django.urls import path

from cases.views import documents

_ONE = "cases/<uuid:case_id>/documents/<uuid:document_id>/"

urlpatterns = [
    path("cases/<uuid:case_id>/documents/", documents.documents, name="documents"),
    path("cases/<uuid:case_id>/documents/new/", documents.document_new, name="document_new"),
    path(_ONE, documents.document_open, name="document_open"),
    path(f"{_ONE}remove/", documents.document_remove, name="document_remove"),
    path(f"{_ONE}report/", documents.document_report, name="document_report"),
    path(f"{_ONE}police/", documents.document_police, name="document_police"),
]
