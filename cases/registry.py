"""What upper rooms do when a case changes hands, leaves the open states or loses a consent. They register here."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from cases.models import Case, Consent
from vault.errors import KeyErased

Leaving = Callable[[Case, User], None]
_leaving: list[Leaving] = []


def on_leaving_open(callback: Leaving) -> None:
    """Called inside the transaction that takes a case out of the open states: end what is yours."""
    _leaving.append(callback)


def leaving_open(case: Case, actor: User) -> None:
    for callback in _leaving:
        callback(case, actor)


_coming_back: list[Leaving] = []


def on_coming_back(callback: Leaving) -> None:
    """Called inside the transaction that undoes a merge, when what was due runs again: stop what of yours has ended."""
    _coming_back.append(callback)


def coming_back(case: Case, actor: User) -> None:
    for callback in _coming_back:
        callback(case, actor)


Matters = Callable[[Case], bool]
_matters: list[Matters] = []


def on_asking_open_matters(callback: Matters) -> None:
    """Answers whether something of yours is still open in a case, so that it cannot close."""
    _matters.append(callback)


def open_matters(case: Case) -> bool:
    return any(callback(case) for callback in _matters)


Answered = Callable[[Case, Consent, User], None]
_answered: list[Answered] = []


def on_consent(callback: Answered) -> None:
    """Called inside the transaction that records an answer or takes one back: the answer counts from now on."""
    _answered.append(callback)


def consent_answered(case: Case, consent: Consent, actor: User) -> None:
    for callback in _answered:
        callback(case, consent, actor)


Follows = Callable[[Case, Consent], list[str]]
_follows: list[Follows] = []


def on_asking_what_follows(callback: Follows) -> None:
    """Says in sentences what would end or wait if this answer were taken back; nothing that names anybody."""
    _follows.append(callback)


def what_follows(case: Case, consent: Consent) -> list[str]:
    return [sentence for callback in _follows for sentence in callback(case, consent)]


Stories = Callable[[Mapping[str, User]], None]
_stories: list[tuple[Stories, Callable[[], None] | None]] = []


def on_seeding_demo(callback: Stories, *, later: Callable[[], None] | None = None) -> None:
    """Tells the demo's stories of an upper room; gets the demo's people by username, and may be called again.

    What takes long has `later` besides, which leaves it to the job worker, one story after the other.
    """
    _stories.append((callback, later))


def stories() -> list[tuple[Stories, Callable[[], None] | None]]:
    return list(_stories)


Apart = Callable[[Case], set[UUID]]
_apart: list[Apart] = []


def on_asking_known_apart(callback: Apart) -> None:
    """Answers with the files that are known to be of the same child, and stay files of their own."""
    _apart.append(callback)


def known_apart(case: Case) -> set[UUID]:
    return set[UUID]().union(*(callback(case) for callback in _apart))


Written = Callable[[UUID], None]
_written: list[Written] = []


def on_written(callback: Written) -> None:
    """Called once at the end of every write in a case, in its transaction: facts may have changed that you rest on."""
    _written.append(callback)


def case_written(case_id: UUID) -> None:
    for callback in _written:
        callback(case_id)


# What a write raises for whom its row does not exist, also when that became so after the page had looked.
_gone: list[type[Exception]] = [Case.DoesNotExist, KeyErased]


def on_gone(*exceptions: type[ObjectDoesNotExist]) -> None:
    """These are answered with 404 wherever no view says more."""
    _gone.extend(exceptions)


def is_gone(exception: Exception) -> bool:
    return isinstance(exception, tuple(_gone))
