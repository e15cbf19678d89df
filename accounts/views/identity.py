"""Sign-in at an agency's own identity provider."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from jwt import PyJWTError
from requests import RequestException

from accounts.limits import may_ask, place_of
from accounts.posting import safe_next
from accounts.provider import AgencyAdapter
from accounts.refusing import refusal, unavailable

ASKED_A_MINUTE, MINUTE = 20, 60
# What a provider that is down, or answers nonsense, raises on the way.
BROKEN = (RequestException, OAuth2Error, PyJWTError, KeyError, ValueError)


@login_not_required
@require_safe
def identity_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    provider = _provider(request, provider_id)
    if not _may_ask(request):
        return _too_often(request)
    try:
        answer: HttpResponse = provider.begin(
            request, safe_next(request, request.GET.get("next", ""), "today")
        )
    except BROKEN:
        return unavailable(request)
    return answer


@login_not_required
@require_safe
def identity_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    _provider(request, provider_id)
    if not _may_ask(request):
        return _too_often(request)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(AgencyAdapter(request, provider_id))(request)
    except BROKEN:
        return unavailable(request)
    return answer


def _provider(request: HttpRequest, provider_id: str) -> Any:
    try:
        return get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def _may_ask(request: HttpRequest) -> bool:
    return may_ask(f"identity:{place_of(request)}", ASKED_A_MINUTE, MINUTE)


def _too_often(request: HttpRequest) -> HttpResponse:
    return refusal(request, _("Too many questions from your network. Ask again in a minute."), 429)
