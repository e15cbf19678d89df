from django.urls import path

from cases.views import assessing

urlpatterns = [
    path("cases/<uuid:case_id>/placement/", assessing.placement, name="placement"),
    path("cases/<uuid:case_id>/account/", assessing.account, name="account"),
    path("cases/<uuid:case_id>/best-interests/", assessing.best_interests, name="best_interests"),
    path(
        "cases/<uuid:case_id>/best-interests/finish/",
        assessing.best_interests_finish,
        name="best_interests_finish",
    ),
]
