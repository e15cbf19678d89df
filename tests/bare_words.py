"""Words for people that no catalogue knows: in a template between and inside the tags, and in Python where forms,
refusals and messages are made.

A reader of another language would see them in English, and no test of the catalogues could tell.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

# Names, and what is written the same way in every language.
NAMES = {
    "Homeward",
    "Ana Kovar",
    "Omar Nils",
    "Harbour House",
    "Mira",
    "Мира Белан",
    "Анна Белан",
    "Мира",
    "ميرا",
}
# A code is no word either: the law and its paragraph, the number of a form.
_NAMED = re.compile(r"\b(?:" + "|".join(sorted(NAMES, key=len, reverse=True)) + r"|\w*\d\w*)\b")
_SPOKEN = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
}
_SPOKEN |= {"summary", "title"}
_SENT = {"button", "reset", "submit"}
# What was cut out: a variable may stand in the middle of words, so it is no letter and no end of a text.
_CUT = "\N{OBJECT REPLACEMENT CHARACTER}"
_LITERAL = re.compile(r"""(?P<mark>_\()?(?P<quote>["'])(?P<text>.*?)(?P=quote)""")
# After these comes a format of days, or the name of a class.
_NO_WORDS = re.compile(r"(?:\|(?:date|time):|\bclass=)$")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[\s’'-]|$)|[a-z] [a-z]")


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside: str | None = None

    def handle_data(self, data: str) -> None:
        # What is code or no language's own is shown as it is; so is a name that somebody was given.
        if self.inside is None:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.inside == tag:
            self.inside = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self.inside is None and (tag in ("code", "kbd") or known.get("translate") == "no"):
            self.inside = tag
        self.found += [value for name, value in attrs if value and is_spoken(name, value)]
        if tag == "input" and known.get("type") in _SENT:
            self.found.append(known.get("value") or "")


def is_spoken(attribute: str, value: str) -> bool:
    """Also what a script takes from the page to put it on the screen; most `data-` attributes are codes."""
    return attribute in _SPOKEN or (attribute.startswith("data-") and bool(_SENTENCE.search(value)))


def in_template(source: str) -> list[str]:
    parser, literals = _Texts(), list[str]()
    parser.feed("".join(_without_tags(Lexer(source).tokenize(), literals)))
    parser.close()
    texts = [*parser.found, *literals]
    return [text.strip() for text in texts if _WORDS.search(_NAMED.sub("", text.replace(_CUT, " ")))]


def _without_tags(tokens: list[Token], literals: list[str]) -> Iterator[str]:
    """What a page is made of, without what is translated or is no word; words given to a tag go to `literals`."""
    until = ""
    for token in tokens:
        tag = token.contents.split(maxsplit=1)[0] if token.contents.split() else ""
        if until:
            until = "" if token.token_type is TokenType.BLOCK and tag == until else until
        elif token.token_type is TokenType.TEXT:
            yield token.contents
        elif token.token_type is TokenType.BLOCK and tag in ("blocktranslate", "comment"):
            until = f"end{tag}"
        elif token.contents == "block main_class":
            until = "endblock"
        elif token.token_type is not TokenType.COMMENT:
            literals += _literals(token.contents, tag)
            yield _CUT


def _literals(contents: str, tag: str) -> Iterator[str]:
    """`title="Nothing here"` of an include, `|default:"none"` of a variable."""
    if tag == "translate":
        return
    for found in _LITERAL.finditer(contents):
        is_code = _NO_WORDS.search(contents[: found.start()])
        if not found["mark"] and not is_code and _SENTENCE.search(found["text"]):
            yield found["text"]


_KEYWORDS = {"empty_label", "help_text", "label", "placeholder"}
_RAISED = {"Refusal", "ValidationError"}
_MESSAGES = {"error", "info", "success", "warning"}


def in_python(source: str) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        word.value
        for call in calls
        for word in _spoken_arguments(call)
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and _WORDS.search(word.value)
    ]


def _spoken_arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from (keyword.value for keyword in call.keywords if keyword.arg in _KEYWORDS)
    if isinstance(call.func, ast.Name) and call.func.id in _RAISED:
        yield from call.args[:1]
    of_messages = isinstance(call.func, ast.Attribute) and call.func.attr in _MESSAGES
    if of_messages and ast.unparse(call.func).startswith("messages."):
        yield from call.args[1:2]
