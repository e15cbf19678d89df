from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("accounts.urls.account")),
    path("agencies/", include("accounts.urls.directory")),
    path("views/", include("accounts.urls.lists")),
    path("audit/", include("accounts.urls.audit")),
    path("design/", include("accounts.urls.design")),
    path("", include("cases.urls")),
    path("", include("referrals.urls")),
    path("", include("repatriation.urls")),
]
