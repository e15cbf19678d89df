"""The application as the tests are served, over a database that is emptied after each of them.

With every emptying the kinds of rows get new numbers, which a process remembers: a server in use never sees that.
"""

from typing import Any

from config.asgi import application as in_use

# isort: split
# Only now, because the application has set Django up.
from django.contrib.contenttypes.models import ContentType


async def application(scope: Any, receive: Any, send: Any) -> None:
    ContentType.objects.clear_cache()
    await in_use(scope, receive, send)
