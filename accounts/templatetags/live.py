from django.template import Context, Library

from accounts import live
from accounts.models import User

register = Library()


@register.simple_tag(takes_context=True)
def live_tokens(context: Context) -> str:
    """What this page's socket may ask for: its reader's own topic, and those which the view names as `live_topics`.

    Each is (kind, id), or (kind, id, sequence) with the sequence of the rows that the view has read: with it the
    page asks for itself again only when it has missed something.
    """
    user = context["user"]
    if not isinstance(user, User):
        return ""
    # Read at the beginning of the request, so nothing that came since can be missed.
    own = live.token(user, live.ACCOUNT, user.pk, user.notification_count)
    return " ".join([own, *(live.token(user, *topic) for topic in context.get("live_topics") or ())])
