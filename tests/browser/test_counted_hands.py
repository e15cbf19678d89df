"""What is done most often, in counted clicks and keys: emergency intake, the most overdue task, a note.

Times are those of the keystroke-level model (Card, Moran, Newell 1980) for an average hand: 0.28 s for a key, 1.1 s to
point, 0.2 s to press, 1.35 s to think before each answer. `FIGURES=1` writes `docs/trials/hands.md`.
"""

import os
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from cases.models import Note, Report
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast
from tests.conftest import ClockHand

KEY, POINT, PRESS, THINK = 0.28, 1.1, 0.2, 1.35
FIGURES = settings.BASE_DIR / "docs" / "trials" / "hands.md"
WORDS = "Girl about 13 alone, driver waits outside, she is afraid of him."
PLACE = "Bus station, platform 4"
_told: dict[str, str] = {}


# What the browser itself was told by a hand, on every page that is come by.
COUNTING = """
    for (const kind of ['pointerdown', 'keydown'])
        addEventListener(kind, (event) => event.isTrusted && counted(kind), true)
"""


class Hand:
    """Counts what the browser is given to do, and how long an average hand takes for it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers = 0
        self._done = Counter[str]()
        page.expose_function("counted", lambda kind: self._done.update([kind]))
        page.add_init_script(COUNTING)

    @property
    def clicks(self) -> int:
        return self._done["pointerdown"]

    @property
    def keys(self) -> int:
        return self._done["keydown"]

    def answers_by(self, target: Locator, text: str = "") -> None:
        self.answers += 1
        target.click()
        self.types(text)

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.clicks * (POINT + PRESS) + self.answers * THINK

    def __str__(self) -> str:
        return f"{self.answers} | {self.clicks} | {self.keys} | {self.seconds:.0f}"


@pytest.fixture(scope="module", autouse=True)
def _written_down() -> object:
    yield
    if "FIGURES" in os.environ:
        FIGURES.write_text(_figures())


def test_an_emergency_is_reported_in_a_minute_and_three_answers(windows: Windows, cast: Cast) -> None:
    page = windows(cast.hotline)
    hand = Hand(page)
    page.goto("/")
    page.get_by_role("link", name="Report a child").first.click()
    required = page.locator("main .need")
    expect(required).to_have_count(3)
    hand.answers_by(page.locator("#id_words"), WORDS)
    hand.answers_by(page.locator("#id_place"), PLACE)
    hand.answers_by(page.locator("label.option").filter(has=page.locator("[name=danger][value=yes]")))
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("It has arrived.").first).to_be_visible()
    assert Report.objects.get().words == WORDS
    _told["an emergency reported, from the first page"] = str(hand)
    assert hand.keys == len(WORDS + PLACE)
    assert (hand.answers, hand.seconds <= 60) == (3, True)


def test_the_most_overdue_task_is_one_click_away(
    windows: Windows, cast: Cast, clock_everywhere: ClockHand
) -> None:
    for _each in range(3):
        files.screened(cast)
    clock_everywhere.forward(timedelta(days=60))
    page = windows(cast.ana)
    hand = Hand(page)
    page.goto("/")
    first = page.locator("[data-live=due] .task").first
    leads = first.locator(".btn.main").get_attribute("href")
    assert "late" in (first.get_attribute("class") or "") or first.locator(".late-t").count()
    first.locator(".btn.main").click()
    expect(page).to_have_url(re.compile(re.escape(str(leads))))
    _told["the most overdue task, from the first page"] = str(hand)
    assert hand.clicks == 1


def test_a_note_is_two_clicks_away(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    hand = Hand(page)
    page.goto(reverse("case", args=[files.screened(cast).pk]))
    page.get_by_role("link", name="Write a note").click()
    expect(page.locator("#id_section")).to_be_focused()
    hand.types("Risk")
    page.keyboard.press("Tab")
    hand.types(WORDS)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    note = Note.objects.get()
    assert (note.words, note.section) == (WORDS, "risk")
    _told["a note, from any page of a case: opened, written, saved"] = str(hand)
    assert hand.clicks == 2
    assert hand.keys == len(f"Risk\t{WORDS}")


def test_a_note_on_a_part_of_the_file_is_begun_at_once(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto(reverse("case_risk", args=[files.screened(cast).pk]))
    page.get_by_role("link", name="Write a note").click()
    expect(page.locator("#id_words")).to_be_focused()
    expect(page.locator("#id_section")).to_have_value("risk")


def test_a_note_needs_one_key(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto(reverse("case_risk", args=[files.screened(cast).pk]))
    page.keyboard.press("n")
    expect(page.locator("#id_words")).to_be_visible()


def _figures() -> str:
    lines = [
        "# Counted clicks and keys",
        "",
        "`FIGURES=1 pytest tests/browser/test_counted_hands.py`. Seconds by the keystroke-level model: "
        f"{KEY} s for a key, {POINT + PRESS} s to point and press, {THINK} s to think before each answer.",
        "",
        "| what | answers | clicks | keys | seconds |",
        "|---|---|---|---|---|",
        *(f"| {what} | {figures} |" for what, figures in _told.items()),
        "",
    ]
    return "\n".join(lines)
