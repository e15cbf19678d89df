"""Pages of a case and lists change under the eyes of their readers, who learn who else has the file open."""

import os
import time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.access import Section
from accounts.models import Draft
from cases.models import Case, CaseAccess, Note
from cases.models.choices import Basis, Risk
from cases.services.access import end_access
from cases.services.notes import write_note
from tests.brokers import OwnBroker
from tests.browser.test_live import is_same_page, killable, opened
from tests.browser.windows import Windows
from tests.cases import files
from tests.cast import Cast
from tests.referrals.offers import drafted, offering, step

__all__ = ["killable"]

WORDS, MORE = "She asked for her brother.", "Typed and not sent."
# Seconds for which the broker is dead, and after which everything is right again.
KILL_VARIABLE, SHORT, AGAIN = "VALKEY_KILL", 2.0, 5.0


@pytest.fixture
def case(cast: Cast) -> Case:
    return files.screened(cast)


def write(case: Case, cast: Cast, words: str = WORDS) -> None:
    write_note(case.pk, actor=cast.ana, section=Section.RISK, words=words)


def at(name: str, case: Case) -> str:
    return reverse(name, args=[case.pk])


def company(page: Page) -> str:
    return " ".join(page.locator("[data-live=company]").inner_text().split())


def test_what_one_writes_stands_before_the_other(windows: Windows, cast: Cast, case: Case) -> None:
    notes = opened(windows, cast.sami, at("notes", case))
    overview = opened(windows, cast.ana, at("case", case))
    history = opened(windows, cast.sami, at("case_history", case))
    rows = history.locator(".time > li").count()
    write(case, cast)
    expect(notes.get_by_text(WORDS)).to_be_visible()
    expect(history.locator(".time > li")).to_have_count(rows + 1)
    expect(overview.locator("aside .time > li")).not_to_have_count(0)
    assert all(map(is_same_page, (notes, overview, history)))


def test_lists_change_as_cases_come_and_go(windows: Windows, cast: Cast, case: Case) -> None:
    cases, desk = (
        opened(windows, cast.sami, reverse("case_list")),
        opened(windows, cast.sami, reverse("desk")),
    )
    expect(cases.locator("main .list tbody tr")).to_have_count(1)
    report = files.reported(cast)
    expect(desk.get_by_text(report.receipt).first).to_be_visible()
    files.screened(cast)
    expect(cases.locator("main .list tbody tr")).to_have_count(2)
    assert is_same_page(cases)
    assert is_same_page(desk)


def test_what_is_ticked_stays_ticked(windows: Windows, cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    cases = opened(windows, cast.sami, reverse("case_list"))
    ticks = cases.locator("main .list tbody input[type=checkbox]")
    cases.locator(f"[value='{case.pk}']").check()
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    files.screened(cast)
    expect(ticks).to_have_count(3)
    expect(cases.locator("main .list tbody").get_by_text("High risk")).to_have_count(1)
    expect(cases.locator(f"[value='{case.pk}']")).to_be_checked()
    expect(cases.locator(f"[value='{other.pk}']")).not_to_be_checked()
    assert is_same_page(cases)


def test_nothing_is_exchanged_under_a_finger(windows: Windows, cast: Cast, case: Case) -> None:
    """A click is a press and a release on the same thing."""
    notes = opened(windows, cast.sami, at("notes", case))
    link = notes.locator("main").get_by_role("link").last
    box = link.bounding_box()
    assert box
    link.evaluate("link => link.dataset.mark = 'pressed'")
    notes.mouse.move(box["x"] + 3, box["y"] + 3)
    with notes.expect_response(lambda answer: "x-live" in answer.request.headers):
        notes.mouse.down()
        write(case, cast)
    assert notes.get_by_text(WORDS).count() == 0
    notes.evaluate(
        "addEventListener('click', (event) => (event.preventDefault(), (document.body.dataset.got = '1')))"
    )
    notes.mouse.up()
    assert notes.locator("body").get_attribute("data-got") == "1"
    expect(notes.get_by_text(WORDS)).to_be_visible()


def test_a_page_leaves_when_its_access_has_ended(windows: Windows, cast: Cast, case: Case) -> None:
    page = opened(windows, cast.ana, at("notes", case))
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    end_access(case.pk, row.pk, actor=cast.sami)
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert case.code not in page.content()


def test_a_draft_and_its_number_are_left_alone(windows: Windows, cast: Cast, case: Case) -> None:
    page = opened(windows, cast.ana, at("note_new", case))
    number = page.locator("main [name=once]").get_attribute("value")
    page.locator("#id_section").select_option("risk")
    page.locator("#id_words").fill(MORE)
    expect(page.get_by_text("not sent yet")).to_be_visible()
    sami = opened(windows, cast.sami, at("notes", case))
    expect(page.locator("[data-live=company]")).to_contain_text("Sami")
    write(case, cast)
    expect(sami.get_by_text(WORDS)).to_be_visible()
    expect(page.locator("#id_words")).to_have_value(MORE)
    expect(page.get_by_text("not sent yet")).to_be_visible()
    assert page.locator("main [name=once]").get_attribute("value") == number
    assert str(Draft.objects.get().number) == number
    page.get_by_role("button", name="Save the note").click()
    expect(sami.get_by_text(MORE)).to_be_visible()
    assert Note.objects.filter(case=case).count() == 2
    assert not Draft.objects.exists()


def test_who_else_has_the_file_open_and_who_the_page(windows: Windows, cast: Cast, case: Case) -> None:
    files.ground(case, Basis.REFERRAL, agency=cast.petra.agency)
    ana = opened(windows, cast.ana, at("plan", case))
    petra = windows(cast.petra)
    petra.goto(at("case", case))
    assert company(ana) == ""
    sami = opened(windows, cast.sami, at("case", case))
    expect(ana.locator("[data-live=company]")).to_contain_text("Sami has this file open, too.")
    expect(sami.locator("[data-live=company]")).to_contain_text("Ana has this file open, too.")
    # Both work on it; who was only given a part is not told, and not named.
    assert "Petra" not in company(ana) + company(sami)
    petra.reload()
    assert company(petra) == ""
    sami.goto(at("plan", case))
    expect(ana.locator("[data-live=company]")).to_contain_text("Sami is on this page, too.")
    expect(sami.locator("[data-live=company]")).to_contain_text("Ana is on this page, too.")
    assert is_same_page(ana)
    sami.context.close()
    windows.contexts.remove(sami.context)
    expect(ana.locator("[data-live=company] p")).to_have_count(0)


def test_a_hidden_page_is_nobodys_company(windows: Windows, cast: Cast, case: Case) -> None:
    ana, sami = opened(windows, cast.ana, at("case", case)), opened(windows, cast.sami, at("case", case))
    expect(ana.locator("[data-live=company]")).to_contain_text("Sami")
    sami.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(ana.locator("[data-live=company] p")).to_have_count(0)


def test_what_is_unfolded_and_what_has_the_focus_stays(windows: Windows, cast: Cast, case: Case) -> None:
    page = opened(windows, cast.sami, at("notes", case))
    link = page.locator("main a[href]").last
    link.focus()
    href = link.get_attribute("href")
    write(case, cast)
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('href')") == href


def test_after_a_dead_broker_every_page_is_right_again(
    killable: tuple[OwnBroker, Windows], cast: Cast, case: Case
) -> None:
    made, windows = killable
    offering(cast.petra.agency, "SocialCare", "Health")
    offer = drafted(cast, case)
    notes = opened(windows, cast.sami, at("notes", case))
    cases = opened(windows, cast.sami, reverse("case_list"))
    desk = opened(windows, cast.ana, reverse("desk"))
    sent = opened(windows, cast.ana, reverse("referral", args=[offer.pk]))
    inbox = opened(windows, cast.petra, "/referrals/?box=in&show=all")
    made.kill()
    write(case, cast)
    report = files.reported(cast)
    files.screened(cast)
    step(offer, "send", cast.ana)
    notes.wait_for_timeout(1000 * float(os.environ.get(KILL_VARIABLE, SHORT)))
    made.start()
    back = time.monotonic()
    expect(notes.get_by_text(WORDS)).to_be_visible()
    expect(cases.locator("main .list tbody tr")).to_have_count(2)
    expect(desk.get_by_text(report.receipt).first).to_be_visible()
    expect(sent.locator("[data-live=head]")).to_contain_text("Sent")
    expect(inbox.locator("main .list tbody tr")).to_have_count(1)
    assert time.monotonic() - back <= AGAIN
    assert all(map(is_same_page, (notes, cases, desk, sent, inbox)))
