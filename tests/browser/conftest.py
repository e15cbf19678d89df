"""One browser and one server for the whole folder; windows, people and files for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.browser.server import forget_earlier_tests, served
from tests.browser.windows import ARGUMENTS, PATIENCE, Windows
from tests.cast import Cast, assemble
from tests.conftest import CLOCK, ClockHand


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of this folder only: while it lives, an event loop runs in the thread of the tests."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # As long as every other wait in a window: five seconds, the default, are short on a busy machine.
        expect.set_options(timeout=PATIENCE)
        # Django would refuse every query where an event loop runs.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=chromium.find(), args=[*ARGUMENTS])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("static")) as found:
        yield found


@pytest.fixture
def windows(transactional_db: None, browser: Browser, address: str) -> Iterator[Windows]:
    """What a test commits, the server sees. A test fails when any of its pages had something to complain about."""
    forget_earlier_tests()
    opened = Windows(browser, address)
    yield opened
    opened.close()
    assert opened.complaints == []


@pytest.fixture
def clock_everywhere(request: pytest.FixtureRequest) -> Iterator[ClockHand]:
    """Moves the clock of the server as well, which was started by this run."""
    with request.config.stash[CLOCK].lent() as hand:
        yield hand


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()
