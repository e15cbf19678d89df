"""How often a place on the net may ask what needs no sign-in. Counted in the cache, as sign-in does."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def may_ask(what: str, most: int, seconds: int) -> bool:
    """Counts one question; false from the one after `most` on, until so many seconds after the first have passed."""
    if cache.add(what, 1, seconds):
        return True
    try:
        return cache.incr(what) <= most
    except ValueError:
        # The count ran out between the two questions.
        return True


def place_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))
