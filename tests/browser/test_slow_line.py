"""At 400 kbit/s and 400 ms, with nothing in the cache: how long it takes until a page can be used.

Usable is when the sheet is there and the scripts have run. `FIGURES=1 pytest tests/browser/test_slow_line.py` writes
`docs/trials/slow-line.md`.
"""

import os

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from cases.models import Case
from tests.browser.test_first_visit import KB, measured
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast

# In kbit/s, and milliseconds for each answer to begin.
LINE, DELAY = 400, 400
# In milliseconds.
MOST = 4_000
FIGURES = settings.BASE_DIR / "docs" / "trials" / "slow-line.md"
# In `make test`; all of them in `make trials`.
SOME = ("sign-in", "a case", "cases, 25 rows")
TIMES = """() => {
    const { domContentLoadedEventEnd, loadEventEnd } = performance.getEntriesByType('navigation')[0]
    return [domContentLoadedEventEnd, loadEventEnd]
}"""


def usable_after(page: Page, address: str) -> tuple[float, float, int, int]:
    """Milliseconds until it can be used and until all is there, bytes over the line, requests."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    bits = LINE * 1000 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY, "downloadThroughput": bits, "uploadThroughput": bits},
    )
    with measured(page) as traffic:
        page.goto(address, wait_until="load")
        usable, loaded = page.evaluate(TIMES)
    session.detach()
    return usable, loaded, traffic.size, len(traffic.requests)


@pytest.fixture
def case(cast: Cast) -> Case:
    for _each in range(24):
        case = files.screened(cast)
    return case


def test_every_kind_of_page_can_be_used_soon(windows: Windows, cast: Cast, case: Case) -> None:
    pages = {
        "sign-in": (None, reverse("account_login")),
        "today": (cast.ana, reverse("today")),
        "cases, 25 rows": (cast.ana, reverse("case_list")),
        "a case": (cast.ana, reverse("case", args=[case.pk])),
        "identity": (cast.ana, reverse("case_identity", args=[case.pk])),
        "a note": (cast.ana, reverse("note_new", args=[case.pk])),
        "report a child": (cast.hotline, reverse("report_new")),
        "referrals": (cast.ana, reverse("referrals")),
        "returns": (cast.ana, reverse("returns")),
        "calendar": (cast.ana, reverse("calendar")),
    }
    chosen = pages if "FIGURES" in os.environ else {name: pages[name] for name in SOME}
    found = {name: _look(windows, who, address) for name, (who, address) in chosen.items()}
    if "FIGURES" in os.environ:
        FIGURES.write_text(_figures(found))
    assert {name: figures for name, figures in found.items() if figures[0] > MOST} == {}


def _look(windows: Windows, who: User | None, address: str) -> tuple[float, float, int, int]:
    page = windows(who)
    figures = usable_after(page, address)
    page.context.close()
    return figures


def _figures(found: dict[str, tuple[float, float, int, int]]) -> str:
    lines = [
        "# On a slow line",
        "",
        f"`FIGURES=1 pytest tests/browser/test_slow_line.py`: {LINE} kbit/s, {DELAY} ms before each answer begins, "
        "nothing in the cache, as the browser itself measures it. Usable: the sheet is there and the scripts have run.",
        "",
        "| page | usable after, s | all there after, s | KB | requests |",
        "|---|---|---|---|---|",
    ]
    for name, (usable, loaded, size, requests) in found.items():
        lines.append(f"| {name} | {usable / 1000:.1f} | {loaded / 1000:.1f} | {size / KB:.1f} | {requests} |")
    return "\n".join([*lines, ""])
