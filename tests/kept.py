"""What many tests begin with is made once and kept for those that follow it in the same file.

`@kept` makes a fixture of a function that asks for kept fixtures only. Each is made in a savepoint of its own, on top
of those it asks for; a test runs on top of them all and is undone as ever. It gets copies of the objects, and its clock
goes on from where it stood when they were made.
"""

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

import clock

DATABASES = ["default", "owner", "keys"]
Build = Callable[..., Any]
_kept: dict[Callable[..., Any], Build] = {}


def kept(build: Build) -> Any:
    """The fixture of this name; in a test that commits it is made like any other."""

    def given(request: pytest.FixtureRequest, db: None, beginnings: "Beginnings") -> Any:
        if beginnings.has(build):
            return beginnings.copied(build)
        return build(*(request.getfixturevalue(name) for name in _needs(build)))

    _kept[given] = build
    return pytest.fixture(name=build.__name__)(given)


def _needs(build: Build) -> tuple[str, ...]:
    return tuple(inspect.signature(build).parameters)


def commits(item: pytest.Item) -> bool:
    """Whether nothing is undone after the test, but everything emptied."""
    mark = item.get_closest_marker("django_db")
    transactional = bool(mark and mark.kwargs.get("transaction"))
    return transactional or "transactional_db" in getattr(item, "fixturenames", ())


def _chain(item: pytest.Item) -> list[Build]:
    """All that this test begins with, each after what it stands on."""
    found: list[Build] = []
    if not commits(item):
        for name in getattr(item, "fixturenames", ()):
            _add(item, name, found)
    return found


def _add(item: pytest.Item, name: str, found: list[Build]) -> None:
    definitions = item.session._fixturemanager.getfixturedefs(name, item)
    build = _kept.get(definitions[-1].func) if definitions else None
    if build is None or build in found:
        return
    for needed in _needs(build):
        _add(item, needed, found)
    found.append(build)


@dataclass
class _Level:
    build: Build
    savepoints: ExitStack
    made: Any = None
    moment: datetime = field(default_factory=clock.now)


class Beginnings:
    """What is there now, lowest level first."""

    def __init__(self, blocker: DjangoDbBlocker, set_clock: Callable[[datetime], object]) -> None:
        self._blocker = blocker
        self._set_clock = set_clock
        self._levels: list[_Level] = []
        self._copies: dict[Build, Any] = {}

    def make(self, item: pytest.Item) -> None:
        """Whatever of this test's beginning is not there yet."""
        with self._blocker.unblock():
            for build in _chain(item)[len(self._levels) :]:
                self._make_level(build)

    def _make_level(self, build: Build) -> None:
        made = {level.build.__name__: level.made for level in self._levels}
        with ExitStack() as cautious:
            level = _Level(build, cautious.enter_context(_savepoints()))
            level.made = build(*(made[name] for name in _needs(build)))
            level.moment = clock.now()
            level.savepoints = cautious.pop_all()
        self._levels.append(level)

    def leave(self, item: pytest.Item, following: pytest.Item | None) -> None:
        """Undoes what the next test does not begin with."""
        self._copies = {}
        goes_on = following is not None and following.path == item.path
        wanted = _chain(following) if following is not None and goes_on else []
        here = [level.build for level in self._levels]
        with self._blocker.unblock():
            while here != wanted[: len(here)]:
                here.pop()
                self._levels.pop().savepoints.close()
        if self._levels:
            self._set_clock(self._levels[-1].moment)

    def has(self, build: Build) -> bool:
        return any(level.build == build for level in self._levels)

    def copied(self, build: Build) -> Any:
        """All of one test in one copy, as they refer to each other."""
        self._copies = self._copies or deepcopy({level.build: level.made for level in self._levels})
        return self._copies[build]


def _savepoints() -> ExitStack:
    """Services may demand the outermost transaction all the same."""
    entered = ExitStack()
    for alias in DATABASES:
        block = transaction.atomic(using=alias)
        block._from_testcase = True  # type: ignore[attr-defined]
        entered.enter_context(block)
        entered.callback(transaction.set_rollback, True, using=alias)
    return entered
