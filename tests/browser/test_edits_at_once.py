"""Pairs of conflicting edits over every form that changes a stored row: 0 silent overwrites.

`make test` tries a dozen; `CONFLICTS=100` (`make trials`) writes docs/trials/edits.md.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.browser.pages import furnish, visits
from tests.browser.visits.base import House
from tests.emptied import empty
from tests.trials.edits import Line, Tally, colleague_of, pages, pair
from tests.trials.written import write_part

CONFLICTS = int(os.environ.get("CONFLICTS", "12"))
REPORT = Path(settings.BASE_DIR) / "docs/trials/edits.md"
ATTEMPTS = 12


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield furnish()
        empty()
        connections.close_all()


def found_forms(address: str, house: House) -> list[tuple[User, str, str]]:
    """Who, where, which form; of each form a few pages are enough."""
    found, lines = list[tuple[User, str, str]](), dict[User, Line]()
    for user, path in pages(visits(house)):
        line = lines.setdefault(user, Line(address, user))
        found += [(user, path, sheet.name) for sheet in line.opened(path)]
    for line in lines.values():
        line.close()
    return found


def test_nobody_writes_over_what_somebody_else_just_wrote(address: str, house: House) -> None:
    began, chance, tally = time.monotonic(), random.Random(75), Tally()  # noqa: S311 - a drill that can be repeated
    forms = found_forms(address, house)
    names = sorted({name for _user, _path, name in forms})
    colleagues = {
        user: colleague_of(user, number) for number, user in enumerate({user for user, *_ in forms})
    }
    turn, tried = 0, 0
    while tally.pairs < CONFLICTS and tried < CONFLICTS * ATTEMPTS:
        name, tried, turn = names[turn % len(names)], tried + 1, turn + 1
        user, path, _name = chance.choice([each for each in forms if each[2] == name])
        first = Line(address, user)
        second = Line(address, colleagues[user])
        if not second.opened(path):
            # A seat on a panel is nobody else's: the same person, in two windows.
            second = Line(address, user)
        pair(first, second, path, name, chance, tally)
        first.close()
        second.close()
    told = {
        "pairs of conflicting edits": tally.pairs,
        "of these, both changed the same field": tally.same,
        "forms": len(tally.forms),
        "choices: what the first one saved": tally.chosen["theirs"],
        "choices: what the second one typed": tally.chosen["mine"],
        "pages that had nothing to choose, because each had changed something else": tally.merged,
        "silent overwrites": len(tally.silent),
        "second values that were lost": len(tally.lost),
    }
    print(told, dict(tally.forms))  # noqa: T201 - what it did
    assert tally.silent == []
    assert tally.lost == []
    assert tally.pairs == CONFLICTS
    if CONFLICTS >= 100:
        forms_told = ", ".join(f"`{name}` {count}" for name, count in sorted(tally.forms.items()))
        command = f"CONFLICTS={CONFLICTS} python -m pytest tests/browser/test_edits_at_once.py"
        write_part(
            REPORT, "Two people editing", command, time.monotonic() - began, told, f"By form: {forms_told}."
        )
