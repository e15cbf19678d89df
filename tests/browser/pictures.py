"""Makes the pictures of docs/pictures anew, all people in them invented: `pytest tests/browser/pictures.py`.

Needs pngquant, which a run of the tests does not.
"""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

import clock
from accounts.access import Section
from accounts.models import User
from cases.demo.imported import take_over_caseload
from cases.demo.people import make_people
from cases.demo.stories import stories, tell
from cases.demo.times import clock_set_back
from cases.models import Case
from cases.models.choices import Answer, Danger, GivenBy, Purpose, Risk, Safety
from cases.services import access, consents, risk, steps
from cases.services.reports import Told, make_report, take_report
from tests.browser.windows import Windows

FOLDER = settings.BASE_DIR / "docs" / "pictures"
LARGEST = 150_000
PHONE = 390
T = TypeVar("T")


def test_the_pictures_are_made(windows: Windows) -> None:
    people = make_people()
    for story in stories():
        tell(story, people)
    take_over_caseload(people)
    case = _mira(people)
    address = reverse("case", args=[case.pk])
    _take(windows(people["ana"]), address, "case.png", whole=True)
    _take(windows(people["ana"], width=PHONE, scheme="dark"), address, "case-phone-dark.png")
    _take(windows(people["carla"]), "/", "today.png")
    _take(windows(people["hotline"], width=PHONE), reverse("report_new"), "intake-phone.png")
    _take(windows(people["aida"]), reverse("case_access", args=[case.pk]), "access.png", whole=True)


def _take(page: Page, address: str, name: str, *, whole: bool = False) -> None:
    page.goto(address)
    path = Path(FOLDER, name)
    page.screenshot(path=path, full_page=whole)
    subprocess.run(["pngquant", "--force", "--speed", "1", "--output", path, path], check=True)
    assert path.stat().st_size <= LARGEST


def _mira(people: dict[str, User]) -> Case:
    """A file in the middle of its screening; what happened to it happened on different days."""
    ana, sami = people["ana"], people["sami"]
    details = {"name": "Mira", "age": "14", "gender": "Feminine", "languages": "Romani, Russian"}
    told = Told(words="–", place="–", danger=Danger.YES, details=details)
    report = _ago(52, lambda: make_report(told, actor=people["hotline"], once=uuid4()))
    case = _ago(50, lambda: take_report(report.pk, actor=ana))
    _ago(49, lambda: steps.take_step(case.pk, "begin_screening", actor=ana))
    seen: dict[str, Any] = {"level": Risk.HIGH, "safety": Safety.WITH_MEASURES, "child_seen": True}
    _ago(27, lambda: risk.assess_risk(case.pk, actor=ana, **seen))
    _ago(26, lambda: _consent(case, ana))
    _ago(3, lambda: _cover(case, people["boris"], by=sami))
    return case


def _consent(case: Case, ana: User) -> None:
    consents.record_consent(
        case.pk,
        actor=ana,
        purpose=Purpose.DATA,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today(ana.agency.time_zone),
    )


def _cover(case: Case, colleague: User, *, by: User) -> None:
    access.grant_personally(
        case.pk,
        actor=by,
        account=colleague,
        sections=[Section.IDENTITY, Section.RISK],
        may_write=False,
        until=clock.now() + timedelta(days=5),
        reason="Covers for Ana.",
    )


def _ago(hours: float, act: Callable[[], T]) -> T:
    with clock_set_back(timedelta(hours=hours)):
        return act()
