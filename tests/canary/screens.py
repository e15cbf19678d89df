"""People at the screens: pages are read, forms filled in and sent as a browser sends them, nothing goes past them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener
from uuid import uuid4

from accounts import factors
from tests.canary.house import House

Pairs = list[tuple[str, str]]
_NO_TEXT = {"hidden", "submit", "button", "checkbox", "radio", "file", "select", "image", "reset"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    # Of a select: what may be chosen. Of radio buttons and boxes the value above is one of several.
    options: list[str] = field(default_factory=list)
    chosen: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        return self.kind not in _NO_TEXT


@dataclass
class Form:
    action: str
    method: str
    with_files: bool
    fields: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        return {each.name for each in self.fields}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, list[Form](), list[str]()
        self._form: Form | None = None
        self._field: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            files = given.get("enctype") == "multipart/form-data"
            self._form = Form(action, given.get("method", "get").lower(), files)
            self.forms.append(self._form)
        elif tag == "option" and self._field:
            self._field.options.append(given.get("value", ""))
            if "selected" in given:
                self._field.value = given.get("value", "")
        elif self._form and given.get("name") and tag in ("input", "select", "textarea", "button"):
            kind = given.get("type", "text") if tag == "input" else tag
            self._field = Field(given["name"], kind, given.get("value", ""), attributes=given)
            self._field.chosen = "checked" in given
            self._form.fields.append(self._field)

    def handle_data(self, data: str) -> None:
        if self._field and self._field.kind == "textarea":
            self._field.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._field = None


@dataclass(frozen=True)
class Page:
    status: int
    address: str
    content: bytes
    forms: Sequence[Form]
    links: Sequence[str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def form(self, action: str = "", *fields: str) -> Form:
        """The first that is sent to an address with such an end, and has these fields."""
        for form in self.forms:
            if form.method == "post" and form.action.endswith(action) and form.names() >= set(fields):
                return form
        raise AssertionError(f"{self.address} ({self.status}) has no form {action} {fields}: {self.text}")


class _Heads(HTTPRedirectHandler):
    """Keeps the head of every answer, of those that lead on as well."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, address: str, answer: Any) -> None:
        with self._path.open("a") as file:
            file.write(f"{address}\n{answer}\n")

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        self.write(req.full_url, headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, house: House, username: str) -> None:
        self.house, self.username = house, username
        self.cookies, self._heads = CookieJar(), _Heads(house.taken / "heads")
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies), self._heads)

    def signs_in(self) -> "Person":
        door = self.goes_to("/accounts/login/")
        page = self.sends(door.form("", "login"), login=self.username, password=self.house.password)
        seed = self.house.seeds[self.username]
        code = factors.code_at(seed, factors.step_now())
        page = self.sends(page.form("", "code"), code=code)
        assert page.status == 200, page.text
        assert "/accounts/login" not in page.address
        return self

    def sits_down(self) -> None:
        """The page may have been covered meanwhile."""
        self.sends(self.goes_to("/").form("/accounts/unlock/"), password=self.house.password)

    def cookie(self, name: str) -> str:
        return next(cookie.value or "" for cookie in self.cookies if cookie.name == name)

    def goes_to(self, path: str) -> Page:
        return self._ask(Request(urljoin(self.house.address, path)))  # noqa: S310 - on loopback

    def sends(
        self, form: Form, *, files: Mapping[str, tuple[str, bytes]] | None = None, **given: object
    ) -> Page:
        """What stands in the form already is sent along, as a browser does it."""
        kept = [pair for pair in standing(form) if pair[0] not in given]
        for name, value in given.items():
            kept += [(name, str(each)) for each in (value if isinstance(value, list) else [value])]
        return self.posts(form, kept, files or {})

    def posts(
        self, form: Form, pairs: Pairs, files: Mapping[str, tuple[str, bytes]], live: bool = False
    ) -> Page:
        kind, body = _multipart(pairs, files) if form.with_files else _encoded(pairs)
        asked = Request(form.action, body, {"Content-Type": kind, "Referer": form.action})  # noqa: S310
        if live:
            asked.add_header("X-Live", "1")
        return self._ask(asked)

    def _ask(self, asked: Request) -> Page:
        try:
            answer: HTTPResponse = self._opener.open(asked, timeout=60)
        except HTTPError as refused:
            answer = refused  # type: ignore[assignment]
        with answer:
            content, address = answer.read(), answer.url
            self._heads.write(address, answer.headers)
            is_page = answer.headers.get_content_type() == "text/html"
        reader = _Reader(address)
        if is_page:
            reader.feed(content.decode())
        return Page(answer.status, address, content, reader.forms, reader.links)


def standing(form: Form) -> Pairs:
    found = []
    for each in form.fields:
        if each.kind in ("checkbox", "radio") and not each.chosen:
            continue
        if each.kind not in ("file", "submit", "button"):
            found.append((each.name, each.value))
    return found


def _encoded(pairs: Pairs) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(pairs).encode()


def _multipart(pairs: Pairs, files: Mapping[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    line = uuid4().hex
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs
    ]
    for name, (filename, content) in files.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return f"multipart/form-data; boundary={line}", b"".join([*parts, f"--{line}--\r\n".encode()])


def id_in(address: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", urlsplit(address).path)
    assert found, address
    return found[0]
