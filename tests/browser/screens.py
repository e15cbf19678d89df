"""A picture of every screen by day, by night, on a phone, in Russian and in Arabic: `make screens`, into `screens/`.

Of each address the first page, and every form with its mistakes. A page that cannot be taken, or that has something to
complain about, fails the run. The best of them stand in README (`pictures.py`).
"""

import shutil
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from accounts.models import Draft, User
from tests.browser.pages import furnish, opened, visits
from tests.browser.server import forget_earlier_tests
from tests.browser.visits.base import House, Visit
from tests.browser.windows import DESK, HEIGHT, PHONE, Scheme, Windows
from tests.emptied import empty

FOLDER = settings.BASE_DIR / "screens"
# In milliseconds: a picture may take its time on a busy machine; what is slow, other tests say.
LONG = 60_000
Shot = tuple[str, int, Scheme]
WAYS: dict[str, tuple[Shot, ...]] = {
    "en": (("light", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")),
    "ru": (("russian", DESK, "light"),),
    "ar": (("arabic", DESK, "light"), ("arabic-phone", PHONE, "light")),
}


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield furnish()
        empty()
        connections.close_all()


@pytest.mark.parametrize("language", WAYS)
def test_every_screen_is_taken(
    house: House, browser: Browser, address: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    forget_earlier_tests()
    windows = Windows(browser, address, patience=LONG)
    for name, _width, _scheme in WAYS[language]:
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        (FOLDER / name).mkdir(parents=True)
    User.objects.update(language=language)
    # What a form was sent with in the language before must not stand in this one's.
    Draft.objects.all().delete()
    chosen = list(_chosen(visits(house)))
    for visit, page in opened(windows, chosen, language):
        for name, width, scheme in WAYS[language]:
            _take(page, f"{name}/{visit.name.replace(' ', '-')}.png", width, scheme)
    windows.close()
    assert windows.complaints == []
    for name, _width, _scheme in WAYS[language]:
        taken = len(list((FOLDER / name).iterdir()))
        with capsys.disabled():
            sys.stdout.write(f"\n{taken} pictures in {FOLDER / name}\n")
        assert taken == len(chosen)


def _chosen(every: Iterator[Visit]) -> Iterator[Visit]:
    seen = set[str]()
    for visit in every:
        name = visit.name.split()[0]
        if name not in seen or " wrong" in visit.name:
            yield visit
        seen.add(name)


def _take(page: Page, name: str, width: int, scheme: Scheme) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)
    page.screenshot(path=FOLDER / name, full_page=True)
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
