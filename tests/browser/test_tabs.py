"""The pages of a case on a telephone: one line that says where one is; behind it are the others."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.windows import DESK, PHONE, Windows
from tests.cases import files
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
# In pixels: one line, and what stands around it.
ONE_LINE = 60


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_shows_where_one_is_and_the_others_behind_it(
    windows: Windows, cast: Cast, script: bool
) -> None:
    case = files.screened(cast)
    page = windows(cast.ana, width=PHONE, script=script)
    page.goto(reverse("case_risk", args=[case.pk]))
    tabs = page.get_by_role("navigation", name="Case", exact=True)
    expect(tabs.locator("summary")).to_have_text("Protection")
    box = tabs.bounding_box()
    assert box
    assert box["height"] <= ONE_LINE
    expect(tabs.get_by_role("link", name="Documents")).to_be_hidden()
    tabs.locator("summary").click()
    tabs.get_by_role("link", name="Documents").click()
    expect(page.get_by_role("navigation", name="Case", exact=True).locator("summary")).to_have_text(
        "Documents"
    )


def test_a_desk_shows_them_all(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana, width=DESK)
    page.goto(reverse("case_risk", args=[case.pk]))
    tabs = page.get_by_role("navigation", name="Case", exact=True)
    expect(tabs.locator("summary")).to_be_hidden()
    tabs.get_by_role("link", name="Documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
