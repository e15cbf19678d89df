from django.urls import path

from accounts.views import audit

urlpatterns = [
    path("", audit.audit, name="audit"),
    path("head.json", audit.audit_head, name="audit_head"),
]
