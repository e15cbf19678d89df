"""What both sides of a transfer go on reading: its history, and the former owner its own period and nothing later."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.access import Role, Section
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import Case, FormerOwner, IssuedPaper
from cases.models.choices import Risk
from cases.permissions import former_files
from cases.services.assignment import assign_worker
from cases.services.identity import add_name
from cases.services.incoming import SentFile, take_in
from cases.services.notes import write_note
from referrals.models import Attachment, Referral
from referrals.permissions import readable_by, visible_to
from referrals.services.drafting import (
    draft_transfer,
)
from referrals.services.writing import write_message
from tests.cases import files, papers
from tests.cases.asking import browser, get, last, post, statuses, verbs
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept
from tests.referrals.offers import (
    consented,
    offer,
    step,
    transfer_offered,
    transferred,
    transferred_back,
)

pytestmark = pytest.mark.usefixtures("nora")


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def test_the_former_owner_reads_its_own_period_and_nothing_later(
    cast: Cast, case: Case, nora: User, clock_at: ClockHand
) -> None:
    add_name(case.pk, actor=cast.ana, kind="alias", given="Quendolina", family="")
    write_note(case.pk, actor=cast.ana, section=Section.NOTES, words="She likes chess.")
    clock_at.forward(timedelta(minutes=5))
    transferred(cast, case)
    former = FormerOwner.objects.get()
    clock_at.forward(timedelta(minutes=5))
    add_name(case.pk, actor=cast.omar, kind="alias", given="Zephyrine", family="")
    write_note(case.pk, actor=cast.omar, section=Section.NOTES, words="Moved to Pine Street.")
    files.look_at_safety(case, cast.omar, Risk.LOW)
    for days in (0, 400):
        clock_at.forward(timedelta(days=days))
        for person in (cast.sami, cast.vera, cast.ana):
            page = get(person, "former_file", former.pk)
            words = page.content.decode()
            assert page.status_code == 200
            for earlier in ("Quendolina", "She likes chess.", "Ana"):
                assert earlier in words, earlier
            for later in ("Zephyrine", "Pine Street", "Omar", "Low risk"):
                assert later not in words, later
    event = last(case.pk, "case.past_read")
    assert (event.actor, event.details["basis"]) == (cast.ana, ["former_owner"])
    assert set(event.sections) == {section.value for section in Section} - {"documents"}
    assert "had the file before another agency" in get(nora, "case_access", case.pk).content.decode()


def test_nobody_else_reads_it(cast: Cast, case: Case, nora: User) -> None:
    transferred(cast, case)
    former = FormerOwner.objects.get()
    strangers = [cast.ben, cast.aida, cast.petra, cast.omar, nora, cast.hotline, cast.tomas, cast.stella]
    assert [get(person, "former_file", former.pk).status_code for person in strangers] == [404] * 8
    assert browser(cast.sami).post(reverse("former_file", args=[former.pk])).status_code == 405
    # Nor a worker who came to others before, or who works for somebody else now, or in another role.
    assert get(cast.ana, "former_file", former.pk).status_code == 200
    cast.ana.role = Role.INTAKE
    cast.ana.save()
    assert get(cast.ana, "former_file", former.pk).status_code == 404
    cast.ana.role, cast.ana.agency = Role.CASE_WORKER, cast.petra.agency
    cast.ana.save()
    assert get(cast.ana, "former_file", former.pk).status_code == 404


def test_a_worker_of_an_earlier_time_does_not_read_it(cast: Cast, case: Case) -> None:
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    consented(case, cast.ben, cast.omar.agency)
    row = draft_transfer(case.pk, actor=cast.sami, recipient=cast.omar.agency, offer=offer())
    client = browser(cast.sami)
    client.post(reverse("referral_preview", args=[row.pk]), {"seen": last_saved(row)})
    step(step(row, "send", cast.sami), "acknowledge", cast.omar)
    step(row, "take_over", cast.omar, worker=cast.omar)
    assert former_files(cast.ben).exists()
    assert not former_files(cast.ana).exists()


def test_both_sides_see_the_same_history(cast: Cast, case: Case, nora: User) -> None:
    row = transferred(cast, case)
    assert list(row.events.values_list("kind", flat=True)) == ["send", "acknowledge", "take_over"]
    for person in (cast.sami, cast.ana, cast.omar, nora):
        page = get(person, "referral", row.pk)
        assert page.status_code == 200
        assert "took the case over" in page.content.decode()
    assert not visible_to(cast.sami).exists()
    assert readable_by(cast.sami).get() == row
    # It is read, and that is all.
    for name, data in (("referral_message", {"words": "?"}), ("referral_note", {"words": "?"})):
        assert post(cast.sami, name, row.pk, **data).status_code == 403
    assert statuses([cast.sami, cast.ana], "referral_step", row.pk, "recall", reason="No.") == [403] * 2
    assert statuses([cast.ben, cast.petra], "referral_step", row.pk, "recall", reason="No.") == [404] * 2
    assert {"case.moved", "referral.take_over", "case.assigned"} <= set(verbs(case.pk))
    assert last(case.pk, "case.moved").actor == cast.omar
    assert "took the case over from another agency" in get(nora, "case_history", case.pk).content.decode()


def test_the_file_on_paper_of_the_former_owner_is_not_current_any_more(
    cast: Cast, case: Case, nora: User
) -> None:
    def current() -> set[User]:
        papers_of_case = IssuedPaper.objects.filter(about=case.pk, outdated_at__isnull=True)
        return {paper.made_by for paper in papers_of_case}

    row = transfer_offered(cast, case)
    get(cast.ana, "case_file_pdf", case.pk)
    assert current() == {cast.ana}
    step(row, "take_over", cast.omar, worker=cast.omar)
    assert current() == set()
    get(cast.omar, "case_file_pdf", case.pk)
    assert current() == {cast.omar}


def written(cast: Cast, case: Case) -> tuple[Referral, Attachment]:
    """A transfer that was talked about, with a file of the recipient, and taken over."""
    row = transfer_offered(cast, case)
    sent_file = SentFile("room.pdf", take_in("room.pdf", papers.pdf(b"the room of the plover")))
    said = write_message(row.pk, actor=cast.omar, words="Is Sunday right?", files=[sent_file])
    write_message(row.pk, actor=cast.sami, words="Sunday is right.")
    return step(row, "take_over", cast.omar, worker=cast.omar), said.attachments.get()


def test_both_sides_go_on_reading_what_was_asked_and_written(cast: Cast, case: Case, nora: User) -> None:
    row, attachment = written(cast, case)
    for person in (cast.sami, cast.ana, cast.omar, nora):
        page = get(person, "referral", row.pk).content.decode()
        for words in ("Is Sunday right?", "Sunday is right.", "room.pdf", "sleeps badly"):
            assert words in page
        # Nobody writes in it any more.
        assert "/messages/" not in page
        assert get(person, "referral_file", row.pk, attachment.pk).status_code == 200
    assert last(case.pk, "document.read").actor == nora
    get(cast.sami, "referral_file", row.pk, attachment.pk)
    assert last(case.pk, "document.read").details["basis"] == ["former_owner"]
    for person in (cast.ben, cast.petra, cast.tomas, cast.aida):
        assert get(person, "referral_file", row.pk, attachment.pk).status_code == 404


def test_the_former_owner_reports_no_file(cast: Cast, case: Case) -> None:
    row, attachment = written(cast, case)
    assert "/report/" not in get(cast.sami, "referral", row.pk).content.decode()
    assert "/report/" in get(cast.omar, "referral", row.pk).content.decode()
    for ask in (get, post):
        assert ask(cast.sami, "referral_file_report", row.pk, attachment.pk).status_code == 403
    assert post(cast.omar, "referral_file_report", row.pk, attachment.pk).status_code == 302
    assert get(cast.sami, "referral_file", row.pk, attachment.pk).status_code == 404


def test_before_the_acceptance_and_after_a_no_the_request_stays_closed(cast: Cast, case: Case) -> None:
    row = transfer_offered(cast, case)
    assert "sleeps badly" not in get(cast.omar, "referral", row.pk).content.decode()
    write_message(row.pk, actor=cast.omar, words="Is Sunday right?")
    step(row, "decline", cast.omar)
    page = get(cast.omar, "referral", row.pk).content.decode()
    assert "sleeps badly" not in page
    assert "Is Sunday right?" not in page


def test_who_has_given_the_case_on_reads_it_as_a_former_owner(
    cast: Cast, case: Case, nora: User, clock_at: ClockHand
) -> None:
    row, attachment = written(cast, case)
    colleague = User.objects.create_account(
        "otto", PASSWORD, name="Otto", role=Role.CASE_WORKER, agency=cast.omar.agency
    )
    assert "Is Sunday right?" in get(colleague, "referral", row.pk).content.decode()
    clock_at.forward(timedelta(days=1))
    transferred_back(cast, case, nora)
    for person in (cast.omar, nora):
        assert "Is Sunday right?" in get(person, "referral", row.pk).content.decode()
        assert get(person, "referral_file", row.pk, attachment.pk).status_code == 200
    assert "Is Sunday right?" not in get(colleague, "referral", row.pk).content.decode()
    assert get(colleague, "referral_file", row.pk, attachment.pk).status_code == 404


def test_cases_handed_over_are_a_list_of_their_own(cast: Cast, case: Case, nora: User) -> None:
    for person in (cast.sami, cast.ana):
        assert "box=former" not in get(person, "referrals").content.decode()
    transferred(cast, case)
    for person in (cast.sami, cast.ana):
        page = get(person, "referrals", box="former").content.decode()
        assert case.code in page
        assert "Lirana" not in page
    assert last(case.pk, "case.listed").details["basis"] == ["former_owner"]
    for person in (cast.ben, cast.petra, nora):
        assert case.code not in get(person, "referrals", box="former").content.decode()
