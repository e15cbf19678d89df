"""Asking the pages as somebody, and looking at what that left behind."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Notification, User
from cases.models import Case
from workflow.models import Deadline


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user: User, name: str, /, *args: object, **query: Any) -> Any:
    return browser(user).get(reverse(name, args=args), query)


def main_of(user: User, name: str, /, *args: object) -> str:
    """The page without what stands around it everywhere."""
    page = get(user, name, *args).content.decode()
    return str(page.partition("<main")[2].partition("</main>")[0])


def post(user: User, name: str, /, *args: object, **data: Any) -> Any:
    return browser(user).post(reverse(name, args=args), data)


def statuses(people: Iterable[User], name: str, /, *args: object, **data: Any) -> list[int]:
    """What each is answered to the same POST, in order."""
    return [post(user, name, *args, **data).status_code for user in people]


def day(name: str, value: date) -> dict[str, int]:
    """A day as its three boxes send it."""
    return {f"{name}_{part}": getattr(value, part) for part in ("year", "month", "day")}


def verbs(case_id: UUID) -> list[str]:
    """What the audit says happened, oldest first, without the readings."""
    events = AuditEvent.objects.filter(case_id=case_id).exclude(verb__in=["case.read", "case.listed"])
    return list(events.order_by("id").values_list("verb", flat=True))


def last(case_id: UUID, verb: str) -> AuditEvent:
    found = AuditEvent.objects.filter(case_id=case_id, verb=verb).order_by("-id").first()
    assert found is not None, verb
    return found


def told(user: User) -> list[str]:
    """Kinds of what waits for a person, oldest first."""
    return list(Notification.objects.filter(receiver=user).order_by("number").values_list("kind", flat=True))


def clock_of(case: Case, kind: str) -> Deadline:
    """The one deadline of this kind that is neither met nor cancelled."""
    return Deadline.objects.open().get(case_id=case.pk, kind=kind)


def running(case: Case) -> set[str]:
    return set(Deadline.objects.open().filter(case_id=case.pk).values_list("kind", flat=True))
