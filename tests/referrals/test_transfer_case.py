"""A case moves to another agency when that accepts it; its former owner reads its own period, and nothing later."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

import clock
from accounts.access import Role, Section
from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import Case, CaseAccess, CaseUserObjectPermission, FormerOwner, IssuedPaper
from cases.models.choices import Basis, EarlyEnd, Risk
from cases.permissions import former_files, sections
from cases.services.access import grant_personally
from cases.services.assignment import assign_worker
from cases.services.cover import arrange_cover
from cases.services.identity import add_name
from cases.services.incoming import SentFile, take_in
from cases.services.notes import write_note
from cases.services.steps import propose_end, take_step
from referrals.models import Attachment, Referral
from referrals.permissions import hands, readable_by, visible_to
from referrals.services.drafting import (
    change_draft,
    choose_fields,
    cosign,
    draft_again,
    draft_transfer,
    mark_previewed,
)
from referrals.services.moving import take_referral_step
from referrals.services.writing import write_message
from tests.cases import files, papers
from tests.cases.asking import browser, clock_of, day, get, last, post, running, statuses, told, verbs
from tests.cases.planning import a_task
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept
from tests.referrals.offers import (
    consented,
    drafted,
    in_service,
    offer,
    sent,
    step,
    transfer_drafted,
    transfer_offered,
    transferred,
)
from workflow.machine import NotInHand, Refused, WrongState
from workflow.models import Deadline

pytestmark = pytest.mark.usefixtures("nora")


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    said = {"recipient": cast.omar.agency_id, "needs": ["safe_place"], "legal_basis": "consent"}
    return said | day("answer_by", clock.today("Europe/Vienna") + timedelta(days=2)) | changes


def test_only_a_supervisor_of_the_owner_offers_a_case(cast: Cast, case: Case, nora: User) -> None:
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.petra, cast.hotline]
    assert statuses(strangers, "transfer_new", case.pk, **form(cast)) == [404] * 6
    assert statuses([cast.ana], "transfer_new", case.pk, **form(cast)) == [403]
    assert not Referral.objects.exists()
    assert "transfer_new" not in get(cast.ana, "case_referrals", case.pk).content.decode()
    answer = post(cast.sami, "transfer_new", case.pk, **form(cast))
    row = Referral.objects.get()
    assert answer.url == reverse("referral_preview", args=[row.pk])
    assert (row.transfer, row.recipient, row.purpose, row.wanted) == (
        True,
        cast.omar.agency,
        "take_over",
        [],
    )


def test_only_an_agency_that_keeps_files_is_asked(cast: Cast, case: Case, nora: User) -> None:
    said = get(cast.sami, "transfer_new", case.pk).content.decode()
    assert cast.omar.agency.name in said
    assert cast.petra.agency.name not in said
    for other in (cast.petra.agency, cast.tomas.agency, cast.ana.agency):
        with pytest.raises(Invalid):
            draft_transfer(case.pk, actor=cast.sami, recipient=other, offer=offer())
    nora.is_active = False
    nora.save()
    with pytest.raises(Invalid):
        draft_transfer(case.pk, actor=cast.sami, recipient=cast.omar.agency, offer=offer())


def test_what_it_says_is_the_supervisors_and_there_is_nothing_to_choose(cast: Cast, case: Case) -> None:
    row = transfer_drafted(cast, case)
    with pytest.raises(PermissionDenied):
        change_draft(row.pk, actor=cast.ana, recipient=row.recipient, service=row.service, offer=offer())
    with pytest.raises(Invalid):
        choose_fields(row.pk, actor=cast.ana, codes=["identity.names"])
    assert statuses([cast.ana, cast.sami], "referral_edit", row.pk) == [403, 422]
    page = get(cast.sami, "referral_edit", row.pk).content.decode()
    assert cast.tomas.agency.name in page
    assert cast.petra.agency.name not in page
    page = get(cast.ana, "referral_pack", row.pk)
    assert page.url == reverse("referral_preview", args=[row.pk])
    assert "The whole file" in get(cast.ana, "referral_preview", row.pk).content.decode()
    # What a supervisor has decided, the worker may send.
    assert step(row, "send", cast.ana).state == "sent"


def test_before_the_acceptance_the_other_side_sees_codes_and_no_case(
    cast: Cast, case: Case, nora: User
) -> None:
    row = step(transfer_drafted(cast, case), "send", cast.sami)
    for user in (cast.omar, nora):
        assert told(user) == ["referral.send"]
        page = get(user, "referral", row.pk).content.decode()
        assert "Lirana" not in page
        assert case.code not in page
        assert not CaseAccess.objects.live_for(user).exists()
        assert get(user, "case", case.pk).status_code == 404
    partner = User.objects.create_account(
        "north-partner", PASSWORD, name="P", role=Role.SERVICE_PROVIDER, agency=cast.omar.agency
    )
    for stranger in (partner, cast.petra, cast.ben, cast.aida):
        assert not visible_to(stranger).exists()
    assert not FormerOwner.objects.exists()


def test_it_moves_with_everything_and_its_stage_stays(cast: Cast, case: Case, nora: User) -> None:
    state, since = case.state, files.fresh(case).state_since
    row = transfer_offered(cast, case)
    for person in (cast.ana, cast.sami):
        assert sections(person, case)
    step(row, "take_over", nora, worker=cast.omar)
    moved = files.fresh(case)
    assert (moved.agency, moved.state, moved.state_since) == (cast.omar.agency, state, since)
    assert files.worker_of(case) == cast.omar
    # The new owner works on it, the former one finds nothing.
    assert statuses_of([cast.omar, nora], case) == [200, 200]
    assert statuses_of([cast.ana, cast.sami, cast.vera, cast.ben, cast.aida], case) == [404] * 5
    for person in (cast.ana, cast.sami, cast.ben):
        for page in ("case_list", "today", "calendar", "desk"):
            assert case.code not in get(person, page).content.decode(), page
        assert not CaseAccess.objects.live_for(person).filter(case=case).exists()
    assert case.code in get(cast.omar, "case_list").content.decode()
    held = CaseAccess.objects.live().filter(case=case)
    assert {(each.basis, each.agency or each.account) for each in held} == {
        (Basis.TEAM, cast.omar.agency),
        (Basis.DUTY, cast.omar.agency),
        (Basis.ASSIGNMENT, cast.omar),
    }
    assert told(cast.omar)[-1] == "case.assigned"
    assert told(cast.ana)[-1] == told(cast.sami)[-1] == "referral.take_over"
    row = again(row)
    assert (row.state, row.responsible, row.accepted_by) == ("completed", "Omar", nora)


def again(row: Referral) -> Referral:
    """As it is now; a state is not put into a row that is there already."""
    return Referral.objects.get(pk=row.pk)


def last_event(row: Referral) -> str:
    return str(row.events.values_list("kind", flat=True).reverse()[0])


def statuses_of(people: list[User], case: Case) -> list[int]:
    return [get(person, "case", case.pk).status_code for person in people]


def test_a_worker_takes_it_for_itself_a_supervisor_for_whom_it_names(
    cast: Cast, case: Case, nora: User
) -> None:
    row = transfer_offered(cast, case)
    other = User.objects.create_account(
        "olga", PASSWORD, name="Olga", role=Role.CASE_WORKER, agency=cast.omar.agency
    )
    wrong = [(cast.omar, other), (cast.omar, nora), (nora, nora), (nora, cast.ana), (nora, cast.petra)]
    for actor, worker in wrong:
        with pytest.raises(Invalid):
            step(row, "take_over", actor, worker=worker)
    with pytest.raises(Refused, match="entered_worker"):
        step(row, "take_over", nora)
    assert files.fresh(case).agency == cast.ana.agency
    assert Referral.objects.get(pk=row.pk).state == "acknowledged"
    page = get(cast.omar, "referral_step", row.pk, "take_over").content.decode()
    assert "Omar" in page
    assert "Olga" not in page
    answer = post(nora, "referral_step", row.pk, "take_over", worker=other.pk)
    assert answer.url == reverse("referral", args=[row.pk])
    assert files.worker_of(case) == other


@pytest.mark.parametrize("actor", ["ana", "sami", "petra"])
def test_nobody_else_takes_it(cast: Cast, case: Case, actor: str) -> None:
    row = transfer_offered(cast, case)
    with pytest.raises((NotInHand, Referral.DoesNotExist)):
        step(row, "take_over", getattr(cast, actor), worker=cast.omar)


def test_a_service_is_no_transfer_and_a_transfer_no_service(
    cast: Cast, case: Case, acknowledged_referral: Referral
) -> None:
    """Not by any door: the database says the same."""
    service, moving = acknowledged_referral, transfer_offered(cast, case)
    with pytest.raises(Refused, match="asks_for_the_case"):
        step(service, "take_over", cast.petra, worker=cast.omar)
    with pytest.raises(Refused, match="asks_for_a_service"):
        step(moving, "accept", cast.omar)
    for row, state in ((service, "completed"), (moving, "accepted")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Referral.objects.filter(pk=row.pk).update(state=state)


def test_one_agency_at_a_time_is_asked(cast: Cast, case: Case) -> None:
    transfer_offered(cast, case)
    third = cast.tomas.agency
    third.country = "XA"
    third.save()
    User.objects.create_account("olga", PASSWORD, name="Olga", role=Role.SUPERVISOR, agency=third)
    row = transfer_drafted(cast, case, third)
    with pytest.raises(Refused) as refused:
        step(row, "send", cast.sami)
    assert [failure.code for failure in refused.value.failures] == ["one_transfer"]


def test_the_agency_must_still_keep_files(cast: Cast, case: Case, nora: User) -> None:
    row = transfer_offered(cast, case)
    nora.is_active = False
    nora.save()
    with pytest.raises(Refused) as refused:
        step(row, "take_over", cast.omar, worker=cast.omar)
    assert [failure.code for failure in refused.value.failures] == ["recipient_keeps_files"]


def test_a_transfer_that_came_to_nothing_is_offered_again_by_a_supervisor(cast: Cast, case: Case) -> None:
    row = step(transfer_offered(cast, case), "decline", cast.omar)
    with pytest.raises(PermissionDenied):
        draft_again(row.pk, actor=cast.ana)
    again = draft_again(row.pk, actor=cast.sami)
    assert (again.transfer, again.purpose, again.version) == (True, "take_over", 2)


def test_every_ground_that_the_former_owner_held_or_gave_ends(cast: Cast, case: Case) -> None:
    arrange_cover(
        actor=cast.sami, worker=cast.ana, covered_by=cast.ben, until=clock.now() + timedelta(days=3)
    )
    grant_personally(
        case.pk,
        actor=cast.sami,
        account=cast.petra,
        sections=[Section.RISK],
        may_write=False,
        until=clock.now() + timedelta(days=3),
        reason="She cares for the child tonight.",
    )
    clinic = in_service(cast, case, service="Health")
    transferred(cast, case)
    for person in (cast.ben, cast.ana, cast.sami):
        assert sections(person, case) == {}
    # The clinic's part goes on, what was given personally does not.
    assert set(sections(cast.petra, case)) == {Section.MEDICAL}
    assert not CaseUserObjectPermission.objects.exists()
    clinic = again(clinic)
    assert (clinic.state, clinic.sender) == ("in_service", cast.omar.agency)


def test_what_was_asked_of_others_goes_on_with_the_new_owner(cast: Cast, case: Case, nora: User) -> None:
    running_one = in_service(cast, case, service="Health")
    asked = step(sent(cast, case, service="Legal"), "ask", cast.petra)
    draft = drafted(cast, case, service="Education")
    declined = step(sent(cast, case), "decline", cast.petra)
    transferred(cast, case)
    running_one, asked, draft, declined = map(again, (running_one, asked, draft, declined))
    for row in (running_one, asked, draft):
        assert row.sender == cast.omar.agency
        assert "sender" in hands(cast.omar, row)
        assert not hands(cast.ana, row)
        assert not visible_to(cast.ana).filter(pk=row.pk).exists()
    assert draft.previewed_at is None
    assert {last_event(running_one), last_event(asked)} == {"sender_changed"}
    assert not draft.events.exists()
    assert "answers as the sender" in get(cast.petra, "referral", asked.pk).content.decode()
    # What is over for a recipient tells it nothing more; what follows from it is the new owner's.
    assert declined.sender == cast.ana.agency
    assert "sender_changed" not in declined.events.values_list("kind", flat=True)
    assert "sender" in hands(nora, declined)
    step(asked, "provide", cast.omar)
    step(running_one, "complete", cast.petra)
    assert step(running_one, "confirm", cast.omar).confirmed_by == cast.omar


def test_the_offer_says_where_its_sender_is_now(cast: Cast, case: Case) -> None:
    asked = sent(cast, case, service="Health")
    case.child.citizenships = ["XA"]
    case.child.save()
    north = cast.omar.agency
    north.country = "XB"
    north.save()
    row = transfer_drafted(cast, case, transfer_basis="agreement")
    cosign(row.pk, actor=cast.vera, seen=last_saved(row))
    row = step(step(row, "send", cast.sami), "acknowledge", cast.omar)
    step(row, "take_over", cast.omar, worker=cast.omar)
    page = get(cast.petra, "referral", asked.pk).content.decode()
    assert "Arvania north, Belmora" in page


def test_what_the_new_owner_was_asked_for_ends(cast: Cast, case: Case) -> None:
    agency = cast.omar.agency
    partner = User.objects.create_account(
        "north-partner", PASSWORD, name="P", role=Role.SERVICE_PROVIDER, agency=agency
    )
    service = step(drafted(cast, case, agency, "Health"), "send", cast.ana)
    service = step(step(service, "acknowledge", partner), "accept", partner)
    draft = drafted(cast, case, agency, "Education")
    transferred(cast, case)
    service, draft = again(service), again(draft)
    assert (service.state, draft.state) == ("recalled", "discarded")
    assert service.sender == cast.ana.agency
    assert sections(partner, case) == {}


def test_the_agency_that_cares_for_the_child_already_takes_its_case(cast: Cast, case: Case) -> None:
    agency = cast.omar.agency
    partner = User.objects.create_account(
        "north-partner", PASSWORD, name="P", role=Role.SERVICE_PROVIDER, agency=agency
    )
    care = step(drafted(cast, case, agency), "send", cast.ana)
    care = step(step(care, "acknowledge", partner), "accept", partner)
    transferred(cast, case)
    assert files.fresh(case).agency == agency
    assert again(care).state == "recalled"


def test_what_is_due_is_due_to_the_new_owner(cast: Cast, case: Case, nora: User) -> None:
    files.satisfy_registration(case, cast.ana)
    take_step(case.pk, "register", actor=cast.ana)
    task = a_task(case, cast.ana)
    before, due = running(case), clock_of(case, "task").due_at
    in_service(cast, case, service="Health")
    row = transfer_offered(cast, case)
    assert {"referral_answer"} <= running(case)
    agency = cast.omar.agency
    agency.time_zone = "Europe/Chisinau"
    agency.save()
    step(row, "take_over", nora, worker=cast.omar)
    open_now = Deadline.objects.open().filter(case_id=case.pk)
    assert before - {"assign"} <= set(open_now.values_list("kind", flat=True))
    assert set(open_now.values_list("agency", flat=True)) == {agency.pk}
    task.refresh_from_db()
    assert task.assignee == cast.omar
    # The day ends an hour earlier there.
    assert clock_of(case, "task").due_at == due - timedelta(hours=1)
    earliest = CaseAccess.objects.get(case=case, account=cast.omar, ended_at__isnull=True).due
    assert earliest == open_now.order_by("due_at").first().due_at  # type: ignore[union-attr]


def test_nobody_there_has_agreed_to_what_was_proposed(cast: Cast, case: Case) -> None:
    active = files.in_state("active", cast.ana.agency, worker=cast.ana, import_key="t:1")
    propose_end(active.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    transferred(cast, active)
    moved = files.fresh(active)
    assert (moved.early_end, moved.closure_author, moved.import_key) == ("", None, "")
    assert FormerOwner.objects.get().import_key == "t:1"


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
    consented(case, cast.omar, cast.ana.agency)
    back = draft_transfer(case.pk, actor=nora, recipient=cast.ana.agency, offer=offer())
    mark_previewed(back.pk, actor=nora, seen=last_saved(back))
    step(step(back, "send", nora), "acknowledge", cast.ben)
    step(back, "take_over", cast.sami, worker=cast.ben)
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


def test_it_may_come_back(cast: Cast, case: Case, nora: User, clock_at: ClockHand) -> None:
    transferred(cast, case)
    clock_at.forward(timedelta(days=1))
    consented(case, cast.omar, cast.ana.agency)
    back = draft_transfer(case.pk, actor=nora, recipient=cast.ana.agency, offer=offer())
    browser(nora).post(reverse("referral_preview", args=[back.pk]), {"seen": last_saved(back)})
    step(step(back, "send", nora), "acknowledge", cast.ben)
    take_referral_step(back.pk, "take_over", actor=cast.sami, values={"worker": cast.ben})
    assert files.fresh(case).agency == cast.ana.agency
    assert statuses_of([cast.ben, cast.sami], case) == [200, 200]
    assert statuses_of([cast.omar, nora, cast.ana], case) == [404] * 3
    assert former_files(nora).count() == 1
    with pytest.raises((NotInHand, Refused)):
        step(Referral.objects.get(next=None, sender=cast.ana.agency), "confirm", cast.sami)


def test_what_moved_is_not_taken_twice(cast: Cast, case: Case, nora: User) -> None:
    row = transferred(cast, case)
    with pytest.raises(WrongState):
        step(row, "take_over", nora, worker=cast.omar)
    with pytest.raises(Referral.DoesNotExist):
        step(row, "recall", cast.sami)
    assert FormerOwner.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        FormerOwner.objects.update(until=clock.now())
