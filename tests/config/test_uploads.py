"""What is sent to the real server stays in memory, and what is too large is answered with a sentence."""

import asyncio
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import override_settings

from config.asgi import application
from config.uploads import Body, Handler

PART = b"x" * 1024 * 1024
SENT = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\nana\r\n--b--\r\n'


@pytest.fixture(autouse=True)
def _no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    # A page in clear, as on loopback.
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield


async def read(parts: list[bytes]) -> Body:
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    body = await Handler.read_body(application, receive)
    assert messages == [], "read to its end, or the browser does not see the answer"
    return body


def test_a_body_is_kept_in_memory_up_to_what_is_admitted() -> None:
    largest = settings.LARGEST_REQUEST // len(PART)
    body = asyncio.run(read([PART] * largest))
    assert (body.is_too_large, body.read()) == (False, PART * largest)
    assert asyncio.run(read([b""])).read() == b""


def test_nothing_is_kept_of_a_larger_one() -> None:
    body = asyncio.run(read([PART] * (settings.LARGEST_REQUEST // len(PART) + 30)))
    assert (body.is_too_large, body.read()) == (True, b"")


def test_it_is_too_large_for_good() -> None:
    body = asyncio.run(read([b"x" * (settings.LARGEST_REQUEST + 1), b"more"]))
    assert (body.is_too_large, body.read()) == (True, b"")


async def answered(parts: list[bytes], headers: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/accounts/login/",
        "query_string": b"",
        "client": ("127.0.0.1", 50000),
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"multipart/form-data; boundary=b"),
            *headers,
        ],
    }
    server: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    for number, part in enumerate(parts):
        more = number < len(parts) - 1
        await server.send_input({"type": "http.request", "body": part, "more_body": more})
    start = await server.receive_output(timeout=20)
    page = await server.receive_output(timeout=20)
    return int(start["status"]), bytes(page["body"])


TOO_MUCH = [PART] * (settings.LARGEST_REQUEST // len(PART) + 1)


@pytest.mark.parametrize(
    "said", [[], [(b"content-length", b"5")], [(b"content-length", str(len(PART) * len(TOO_MUCH)).encode())]]
)
def test_whatever_a_request_says_of_its_length_a_larger_one_is_told_so(
    said: list[tuple[bytes, bytes]],
) -> None:
    status, page = asyncio.run(answered(TOO_MUCH, said))
    assert status == 413
    assert "A file may have up to 20 MB." in page.decode()


def test_one_that_says_it_is_large_is_told_so_too() -> None:
    status, page = asyncio.run(answered([SENT], [(b"content-length", b"99999999999")]))
    assert status == 413
    assert "This is too large" in page.decode()


def test_a_smaller_one_reaches_the_page() -> None:
    """Which then misses the token of its form."""
    status, _page = asyncio.run(answered([SENT], [(b"content-length", str(len(SENT)).encode())]))
    assert status == 403
