from django.urls import path

from repatriation.views import assessment, board, care, family, opening, partners, returns, steps, study, wish
from repatriation.views import country_input as inputs
from repatriation.views import board, deciding, opening, panels, returns, steps, weighing

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
    path("returns/<uuid:return_id>/panel/", panels.panel_page, name="panel"),
    path("returns/<uuid:return_id>/panel/convene/", panels.panel_convene, name="panel_convene"),
    path("returns/<uuid:return_id>/panel/complete/", panels.panel_complete, name="panel_complete"),
    path("returns/<uuid:return_id>/panel/step-down/", panels.panel_step_down, name="panel_step_down"),
    path("returns/<uuid:return_id>/panel/dissolve/", panels.panel_dissolve, name="panel_dissolve"),
    path("returns/<uuid:return_id>/panel/dossier/", weighing.panel_dossier, name="panel_dossier"),
    path("returns/<uuid:return_id>/panel/weighing/", weighing.panel_weighing, name="panel_weighing"),
    path(
        "returns/<uuid:return_id>/panel/weighing/<slug:factor>/<slug:option>/",
        weighing.panel_argument,
        name="panel_argument",
    ),
    path("returns/<uuid:return_id>/panel/hearing/", weighing.panel_hearing, name="panel_hearing"),
    path("returns/<uuid:return_id>/panel/vote/", deciding.panel_vote, name="panel_vote"),
    path("returns/<uuid:return_id>/panel/close/", deciding.panel_close, name="panel_close"),
    path("returns/<uuid:return_id>/panel/dissent/", deciding.panel_dissent, name="panel_dissent"),
    path("returns/<uuid:return_id>/panel/minute/", deciding.panel_minute, name="panel_minute"),
    path("returns/<uuid:return_id>/panel/told/", deciding.panel_told, name="panel_told"),
    path("returns/<uuid:return_id>/panel/alternate/", deciding.panel_alternate, name="panel_alternate"),
]
