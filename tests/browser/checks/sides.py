"""Nothing leaves the screen: neither sideways on a phone, nor when the page runs from right to left."""

from collections.abc import Iterator
from itertools import product

from playwright.sync_api import Page

from tests.browser.windows import DESK, HEIGHT, PHONE

# Opens what is folded, so that it is measured too. What only a screen reader meets, and the link that comes into
# view when it has the focus, lie outside on purpose.
MEASURE = """direction => {
    const root = document.documentElement, found = []
    root.dir = direction
    for (const folded of document.querySelectorAll('details')) folded.open = true
    if (root.scrollWidth > root.clientWidth) found.push(`scrolls: ${root.scrollWidth} of ${root.clientWidth}`)
    for (const element of document.body.querySelectorAll('*')) {
        if (element.closest('.vh, .skip, thead, option') || !element.getClientRects().length) continue
        const { left, right } = element.getBoundingClientRect()
        if (left < -1 || right > root.clientWidth + 1)
            found.push(`${element.tagName}.${element.className} from ${left} to ${right}`)
    }
    return found.slice(0, 3)
}"""


def overflowing(page: Page) -> Iterator[str]:
    for width, direction in product((PHONE, DESK), ("ltr", "rtl")):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for what in page.evaluate(MEASURE, direction):
            yield f"at {width} {direction}: {what}"
