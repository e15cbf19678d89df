from django.urls import path

from accounts.views.proving import proven
from cases.views import closing, consents, erasing

urlpatterns = [
    path("cases/<uuid:case_id>/closure/", closing.closure, name="closure"),
    path("cases/<uuid:case_id>/durable-solution/", closing.durable_solution, name="durable_solution"),
    path("cases/<uuid:case_id>/outside/", closing.outside, name="outside"),
    path("cases/<uuid:case_id>/coming-of-age/", closing.coming_of_age, name="coming_of_age"),
    path("cases/<uuid:case_id>/danger-abroad/", closing.danger_abroad, name="danger_abroad"),
    path(
        "cases/<uuid:case_id>/danger-abroad/<str:country>/told/",
        closing.focal_point_told,
        name="focal_point_told",
    ),
    path("cases/<uuid:case_id>/erasure/", erasing.erasure, name="erasure"),
    path("cases/<uuid:case_id>/erasure/export/", proven(erasing.erasure_export), name="erasure_export"),
    path("cases/<uuid:case_id>/erasure/confirm/", erasing.erasure_confirm, name="erasure_confirm"),
    path("cases/<uuid:case_id>/erasure/drop/", erasing.erasure_drop, name="erasure_drop"),
    path("cases/<uuid:case_id>/hold/", erasing.hold_place, name="hold_place"),
    path("cases/<uuid:case_id>/hold/<uuid:hold_id>/lift/", erasing.hold_lift, name="hold_lift"),
    path(
        "cases/<uuid:case_id>/consents/<uuid:consent_id>/withdraw/",
        consents.consent_withdraw,
        name="consent_withdraw",
    ),
    path(
        "cases/<uuid:case_id>/consents/withdrawn/<slug:purpose>/",
        consents.withdrawal_decide,
        name="withdrawal_decide",
    ),
]
