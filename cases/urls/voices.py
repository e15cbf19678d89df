from django.urls import path

from cases.views import notes, voices

urlpatterns = [
    path("cases/<uuid:case_id>/notes/", notes.notes, name="notes"),
    path("cases/<uuid:case_id>/notes/new/", notes.note_new, name="note_new"),
    path("cases/<uuid:case_id>/voices/", voices.voices, name="voices"),
    path("cases/<uuid:case_id>/voices/new/", voices.voice_new, name="voice_new"),
    path("cases/<uuid:case_id>/voices/<uuid:voice_id>/answer/", voices.voice_answer, name="voice_answer"),
    path("cases/<uuid:case_id>/leaflet/", voices.leaflet, name="leaflet"),
]
