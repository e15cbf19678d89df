from django.urls import path

from accounts.views import lists

urlpatterns = [
    path("<slug:list_name>/", lists.saved_views, name="saved_views"),
    path("<slug:list_name>/new/", lists.view_new, name="view_new"),
    path("<uuid:view_id>/name/", lists.view_rename, name="view_rename"),
    path("<uuid:view_id>/remove/", lists.view_remove, name="view_remove"),
    path("<uuid:view_id>/back/", lists.view_put_back, name="view_put_back"),
]
