"""The application as the tests are served, over a database that is emptied after each of them.

Keys that it has at hand for half a minute are gone by then, which a server in use never sees: another key of the same
scope would open nothing. So it forgets them whenever a test begins.
"""

from contextlib import suppress
from typing import Any

from config.asgi import application as in_use

# isort: split
# Only now, because the application has set Django up.
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from tests.browser.server import BEGUN
from vault import keys

_broker = Redis.from_url(settings.VALKEY_URL)
_tests = set[object]()


async def application(scope: Any, receive: Any, send: Any) -> None:
    # Some tests stop the broker.
    with suppress(RedisError):
        begun = _broker.get(BEGUN)
        if begun not in _tests:
            _tests.add(begun)
            keys.forget_cached()
    await in_use(scope, receive, send)
