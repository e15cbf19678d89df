"""axe: what keeps somebody from using a page. Full on desk and phone by day; by night only colours differ."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.windows import DESK, HEIGHT, PHONE

FULL: dict[str, Any] = {"resultTypes": ["violations"]}
# Another scheme changes nothing but colours.
COLOURS = FULL | {"runOnly": ["color-contrast"]}
Look = tuple[int, Literal["light", "dark"], dict[str, Any]]
ON_PHONE: tuple[Look, ...] = ((PHONE, "light", FULL),)
BY_DAY: tuple[Look, ...] = ((DESK, "light", FULL), *ON_PHONE)
EVERY_LOOK: tuple[Look, ...] = (*BY_DAY, (DESK, "dark", COLOURS), (PHONE, "dark", COLOURS))
RUN = "async options => (await axe.run(document, options)).violations"


def violations(page: Page, looks: Iterable[Look]) -> Iterator[str]:
    looks = tuple(looks)
    if not looks:
        return
    page.evaluate(AXE_SCRIPT)
    for width, scheme, options in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate(RUN, options):
            places = [node["html"] for node in violation["nodes"]]
            yield f"at {width}, {scheme}: {violation['id']} {places[:3]}"
    page.emulate_media(color_scheme="light")
