"""What the upper rooms have to do when a case changes hands or leaves the open states. They register here."""

from collections.abc import Callable, Mapping

from accounts.models import User
from cases.models import Case

Leaving = Callable[[Case, User], None]
_leaving: list[Leaving] = []


def on_leaving_open(callback: Leaving) -> None:
    """Called inside the transaction that takes a case out of the open states: end what is yours."""
    _leaving.append(callback)


def leaving_open(case: Case, actor: User) -> None:
    for callback in _leaving:
        callback(case, actor)


Matters = Callable[[Case], bool]
_matters: list[Matters] = []


def on_asking_open_matters(callback: Matters) -> None:
    """Answers whether something of yours is still open in a case, so that it cannot close."""
    _matters.append(callback)


def open_matters(case: Case) -> bool:
    return any(callback(case) for callback in _matters)


Stories = Callable[[Mapping[str, User]], None]
_stories: list[Stories] = []


def on_seeding_demo(callback: Stories) -> None:
    """Tells the demo's stories of an upper room; gets the demo's people by username, and may be called again."""
    _stories.append(callback)


def stories() -> list[Stories]:
    return list(_stories)
