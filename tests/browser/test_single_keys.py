"""Single keys lead around where nobody is typing, and can be switched off."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Session, User
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast


def test_rows_are_walked_and_opened(windows: Windows, cast: Cast) -> None:
    cases = [files.screened(cast) for _each in range(3)]
    page = windows(cast.ana)
    page.goto(reverse("case_list"))
    addresses = {reverse("case", args=[case.pk]) for case in cases}
    walked = []
    for key in "jjk":
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert walked[0] == walked[2] != walked[1]
    assert set(walked) <= addresses
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{walked[0]}$"))


def test_a_tick_is_no_place_to_type(windows: Windows, cast: Cast) -> None:
    first, second = [files.screened(cast) for _each in range(2)]
    page = windows(cast.sami)
    page.goto(reverse("case_list"))
    page.locator("main .list tbody input[type=checkbox]").first.check()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") in {
        reverse("case", args=[case.pk]) for case in (first, second)
    }


def test_a_slash_searches_and_a_question_mark_tells(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator(".keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".keys-help")).to_be_hidden()
    page.keyboard.press("/")
    page.wait_for_url(f"**{reverse('case_search')}", wait_until="networkidle")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    # Where somebody types, a key is a letter.
    page.keyboard.type("j?/k")
    expect(page.locator("#q")).to_have_value("j?/k")


def test_they_stand_in_the_same_place_on_a_keyboard_of_another_script(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    page = windows(cast.ana)
    page.goto(reverse("case_list"))
    press = """([key, code, shiftKey]) =>
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true}))"""
    page.evaluate(press, ["о", "KeyJ", False])
    assert page.evaluate("document.activeElement.getAttribute('href')") == reverse("case", args=[case.pk])
    # A full stop is none elsewhere.
    page.evaluate(press, [".", "Period", False])
    page.evaluate(press, [",", "Slash", True])
    expect(page.locator(".keys-help")).to_be_visible()
    page.goto("/")
    page.evaluate(press, [".", "Slash", False])
    page.wait_for_url(f"**{reverse('case_search')}")


def test_they_can_be_switched_off(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto(reverse("account_change_password"))
    page.locator("#id_single").uncheck()
    page.locator("#keys").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert not User.objects.get(pk=cast.ana.pk).single_keys
    assert User.objects.get(pk=cast.sami.pk).single_keys
    page.goto("/")
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.locator(".keys-help")).to_be_hidden()
    expect(page).to_have_url(re.compile("/$"))


def test_without_script_leaving_ends_the_session_too(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana, script=False)
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="An encyclopedia."))
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Leave")).click()
    expect(page.get_by_text("An encyclopedia.")).to_be_visible()
    assert not Session.objects.filter(account=cast.ana).exists()


def test_before_a_page_is_covered_it_is_said(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.clock.install()
    page.goto("/")
    page.clock.fast_forward(14 * 60 * 1000 + 5000)
    expect(page.locator("[data-soon]")).to_be_visible()
    expect(page.locator("[data-soon]")).to_contain_text("In a minute this page is covered")
    page.mouse.move(10, 10)
    expect(page.locator("[data-soon]")).to_be_hidden()
    expect(page.locator(".cover")).to_be_hidden()


def test_a_page_can_be_covered_at_once(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto("/")
    page.locator("[data-cover-now] button").click()
    expect(page.locator(".cover")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
