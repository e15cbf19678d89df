"""What covers a page when nobody moves: drawn with every page, and shown by its script (`static/live.js`)."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from accounts import sessions
from accounts.forms.proving import SittingForm
from accounts.models import User

register = template.Library()


@register.simple_tag(takes_context=True)
def is_open(context: Context) -> bool:
    """Whether this page shows anything: who reads it is signed in with a second factor, and it is not covered."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or context.get("is_covered"):
        return False
    user = getattr(request, "user", None)
    return isinstance(user, User) and sessions.has_second_factor(request.session)


@register.inclusion_tag("components/cover.html", takes_context=True)
def cover(context: Context) -> dict[str, Any]:
    request: HttpRequest = context["request"]
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - `is_open` has asked
    return {
        "form": SittingForm(user=user, auto_id="cover_%s"),
        "seconds": int(sessions.lock_after(user).total_seconds()),
        "name": user.name,
    }
