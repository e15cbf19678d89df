"""A request's body never touches a disk, and one that is too large is answered with a sentence.

Django's own handler keeps a body of more than 2.5 MB in a temporary file: in clear, whatever the upload handlers do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

Page = Callable[[HttpRequest], HttpResponse]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
TOO_LARGE = 413
SAFE = ("GET", "HEAD", "OPTIONS")


class Body(BytesIO):
    """What was kept of a body; nothing when it was too large."""

    is_too_large = False


class _OfWrite:
    """What arrives of a request that may change something."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def __call__(self) -> Mapping[str, Any]:
        return await self._receive()


class Handler(ASGIHandler):
    """Reads bodies into memory, up to what is admitted, and carries a write to its end."""

    async def handle(self, scope: dict[str, Any], receive: Receive, send: Any) -> None:
        await super().handle(scope, receive if scope["method"] in SAFE else _OfWrite(receive), send)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        """Who clicks again has hung up the first time. Where that led must be known when the second arrives."""
        if isinstance(receive, _OfWrite):
            await asyncio.Event().wait()
        await super().listen_for_disconnect(receive)

    async def read_body(self, receive: Receive) -> Body:
        """Read to its end even when nothing of it is kept: a browser that still sends would not see the answer."""
        body = Body()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            part = message.get("body", b"")
            if body.is_too_large or body.tell() + len(part) > settings.LARGEST_REQUEST:
                body.is_too_large = True
                body.truncate(0)
                body.seek(0)
            else:
                body.write(part)
            if not message.get("more_body", False):
                body.seek(0)
                return body

    def create_request(
        self, scope: Mapping[str, Any], body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        answer = super().create_request(scope, body_file)
        request = answer[0]
        if request is not None and isinstance(body_file, Body) and body_file.is_too_large:
            # Who sends in pieces says no length, and who lies says another one.
            request.META["CONTENT_LENGTH"] = str(settings.LARGEST_REQUEST + 1)
        return answer


def refuse_what_is_too_large(get_response: Page) -> Page:
    """Stands where the account's language is known, and before anything reads the body."""

    def respond(request: HttpRequest) -> HttpResponse:
        length = request.headers.get("content-length") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
            return render(request, "413.html", status=TOO_LARGE)
        return get_response(request)

    return respond
