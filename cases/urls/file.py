from django.urls import path

from cases.views import access, case, case_list, duplicates, reports, searching, sections, steps, today

urlpatterns = [
    path("", today.today, name="today"),
    path("notices/read/", today.notices_read, name="notices_read"),
    path("notices/back/", today.notices_put_back, name="notices_put_back"),
    path("desk/", reports.desk, name="desk"),
    path("desk/<uuid:report_id>/", reports.desk_report, name="desk_report"),
    path("desk/<uuid:report_id>/take/", reports.desk_take, name="desk_take"),
    path("reports/<uuid:report_id>/", reports.receipt, name="receipt"),
    path("cases/", case_list.case_list, name="case_list"),
    path("cases/search/", searching.case_search, name="case_search"),
    path("cases/new/", reports.report_new, name="report_new"),
    path("cases/<uuid:case_id>/", case.case_page, name="case"),
    path("cases/<uuid:case_id>/report/", reports.case_report, name="case_report"),
    path("cases/<uuid:case_id>/access/", access.case_access, name="case_access"),
    path("cases/<uuid:case_id>/access/grant/", access.access_grant, name="access_grant"),
    path("cases/<uuid:case_id>/access/<uuid:access_id>/end/", access.access_end, name="access_end"),
    path("cases/<uuid:case_id>/assign/", access.case_assign, name="case_assign"),
    path("cases/<uuid:case_id>/steps/<slug:edge_name>/", steps.case_step, name="case_step"),
    path(
        "cases/<uuid:case_id>/steps/<slug:edge_name>/without/<slug:guard_code>/",
        steps.case_override,
        name="case_override",
    ),
    path("cases/<uuid:case_id>/police/", steps.case_police, name="case_police"),
    path("cases/<uuid:case_id>/end/", steps.case_propose_end, name="case_propose_end"),
    path("cases/<uuid:case_id>/identity/", sections.case_identity, name="case_identity"),
    path("cases/<uuid:case_id>/identity/names/", sections.name_add, name="name_add"),
    path(
        "cases/<uuid:case_id>/identity/names/<uuid:name_id>/remove/", sections.name_remove, name="name_remove"
    ),
    path("cases/<uuid:case_id>/identity/numbers/", sections.number_add, name="number_add"),
    path(
        "cases/<uuid:case_id>/identity/numbers/<uuid:number_id>/remove/",
        sections.number_remove,
        name="number_remove",
    ),
    path("cases/<uuid:case_id>/consents/", sections.consents, name="consents"),
    path("cases/<uuid:case_id>/consents/new/", sections.consent_new, name="consent_new"),
    path("cases/<uuid:case_id>/risk/", sections.case_risk, name="case_risk"),
    path("cases/<uuid:case_id>/duplicates/", duplicates.case_duplicates, name="case_duplicates"),
    path("cases/<uuid:case_id>/duplicates/run/", duplicates.duplicates_run, name="duplicates_run"),
    path(
        "cases/<uuid:case_id>/duplicates/<uuid:candidate_id>/",
        duplicates.duplicate_decide,
        name="duplicate_decide",
    ),
]
