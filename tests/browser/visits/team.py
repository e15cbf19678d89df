"""The team's pages: the desk, files that change hands, cover, duty, one's own calendar."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page

import clock
from accounts.models import User
from cases.models import Case
from cases.models.choices import CaseState
from cases.services.cover import arrange_cover
from cases.services.duty import plan_duty
from tests.browser.visits.base import House, Visit, send

# Forms of other pages are sent there; a calendar program reads the feed, nobody looks at it.
NO_PAGE = frozenset({"cover_end", "duty_cancel", "calendar_feed"})


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """A cover and two weeks of duty in the demo's first agency."""
    now = clock.now()
    sami, ana, carla = people["sami"], people["ana"], people["carla"]
    arrange_cover(actor=sami, worker=ana, covered_by=carla, until=now + timedelta(days=9))
    plan_duty(actor=sami, worker=carla, starts_at=now, ends_at=now + timedelta(days=7))
    plan_duty(actor=sami, worker=ana, starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=14))


def _makes_an_address(page: Page) -> None:
    """The first one, or another in its place."""
    with page.expect_navigation():
        page.locator("main form :is(.btn.main, [name=new])").first.click()


def visits(house: House) -> Iterator[Visit]:
    sami, ana = house.people["sami"], house.people["ana"]
    reassign = reverse("team_reassign")
    chosen = f"{reassign}?worker={ana.pk}&to={house.people['carla'].pk}&cases={house.full.pk}"
    yield Visit("team", sami, reverse("team"))
    yield Visit("team_reassign", sami, reassign)
    yield Visit("team_reassign files", sami, f"{reassign}?worker={ana.pk}")
    yield Visit("team_reassign nobody", sami, f"{reassign}?worker=nobody")
    yield Visit("team_reassign wrong", sami, f"{reassign}?worker={ana.pk}", send())
    yield Visit("team_reassign preview", sami, chosen)
    yield Visit("cover_new", sami, reverse("cover_new"))
    yield Visit("cover_new wrong", sami, reverse("cover_new"), send())
    yield Visit("duty sami", sami, reverse("duty"))
    yield Visit("duty ana", ana, reverse("duty"))
    yield Visit("duty empty", house.people["omar"], reverse("duty"))
    yield Visit("duty_new", sami, reverse("duty_new"))
    yield Visit("duty_new wrong", sami, reverse("duty_new"), send())
    yield Visit("calendar_settings", ana, reverse("calendar_settings"))
    yield Visit("calendar_settings made", ana, reverse("calendar_settings"), _makes_an_address)
    covered = house.case(state=CaseState.REPORTED)
    yield Visit("case_access covered", sami, reverse("case_access", args=[covered.pk]))
