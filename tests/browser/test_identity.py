"""A browser goes to an agency's own provider and comes back; and takes a file after it said who sits there."""

import os
from collections.abc import Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from playwright.sync_api import Browser, expect

from accounts.models import Session
from tests import identity
from tests.browser.server import forget_earlier_tests, served
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import PASSWORD, Cast


@pytest.fixture(scope="module")
def with_provider(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = identity.free_port()
    path = identity.write_file(tmp_path_factory.mktemp("providers"), port)
    with pytest.MonkeyPatch.context() as patch, identity.provider(port):
        patch.setitem(os.environ, "IDENTITY_PROVIDERS", str(path))
        with served(tmp_path_factory.mktemp("static")) as found:
            yield found


def test_the_agency_s_button_leads_there_and_back(
    transactional_db: None, cast: Cast, browser: Browser, with_provider: str
) -> None:
    forget_earlier_tests()
    SocialAccount.objects.create(user=cast.omar, provider="north", uid="nora-1")
    windows = Windows(browser, with_provider)
    page = windows()
    page.goto("/cases/")
    page.get_by_role("link", name="Northern district").click()
    page.get_by_role("button", name="nora-1").click()
    expect(page).to_have_url(f"{with_provider}/cases/")
    expect(page.locator("nav").first).to_be_visible()
    windows.close()


def test_a_file_leaves_after_the_proof(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana)
    Session.objects.filter(account=cast.ana).update(proved_at=None)
    page.goto(reverse("case_file", args=[case.pk]))
    page.locator("a[href$='case-file.pdf']").first.click()
    page.locator("#id_proof-password").fill(PASSWORD)
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename == f"case-{case.code}.pdf"
    expect(page.get_by_role("heading", name="It goes on")).to_be_visible()
