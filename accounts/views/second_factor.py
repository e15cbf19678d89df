"""The second factor of the reader's own account."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import qrcode
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathImage

from accounts import enrolling, factors
from accounts.errors import Invalid
from accounts.forms.factors import AppForm, PasskeyForm
from accounts.models import User
from accounts.posting import posted_from
from accounts.sessions import (
    factor_shown_used,
    has_second_factor,
    second_factor_passed,
    was_factor_shown,
)
from accounts.views.proving import factor_proven, factor_proven_first, own_account


def _words(row: Authenticator) -> str:
    if row.type == factors.APP:
        return _("An app that shows codes")
    return str(row.data["name"]) or _("A passkey")


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """What the account has. Before there is anything, the only page of a new account."""
    user = own_account(request)
    rows = factors.of(user)
    context = {
        "factors": [{"id": row.pk, "words": _words(row), "since": row.created_at} for row in rows],
        "has_app": any(row.type == factors.APP for row in rows),
        "codes_left": factors.codes_left(user),
        "is_new": not has_second_factor(request.session),
    }
    return render(request, "accounts/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@factor_proven_first
def second_factor_app(request: HttpRequest) -> HttpResponse:
    user = own_account(request)
    factors.make_key(user)
    if request.method != "POST":
        secret = generate_totp_secret()
        form = AppForm(user=user, initial={"seed": factors.sealed(user, factors.SHOWN, secret)})
        return _app_page(request, user, form, secret)
    form = AppForm(request.POST, user=user)
    codes: list[str] = []

    def save(entered: dict[str, Any]) -> None:
        codes.extend(enrolling.enrol_app(form.secret(), entered["code"], actor=user, **_seen(request)))

    if form.accepted(save):
        return _made(request, codes)
    try:
        return _app_page(request, user, form, form.secret(), status=422)
    except Invalid:
        return redirect("second_factor_app")


def _app_page(
    request: HttpRequest, user: User, form: AppForm, secret: str, status: int = 200
) -> HttpResponse:
    in_fours = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    picture = _drawn(get_adapter().build_totp_url(user, secret))
    context = {"form": form, "secret": in_fours, "picture": picture, "is_new": _is_new(request)}
    return render(request, "accounts/second_factor_app.html", context, status=status)


def _drawn(address: str) -> SafeString:
    """As a picture inside the page: it is nobody else's to fetch."""
    file = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(file)
    # Ours from the first sign to the last: the library draws squares, and the address is their pattern only.
    return mark_safe(file.getvalue().decode().partition("?>")[2])  # noqa: S308


@require_http_methods(["GET", "HEAD", "POST"])
@factor_proven_first
def second_factor_passkey(request: HttpRequest) -> HttpResponse:
    user = own_account(request)
    # For the recovery codes that come with the first.
    factors.make_key(user)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    codes: list[str] = []

    def save(entered: dict[str, Any]) -> None:
        if not factors.is_new_passkey(entered["passkey"]):
            raise Invalid("", _("The passkey was not made. Try once more."))
        codes.extend(
            enrolling.enrol_passkey(entered["passkey"], entered["name"], actor=user, **_seen(request))
        )

    if request.method == "POST" and form.accepted(save):
        return _made(request, codes)
    context = {
        "form": form,
        "options": factors.new_passkey_options(user),
        "is_new": _is_new(request),
    }
    return render(
        request, "accounts/second_factor_passkey.html", context, status=422 if form.is_bound else 200
    )


def _seen(request: HttpRequest) -> enrolling.Seen:
    return {"factor_shown": was_factor_shown(request.session), "here": request.session.session_key or ""}


def _made(request: HttpRequest, codes: Sequence[str]) -> HttpResponse:
    factor_shown_used(request.session)
    second_factor_passed(request.session)
    return _show(request, codes) if codes else redirect("second_factor")


@posted_from(lambda _request: reverse("second_factor"))
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    if not factors.has_any(own_account(request)):
        return redirect("second_factor")
    return _new_codes(request)


@factor_proven
def _new_codes(request: HttpRequest) -> HttpResponse:
    factors.make_key(own_account(request))
    return _show(request, enrolling.make_recovery_codes(actor=own_account(request)))


def _show(request: HttpRequest, codes: Sequence[str]) -> HttpResponse:
    """Once: a page that is loaded again shows them no more."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@posted_from(lambda _request, factor_id: reverse("second_factor"))
def factor_remove(request: HttpRequest, factor_id: int) -> HttpResponseBase:
    if all(row.pk != factor_id for row in factors.of(own_account(request))):
        raise Http404
    return _removed(request, factor_id)


@factor_proven
def _removed(request: HttpRequest, factor_id: int) -> HttpResponse:
    try:
        enrolling.remove_factor(factor_id, actor=own_account(request))
    except Authenticator.DoesNotExist:
        raise Http404 from None
    except Invalid as refusal:
        return render(request, "accounts/last_factor.html", {"sentence": refusal.sentence}, status=422)
    return redirect("second_factor")


@require_safe
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What a browser asks its passkeys: asked for when the button is pressed, so that the challenge is fresh."""
    user = own_account(request)
    if not factors.has_passkey(user):
        raise Http404
    return JsonResponse(factors.passkey_options(user))


def _is_new(request: HttpRequest) -> bool:
    return not has_second_factor(request.session)
