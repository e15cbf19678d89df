"""Fills in a form that nobody described: wherever something can be typed, a canary is typed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import clock
from tests.canary.screens import Field, Form, Pairs
from tests.canary.words import CYRILLIC, DIGITS, LATIN, Nest

# Days from today that one form or another wants.
_DAYS = (0, -1, 3, -400)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[A-Z]{2}\b(?=/)")
_PARTS = re.compile(r"(.+)_(day|month|year)")


@dataclass(frozen=True)
class Filled:
    pairs: Pairs
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


def kind_of(address: str) -> str:
    """The address of a form without the ids of what it is about."""
    return _ID.sub("…", urlsplit(address).path)


class Filler:
    """`turn` counts how often such a form was filled: each time other things are chosen."""

    def __init__(self, nest: Nest, about: str = "") -> None:
        self.nest, self._about = nest, about

    def text(self, form: Form, name: str) -> str:
        label = f"{self._about}{kind_of(form.action)} {name}"
        if re.search("phone|number", name):
            return f"+{self.nest.word(label, DIGITS)}"
        return f"{self.nest.word(label, LATIN)} {self.nest.word(label, CYRILLIC)}"

    def fill(self, form: Form, turn: int = 0, **given: object) -> Filled:
        pairs = [(name, str(each)) for name, value in given.items() for each in _several(value)]
        files = {}
        for name, fields in _by_name(form, given):
            if fields[0].kind == "file":
                files[name] = (f"{self.text(form, name)}.txt", f"{self.text(form, name)} of it\n".encode())
            elif fields[0].kind not in ("submit", "button"):
                pairs += [(name, value) for value in self._values(form, fields, turn)]
        return Filled(pairs, files)

    def fill_wrongly(self, form: Form) -> Filled:
        """Words where a number, a day or one of a list is asked for, and an executable in place of a document."""
        pairs, files = [], {}
        for name, fields in _by_name(form, {}):
            if fields[0].kind == "file":
                files[name] = (f"{self.text(form, name)}.exe", b"MZ\x90\0" + self.text(form, name).encode())
            elif fields[0].kind == "hidden":
                pairs.append((name, fields[0].value))
            else:
                pairs.append((name, self.text(form, name)))
        return Filled(pairs, files)

    def _values(self, form: Form, fields: list[Field], turn: int) -> list[str]:
        first = fields[0]
        if first.kind == "hidden":
            return [each.value for each in fields]
        if first.kind in ("radio", "checkbox"):
            return [fields[turn % len(fields)].value or "on"]
        if parts := _PARTS.fullmatch(first.name):
            return [str(getattr(_day(turn), parts[2]))]
        if first.kind == "select":
            options = [value for value in first.options if value]
            return [options[turn % len(options)]] if options else []
        if first.kind == "number" or first.attributes.get("inputmode") == "numeric":
            return [str(1 + turn)]
        return [self.text(form, first.name)]


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _day(turn: int) -> datetime:
    return clock.now() + timedelta(days=_DAYS[turn % len(_DAYS)])


def _by_name(form: Form, given: Mapping[str, object]) -> Iterator[tuple[str, list[Field]]]:
    for name in dict.fromkeys(each.name for each in form.fields):
        if name not in given:
            yield name, [each for each in form.fields if each.name == name]
