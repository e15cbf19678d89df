"""Somebody at a screen: finds things by the words that stand there, in the language of the screen."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext, ngettext, override
from django_stubs_ext import StrOrPromise
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.hands import Hands, Mouse
from tests.cast import PASSWORD
from tests.entering import code_of, enrolled

# In seconds, from looking at a code until it is sent.
TYPING = 10


@dataclass(frozen=True)
class Reader:
    page: Page
    language: str = "en"
    hands: Hands = field(default_factory=Mouse)
    script: bool = True

    def say(self, text: StrOrPromise, **values: Any) -> str:
        """English words, or a lazy sentence, as this reader's page has them."""
        with override(self.language):
            said = gettext(text) if isinstance(text, str) else force_str(text)
            return said % values if values else said

    def say_number(self, one: str, many: str, number: int, **values: Any) -> str:
        with override(self.language):
            return ngettext(one, many, number) % values

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def goes_to(self, entry: StrOrPromise) -> None:
        """By the main navigation."""
        navigation = self.page.get_by_role("navigation", name=self.say("Main"), exact=True)
        self.hands.click(navigation.get_by_role("link", name=self.say(entry), exact=True))

    def link(self, text: StrOrPromise, **values: Any) -> Locator:
        return self.main.get_by_role("link", name=self.say(text, **values), exact=True)

    def press(self, text: StrOrPromise) -> None:
        """Where it cannot be undone, the answers are shown first."""
        wanted = self.main.get_by_role("button", name=self.say(text), exact=True)
        check = self.main.get_by_role("button", name=self.say("Check your answers"), exact=True)
        wanted.or_(check).first.wait_for()
        if not wanted.count():
            self.hands.click(check)
        self.hands.click(wanted)

    def follow(self, text: StrOrPromise, **values: Any) -> None:
        self.hands.click(self.link(text, **values))

    def field(self, label: StrOrPromise) -> Locator:
        return self.page.get_by_label(self.begins(label))

    def fill(self, label: StrOrPromise, value: str) -> None:
        self.hands.fill(self.field(label), value)

    def select(self, label: StrOrPromise, option: StrOrPromise) -> None:
        self.hands.select(self.field(label), label=self.say(option))

    def choose(self, question: StrOrPromise, answer: StrOrPromise) -> None:
        group = self.page.get_by_role("group", name=self.begins(question))
        self.hands.check(group.get_by_label(self.say(answer), exact=True))

    def tick(self, label: StrOrPromise) -> None:
        self.hands.check(self.field(label))

    def enter_day(self, question: StrOrPromise, day: date) -> None:
        group = self.page.get_by_role("group", name=self.begins(question))
        self.hands.fill(group.get_by_label(self.say("Day"), exact=True), str(day.day))
        self.hands.select(group.get_by_label(self.say("Month"), exact=True), value=str(day.month))
        self.hands.fill(group.get_by_label(self.say("Year"), exact=True), str(day.year))

    def unfold(self, summary: StrOrPromise) -> None:
        self.hands.click(self.main.locator("summary", has_text=self.say(summary)))

    def sees(self, text: StrOrPromise, **values: Any) -> None:
        # Not what a filter could choose.
        expect(self.page.get_by_text(self.say(text, **values)).locator("visible=true").first).to_be_visible()

    def looks_again(self) -> None:
        """At what somebody else has done meanwhile; with script an open page follows by itself."""
        if not self.script:
            self.page.reload()

    def signs_in(self, username: str) -> None:
        user = enrolled(User.objects.get(username=username))
        self.page.goto("/")
        self.fill("Username", username)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.sees("One more proof")
        self.fill("Code", code_of(user, seconds=TYPING))
        self.press("Sign in")
        expect(self.page.locator("h1")).not_to_have_text(self.say("One more proof"))
        expect(self.page.locator("h1")).not_to_have_text(self.say("Sign in"))

    def begins(self, label: StrOrPromise, *, then: StrOrPromise = "") -> re.Pattern[str]:
        """A label, with or without the word that it is required; a link, and what it is about."""
        about = rf"\s*: {re.escape(self.say(then))}" if then else ""
        return re.compile(f"^{re.escape(self.say(label))}{about}")
