"""What was typed on this page and not sent, and the ticket with which the page keeps what is typed now."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from accounts import drafts as kept
from accounts import sending
from accounts.models import Draft, User

register = template.Library()


@register.inclusion_tag("components/drafts.html", takes_context=True)
def drafts(context: Context) -> dict[str, Any]:
    """Not for a page that answers a form: what was typed stands in it."""
    request: HttpRequest = context["request"]
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - `is_open` has asked
    shows = request.method == "GET" and "X-Live" not in request.headers
    return {
        "ticket": kept.ticket(user, request.path),
        "refused": sending.number_of(request) or "",
        "drafts": [_shown(each) for each in kept.on_page(user, request.path)] if shows else [],
        "here": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


def _shown(draft: Draft) -> dict[str, Any]:
    fields = kept.words_of(draft)["fields"]
    return {
        "id": draft.pk,
        "at": draft.saved_at,
        "action": draft.action,
        "said": json.dumps({"action": draft.action, "number": str(draft.number), "fields": fields}),
    }
