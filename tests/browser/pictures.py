"""Makes docs/pictures anew from the demo, all people in it invented: `pytest tests/browser/pictures.py`.

Needs pngquant, which a run of the tests does not.
"""

import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from cases.demo.files import code_of
from cases.demo.underway import ELDER_SISTER
from cases.models import Case
from referrals.models import Referral
from referrals.models.choices import ReferralState
from repatriation.models import Return
from repatriation.models.choices import ReturnState
from tests.browser.windows import DESK, HEIGHT, Scheme, Windows

FOLDER = settings.BASE_DIR / "docs" / "pictures"
LARGEST = 150_000
PHONE = 390
PHONE_HIGH = 844
# How much of the page is left to see above the heading that a picture is about.
ABOVE = 80


def test_the_pictures_are_made(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    call_command("seed_demo")
    case_id = next(case.pk for case in Case.objects.all() if case.code == code_of(ELDER_SISTER))
    _of_the_case(windows, case_id)
    _of_the_team(windows)
    _of_the_returns(windows)
    _part(_as(windows, "ana"), reverse("design"), "#rows", "design.png")
    _take(_as(windows, "sami", width=PHONE, scheme="dark"), reverse("tour", args=[3]), "tour-phone-dark.png")


def _of_the_case(windows: Windows, case_id: UUID) -> None:
    ana = _as(windows, "ana")
    _take(ana, reverse("case", args=[case_id]), "case.png", whole=True)
    _take(ana, reverse("plan", args=[case_id]), "plan.png")
    _take(_as(windows, "aida"), reverse("case_access", args=[case_id]), "access.png")
    at_night = _as(windows, "ana", width=PHONE, scheme="dark")
    _take(at_night, reverse("case", args=[case_id]), "case-phone-dark.png")
    _take(_as(windows, "ana", language="ru"), reverse("legal", args=[case_id]), "legal-russian.png")
    _take(_as(windows, "carla", language="ar", width=PHONE), "/", "today-phone-arabic.png")
    _take(_as(windows, "hotline", width=PHONE), reverse("report_new"), "intake-phone.png")


def _of_the_team(windows: Windows) -> None:
    _take(_as(windows, "carla"), "/", "today.png")
    _take(_as(windows, "sami", scheme="dark"), reverse("team"), "team-dark.png", at="Files by worker")
    _take(_as(windows, "sami"), reverse("referral_board"), "board.png")
    shelter = User.objects.get(username="petra").agency
    running = Referral.objects.filter(recipient=shelter, state=ReferralState.IN_SERVICE).order_by("made_at")[
        0
    ]
    _take(_as(windows, "petra"), reverse("referral", args=[running.pk]), "referral.png", whole=True)


def _of_the_returns(windows: Windows) -> None:
    sami, here = _as(windows, "sami"), User.objects.get(username="sami").agency
    _take(sami, reverse("returns"), "returns.png")
    planned = Return.objects.filter(case__agency=here, state=ReturnState.TRAVEL_PLANNED)[0]
    _take(sami, reverse("return", args=[planned.pk]), "return.png", whole=True)
    _take(_as(windows, "sami", language="ar"), reverse("return_ready", args=[planned.pk]), "ready-arabic.png")
    arrived = Return.objects.filter(state=ReturnState.ARRIVED)[0]
    _take(_as(windows, "eskort", width=PHONE), reverse("handover", args=[arrived.pk]), "handover-phone.png")


def _as(
    windows: Windows, username: str, *, language: str = "en", width: int = DESK, scheme: Scheme = "light"
) -> Page:
    User.objects.filter(username=username).update(language=language)
    page = windows(User.objects.get(username=username), language=language, width=width, scheme=scheme)
    page.set_viewport_size({"width": width, "height": PHONE_HIGH if width == PHONE else HEIGHT})
    return page


def _take(page: Page, address: str, name: str, *, whole: bool = False, at: str = "") -> None:
    """What a window shows; the whole page; or what a window shows from the heading `at` on."""
    page.goto(address)
    if at:
        page.get_by_role("heading", name=at, exact=True).evaluate("heading => heading.scrollIntoView()")
        page.evaluate(f"scrollBy(0, {-ABOVE})")
    path = Path(FOLDER, name)
    page.screenshot(path=path, full_page=whole)
    _made_small(path)


def _part(page: Page, address: str, place: str, name: str) -> None:
    page.goto(address)
    path = Path(FOLDER, name)
    page.locator(place).screenshot(path=path)
    _made_small(path)


def _made_small(path: Path) -> None:
    subprocess.run(["pngquant", "--force", "--speed", "1", "--output", path, path], check=True)
    assert path.stat().st_size <= LARGEST
