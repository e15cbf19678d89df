"""Back from a file that a search found: with script and without, what was found stands there again."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_back_finds_the_hits_again(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    for script in (True, False):
        page = windows(cast.ana, script=script)
        page.goto(reverse("case_search"))
        page.get_by_role("searchbox").fill("Lirana")
        if not script:
            page.get_by_role("button", name="Search", exact=True).click()
        page.get_by_role("link", name=case.code).click()
        expect(page.get_by_role("link", name="Overview").first).to_be_visible()
        page.go_back()
        expect(page.get_by_role("link", name=case.code)).to_be_visible()
        expect(page.get_by_role("searchbox")).to_have_value("Lirana")
        assert "Lirana" not in page.url
