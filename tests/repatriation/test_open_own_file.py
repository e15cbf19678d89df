"""The agency to which a child comes opens a file of its own: once, from what it was given, and from nothing else."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, DuplicateCandidate
from cases.services.assignment import assign_worker
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import Identity, add_name, record_identity
from referrals.models import Disclosure, Referral
from referrals.services import giving
from repatriation.models import OwnFile, Return
from repatriation.services.inbound import open_own_file
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses, told, verbs
from tests.cast import PASSWORD, Cast
from tests.kept import kept
from tests.referrals.offers import step as referral_step
from tests.repatriation import ways
from tests.repatriation.finding import partnered, strangers
from tests.repatriation.ways import Company
from vault.models import DataKey

BUTTON = "Open a file of our own"
EXISTS = "has opened a file of its own for this child on"
CARD = "Comes home from Arvania: where its return stands"
MORE = ["identity.birth", "identity.gender", "identity.citizenships", "identity.languages", "risk.level"]


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def bruno(people: Company) -> User:
    """Supervises cases in the agency of tomas, which keeps files from now on."""
    return colleague(people, "bruno", Role.SUPERVISOR)


@kept
def bela(people: Company) -> User:
    return colleague(people, "bela", Role.CASE_WORKER)


@kept
def way(people: Company, case: Case, bruno: User, bela: User) -> Return:
    return partnered(people, case)


@kept
def own(people: Company, way: Return) -> OwnFile:
    return open_own_file(way.pk, actor=people.tomas)


def colleague(people: Company, name: str, role: Role) -> User:
    there = people.tomas.agency
    return User.objects.create_account(name, PASSWORD, name=name.title(), role=role, agency=there)


def page(user: User, name: str, *args: object) -> str:
    return str(get(user, name, *args).content.decode())


def referral_of(way: Return) -> Referral:
    rows = Referral.objects.select_related("case__agency", "sender", "recipient")
    return rows.get(case=way.case_id)


def given_besides(people: Company, case: Case, way: Return) -> None:
    """What else the file of ana knows, given as by another answer; and what is not given."""
    said = Identity(
        known_as="Lira",
        gender="Feminine",
        birth_date=date(2013, 4, 9),
        birth_certainty="exact",
        citizenships=["XB"],
        languages="Belmoran",
    )
    record_identity(case.pk, actor=people.ana, identity=said)
    files.look_at_safety(case, people.ana)
    referral = referral_of(way)
    with transaction.atomic():
        rows = giving.give(referral, MORE, by=people.ana)
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(opened_at=rows[0].given_at)


def test_who_holds_the_pack_opens_it_strangers_find_nothing(people: Company, way: Return) -> None:
    nobody = strangers(people)
    assert [get(who, "own_file", way.pk).status_code for who in nobody] == [404] * len(nobody)
    assert statuses(nobody, "own_file", way.pk) == [404] * len(nobody)
    # Whoever works on the child here reads the return, and has no part abroad.
    assert [get(who, "own_file", way.pk).status_code for who in (people.ana, people.sami)] == [404] * 2
    assert statuses([people.ana, people.sami], "own_file", way.pk) == [404] * 2
    assert not OwnFile.objects.exists()
    assert get(people.tomas, "own_file", way.pk).status_code == 200
    assert statuses([people.tomas], "own_file", way.pk) == [302]
    assert OwnFile.objects.get().way == way


def test_their_own_workers_hold_no_referral_and_find_no_return(way: Return, bruno: User, bela: User) -> None:
    assert [get(who, "own_file", way.pk).status_code for who in (bruno, bela)] == [404] * 2
    with pytest.raises(Return.DoesNotExist):
        open_own_file(way.pk, actor=bela)


def test_an_agency_that_keeps_no_files_opens_none(people: Company, way: Return, bruno: User) -> None:
    User.objects.filter(pk=bruno.pk).update(is_active=False)
    assert BUTTON not in page(people.tomas, "referral", way.partner_id)
    assert BUTTON not in page(people.tomas, "return", way.pk)
    assert get(people.tomas, "own_file", way.pk).status_code == 403
    assert statuses([people.tomas], "own_file", way.pk) == [403]
    with pytest.raises(PermissionDenied):
        open_own_file(way.pk, actor=people.tomas)
    assert not OwnFile.objects.exists()


def test_both_pages_lead_to_it(people: Company, way: Return) -> None:
    for name, row in (("referral", way.partner_id), ("return", way.pk)):
        assert BUTTON in page(people.tomas, name, row)
        assert BUTTON not in page(people.ana, name, row)


def test_what_was_given_comes_into_it_and_nothing_else(
    people: Company, case: Case, way: Return, bruno: User
) -> None:
    given_besides(people, case, way)
    own = open_own_file(way.pk, actor=people.tomas)
    file = files.fresh(own.case)
    child, origin = file.child, files.fresh(case).child
    names = [name.whole for name in child.names.all()]
    snapshot = Disclosure.objects.get(referral=way.partner_id, field="identity.names").value
    assert (names, child.known_as) == (snapshot, snapshot[0])
    assert (child.birth_date, child.birth_certainty) == (origin.birth_date, "exact")
    assert (child.gender, child.citizenships, child.languages) == ("Feminine", ["XB"], "Belmoran")
    assert child.presumed_because == ""
    (note,) = file.notes.all()
    assert note.section == "risk"
    assert note.words.startswith("Risk level (Arvania social, ")
    # What stands in the other file and was not given.
    assert not file.people.exists()
    assert not file.documents.exists()
    assert not file.consents.exists()
    assert not file.placements.exists()
    assert (file.state, file.risk, file.agency) == ("reported", "", people.tomas.agency)


def test_what_was_not_given_is_not_known(people: Company, way: Return) -> None:
    own = open_own_file(way.pk, actor=people.tomas)
    child = files.fresh(own.case).child
    assert (child.birth_date, child.citizenships, child.languages) == (None, None, None)
    assert (child.birth_certainty, child.presumed_because) == ("unknown", "taken_over")
    assert not own.case.notes.exists()


def test_a_correction_counts(people: Company, case: Case, way: Return) -> None:
    first = Disclosure.objects.get(referral=way.partner_id, field="identity.names")
    add_name(case.pk, actor=people.ana, kind="alias", given="Mira", family="")
    referral = referral_of(way)
    with transaction.atomic():
        (row,) = giving.give(referral, ["identity.names"], by=people.ana)
    Disclosure.objects.filter(pk=row.pk).update(opened_at=row.given_at)
    own = open_own_file(way.pk, actor=people.tomas)
    assert [name.whole for name in own.case.child.names.order_by("pk")].count("Mira") == 1
    assert len(own.case.child.names.all()) == len(first.value) + 1


def test_pressed_twice_it_leads_to_the_one_that_stands(people: Company, way: Return) -> None:
    assert statuses([people.tomas] * 2, "own_file", way.pk) == [302, 302]
    own = OwnFile.objects.get()
    assert open_own_file(way.pk, actor=people.tomas) == own
    assert Case.objects.filter(agency=people.tomas.agency).count() == 1
    assert BUTTON not in page(people.tomas, "referral", way.partner_id)
    assert "Your agency has opened a file of its own" in page(people.tomas, "referral", way.partner_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnFile.objects.create(
            case=way.case,
            way=way,
            referral=own.referral,
            agency=own.agency,
            opened_by=people.tomas,
        )


def test_a_later_return_of_the_same_child_leads_to_the_same_file(
    people: Company, case: Case, own: OwnFile, bruno: User
) -> None:
    ways.end_proposed(people, own.way)
    ways.step(own.way, "end", people.sami)
    later = ways.considered(people.cast, case)
    Return.objects.filter(pk=later.pk).update(reception=own.referral)
    assert open_own_file(later.pk, actor=people.tomas) == own
    assert "Considered" in page(bruno, "case_returns", own.case_id)


def test_a_return_that_has_ended_opens_none(people: Company, way: Return) -> None:
    ways.end_proposed(people, way)
    ways.step(way, "end", people.sami)
    assert post(people.tomas, "own_file", way.pk).status_code == 422
    with pytest.raises(Invalid):
        open_own_file(way.pk, actor=people.tomas)


def test_its_data_have_a_key_of_their_own(case: Case, own: OwnFile) -> None:
    assert DataKey.objects.filter(pk__in=[case.pk, own.case_id]).count() == 2
    (name,) = own.case.child.names.all()
    assert name.case_id == own.case_id != case.pk


def test_its_supervisor_names_a_worker_and_it_runs_as_any_other(
    people: Company, case: Case, own: OwnFile, bruno: User, bela: User
) -> None:
    assert told(bruno)[-1] == "return.own_file"
    assert "assign" in running(own.case)
    assert get(bruno, "case", own.case_id).status_code == 200
    assert get(bela, "case", own.case_id).status_code == 404
    assign_worker(own.case_id, actor=bruno, worker=bela)
    assert get(bela, "case", own.case_id).status_code == 200
    assert get(bela, "case_report", own.case_id).status_code == 200
    assert get(people.tomas, "case", own.case_id).status_code == 404
    assert verbs(own.case_id)[:2] == ["report.made", "report.taken"]


def test_neither_side_sees_the_other_file(people: Company, case: Case, own: OwnFile, bruno: User) -> None:
    for who in (people.ana, people.sami, people.vera):
        assert get(who, "case", own.case_id).status_code == 404
    assert get(bruno, "case", case.pk).status_code == 404
    assert get(bruno, "return", own.way_id).status_code == 404


def test_the_sender_sees_that_there_is_one_and_not_which(people: Company, own: OwnFile) -> None:
    shown = page(people.ana, "return", own.way_id)
    assert EXISTS in shown
    assert own.case.code not in shown
    assert str(own.case_id) not in shown
    assert told(people.ana)[-1] == "return.own_file_opened"
    event = last(own.way.case_id, "return.own_file_opened")
    assert event.details == {}
    assert own.way.events.latest("number").kind == "own_file_opened"
    # Nobody else who has a part learns of it.
    assert EXISTS not in page(people.tomas, "return", own.way_id)


def test_the_file_says_where_the_return_stands(
    people: Company, own: OwnFile, bruno: User, bela: User
) -> None:
    assign_worker(own.case_id, actor=bruno, worker=bela)
    for who in (bruno, bela):
        shown = page(who, "case_returns", own.case_id)
        assert CARD in shown
        assert "Considered" in shown
    look = last(own.way.case_id, "return.read")
    assert (look.actor, look.sections) == (bela, [])
    # On the file from which the child comes there is no such card.
    assert CARD not in page(people.ana, "case_returns", own.way.case_id)


def test_who_receives_the_child_reads_when_it_comes(people: Company, case: Case, bruno: User) -> None:
    way = ways.at(people, case, "ready")
    own = open_own_file(way.pk, actor=people.tomas)
    shown = page(bruno, "case_returns", own.case_id)
    assert "Arrival planned for" in shown
    # Who only looks at a home there does not.
    Return.objects.filter(pk=way.pk).update(reception=None)
    assert "Arrival planned for" not in page(bruno, "case_returns", own.case_id)


def test_after_the_handover_it_says_when_the_child_is_visited(
    people: Company, case: Case, bruno: User
) -> None:
    way = ways.at(people, case, "monitoring")
    own = open_own_file(way.pk, actor=people.tomas)
    shown = page(bruno, "case_returns", own.case_id)
    assert "Next visit:" in shown
    assert "Arrival planned for" not in shown
    # Nobody plans an alert.
    assert "Your agency does next:" not in shown


def test_after_the_referral_the_last_state_is_left(
    people: Company, own: OwnFile, way: Return, bruno: User
) -> None:
    referral_step(own.referral, "hand_back", people.tomas)
    ways.step(way, "withdraw", people.ana)
    shown = page(bruno, "case_returns", own.case_id)
    assert "This is the last that it saw." in shown
    assert "Considered" in shown
    assert "Withdrawn" not in shown
    assert get(people.tomas, "own_file", way.pk).status_code == 404
    assert get(people.tomas, "return", way.pk).status_code == 404
    assert "Your agency has opened" not in page(people.tomas, "referral", own.referral_id)
    # The file of their own goes on.
    assert get(bruno, "case", own.case_id).status_code == 200


def test_a_check_for_duplicates_knows_that_both_are_meant_to_be(
    people: Company, case: Case, own: OwnFile, bruno: User, bela: User
) -> None:
    assign_worker(own.case_id, actor=bruno, worker=bela)
    other = copy_of(own.case, people)
    run_duplicate_check(own.case_id, actor=bela)
    run_duplicate_check(case.pk, actor=people.ana)
    found = DuplicateCandidate.objects.filter(case=own.case).values_list("other", flat=True)
    assert list(found) == [other.pk]
    assert not DuplicateCandidate.objects.filter(case=case, other=own.case).exists()


def copy_of(file: Case, people: Company) -> Case:
    """A third file with the same name, of which nobody knows whose it is."""
    made = files.screened(people.cast)
    add_name(made.pk, actor=people.ana, kind="used", given=file.child.names.get().whole, family="")
    return made


def test_the_board_says_in_which_direction(people: Company, way: Return) -> None:
    def shown(user: User, **query: Any) -> str:
        return str(get(user, "returns", **query).content.decode())

    address = f"/returns/{way.pk}/"
    assert address in shown(people.tomas)
    assert address in shown(people.tomas, way="inbound")
    assert address not in shown(people.tomas, way="outbound")
    assert address in shown(people.ana, way="outbound")
    assert address not in shown(people.ana, way="inbound")
    assert address in shown(people.ana, way="nowhere")
