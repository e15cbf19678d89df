from django.urls import path

from cases.views import links, people

urlpatterns = [
    path("cases/<uuid:case_id>/people/", people.people, name="people"),
    path("cases/<uuid:case_id>/people/new/", people.person_new, name="person_new"),
    path("cases/<uuid:case_id>/people/<uuid:person_id>/", people.person_edit, name="person_edit"),
    path("cases/<uuid:case_id>/people/<uuid:person_id>/remove/", people.person_remove, name="person_remove"),
    path("cases/<uuid:case_id>/links/", links.links, name="links"),
    path("cases/<uuid:case_id>/links/new/", links.link_add, name="link_add"),
    path("cases/<uuid:case_id>/links/<uuid:link_id>/remove/", links.link_remove, name="link_remove"),
]
