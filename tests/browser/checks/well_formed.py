"""The pages are well-formed: every element closed where it was opened, every id once, every reference kept."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "use", "wbr"}
# What may not stand inside these, and would silently be moved out of them by a browser.
BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "form",
    "section",
    "h1",
    "h2",
    "h3",
    "fieldset",
    "details",
    "nav",
}
NOT_INSIDE = {
    "p": BLOCKS,
    "a": {"a", "button", "input", "select", "textarea"},
    "button": {"a", "button", "input", "select"},
    "form": {"form"},
    "label": {"label"},
    "h1": BLOCKS,
    "h2": BLOCKS,
    "h3": BLOCKS,
}
ONLY_INSIDE = {
    "li": {"ul", "ol"},
    "dt": {"div", "dl"},
    "dd": {"div", "dl"},
    "tr": {"thead", "tbody"},
    "td": {"tr"},
}
# What is typed here a browser writes to its own disk, to offer it again, unless it is told what it is.
REMEMBERED = {"", "text", "search", "email", "tel", "url", "number", "date", "time"}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


@dataclass
class Checker(HTMLParser):
    """Stricter than a browser, which repairs in silence."""

    wrong: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> names an attribute twice: {names}")
        for around in self.open:
            if tag in NOT_INSIDE.get(around, ()):
                self.wrong.append(f"<{tag}> inside <{around}>")
        if tag in ONLY_INSIDE and self.open[-1] not in ONLY_INSIDE[tag]:
            self.wrong.append(f"<{tag}> inside <{self.open[-1]}>")
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type", "") in REMEMBERED and "autocomplete" not in values:
            self.wrong.append(f"<input name={values.get('name')}> may be remembered by the browser")
        self._note(values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def _note(self, values: dict[str, str]) -> None:
        self.ids += [values["id"]] if "id" in values else []
        for name in REFERENCES:
            self.wanted += values.get(name, "").split()
        link = values.get("href", "")
        self.wanted += [link[1:]] if link.startswith("#") else []

    def found(self) -> list[str]:
        twice = {value for value in self.ids if self.ids.count(value) > 1}
        missing = set(self.wanted) - set(self.ids)
        left = [f"never closed: {self.open}"] if self.open else []
        return [*self.wrong, *left, *(f"id {x} twice" for x in twice), *(f"no {x} here" for x in missing)]


def checked(html: str) -> list[str]:
    checker = Checker()
    checker.feed(html)
    checker.close()
    return checker.found()
