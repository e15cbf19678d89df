from django.urls import path

from cases.views import emergency, person

urlpatterns = [
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/reviews/", emergency.emergency_reviews, name="emergency_reviews"),
    path("emergency/reviews/<uuid:opening_id>/", emergency.emergency_review, name="emergency_review"),
    path("audit/people/", person.people_access, name="people_access"),
    path("audit/people/<uuid:account_id>/", person.person_access, name="person_access"),
]
