"""Addresses of the case file, one module for each area."""

from cases.urls import (
    assessing,
    care,
    closing,
    documents,
    exceptional,
    export,
    file,
    meetings,
    people,
    plan,
    team,
    tour,
    voices,
)

urlpatterns = [
    *file.urlpatterns,
    *care.urlpatterns,
    *people.urlpatterns,
    *assessing.urlpatterns,
    *plan.urlpatterns,
    *meetings.urlpatterns,
    *voices.urlpatterns,
    *documents.urlpatterns,
    *closing.urlpatterns,
    *export.urlpatterns,
    *team.urlpatterns,
    *exceptional.urlpatterns,
    *tour.urlpatterns,
]
