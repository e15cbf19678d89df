"""Somebody types and is interrupted: covered, cut off, crashed or signed out, at moments drawn by lot.

The browser keeps its profile on the disk, as people's do, so that whatever it writes there can be looked through.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from accounts.models import Draft, Session, User
from cases.models import Case
from tests import chromium
from tests.browser.windows import ARGUMENTS, PATIENCE
from tests.cast import PASSWORD
from tests.entering import session_of

KINDS = ("lock", "cut", "sign-out", "crash")
# What is older than this when a browser crashes is there again (the issue's own figure), in seconds.
OLDEST_LOST = 5.0
MARK = "Quillfeather"
WORDS = [
    *("she", "ran", "slept", "asked", "phone", "night", "aunt", "river"),
    *("bus", "money", "door", "window", "afraid", "doctor", "school", "letter"),
]
KEPT = re.compile(r"^Kept at")


@dataclass
class Outcome:
    kind: str
    page: str
    typed: int
    lost: int
    # Of the oldest sign that is lost, when it happened; 0 where nothing is.
    oldest_lost: float


@dataclass
class Desk:
    """One person at one browser, whose profile lies in `profile`."""

    browser: Browser
    address: str
    profile: Path
    user: User
    case: Case
    rng: Random
    # When each sign of the text was typed.
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self._open()

    def _open(self) -> BrowserContext:
        context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=chromium.find(),
            args=[*ARGUMENTS],
            base_url=self.address,
            locale="en",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        self._sign_in(context)
        return context

    def _sign_in(self, context: BrowserContext) -> None:
        context.add_cookies([{"name": "sessionid", "value": session_of(self.user), "url": self.address}])

    def forms(self) -> list[str]:
        pages = [reverse(name, args=[self.case.pk]) for name in ("note_new", "voice_new")]
        return [*pages, reverse("report_new")]

    def interrupted(self, kind: str) -> Outcome:
        """Types a text, is interrupted somewhere in it, and looks what stands in the form afterwards."""
        Draft.objects.all().delete()
        address = self.rng.choice(self.forms())
        page = self.context.new_page()
        page.goto(address)
        text = self._text()
        where = self.rng.randrange(1, len(text))
        self.times = []
        self._type(page, text[:where])
        happened = time.monotonic()
        typed = {"lock": self._lock, "cut": self._cut, "sign-out": self._sign_out, "crash": self._crash}[
            kind
        ](page, text, where)
        there = self._there_again(address)
        assert typed.startswith(there), f"{kind}: what stands there was never typed"
        lost = len(typed) - len(there)
        oldest = happened - self.times[len(there)] if lost else 0.0
        return Outcome(kind, address.rsplit("/", 3)[-2], len(typed), lost, oldest)

    def _text(self) -> str:
        return " ".join([MARK, *self.rng.choices(WORDS, k=self.rng.randrange(8, 22))])

    def _type(self, page: Page, text: str) -> None:
        page.locator("#id_words").focus()
        page.keyboard.press("Control+End")
        for sign in text:
            page.keyboard.type(sign)
            self.times.append(time.monotonic())
            if self.rng.random() < 0.04:
                page.wait_for_timeout(self.rng.randrange(200, 1600))

    def _lock(self, page: Page, text: str, where: int) -> str:
        """Covered from another window; half of the time one goes on in place, half of the time the page is gone."""
        other = self.context.new_page()
        other.goto("/")
        # Nobody types a password quicker than this is answered.
        with other.expect_response(lambda answer: answer.url.endswith(reverse("lock"))):
            other.locator("[data-cover-now] button").click()
        expect(page.locator(".cover")).to_be_visible()
        if self.rng.random() < 0.5:
            self._uncover(page)
            assert page.locator("#id_words").input_value() == text[:where]
            self._type(page, text[where:])
            where = len(text)
        else:
            page.close()
            self._uncover(other)
        other.close()
        return text[:where]

    def _uncover(self, page: Page) -> None:
        page.locator("#cover_password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".cover")).to_be_hidden()

    def _cut(self, page: Page, text: str, where: int) -> str:
        """The line is away for a while, in which somebody types on; the page is left open, as it asks."""
        self.context.set_offline(True)
        self._type(page, text[where:])
        page.wait_for_timeout(self.rng.randrange(0, 2500))
        self.context.set_offline(False)
        expect(page.locator(".kept-words")).to_have_text(KEPT)
        return text

    def _sign_out(self, page: Page, text: str, where: int) -> str:
        """In another window, or by somebody who ends the session: this page leaves by itself or is left."""
        if self.rng.random() < 0.5:
            other = self.context.new_page()
            other.goto("/")
            other.get_by_role("button", name="Sign out").click()
            # A page that is closed on its way to another one may never answer.
            expect(other.locator("#id_login")).to_be_visible()
            other.close()
        else:
            Session.objects.filter(account=self.user).delete()
        with suppress(Error):
            page.goto("/")
        expect(page.locator("#id_login")).to_be_visible()
        self._sign_in(self.context)
        return text[:where]

    def _crash(self, page: Page, text: str, where: int) -> str:
        """The whole browser in the middle of whatever it does; half of the time the page has crashed before."""
        if self.rng.random() < 0.5:
            with suppress(Error):
                page.goto("chrome://crash")
        # It says itself that it is gone; asked to close by then, it might never answer, as a crashed page might not.
        with self.context.expect_event("close"):
            for process in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        (self.profile / "SingletonLock").unlink(missing_ok=True)
        self.context = self._open()
        return text[:where]

    def _processes(self) -> Iterator[int]:
        """Every process of this browser: its command names the profile."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if str(self.profile).encode() in path.read_bytes():
                    yield int(path.parent.name)

    def _there_again(self, address: str) -> str:
        for page in self.context.pages[1:]:
            with suppress(Error):
                page.close(run_before_unload=False)
        page = self.context.new_page()
        # Nobody opens it anew sooner; what was sent on leaving is there by then.
        page.wait_for_timeout(1000)
        page.goto(address)
        expect(page.locator("#id_words")).to_be_visible()
        there = page.locator("#id_words").input_value()
        assert page.evaluate(STORES) == 0
        page.close()
        return there


STORES = """async () => localStorage.length + sessionStorage.length
    + (await indexedDB.databases()).length + (await caches.keys()).length"""


def written_to(profile: Path, words: str) -> list[str]:
    """Files of the profile in which these words stand, in one of the ways in which a browser writes text."""
    ways = [words.encode(), words.encode("utf-16-le")]
    return [
        str(path.relative_to(profile))
        for path in sorted(profile.rglob("*"))
        if path.is_file() and not path.is_symlink() and any(way in path.read_bytes() for way in ways)
    ]
