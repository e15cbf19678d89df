from django.urls import path

from cases.views import tour

urlpatterns = [
    path("tour/<int:number>/", tour.tour, name="tour"),
    path("tour/end/", tour.tour_end, name="tour_end"),
]
