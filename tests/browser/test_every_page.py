"""Every page, for each person who sees something else there, and every form with its mistakes, in three languages.

axe finds nothing, nothing leaves the screen or is lost at 400 per cent, and the page is well-formed. A page is made
once for all of these.
`make test` makes the first page of each address and every form with its mistakes in English, and the first page of each
twelfth address in Russian, of others in Arabic, from right to left; axe looks at each third of the first ones on a
phone, and at each sixth in every way. All of them, for each person, in every way are a matter of `make trials`; with
`VNU` the Nu Html Checker reads them as well.
Forms on them that come filled in carry which state they show, and two people meet in them: six times in `make test`;
`CONFLICTS=100` (`make trials`) writes docs/trials/edits.md.
"""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.browser.checks.access import BY_DAY, EVERY_LOOK, ON_PHONE, Look, violations
from tests.browser.checks.enlarged import lost
from tests.browser.checks.filled_in import EDITS, OF_ONE, WITHOUT, Forms, Found, on_all_pages
from tests.browser.checks.sides import MEASURE, overflowing
from tests.browser.checks.validated import validated
from tests.browser.checks.well_formed import checked
from tests.browser.pages import NO_PAGE, furnish, names_of_addresses, opened, visits
from tests.browser.server import forget_earlier_tests
from tests.browser.visits.base import House, Visit
from tests.browser.windows import DESK, PHONE, Windows
from tests.emptied import empty
from tests.trials.edits import Tally, meet
from tests.trials.written import write_part

EVERY_PAGE = "AXE_EVERY_PAGE" in os.environ
# In parts, so that none takes long: the first page, and from there each so-manieth.
PARTS = 8
SOME, THIRD = 6, 3
# Of twelve addresses the one or the two that are looked at in every way.
TURNS = {"en": (0, SOME), "ru": (0,), "ar": (SOME,)}
CONFLICTS, LONG = int(os.environ.get("CONFLICTS", "6")), 100
REPORT = Path(settings.BASE_DIR) / "docs/trials/edits.md"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Made once for all parts: what a form changes is none of what another visit looks at."""
    with django_db_blocker.unblock():
        made = furnish()
        yield made
        empty()
        # These belong to the time in which the browser's event loop runs; nobody could close them later.
        connections.close_all()


@pytest.fixture(scope="module")
def forms(house: House, django_db_blocker: DjangoDbBlocker) -> list[Found]:
    with django_db_blocker.unblock():
        return list(on_all_pages(house))


@pytest.fixture
def windows(house: House, browser: Browser, address: str) -> Iterator[Windows]:
    forget_earlier_tests()
    opened = Windows(browser, address, heeds_gone=True)
    yield opened
    opened.close()
    assert opened.complaints == []


def looked_at(visits: Iterable[Visit], language: str) -> Iterator[tuple[Visit, tuple[Look, ...]]]:
    """What is made in this language, and how axe looks at it: another language changes no colour."""
    thorough = EVERY_LOOK if language == "en" else BY_DAY
    addresses = set[str]()
    for visit in visits:
        address = visit.name.split()[0]
        is_first, turn = address not in addresses, len(addresses) % (2 * SOME)
        addresses.add(address)
        if EVERY_PAGE or (is_first and turn in TURNS[language]):
            yield visit, thorough
        elif language == "en" and is_first:
            yield visit, ON_PHONE if len(addresses) % THIRD == 0 else ()
        elif language == "en" and " wrong" in visit.name:
            yield visit, ()


def test_every_form_over_a_stored_row_carries_what_it_showed(forms: list[Found]) -> None:
    """First of all: what is typed below stands in its form again, and is no stored row."""
    filled = [form for form in forms if form.filled]
    forgotten = {form.to: sorted(form.filled) for form in filled if "seen" not in form.names}
    assert {to: names for to, names in forgotten.items() if to not in WITHOUT} == {}
    assert set(forgotten) >= WITHOUT - OF_ONE
    assert {form.to for form in filled if "seen" in form.names} >= EDITS


@pytest.mark.parametrize("language", ["en", "ru", "ar"])
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_on_any_page(
    house: House, windows: Windows, language: str, part: int, tmp_path: Path
) -> None:
    chosen = list(looked_at(visits(house), language))[part::PARTS]
    User.objects.update(language=language)
    found, texts = list[str](), dict[str, str]()
    pages = opened(windows, [visit for visit, _looks in chosen], language)
    for (visit, looks), (_visit, page) in zip(chosen, pages, strict=True):
        found += [f"{visit.name}: {said}" for said in checked(windows.answers[page].text())]
        found += [f"{visit.name} {said}" for said in lost(page)]
        found += [f"{visit.name} {said}" for said in violations(page, looks)]
        found += [f"{visit.name} {said}" for said in overflowing(page)]
        texts[visit.name] = windows.answers[page].text()
    found += validated(texts, tmp_path)
    assert found == []


def test_nobody_writes_over_what_somebody_else_just_wrote(
    address: str, forms: list[Found], django_db_blocker: DjangoDbBlocker
) -> None:
    """Pairs of conflicting edits, over all of these forms in turn: 0 silent overwrites."""
    began, tally = time.monotonic(), Tally()
    edited = [(form.user, form.path, form.to) for form in forms if {"seen", "shown"} <= form.names]
    with django_db_blocker.unblock():
        meet(address, edited, CONFLICTS, tally)
    told = tally.told()
    print(told, dict(tally.forms))  # noqa: T201 - what it did
    assert tally.silent == []
    assert tally.lost == []
    assert tally.pairs == CONFLICTS
    if CONFLICTS >= LONG:
        forms_told = ", ".join(f"`{name}` {count}" for name, count in sorted(tally.forms.items()))
        command = f"CONFLICTS={CONFLICTS} python -m pytest tests/browser/test_every_page.py -k writes_over"
        write_part(
            REPORT, "Two people editing", command, time.monotonic() - began, told, f"By form: {forms_told}."
        )


def test_every_address_is_visited(house: House) -> None:
    visited = {visit.name.split()[0] for visit in visits(house)}
    assert names_of_addresses() - visited == NO_PAGE


def entrance(windows: Windows, width: int = DESK) -> Page:
    page = windows(width=width)
    page.goto("/accounts/login/")
    return page


def test_axe_would_find_something(windows: Windows) -> None:
    page = entrance(windows)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    # Too dark by night, fine by day.
    page.evaluate("document.querySelector('h1').style.color = '#333'")
    found = list(violations(page, EVERY_LOOK))
    assert [said.split(" [")[0] for said in found] == [
        "at 1280, light: html-has-lang",
        "at 320, light: html-has-lang",
        "at 1280, dark: color-contrast",
        "at 320, dark: color-contrast",
    ]


def test_the_measure_finds_what_sticks_out(windows: Windows) -> None:
    page = entrance(windows, width=PHONE)
    assert page.evaluate(MEASURE, "rtl") == []
    page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(200)")
    page.evaluate("document.querySelector('h1').style.overflowWrap = 'normal'")
    assert page.evaluate(MEASURE, "rtl") != []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("h1.style.whiteSpace = 'nowrap'; h1.textContent = 'Sign in to Homeward, please, here'", "scrolls"),
        (
            "Object.assign(h1.style, {overflow: 'hidden', blockSize: '1lh'}); h1.textContent = 'in '.repeat(60)",
            "cut off",
        ),
        ("h1.textContent = 'Come in'; h1.className = 'wide-only'", "missing: Come in"),
    ],
)
def test_what_is_lost_when_enlarged_is_found(windows: Windows, wrong: str, said: str) -> None:
    page = entrance(windows)
    assert list(lost(page)) == []
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('@media (width < 40rem) { .wide-only { display: none } }')
        document.adoptedStyleSheets.push(sheet)
    }""")
    page.evaluate(f"const h1 = document.querySelector('h1'); {wrong}")
    assert [each for each in lost(page) if said in each] != []


def test_wider_text_alone_can_stick_out(windows: Windows) -> None:
    """As wide as the screen while it stands as close as usual."""
    page = entrance(windows, width=PHONE)
    page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
    page.evaluate("document.querySelector('h1').textContent = 'Sign in here now'")
    assert list(overflowing(page)) == []
    assert list(lost(page)) != []


def test_the_check_finds_what_is_wrong() -> None:
    assert checked("<div><p>x</p></div>") == []
    for wrong in (
        "<div><p>x</div>",
        "<div>",
        '<p id="a"></p><p id="a"></p>',
        '<label for="b">x</label>',
        "<p><ul><li>x</li></ul></p>",
        '<a href="/"><button>x</button></a>',
        '<div class="a" class="b"></div>',
        '<input type="text" name="a">',
    ):
        assert checked(wrong) != []


def test_the_search_finds_a_form_that_comes_filled_in() -> None:
    page = Forms()
    page.feed(
        '<form method="post"><input name="a" value="b"><input name="c"><textarea name="d">e</textarea></form>'
    )
    assert page.found == [("", {"a", "c", "d"}, {"a", "d"})]
