"""What the upper rooms have to do when a case changes hands or leaves the open states. They register here."""

from collections.abc import Callable

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
