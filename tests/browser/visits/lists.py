"""Lists with their tools in use: sorted, filtered, ticked, and kept as views."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from playwright.sync_api import Page

from accounts import lists
from accounts.models import SavedView, User
from accounts.saving import remove_view, save_view
from cases.models import Case
from tests.browser.visits.base import LONG_NAME, LONG_WORD, House, Visit, send

# Their forms stand on the page of one's views.
NO_PAGE = frozenset({"view_remove", "view_put_back"})


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """Views of sami, one of them just removed."""
    cases = lists.known()["cases"]
    for name, state in (
        ("High risk, late", {"risk": "high", "due": "late"}),
        (f"{LONG_NAME} {LONG_WORD}"[:60], {"sort": "-due"}),
    ):
        save_view(cases, actor=people["sami"], name=name, state=state)
    gone = save_view(cases, actor=people["sami"], name="Gone", state={"sort": "code"})
    remove_view(gone.pk, actor=people["sami"])


def visits(house: House) -> Iterator[Visit]:
    sami, ana = house.people["sami"], house.people["ana"]
    cases = reverse("case_list")
    kept = SavedView.objects.filter(account=sami, removed_at__isnull=True).order_by("made_at")
    yield Visit("case_list sorted", sami, f"{cases}?risk=high&sort=-code")
    yield Visit("case_list nothing", sami, f"{cases}?state=duplicate&due=late&risk=low")
    yield Visit("today filtered", ana, f"{reverse('today')}?risk=high")
    yield Visit(
        "team_reassign several", sami, f"{reverse('team_reassign')}?worker=several&cases={house.full.pk}"
    )
    yield Visit("saved_views", sami, reverse("saved_views", args=["cases"]))
    yield Visit("saved_views empty", ana, reverse("saved_views", args=["cases"]))
    yield Visit("view_rename", sami, reverse("view_rename", args=[kept[0].pk]))
    yield Visit("view_rename wrong", sami, reverse("view_rename", args=[kept[0].pk]), _nameless)
    yield Visit("view_new", sami, f"{cases}?sort=code", _name_twice)


def _nameless(page: Page) -> None:
    page.locator("#id_name").fill(" ")
    send()(page)


def _name_twice(page: Page) -> None:
    page.locator("details.tools").evaluate("details => { details.open = true }")
    page.locator("#view-name").fill("High risk, late")
    with page.expect_navigation():
        page.locator("form:has(#view-name) .btn").click()
