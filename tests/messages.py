"""What the sources say to people, and the catalogues in which it stands in other languages; each is read once."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Path = settings.BASE_DIR
ROOMS = ("accounts", "cases", "config", "referrals", "repatriation", "vault", "workflow")
# English is the language of the sources.
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_IN_TEMPLATE = re.compile(rf"(?:n?p?gettext|_)\({_STRING}(?:\s*,\s*{_STRING})*")


@dataclass(frozen=True, order=True)
class Message:
    """What a catalogue knows it by, and its plural, which goes with it."""

    text: str
    context: str = ""
    plural: str = ""


def of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    kind = re.sub(r"_(lazy|noop)$", "", name)
    said = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    words = [word for word in said if isinstance(word, str)]
    wanted = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2, "npgettext": 3}.get(kind)
    if wanted is None or len(words) < wanted:
        return
    context = words.pop(0) if "p" in kind.removesuffix("gettext") else ""
    plural = words[1] if kind.startswith("n") else ""
    if words[0]:
        yield Message(words[0], context, plural)


def of_template(source: str) -> Iterator[Message]:
    """Django turns a template into something like Python: its calls are cut out and read as Python."""
    for call in _IN_TEMPLATE.findall(templatize(source)):
        yield from of_python(f"{call})".replace("\n", "\\n"))


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".txt"))


def modules() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


@cache
def messages_of_the_sources() -> frozenset[Message]:
    found = {message for path in modules() for message in of_python(path.read_text())}
    return frozenset(found | {message for path in templates() for message in of_template(path.read_text())})


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


@cache
def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(catalogue_path(language)))


def message_of(entry: polib.POEntry | polib.MOEntry) -> Message:
    return Message(entry.msgid, entry.msgctxt or "", entry.msgid_plural)


def translations_of(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
