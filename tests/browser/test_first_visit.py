"""Over a slow line: what a first visit and every later page cost, as the browser itself measures it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast

KB = 1024
FIRST, LATER = 60 * KB, 15 * KB


@dataclass
class Traffic:
    """Head and body of every answer as they came over the line; what came out of the cache weighs nothing."""

    sizes: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> list[str]:
        return [self.addresses[key] for key, size in self.sizes.items() if size]

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    def sent(self, event: dict[str, Any]) -> None:
        """A redirect keeps the request's id, so its answer is counted before the next one begins."""
        key = event["requestId"]
        if redirect := event.get("redirectResponse"):
            passed = f"{key}#{len(self.sizes)}"
            self.sizes[passed] = int(redirect["encodedDataLength"])
            self.addresses[passed] = redirect["url"]
        self.addresses[key] = event["request"]["url"]

    def finished(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])


@contextmanager
def measured(page: Page) -> Iterator[Traffic]:
    traffic = Traffic()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", traffic.sent)
    session.on("Network.loadingFinished", traffic.finished)
    yield traffic
    page.wait_for_load_state("networkidle")
    session.detach()


def test_a_stranger_s_first_visit(windows: Windows) -> None:
    page = windows()
    with measured(page) as traffic:
        page.goto("/")
    _is_a_first_visit(traffic)


def test_a_first_visit_to_a_case(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana)
    with measured(page) as traffic:
        page.goto(reverse("case", args=[case.pk]))
    _is_a_first_visit(traffic)


def _is_a_first_visit(traffic: Traffic) -> None:
    assert 2 <= len(traffic.requests) <= 5, traffic.requests
    assert 4 * KB < traffic.size <= FIRST


def test_every_later_page_is_one_request(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana)
    page.goto("/", wait_until="networkidle")
    for name in (
        "case",
        "case_history",
        "case_access",
        "case_identity",
        "consents",
        "consent_new",
        "case_risk",
    ):
        with measured(page) as traffic:
            page.goto(reverse(name, args=[case.pk]))
        assert len(traffic.requests) == 1, traffic.requests
        assert KB < traffic.size <= LATER, name
    for name in ("case_list", "desk", "report_new", "today", "account_change_password"):
        with measured(page) as traffic:
            page.goto(reverse(name))
        assert len(traffic.requests) == 1, traffic.requests
        assert KB < traffic.size <= LATER, name
