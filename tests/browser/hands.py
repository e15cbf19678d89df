"""What somebody uses a page with: a mouse, or the keyboard alone, and then one sees at every stop where one is."""

from pathlib import Path
from typing import Any, Literal, Protocol

from playwright.sync_api import FilePayload, Locator, Page, expect

# More stops than any page of a journey has between two things that one does there.
STOPS = 150
# What the person at the keyboard has to see: a ring, all of it on the screen, with nothing lying over what it is round.
# Of what is higher than the screen as much as fits; of a box for many words, where the screen follows the caret, two
# lines; of words that run over several lines the first one. Arrows, not stops, lead through the answers to a question.
STOP = """target => {
    const element = document.activeElement, isOne = element.type === 'radio'
    const shown = element.matches('[type=radio], [type=checkbox]') ? element.parentElement : element
    const style = getComputedStyle(element), box = element.getClientRects()[0] ?? new DOMRect()
    const around = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset)
    const first = Math.max(box.top, 0), last = Math.min(box.bottom, innerHeight)
    const over = [first + 3, (first + last) / 2, last - 3].map(y => document.elementFromPoint(box.x + box.width / 2, y))
    const isHigh = box.height + 2 * around > innerHeight
    const inside = box.top >= around && box.bottom <= innerHeight - around
    const enough = isHigh ? innerHeight - 2 * around : element.tagName === 'TEXTAREA' ? 48 : Infinity
    return {
        there: element === target || (isOne && target.name === element.name && target.form === element.form),
        back: !!(element.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.left >= around && box.right <= innerWidth - around && (inside || last - first >= enough),
        open: over.every(top => top && (element.contains(top) || shown.contains(top))),
        name: `${element.tagName} ${element.id} ${element.textContent.trim().slice(0, 30)} in ${location.pathname}`,
        place: [box.left, box.top, box.right, box.bottom, innerWidth, innerHeight],
    }
}"""
# How many options that can be chosen lie between the one that is chosen and the wanted one.
ARROWS = """(element, wanted) => {
    const options = [...element.options].filter(option => !option.disabled)
    return options.indexOf(element.options[wanted]) - options.indexOf(element.options[element.selectedIndex])
}"""
OPTION = """(element, [label, value, index]) => [...element.options].findIndex((option, place) =>
    label !== null ? option.label.trim() === label : value !== null ? option.value === value : place === index)"""


class Hands(Protocol):
    def click(self, target: Locator) -> None: ...

    def check(self, target: Locator) -> None: ...

    def fill(self, target: Locator, text: str) -> None: ...

    def select(self, target: Locator, **option: Any) -> None:
        """By its `label`, its `value` or its `index`."""

    def attach(self, target: Locator, file: Path | FilePayload) -> None: ...


class Mouse:
    def click(self, target: Locator) -> None:
        target.click()

    def check(self, target: Locator) -> None:
        target.check()

    def fill(self, target: Locator, text: str) -> None:
        target.fill(text)

    def select(self, target: Locator, **option: Any) -> None:
        target.select_option(**option)

    def attach(self, target: Locator, file: Path | FilePayload) -> None:
        target.set_input_files(file)


class Keyboard:
    """Tab, Shift and Tab, Enter, Space, arrows and letters."""

    def click(self, target: Locator) -> None:
        tab_to(target)
        target.press("Enter")

    def check(self, target: Locator) -> None:
        tab_to(target)
        for _answer in range(STOPS):
            if target.evaluate("element => element === document.activeElement"):
                break
            target.page.keyboard.press("ArrowDown")
            _sees(target)
        if not target.is_checked():
            target.press("Space")
        expect(target).to_be_checked()

    def fill(self, target: Locator, text: str) -> None:
        tab_to(target)
        keyboard = target.page.keyboard
        keyboard.press("Control+A")
        keyboard.press("Delete")
        keyboard.type(text)
        expect(target).to_have_value(text)

    def select(self, target: Locator, **option: Any) -> None:
        tab_to(target)
        place = target.evaluate(OPTION, [option.get(by) for by in ("label", "value", "index")])
        assert place >= 0, f"no option {option}"
        away = target.evaluate(ARROWS, place)
        for _option in range(abs(away)):
            target.page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")
        assert target.evaluate("element => element.selectedIndex") == place

    def attach(self, target: Locator, file: Path | FilePayload) -> None:
        """What chooses files belongs to the system; nobody can press its keys from here."""
        tab_to(target)
        target.set_input_files(file)


HANDS: dict[Literal["mouse", "keyboard"], Hands] = {"mouse": Mouse(), "keyboard": Keyboard()}


def tab_to(target: Locator) -> None:
    """From stop to stop; at each of them one sees where one is."""
    target.page.wait_for_load_state()
    expect(target).to_be_visible()
    stop = target.evaluate(STOP)
    for _stop in range(STOPS):
        if stop["there"]:
            return
        target.page.keyboard.press("Shift+Tab" if stop["back"] else "Tab")
        stop = _sees(target)
    raise AssertionError(f"{target} is not among the next {STOPS} stops")


def stops(page: Page, *, back: bool = False) -> list[str]:
    """Every stop of a page, until there is no further one."""
    body, found = page.locator("body"), list[str]()
    while True:
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("document.activeElement === document.body"):
            return found
        found.append(_sees(body)["name"])


def _sees(target: Locator) -> dict[str, Any]:
    stop: dict[str, Any] = target.evaluate(STOP)
    for what in ("ring", "inside", "open"):
        assert stop[what], f"{what}: {stop}"
    return stop
