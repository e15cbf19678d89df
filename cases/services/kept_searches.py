"""What somebody searched for, kept for a while, so that Back finds it again without a name in an address.

Sealed under the account's own key: the broker, where it lies, is told nothing.
"""

import secrets

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from accounts.models import User
from vault import keys
from vault.errors import KeyMissing, SealBroken
from vault.sealing import seal, unseal

KEPT_SECONDS = 900
_CONTEXT = "cases.search"


def keep(user: User, text: str) -> str:
    """An id that opens it for this account, for so long; empty while the broker is away."""
    number = secrets.token_urlsafe(16)
    try:
        cache.set(_key(user, number), _sealed(user, text.encode(errors="replace")), KEPT_SECONDS)
    except RedisError:
        return ""
    return number


def kept(user: User, number: str) -> str | None:
    """None for what ran out, or was kept for somebody else."""
    try:
        sealed = cache.get(_key(user, number))
        return unseal(user.pk, _CONTEXT, sealed).decode() if sealed else None
    except (RedisError, KeyMissing, SealBroken):
        return None


def _sealed(user: User, text: bytes) -> bytes:
    try:
        return seal(user.pk, _CONTEXT, text)
    except KeyMissing:
        keys.create(user.pk)
        return seal(user.pk, _CONTEXT, text)


def _key(user: User, number: str) -> str:
    return salted_hmac(_CONTEXT, f"{user.pk}:{number}", algorithm="sha256").hexdigest()
