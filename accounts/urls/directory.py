from django.urls import path

from accounts.views import directory

urlpatterns = [
    path("", directory.agency_list, name="agency_list"),
    path("<uuid:agency_id>/", directory.agency, name="agency"),
    path("<uuid:agency_id>/edit/", directory.agency_edit, name="agency_edit"),
    path("<uuid:agency_id>/places/", directory.agency_places, name="agency_places"),
]
