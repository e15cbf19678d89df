from typing import Any

from django.template import Context, Library

from accounts import live, presence
from accounts.models import User

register = Library()


@register.simple_tag(takes_context=True)
def live_tokens(context: Context) -> str:
    """What this page's socket may ask for: its reader's own topic, what is watched, and what the view names.

    Each of the view's `live_topics` is (kind, id), or (kind, id, sequence) with the sequence of the rows that it has
    read: with it the page asks for itself again only when it has missed something.
    """
    user = context["user"]
    if not isinstance(user, User):
        return ""
    # Read at the beginning of the request, so nothing that came since can be missed.
    own = live.token(user, live.ACCOUNT, user.pk, user.notification_count)
    topics = [*live.watched(context["request"]), *(context.get("live_topics") or ())]
    return " ".join([own, *(live.token(user, *topic) for topic in topics)])


@register.inclusion_tag("components/company.html", takes_context=True)
def company(context: Context) -> dict[str, Any]:
    """Who else has this file open. Whoever is on this very page, where two may be typing, is said apart."""
    found = presence.company_of(context["request"])
    file, page = found or ([], [])
    return {"page": page, "file": [each for each in file if each not in page]}
