from allauth.account import views as allauth_views
from django.urls import path

from accounts.views import account

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", account.no_sign_up, name="account_signup"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("language/", account.set_language, name="set_language"),
]
