from allauth.account import views as allauth_views
from allauth.mfa.base import views as allauth_mfa_views
from django.urls import path

from accounts.views import account, drafts, identity, proving, second_factor

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", allauth_mfa_views.authenticate, name="mfa_authenticate"),
    path("login/<slug:provider_id>/", identity.identity_login, name="identity_login"),
    path("login/<slug:provider_id>/back/", identity.identity_callback, name="identity_callback"),
    path("logout/", account.sign_out, name="account_logout"),
    path("signup/", account.no_sign_up, name="account_signup"),
    path("password/change/", account.change_password, name="account_change_password"),
    path("language/", account.set_language, name="set_language"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/app/", second_factor.second_factor_app, name="second_factor_app"),
    path("second-factor/passkey/", second_factor.second_factor_passkey, name="second_factor_passkey"),
    path("second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("second-factor/<int:factor_id>/remove/", second_factor.factor_remove, name="factor_remove"),
    path("passkey/", second_factor.passkey_options, name="passkey_options"),
    path("prove/", proving.prove, name="prove"),
    path("unlock/", proving.unlock, name="unlock"),
    path("lock/", proving.lock, name="lock"),
    path("leave/", account.leave, name="leave"),
    path("keys/", account.set_keys, name="set_keys"),
    path("drafts/", drafts.draft_keep, name="draft_keep"),
    path("drafts/<uuid:draft_id>/drop/", drafts.draft_drop, name="draft_drop"),
    path("here/", proving.still_here, name="still_here"),
]
