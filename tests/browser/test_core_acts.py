"""What is done most, or in a hurry, works without script, and by keyboard alone.

Reporting, taking a report, assessing, planning, referring and handing over without script are in the whole journeys
(test_first_file.py, test_whole_file.py, test_way_home.py) and in test_handover.py; a draft in test_drafts.py.
"""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from accounts.access import Section
from accounts.models import SavedView, Session, User
from cases.models import Case, Child, Document
from cases.models.choices import Basis
from tests.browser.hands import Keyboard
from tests.browser.reader import Reader
from tests.browser.windows import Windows
from tests.cases import files, papers
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand

WHY = "The man who hurt the child waits in front of its school, and nobody answers the telephone."


def at(windows: Windows, user: User, address: str = "/") -> Reader:
    page = windows(user, script=False)
    page.goto(address)
    return Reader(page, hands=Keyboard(), script=False)


def test_another_language(windows: Windows, cast: Cast) -> None:
    ana = at(windows, cast.ana)
    ana.hands.click(ana.page.locator(".languages > summary"))
    ana.hands.click(ana.page.get_by_role("button", name="Русский"))
    expect(ana.page.locator("html")).to_have_attribute("lang", "ru")


def test_the_quick_way_out(windows: Windows, cast: Cast) -> None:
    ana = at(windows, cast.ana)
    ana.page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="An encyclopedia."))
    ana.hands.click(ana.page.get_by_role("button", name="Leave"))
    expect(ana.page.get_by_text("An encyclopedia.")).to_be_visible()
    assert not Session.objects.filter(account=cast.ana).exists()


def test_a_search_and_a_note(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    ana = at(windows, cast.ana, reverse("case_search"))
    ana.fill("Name, birth date, number or code", "Lirana")
    ana.press("Search")
    ana.follow(case.code)
    ana.follow("Write a note")
    ana.select("What it speaks of", Section.RISK.label)
    ana.fill("Note", "She sleeps better.")
    ana.press("Save the note")
    ana.sees("The note is saved.")


def test_a_view_of_a_list_is_kept(windows: Windows, cast: Cast) -> None:
    files.screened(cast)
    ana = at(windows, cast.ana, reverse("case_list"))
    ana.follow("High risk")
    ana.fill("Keep this as a view", "What is dangerous")
    ana.press("Save")
    expect(ana.main.get_by_role("link", name="What is dangerous")).to_be_visible()
    assert SavedView.objects.get().account == cast.ana


def test_several_files_get_another_worker(windows: Windows, cast: Cast) -> None:
    cases = [files.screened(cast) for _each in range(2)]
    sami = at(windows, cast.sami, reverse("case_list"))
    for case in cases:
        sami.tick(f"Choose {case.code}")
    sami.press("Give the ticked files to somebody else")
    sami.select("New worker", "Ben")
    sami.press("Look at it first")
    sami.sees("2 files go to")
    sami.press("Reassign")
    expect(sami.page.locator("h1")).to_have_text("Team")
    assert {case.facts.assignment.worker for case in Case.objects.all()} == {cast.ben}  # type: ignore[union-attr]


def test_two_write_at_once_and_the_second_chooses(
    windows: Windows, cast: Cast, clock_everywhere: ClockHand
) -> None:
    # The server may hold the key of an earlier test's names for half a minute; that test's rows are gone.
    clock_everywhere.forward(timedelta(minutes=1))
    case = files.screened(cast)
    files.ground(case, Basis.DUTY, account=cast.ben)
    ana, ben = (at(windows, user, reverse("case_identity", args=[case.pk])) for user in (cast.ana, cast.ben))
    for person, name in ((ben, "Anna, as Ben heard it"), (ana, "Anna, as she says it")):
        person.fill("Name the child wants to be called", name)
        person.press("Save")
    ana.sees("What somebody else saved meanwhile")
    ana.hands.check(ana.main.get_by_role("radio", name=ana.begins("Yours")))
    ana.press("Save")
    ana.sees("Saved.")
    assert Child.objects.get(case=case).known_as == "Anna, as she says it"


def test_a_file_is_opened_in_an_emergency(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    omar = at(windows, cast.omar, reverse("emergency"))
    omar.fill("Code of the file", case.code)
    omar.fill("Why it cannot wait", WHY)
    omar.hands.fill(omar.main.get_by_label("Your password"), PASSWORD)
    omar.press("Open the file")
    expect(omar.page.locator("h1")).to_contain_text(case.code)


def test_answers_are_looked_at_before_they_are_final(windows: Windows, cast: Cast) -> None:
    case = files.screened(cast)
    document = papers.added(case, cast.ana)
    ana = at(windows, cast.ana, reverse("document_remove", args=[case.pk, document.pk]))
    ana.fill("Why it is removed", "It belongs to another child.")
    ana.hands.click(ana.main.get_by_role("button", name="Check your answers"))
    ana.sees("It belongs to another child.")
    ana.press("Remove the document")
    assert Document.objects.get(pk=document.pk).removed_at
