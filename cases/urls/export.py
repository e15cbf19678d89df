from django.urls import path

from accounts.views.proving import proven
from cases.views import export, former, history, papers

urlpatterns = [
    path("cases/<uuid:case_id>/history/", history.case_history, name="case_history"),
    path("cases/<uuid:case_id>/file/", export.case_file, name="case_file"),
    path("cases/<uuid:case_id>/case-file.pdf", proven(export.case_file_pdf), name="case_file_pdf"),
    path("cases/handed-over/<uuid:former_id>/", former.former_file, name="former_file"),
    path("verify/", papers.verify, name="verify"),
]
