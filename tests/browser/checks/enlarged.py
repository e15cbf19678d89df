"""At 400 per cent, with the text spaced as far as WCAG 1.4.12 wants: nothing leaves the screen, is cut off or missing.

1280 by 1024 enlarged so far is as wide as a phone, and low (WCAG 1.4.10). Spaced by a sheet that the page adopts: the
content policy would refuse one in a tag.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.windows import DESK, HEIGHT, LOW, PHONE

# What only a screen reader meets, and the link that comes into view when it has the focus, are no words on the screen;
# heads of columns stand beside their cells on a narrow one, and empty cells and days are left out there, where a sign
# stands for the name of the house.
SHOWN = """
    const REMOVED = '.vh, .skip, .mark, thead, .day.free, td.none, .short-day, .wide-day, option, script, template'
    const unfolded = [...document.querySelectorAll('details:not([open])')]
    for (const folded of unfolded) folded.open = true
    const seen = new Map()
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const words = walk.currentNode.data.trim(), within = walk.currentNode.parentElement
        if (!words || within.closest(REMOVED) || !within.checkVisibility({ visibilityProperty: true })) continue
        if (getComputedStyle(within).clipPath === 'none') seen.set(words, within)
    }
    const fold = () => { for (const folded of unfolded) folded.open = false }
"""
WORDS = "() => {" + SHOWN + "fold(); return [...seen.keys()] }"
SPACED = (
    """words => {
    const sheet = new CSSStyleSheet(), root = document.documentElement, found = []
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-block-end: 2em !important }
    `)
    document.adoptedStyleSheets.push(sheet)
    """
    + SHOWN
    + """
    if (root.scrollWidth > root.clientWidth) found.push(`scrolls: ${root.scrollWidth} of ${root.clientWidth}`)
    for (const element of document.body.querySelectorAll('*')) {
        if (element.closest(REMOVED) || !element.getClientRects().length) continue
        const { left, right } = element.getBoundingClientRect(), { overflow, clipPath } = getComputedStyle(element)
        const name = `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)}`
        if (left < -1 || right > root.clientWidth + 1) found.push(`${name} from ${left} to ${right}`)
        const wide = element.scrollWidth - element.clientWidth, high = element.scrollHeight - element.clientHeight
        if (/hidden|clip/.test(overflow) && clipPath === 'none' && element.textContent.trim() && (wide > 1 || high > 1))
            found.push(`${name} is cut off by ${wide} and ${high}`)
    }
    for (const label of document.querySelectorAll('[data-label]')) seen.set(label.dataset.label, label)
    for (const each of words) if (!seen.has(each)) found.push(`missing: ${each.slice(0, 60)}`)
    fold()
    document.adoptedStyleSheets.pop()
    return found.slice(0, 5)
}"""
)


def lost(page: Page) -> Iterator[str]:
    """What a window as wide as a desk shows, and the same page enlarged does not."""
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    words = page.evaluate(WORDS)
    page.set_viewport_size({"width": PHONE, "height": LOW})
    for what in page.evaluate(SPACED, words):
        yield f"enlarged: {what}"
