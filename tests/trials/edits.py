"""Two people change the same thing at the same time, over real lines: does the second one ever write over the first?

Each pair begins with one page, opened by two. The first changes something and saves. The second, who still sees the
page of before, changes the same or something else, and saves too.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.urls import resolve
from lxml import html  # type: ignore[import-untyped]  # it has no types

from accounts.models import User
from cases.models import CaseAccess
from cases.models.choices import Basis
from tests.browser.visits.base import Visit
from tests.cast import PASSWORD
from tests.entering import session_of

NEVER_CHANGED = ("csrfmiddlewaretoken", "once", "seen", "shown", "between", "saved", "version")
CHOICE = "choice-"
PATIENCE = 60.0
ATTEMPTS = 12


@dataclass
class Tally:
    """`silent` is what must never be: the first one's answer is gone, and nobody was asked."""

    pairs: int = 0
    same: int = 0
    chosen: Counter[str] = field(default_factory=Counter)
    merged: int = 0
    refused: int = 0
    silent: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, int]:
        return {
            "pairs of conflicting edits": self.pairs,
            "of these, both changed the same field": self.same,
            "different forms": len(self.forms),
            "choices: what the first one saved": self.chosen["theirs"],
            "choices: what the second one typed": self.chosen["mine"],
            "pages with nothing to choose, because each had changed something else": self.merged,
            "refused afterwards for what they said, with everything that was typed": self.refused,
            "silent overwrites": len(self.silent),
            "second values that were lost": len(self.lost),
        }


class Line:
    """One person at one browser without script."""

    def __init__(self, address: str, user: User) -> None:
        self._http = httpx.Client(
            base_url=address,
            cookies={"sessionid": session_of(user)},
            timeout=PATIENCE,
            follow_redirects=False,
        )

    def opened(self, path: str) -> list[Any]:
        answer = self._http.get(path, follow_redirects=True)
        return edit_forms(answer) if answer.status_code == httpx.codes.OK else []

    def send(self, form: "Sheet") -> httpx.Response:
        return self._http.post(form.action, data=form.data(), headers={"Origin": str(self._http.base_url)})

    def close(self) -> None:
        self._http.close()


class Sheet:
    """A form over a stored row, as a browser holds it."""

    def __init__(self, form: Any, page: str) -> None:
        self._form = form
        self.action = urlsplit(form.get("action") or "").path or page
        self.name = resolve(self.action).view_name

    def data(self) -> dict[str, list[str]]:
        found = dict[str, list[str]]()
        for name, value in self._form.form_values():
            found.setdefault(name, []).append(value)
        # A browser sends an empty box too.
        empty = {each.name: [""] for each in self._form.inputs if each.name and self._is_box(each)}
        return empty | found

    def _is_box(self, found: Any) -> bool:
        is_text = isinstance(found, html.InputElement) and found.type in ("text", "hidden", "email", "tel")
        return is_text or isinstance(found, html.TextareaElement)

    @property
    def changeable(self) -> list[str]:
        """Fields of words and single choices: those that a hand changes in one move."""
        names = dict.fromkeys(each.name for each in self._form.inputs if each.name)
        return [
            name
            for name in names
            if name not in NEVER_CHANGED and not name.startswith(CHOICE) and self._kind(name)
        ]

    def _kind(self, name: str) -> str:
        found = self._form.inputs[name]
        if isinstance(found, html.TextareaElement):
            return "words"
        if isinstance(found, html.SelectElement):
            many = sum(each.name == name for each in self._form.inputs) > 1
            # Of a day its month alone: where only the year is known, the form itself puts it to January.
            is_part = name.endswith("_month")
            return "" if found.multiple or many or is_part or len(found.value_options) < 3 else "list"
        if isinstance(found, html.RadioGroup):
            return "radio"
        is_words = getattr(found, "type", "") == "text" and not found.get("inputmode")
        return "words" if is_words and not found.get("list") else ""

    def value(self, name: str) -> str:
        return str(self._form.fields.get(name) or "").strip()

    def change(self, name: str, chance: random.Random, words: str) -> bool:
        kind, before = self._kind(name), self.value(name)
        if kind == "words":
            self._form.fields[name] = f"{before[:60]} {words}".strip()
            return True
        found = self._form.inputs[name]
        options = found.value_options if kind in ("list", "radio") else []
        others = [each for each in options if each and each != before]
        if not others:
            return False
        self._form.fields[name] = chance.choice(others)
        return True

    @property
    def choices(self) -> list[str]:
        return [name for name in self.data_names() if name.startswith(CHOICE)]

    def data_names(self) -> list[str]:
        return list(dict.fromkeys(each.name for each in self._form.inputs if each.name))

    def choose(self, name: str, answer: str) -> None:
        self._form.fields[name] = answer

    def shows(self, words: str) -> bool:
        return words in self.text or any(
            words in value for values in self.data().values() for value in values
        )

    @property
    def text(self) -> str:
        return " ".join(self._form.text_content().split())


def edit_forms(answer: httpx.Response) -> list[Sheet]:
    page = html.fromstring(answer.text)
    found = [each for each in page.forms if each.method == "POST" and "seen" in each.fields]
    return [sheet for sheet in (Sheet(each, answer.url.path) for each in found) if sheet.changeable]


def pages(visits: Iterable[Visit]) -> Iterator[tuple[User, str]]:
    """What stands on them is only looked at, so each is opened once."""
    known = set[str]()
    for visit in visits:
        if visit.user is not None and visit.path not in known:
            known.add(visit.path)
            yield visit.user, visit.path


def meet(address: str, forms: Sequence[tuple[User, str, str]], pairs: int, tally: Tally) -> None:
    """`forms` are who, on which page, and which form; each kind of them has its turn."""
    chance = random.Random(75)  # noqa: S311 - a drill that can be repeated
    names = sorted({name for _user, _path, name in forms})
    colleagues = {
        user: colleague_of(user, number) for number, user in enumerate({user for user, *_ in forms})
    }
    for turn in range(pairs * ATTEMPTS):
        if tally.pairs == pairs:
            return
        name = names[turn % len(names)]
        user, path, _name = chance.choice([each for each in forms if each[2] == name])
        first, second = Line(address, user), Line(address, colleagues[user])
        if not second.opened(path):
            # A seat on a panel is nobody else's: the same person, in two windows.
            second.close()
            second = Line(address, user)
        pair(first, second, path, name, chance, tally)
        first.close()
        second.close()


def colleague_of(user: User, number: int) -> User:
    """Somebody of the same agency with the same grounds; but a seat on a panel is nobody else's."""
    colleague = User.objects.create_account(
        f"colleague-{number}", PASSWORD, name="Colleague", role=user.role, agency=user.agency
    )
    for ground in CaseAccess.objects.live().filter(account=user).exclude(basis=Basis.PANEL):
        ground.pk, ground.account = None, colleague
        ground._state.adding = True
        ground.save(force_insert=True)
    return colleague


def pair(first: Line, second: Line, path: str, name: str, chance: random.Random, tally: Tally) -> bool:
    """One conflict over one form; False where nothing was saved, so that it is no pair."""
    mine, theirs = (_sheet(line.opened(path), name) for line in (first, second))
    if mine is None or theirs is None:
        return False
    here = chance.choice(mine.changeable)
    is_same = chance.random() < 0.6
    there = here if is_same else chance.choice(theirs.changeable)
    number = f"{tally.pairs}-{chance.randrange(10_000)}"
    if not mine.change(here, chance, f"first {number}") or not theirs.change(
        there, chance, f"second {number}"
    ):
        return False
    said = mine.value(here), theirs.value(there)
    if first.send(mine).status_code != httpx.codes.FOUND or (here == there and said[0] == said[1]):
        return False
    stored = _value(first, path, name, here)
    tally.pairs += 1
    tally.forms[name] += 1
    tally.same += here == there
    _second(second, theirs, (path, name), (here, there), (stored, said[1]), chance, tally)
    return True


def _second(
    line: Line,
    sheet: Sheet,
    where: tuple[str, str],
    fields: tuple[str, str],
    values: tuple[str, str],
    chance: random.Random,
    tally: Tally,
) -> None:
    (path, name), (here, there) = where, fields
    told = f"{name} {here}/{there}"
    answer = line.send(sheet)
    if answer.status_code == httpx.codes.FOUND:
        if _value(line, path, name, here) != values[0]:
            tally.silent.append(told)
        return
    again = _sheet(edit_forms(answer), name)
    if _value(line, path, name, here) != values[0]:
        tally.silent.append(f"{told}, refused")
    if again is None:
        tally.lost.append(told)
        return
    answers = {each: chance.choice(("theirs", "mine")) for each in again.choices}
    for each, answer_chosen in answers.items():
        again.choose(each, answer_chosen)
    tally.chosen.update(answers.values())
    tally.merged += not answers
    if not again.shows(values[1]):
        tally.lost.append(f"{told}: what was typed")
    answer = line.send(again)
    if answer.status_code != httpx.codes.FOUND:
        # Refused for what it says, as it would be from anybody; the words must be there still.
        refused = _sheet(edit_forms(answer), name)
        tally.refused += 1
        if refused is None or not refused.shows(values[1]):
            tally.lost.append(f"{told}: refused after choosing")
        return
    _as_chosen(line, where, fields, values, answers, tally)


def _as_chosen(
    line: Line,
    where: tuple[str, str],
    fields: tuple[str, str],
    values: tuple[str, str],
    answers: dict[str, str],
    tally: Tally,
) -> None:
    """What stands there now is what was chosen; without a choice, what each of the two has changed."""
    (here, there), (path, name) = fields, where
    if here != there and not answers:
        kept = _value(line, path, name, here) == values[0] and _value(line, path, name, there) == values[1]
    elif here == there:
        kept = _value(line, path, name, here) == values[0 if "theirs" in answers.values() else 1]
    else:
        kept = True
    if not kept:
        tally.silent.append(f"{name} {here}/{there}: not as chosen, {sorted(answers.values())}")


def _sheet(found: Iterable[Sheet], name: str) -> Sheet | None:
    return next((each for each in found if each.name == name), None)


def _value(line: Line, path: str, name: str, field_name: str) -> str:
    sheet = _sheet(line.opened(path), name)
    return sheet.value(field_name) if sheet is not None else ""
