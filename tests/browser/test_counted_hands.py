"""What is done most often, in counted clicks and keys: emergency intake, the most overdue task, a note.

Times are those of the keystroke-level model (Card, Moran, Newell 1980) for an average hand: 0.28 s for a key, 1.1 s to
point, 0.2 s to press, 1.35 s to think before each answer. `FIGURES=1` writes `docs/trials/hands.md`.
"""

import os
import re
from dataclasses import dataclass
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


@dataclass
class Hand:
    """Counts what one does, and how long an average hand takes."""

    page: Page
    clicks: int = 0
    keys: int = 0
    answers: int = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def answers_by(self, target: Locator, text: str = "") -> None:
        self.answers += 1
        self.click(target)
        self.page.keyboard.type(text)
        self.keys += len(text)

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
    page.goto("/")
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Report a child").first)
    required = page.locator("main .need")
    expect(required).to_have_count(3)
    hand.answers_by(page.locator("#id_words"), WORDS)
    hand.answers_by(page.locator("#id_place"), PLACE)
    hand.answers_by(page.locator("label.option").filter(has=page.locator("[name=danger][value=yes]")))
    hand.click(page.get_by_role("button", name="Send the report"))
    expect(page.get_by_text("It has arrived.").first).to_be_visible()
    assert Report.objects.get().words == WORDS
    _told["an emergency reported, from the first page"] = str(hand)
    assert (hand.answers, hand.seconds <= 60) == (3, True)


def test_the_most_overdue_task_is_one_click_away(
    windows: Windows, cast: Cast, clock_everywhere: ClockHand
) -> None:
    for _each in range(3):
        files.screened(cast)
    clock_everywhere.forward(timedelta(days=60))
    page = windows(cast.ana)
    page.goto("/")
    hand = Hand(page)
    first = page.locator("[data-live=due] .task").first
    leads = first.locator(".btn.main").get_attribute("href")
    assert "late" in (first.get_attribute("class") or "") or first.locator(".late-t").count()
    hand.click(first.locator(".btn.main"))
    expect(page).to_have_url(re.compile(re.escape(str(leads))))
    _told["the most overdue task, from the first page"] = str(hand)
    assert hand.clicks <= 1


def test_a_note_is_two_clicks_away(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana)
    page.goto(reverse("case", args=[case.pk]))
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Write a note"))
    page.locator("#id_section").select_option("risk")
    page.locator("#id_words").fill(WORDS)
    hand.click(page.get_by_role("button", name="Save the note"))
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    assert Note.objects.get().words == WORDS
    _told["a note, from any page of a case: to open it and to save it"] = str(hand)
    assert hand.clicks <= 2


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
