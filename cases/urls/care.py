from django.urls import path

from cases.views import tracks

urlpatterns = [
    path("cases/<uuid:case_id>/legal/", tracks.legal, name="legal"),
    path("cases/<uuid:case_id>/medical/", tracks.medical, name="medical"),
    path("cases/<uuid:case_id>/rehabilitation/", tracks.rehabilitation, name="rehabilitation"),
    path("cases/<uuid:case_id>/tracks/<slug:track>/<slug:edge_name>/", tracks.track_step, name="track_step"),
]
