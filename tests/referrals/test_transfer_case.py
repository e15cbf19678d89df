"""A case moves to another agency when that takes it over, with everything that is due and open."""

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
from cases.models import Case, CaseAccess, CaseUserObjectPermission, FormerOwner
from cases.models.choices import Basis, EarlyEnd
from cases.permissions import former_files, sections
from cases.services.access import grant_personally
from cases.services.cover import arrange_cover
from cases.services.steps import propose_end, take_step
from referrals.models import Referral
from referrals.permissions import hands, visible_to
from referrals.services.drafting import (
    change_draft,
    choose_fields,
    cosign,
    draft_again,
    draft_transfer,
)
from tests.cases import files
from tests.cases.asking import clock_of, day, get, post, running, statuses, told
from tests.cases.planning import a_task
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept
from tests.referrals.offers import (
    drafted,
    in_service,
    offer,
    sent,
    step,
    transfer_drafted,
    transfer_offered,
    transferred,
    transferred_back,
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


def test_it_may_come_back(cast: Cast, case: Case, nora: User, clock_at: ClockHand) -> None:
    transferred(cast, case)
    clock_at.forward(timedelta(days=1))
    transferred_back(cast, case, nora)
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
