"""What somebody types is kept within seconds, and stands in its form again: after a cut line, a sign-out, a crash."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Error, Page, Route, expect

from accounts.models import Draft, Session
from cases.models import Child, Note, Report
from cases.models.choices import Basis
from tests.browser.reader import Reader
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.config.processes import wait_until
from tests.entering import session_of

WORDS = "She asked about her sister twice, and ate nothing."
KEPT = re.compile(r"^Kept at \d\d:\d\d, not sent yet$")


@pytest.fixture
def note(windows: Windows, cast: Cast) -> Page:
    page = windows(cast.ana)
    page.goto(reverse("note_new", args=[files.screened(cast).pk]))
    return page


def typed(page: Page, words: str = WORDS) -> None:
    page.locator("#id_words").press_sequentially(words)
    expect(page.locator(".kept-words")).to_have_text(KEPT)


def send(page: Page) -> None:
    page.locator("#id_section").select_option("risk")
    page.get_by_role("button", name="Save").click(no_wait_after=True)


def stands_again(page: Page, words: str = WORDS) -> None:
    expect(page.locator("#id_words")).to_have_value(words)
    expect(page.get_by_text("It stands in the form again.")).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_draft_stands_in_its_form_again_and_ends_when_it_is_sent(note: Page) -> None:
    typed(note)
    note.goto("/")
    waiting = note.get_by_role("heading", name="Typed and not sent yet").locator("..")
    waiting.get_by_role("link").first.click()
    stands_again(note)
    send(note)
    wait_until(lambda: Note.objects.count() == 1, 10)
    assert Note.objects.get().words == WORDS
    assert not Draft.objects.exists()
    # Whoever leaves before the answer has come is called back by it.
    expect(note).to_have_url(re.compile("/notes/$"))
    note.goto("/")
    expect(note.get_by_role("heading", name="Typed and not sent yet")).to_have_count(0)


def test_what_is_thrown_away_is_gone(note: Page) -> None:
    typed(note)
    note.reload()
    stands_again(note)
    # A letter just before is thrown away, too.
    note.locator("#id_words").press_sequentially("!")
    note.get_by_role("button", name="Throw it away").click()
    expect(note.locator("#id_words")).to_have_value("")
    assert not Draft.objects.exists()


def test_nothing_is_lost_when_the_session_ends_while_somebody_types(note: Page, cast: Cast) -> None:
    """Another window signs out, or a supervisor ends the session: the last words reach the server all the same."""
    note.locator("#id_words").press_sequentially(WORDS)
    Session.objects.filter(account=cast.ana).delete()
    note.goto("/")
    expect(note).to_have_url(re.compile("/accounts/login/"))
    wait_until(lambda: [dict(each.typed["fields"])["words"] for each in Draft.objects.all()] == [WORDS], 10)
    (draft,) = Draft.objects.all()
    note.context.add_cookies(
        [{"name": "sessionid", "value": session_of(cast.ana), "url": note.url.split("/accounts")[0]}]
    )
    note.goto(draft.page)
    stands_again(note)


def test_a_cut_line_is_said_and_nothing_is_lost(note: Page) -> None:
    note.context.set_offline(True)
    expect(note.get_by_text("No connection.").first).to_be_visible()
    note.locator("#id_words").press_sequentially(WORDS)
    expect(note.locator(".kept-words")).to_have_text(re.compile("No connection: kept on this page only"))
    assert not Draft.objects.exists()
    note.context.set_offline(False)
    expect(note.locator(".kept-words")).to_have_text(KEPT)
    note.reload()
    stands_again(note)


def test_save_without_a_line_keeps_the_page(note: Page) -> None:
    """Else the browser leaves for a page of its own, and what was typed is gone."""
    typed(note)
    note.context.set_offline(True)
    note.locator("#id_words").press_sequentially(" And more.")
    send(note)
    expect(note.locator(".kept-words")).to_have_text(re.compile("No connection: kept on this page only"))
    expect(note.locator("#id_words")).to_have_value(f"{WORDS} And more.")
    note.context.set_offline(False)
    expect(note.locator(".kept-words")).to_have_text(KEPT)
    send(note)
    wait_until(lambda: Note.objects.count() == 1, 10)
    assert Note.objects.get().words == f"{WORDS} And more."


def test_long_words_of_another_script_are_kept(note: Page) -> None:
    """More bytes than a request that outlives its page may have."""
    note.locator("#id_words").fill("Она спросила о сестре. " * 2500)
    expect(note.locator(".kept-words")).to_have_text(KEPT)


def test_a_second_window_says_that_its_words_cannot_be_kept(note: Page, windows: Windows) -> None:
    typed(note)
    beside = note.context.new_page()
    beside.goto(note.url)
    stands_again(beside)
    send(note)
    wait_until(lambda: Note.objects.count() == 1, 10)
    beside.locator("#id_words").press_sequentially(" More.")
    expect(beside.get_by_text("This cannot be kept any more.")).to_be_visible()


def test_the_page_in_another_language_shows_what_was_typed(note: Page) -> None:
    """At once, before it was kept by itself."""
    note.locator("#id_words").press_sequentially(WORDS)
    note.locator(".languages summary").click()
    note.get_by_role("button", name="Deutsch").click()
    expect(note.locator("html")).to_have_attribute("lang", "de")
    expect(note.locator("#id_words")).to_have_value(WORDS)


def test_two_pages_with_one_draft_keep_what_each_of_them_types(note: Page) -> None:
    typed(note)
    beside = note.context.new_page()
    beside.goto(note.url)
    stands_again(beside)
    typed(beside, " Beside.")
    note.locator("#id_words").press_sequentially(" Here.")
    expect(note.locator(".kept-words")).to_have_text(KEPT)
    wait_until(lambda: Draft.objects.count() == 2, 10)
    kept = {dict(draft.typed["fields"])["words"] for draft in Draft.objects.all()}
    assert kept == {f"{WORDS} Beside.", f"{WORDS} Here."}


def test_a_browser_that_crashes_loses_seconds(note: Page, windows: Windows, cast: Cast) -> None:
    typed(note)
    address = note.url
    with pytest.raises(Error, match="crash"):
        note.goto("chrome://crash")
    page = windows(cast.ana)
    page.goto(address)
    stands_again(page)


def test_an_answer_that_was_lost_is_not_saved_twice(note: Page) -> None:
    """The form arrived, its answer did not: what stands in it again bears the same number."""
    typed(note)

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    note.route("**/notes/new/", lose, times=1)
    with note.expect_event("requestfailed"):
        send(note)
    assert Note.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_refused_form_goes_on_as_the_same_draft(windows: Windows, cast: Cast) -> None:
    page = windows(cast.ana)
    page.goto(reverse("report_new"))
    typed(page)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("This needs another look")).to_be_visible()
    expect(page.locator(".kept-words")).to_have_text(KEPT)
    assert Draft.objects.count() == 1
    page.locator("#id_place").fill("Ring road")
    page.locator("[name=danger][value=no]").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("It has arrived.").first).to_be_visible()
    assert Report.objects.get().words == WORDS
    wait_until(lambda: not Draft.objects.exists(), 5)


def test_without_script_what_a_covered_page_sent_is_kept(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    ana = Reader(windows(script=False))
    ana.signs_in("ana")
    ana.page.goto(reverse("note_new", args=[case.pk]))
    ana.page.locator("#id_words").fill(WORDS)
    ana.page.locator("#id_section").select_option("risk")
    Session.objects.filter(account=cast.ana).update(locked_at="2026-01-01T00:00Z")
    ana.press("Save the note")
    ana.sees("Are you still there?")
    assert WORDS not in ana.page.content()
    ana.fill("Your password", PASSWORD)
    ana.press("Uncover")
    ana.page.get_by_role("button", name="Go on with it").click()
    ana.sees("This is what you had typed. Nothing is saved yet: look at it, then send it.")
    expect(ana.page.locator("#id_words")).to_have_value(WORDS)
    assert not Note.objects.exists()
    ana.press("Save the note")
    assert Note.objects.get().words == WORDS


def test_a_leaflet_of_somebody_else_is_not_there(note: Page, windows: Windows, cast: Cast) -> None:
    typed(note)
    sami = windows(cast.sami)
    sami.goto(note.url)
    assert WORDS not in sami.content()
    sami.goto("/")
    expect(sami.get_by_role("heading", name="Typed and not sent yet")).to_have_count(0)


def test_a_quick_way_out_ends_the_session_and_keeps_what_was_typed(note: Page, cast: Cast) -> None:
    note.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="An encyclopedia."))
    note.locator("#id_words").press_sequentially(WORDS)
    for _each in range(3):
        note.keyboard.press("Shift")
    expect(note.get_by_text("An encyclopedia.")).to_be_visible()
    assert not Session.objects.filter(account=cast.ana).exists()
    wait_until(lambda: Draft.objects.exists(), 10)
    assert dict(Draft.objects.get().typed["fields"])["words"] == WORDS
    note.go_back()
    assert WORDS not in note.content()


def test_nothing_is_asked_on_the_quick_way_out(note: Page) -> None:
    """Neither here, where words wait for a line, nor in another window of this browser."""
    note.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="An encyclopedia."))
    asked = list[str]()

    def is_asked(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    note.on("dialog", is_asked)
    note.route("**/drafts/**", lambda route: route.abort())
    typed_words = note.locator("#id_words")
    typed_words.press_sequentially(WORDS)
    expect(note.locator(".kept-words")).to_have_text(re.compile("No connection: kept on this page only"))
    beside = note.context.new_page()
    beside.goto("/")
    for _each in range(3):
        beside.keyboard.press("Shift")
    expect(note.get_by_text("An encyclopedia.")).to_be_visible()
    assert asked == []


def test_changing_the_language_of_the_keyboard_is_no_way_out(note: Page) -> None:
    note.keyboard.down("Alt")
    for _each in range(3):
        note.keyboard.press("Shift")
    note.keyboard.up("Alt")
    expect(note.locator("h1")).to_be_visible()
    assert not note.locator("html").evaluate("html => html.hidden")


def test_a_draft_over_what_changed_meanwhile_leads_to_the_choice(windows: Windows, cast: Cast) -> None:
    """What stands in its form again still says which state it was typed over."""
    case = files.screened(cast)
    files.ground(case, Basis.DUTY, account=cast.ben)
    address = reverse("case_identity", args=[case.pk])
    page = windows(cast.ana)
    page.goto(address)
    page.locator("#id_known_as").fill("Anna of the draft")
    expect(page.locator(".kept-words")).to_have_text(KEPT)
    ben = windows(cast.ben)
    ben.goto(address)
    ben.locator("#id_known_as").fill("Anna who was saved")
    ben.locator("#id_languages").fill("Ukrainian")
    ben.get_by_role("button", name="Save").click()
    expect(ben.get_by_text("Saved.").first).to_be_visible()
    page.goto(address)
    expect(page.locator("#id_known_as")).to_have_value("Anna of the draft")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What somebody else saved meanwhile")).to_be_visible()
    assert Child.objects.get(case=case).known_as == "Anna who was saved"
    name = page.get_by_role("group", name="Name the child wants to be called")
    expect(name.get_by_text("Anna who was saved")).to_be_visible()
    expect(page.locator("#id_languages")).to_have_value("Ukrainian")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This needs another look")).to_be_visible()
    assert Child.objects.get(case=case).known_as == "Anna who was saved"
    name.get_by_label("Yours").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    child = Child.objects.get(case=case)
    assert (child.known_as, child.languages) == ("Anna of the draft", "Ukrainian")
