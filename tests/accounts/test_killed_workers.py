"""Job workers die while e-mails go out: all arrive, each under one key, and nobody is told twice in Homeward.

`make trials` kills more of them and writes the figures down.
"""

import os
import time
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from accounts.models import Mail, MailState, Notification, User
from tests.cases import files
from tests.cast import Cast
from tests.postbox import Postbox, postbox
from tests.trials.mails import DUE, PEOPLE, WORKERS, Found, drill
from workflow.models import Deadline

KILLS_VARIABLE = "MAIL_KILLS"
FEW = 2
REPORT = django_settings.BASE_DIR / "docs" / "trials" / "mails.md"


@pytest.mark.django_db(transaction=True)
def test_every_mail_arrives_under_one_key(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FROM, settings.SITE_URL = "no-reply@homeward.example", "https://homeward.example"
    rounds, began = int(os.environ.get(KILLS_VARIABLE, FEW)), time.monotonic()
    case = files.screened(cast)
    with postbox() as box:
        found = drill(case, box, tmp_path, rounds)
        assert_each_once(box, rounds)
    assert_everybody_was_told_once(cast, rounds)
    assert (found.doubles, found.hints > 0) == (0, True)
    if KILLS_VARIABLE in os.environ:
        _write_down(found, rounds, time.monotonic() - began)


def assert_each_once(box: Postbox, rounds: int) -> None:
    """Whoever drops what bears a known key keeps one letter for each of us; a second copy is the same to the byte."""
    mails = {mail.message_id: mail.receiver.email for mail in Mail.objects.select_related("receiver")}
    assert len(mails) == rounds * PEOPLE
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    copies = defaultdict(set)
    for letter in box.letters:
        copies[letter.key].add((letter.receiver, letter.raw))
    assert {key: [receiver for receiver, _raw in same] for key, same in copies.items()} == {
        key: [receiver] for key, receiver in mails.items()
    }


def assert_everybody_was_told_once(cast: Cast, rounds: int) -> None:
    due = Deadline.objects.filter(kind__startswith="drill_")
    assert due.count() == rounds * DUE
    for user in (cast.ana, cast.sami, cast.vera):
        told = Notification.objects.filter(receiver=user, kind__startswith="overdue.drill_")
        assert sorted(told.values_list("target_id", flat=True)) == sorted(due.values_list("pk", flat=True))
    for user in User.objects.filter(notification_count__gt=0):
        numbers = list(user.notifications.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, user.notification_count + 1))


def _write_down(found: Found, rounds: int, seconds: float) -> None:
    lines = [
        "# E-mails while job workers are killed",
        "",
        f"`{KILLS_VARIABLE}={rounds} python -m pytest tests/accounts/test_killed_workers.py`, part of `make trials`, "
        f"on {os.cpu_count()} cores, {seconds:.0f} s. {rounds} times {WORKERS} workers are killed with SIGKILL: one of "
        "them has just handed a letter over and was not told yet that it was taken, which is the one moment in which "
        "a copy can come to be. Other deadlines of a case are announced meanwhile.",
        "",
        "| what | number |",
        "|---|---|",
        f"| workers killed | {found.kills} |",
        f"| e-mails due, all of them sent | {found.mails} |",
        f"| letters that came to the mail server | {found.letters} |",
        f"| different Message-IDs among them | {found.keys} |",
        f"| second copies, the same to the byte, which a server drops by their Message-ID | {found.second_copies} |",
        f"| copies of one letter, at most | {found.most_copies} |",
        f"| e-mails that did not arrive | {found.mails - found.keys} |",
        f"| deadlines announced | {found.deadlines} |",
        f"| notifications | {found.notifications} |",
        f"| notifications that somebody got twice | {found.doubles} |",
        f"| hints that passed the broker | {found.hints} |",
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
