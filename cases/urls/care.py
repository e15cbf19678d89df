from django.urls import path

from cases.views import registers, tracks

urlpatterns = [
    path("cases/<uuid:case_id>/legal/", tracks.legal, name="legal"),
    path("cases/<uuid:case_id>/legal/interviews/new/", registers.interview_new, name="interview_new"),
    path("cases/<uuid:case_id>/legal/testimony/", registers.testimony, name="testimony"),
    path("cases/<uuid:case_id>/medical/", tracks.medical, name="medical"),
    path("cases/<uuid:case_id>/medical/examinations/new/", registers.examination_new, name="examination_new"),
    path("cases/<uuid:case_id>/medical/records/new/", registers.health_record_new, name="health_record_new"),
    path(
        "cases/<uuid:case_id>/medical/fitness/new/", registers.travel_fitness_new, name="travel_fitness_new"
    ),
    path("cases/<uuid:case_id>/rehabilitation/", tracks.rehabilitation, name="rehabilitation"),
    path("cases/<uuid:case_id>/rehabilitation/needs/new/", registers.need_new, name="need_new"),
    path("cases/<uuid:case_id>/tracks/<slug:track>/<slug:edge_name>/", tracks.track_step, name="track_step"),
]
