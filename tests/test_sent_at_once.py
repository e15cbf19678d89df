"""Every form is sent twice in the same moment: two requests, two connections, one effect.

`tests/test_sent_twice.py` sends one after the other. `make test` tries a dozen forms of all rooms; `DOUBLES=100`
(`make trials`) writes docs/trials/edits.md.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts.models import AuditEvent, Notification, SentForm
from tests.permissions.base import Viewer
from tests.permissions.world import TABLE, World, address, enter, world
from tests.test_sent_twice import SENDERS
from tests.trials.written import write_part

__all__ = ["world"]

DOUBLES = int(os.environ.get("DOUBLES", "12"))
REPORT = Path(settings.BASE_DIR) / "docs/trials/edits.md"
READS = ("case.read", "case.listed", "referral.read", "return.read", "emergency.read", "account.proved_again")
# After these the file takes nothing more, or whoever sends has no ground in it any more: they come last.
ENDS = (
    "close",
    "erasure",
    "merge",
    "remove",
    "end",
    "withdraw",
    "duplicate",
    "step",
    "assign",
    "take",
    "transfer",
)
ROUNDS = 20


@dataclass
class Tally:
    sent: int = 0
    without_effect: int = 0
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)


def twice(client: Client, url: str, sent: Mapping[str, Any]) -> list[int]:
    line = Barrier(2, timeout=30)

    def send(_place: int) -> int:
        again = Client()
        again.cookies.load({name: each.value for name, each in client.cookies.items()})
        try:
            line.wait()
            return again.post(url, sent).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(send, range(2)))


def attempt(world: World, name: str, client: Client, tally: Tally) -> None:
    place = address(world, name)
    if any(hasattr(value, "seek") for value in place.data.values()):
        # A file is read once; those are sent one after the other in tests/test_sent_twice.py.
        return
    number, last, told = uuid4(), _last(AuditEvent), _last(Notification)
    answers = twice(client, place.url, {**place.data, "once": str(number)})
    events = list(AuditEvent.objects.filter(pk__gt=last).exclude(verb__in=READS))
    if max(answers) >= 500:
        tally.broken.append(f"{name}: {answers}")
    kept = SentForm.objects.filter(number=number).count()
    if not events or not kept:
        tally.without_effect += 1
        return
    tally.sent += 1
    tally.forms[name] += 1
    acts = {each.act for each in events}
    # What a sweep or a job writes besides bears no act of this form.
    if kept != 1 or len(acts) != 1 or sorted(answers) != [302, 302]:
        tally.doubled.append(f"{name}: {answers}, {sorted(each.verb for each in events)}")
    news = Notification.objects.filter(pk__gt=told).values_list("receiver", "kind", "target_id")
    if len(news) != len(set(news)):
        tally.doubled.append(f"{name}: somebody was told twice")


def _last(model: type[AuditEvent] | type[Notification]) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _ends(name: str) -> bool:
    return any(word in name for word in ENDS)


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "keys"])
def test_two_at_once_have_one_effect(world: World) -> None:
    began, chance, tally = time.monotonic(), random.Random(75), Tally()  # noqa: S311 - a drill that can be repeated
    clients = dict[Viewer, Client]()
    names = sorted(SENDERS)
    for _round in range(ROUNDS):
        chance.shuffle(names)
        for name in sorted(names, key=_ends):
            sender = SENDERS[name]
            if tally.sent >= DOUBLES or sender is None or name not in TABLE:
                continue
            if sender not in clients:
                clients[sender] = enter(world, sender[0], [sender[1]])
            attempt(world, name, clients[sender], tally)
        if tally.sent >= DOUBLES:
            break
    told = {
        "forms sent twice at once, with an effect": tally.sent,
        "different forms": len(tally.forms),
        "besides, forms that had nothing left to do": tally.without_effect,
        "doubled effects": len(tally.doubled),
        "answers that broke": len(tally.broken),
    }
    print(told, dict(tally.forms))  # noqa: T201 - what it did
    assert tally.doubled == []
    assert tally.broken == []
    assert tally.sent == DOUBLES
    if DOUBLES >= 100:
        forms_told = ", ".join(f"`{name}` {count}" for name, count in sorted(tally.forms.items()))
        command = f"DOUBLES={DOUBLES} python -m pytest tests/test_sent_at_once.py"
        write_part(
            REPORT, "Sent twice at once", command, time.monotonic() - began, told, f"By form: {forms_told}."
        )
