from django.urls import path

from repatriation.views import assessment, board, care, family, opening, partners, returns, steps, study, wish
from repatriation.views import country_input as inputs

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
    path("returns/<uuid:return_id>/wish/", wish.return_wish, name="return_wish"),
    path("returns/<uuid:return_id>/family/", family.return_family, name="return_family"),
    path("returns/<uuid:return_id>/partners/", partners.return_partners, name="return_partners"),
    path("returns/<uuid:return_id>/plan/", partners.return_plan, name="return_plan"),
    path("returns/<uuid:return_id>/care/", care.return_care, name="return_care"),
    path(
        "returns/<uuid:return_id>/care/<uuid:arrangement_id>/agreement/",
        care.return_agreement,
        name="return_agreement",
    ),
    path("returns/<uuid:return_id>/study/", study.return_study, name="return_study"),
    path(
        "returns/<uuid:return_id>/study/<uuid:arrangement_id>/new/",
        study.return_study_new,
        name="return_study_new",
    ),
    path("returns/<uuid:return_id>/input/", inputs.return_input, name="return_input"),
    path("returns/<uuid:return_id>/assessment/", assessment.return_assessment, name="return_assessment"),
    path(
        "returns/<uuid:return_id>/assessment/finish/",
        assessment.return_assessment_finish,
        name="return_assessment_finish",
    ),
]
