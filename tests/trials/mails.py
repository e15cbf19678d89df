"""Job workers that are killed while e-mails and hints go out: what arrives, and how often?

Workers are killed at the worst moment there is: a letter lies at the server and they were not told so, while the
deadlines of a case are being announced by the other one.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

from django.conf import settings
from procrastinate.exceptions import AlreadyEnqueued
from redis import Redis

import clock
from accounts.broker import PREFIX
from accounts.models import Agency, Mail, MailState, Notification, User
from accounts.notifications import notify
from accounts.tasks import send_mail
from cases.models import Case
from config.embedded import children
from tests.browser.server import environment
from tests.config.processes import wait_until
from tests.postbox import Postbox
from workflow import deadlines
from workflow.models import Deadline
from workflow.tasks import sweep_deadlines

WORKERS = 2
# In seconds. A worker starts in some; everything else takes less.
PATIENCE = 60.0
# In seconds, between taking a letter and saying so: a worker in it holds a row, and its sweep goes on after it.
SLOW = 0.05
PEOPLE, DUE = 6, 6


@dataclass
class Found:
    kills: int
    mails: int
    letters: int
    keys: int
    most_copies: int
    deadlines: int
    notifications: int
    doubles: int
    hints: int

    @property
    def second_copies(self) -> int:
        return self.letters - self.keys


class Workers:
    """Real ones, as `manage.py procrastinate worker` starts them."""

    def __init__(self, box: Postbox, folder: Path) -> None:
        self._environment = {
            **environment(folder, os.environ["VALKEY_URL"]),
            "EMAIL_URL": f"smtp://127.0.0.1:{box.port}",
            "EMAIL_FROM": settings.EMAIL_FROM,
            "SITE_URL": settings.SITE_URL,
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        command = [
            sys.executable,
            "manage.py",
            "procrastinate",
            "worker",
            "--fetch-job-polling-interval",
            "0.2",
        ]
        self._running = [
            children.start(
                command,
                on_parents_death=signal.SIGKILL,
                cwd=settings.BASE_DIR,
                env=self._environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _worker in range(WORKERS)
        ]

    def kill(self) -> int:
        """All at once; answers how many were still there to be killed."""
        there = [worker for worker in self._running if worker.poll() is None]
        for worker in there:
            worker.kill()
            worker.wait()
        self._running = []
        return len(there)


class Ear:
    """Counts the hints that pass the broker."""

    def __init__(self) -> None:
        self.heard = 0
        self._client = Redis.from_url(os.environ["VALKEY_URL"])
        self._listening = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._listening.psubscribe(f"{PREFIX}*")
        self._goes_on = True
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while self._goes_on:
            self.heard += self._listening.get_message(timeout=0.1) is not None

    def stop(self) -> None:
        self._goes_on = False
        self._thread.join()
        self._listening.close()
        self._client.close()


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()
    try:
        yield ear
    finally:
        ear.stop()


def drill(case: Case, box: Postbox, folder: Path, kills: int, seed: int = 1) -> Found:
    """`kills` rounds; in each some are told something, deadlines pass, and workers die in the midst of it."""
    chance, workers, killed = random.Random(seed), Workers(box, folder), 0  # noqa: S311 - no secret
    box.slow = SLOW
    try:
        with listening() as ear:
            for number in range(kills):
                _make_work(case, number)
                box.hold(after=chance.randint(1, PEOPLE - 1))
                workers.start()
                _turn_until(box.held.is_set)
                killed += workers.kill()
                box.release.set()
            workers.start()
            _turn_until(_all_is_done)
    finally:
        workers.kill()
    assert killed == kills * WORKERS, "a worker ended by itself"
    return _found(box, kills, ear.heard)


def _make_work(case: Case, number: int) -> None:
    for user in _people(case.agency, number):
        notify([user], "case.assigned", case, case_id=case.pk)
    for place in range(DUE):
        due = clock.now() - timedelta(minutes=1)
        deadlines.start(case.pk, f"drill_{number}_{place}", due, agency=case.agency)


def _people(agency: Agency, number: int) -> list[User]:
    return User.objects.bulk_create(
        User(
            username=f"reader-{number}-{place}",
            name="Reader",
            role="case_worker",
            agency=agency,
            email=f"reader-{number}-{place}@mail.example",
        )
        for place in range(PEOPLE)
    )


def _turn_until(holds: Callable[[], object]) -> None:
    """What the minute does, oftener."""

    def turned() -> object:
        for task in (send_mail, sweep_deadlines):
            with suppress(AlreadyEnqueued):
                task.configure().defer(timestamp=0)
        return holds()

    wait_until(turned, PATIENCE)


def _all_is_done() -> bool:
    sent = Mail.objects.filter(state=MailState.SENT).values("receiver")
    waiting = Deadline.objects.filter(kind__startswith="drill_", escalated_at=None)
    return not User.objects.exclude(email="").exclude(pk__in=sent).exists() and not waiting.exists()


def _found(box: Postbox, kills: int, hints: int) -> Found:
    copies = Counter(letter.key for letter in box.letters)
    told = Counter(Notification.objects.values_list("receiver", "kind", "target_id"))
    return Found(
        kills=kills * WORKERS,
        mails=Mail.objects.filter(state=MailState.SENT).count(),
        letters=len(box.letters),
        keys=len(copies),
        most_copies=max(copies.values()),
        deadlines=Deadline.objects.filter(kind__startswith="drill_").count(),
        notifications=sum(told.values()),
        doubles=sum(number - 1 for number in told.values()),
        hints=hints,
    )
