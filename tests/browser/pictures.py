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
from tests.browser.windows import Windows

FOLDER = settings.BASE_DIR / "docs" / "pictures"
LARGEST = 150_000
PHONE = 390


def test_the_pictures_are_made(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    call_command("seed_demo")
    people = {user.username: user for user in User.objects.all()}
    case_id = next(case.pk for case in Case.objects.all() if case.code == code_of(ELDER_SISTER))
    ana, phone = windows(people["ana"]), windows(people["ana"], width=PHONE, scheme="dark")
    for page in ("case", "plan", "legal"):
        _take(ana, _address(page, case_id), f"{page}.png", whole=True)
    _take(phone, _address("case", case_id), "case-phone-dark.png")
    _take(windows(people["carla"]), "/", "today.png")
    _take(windows(people["sami"]), reverse("team"), "team.png", whole=True)
    _take(windows(people["hotline"], width=PHONE), reverse("report_new"), "intake-phone.png")
    _take(windows(people["aida"]), _address("case_access", case_id), "access.png")
    shelter = Referral.objects.filter(recipient=people["petra"].agency)
    running = shelter.filter(state=ReferralState.IN_SERVICE).order_by("made_at")[0]
    _take(windows(people["petra"]), _address("referral", running.pk), "referral.png", whole=True)
    _take(windows(people["sami"]), reverse("referral_board"), "board.png", whole=True)
    _take(windows(people["sami"]), reverse("returns"), "returns.png", whole=True)
    planned = Return.objects.filter(case__agency=people["sami"].agency, state=ReturnState.TRAVEL_PLANNED)[0]
    _take(windows(people["sami"]), reverse("return_ready", args=[planned.pk]), "ready.png", whole=True)
    _part(windows(people["ana"]), reverse("design"), "#rows", "design.png")
    _take(
        windows(people["sami"], width=PHONE, scheme="dark"), reverse("tour", args=[3]), "tour-phone-dark.png"
    )


def _address(page: str, case_id: UUID) -> str:
    return reverse(page, args=[case_id])


def _take(page: Page, address: str, name: str, *, whole: bool = False) -> None:
    page.goto(address)
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
