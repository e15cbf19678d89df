"""What an agency shared and what it holds: each sees the lines that are theirs, and nobody a child."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from accounts.meanwhile import last_saved
from accounts.models import Agency, AuditEvent, User
from cases.models import Case
from referrals.models import Referral
from referrals.register import harmless
from referrals.services.drafting import choose_fields, mark_previewed
from tests.cases import files
from tests.cases.asking import get
from tests.cast import PASSWORD, Cast
from tests.kept import kept
from tests.referrals.offers import (
    FIELDS,
    accepted,
    drafted,
    step,
    transfer_offered,
    transferred,
)


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


@kept
def petras_officer(cast: Cast) -> User:
    return _account("otto", Role.DATA_PROTECTION_OFFICER, cast.petra.agency)


def _account(name: str, role: Role, agency: Agency) -> User:
    return User.objects.create_account(name, PASSWORD, name=name.capitalize(), role=role, agency=agency)


def page(person: User, **query: Any) -> str:
    return str(get(person, "referral_register", **query).content.decode())


def rows(person: User, **query: Any) -> list[list[str]]:
    """Without the headings."""
    text = get(person, "referral_register_csv", **query).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))[1:]


def seen(person: User, **query: Any) -> list[str]:
    return [row[4] for row in rows(person, **query)]


def test_who_has_a_register_and_who_has_none(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    without = [cast.hotline, cast.stella, cast.admin, cast.konsul, cast.eskort, cast.pia]
    for name in ("referral_register", "referral_register_csv"):
        assert [get(person, name).status_code for person in without] == [403] * 6
    for person in (cast.omar, cast.tomas, cast.fokus):
        assert seen(person) == []
        assert "Nothing stands here" in page(person)


def test_the_sender_reads_what_it_shared_and_the_recipient_what_it_holds(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    for person in (cast.ana, cast.sami, cast.aida):
        assert [row[:2] for row in rows(person)] == [["shared by us", "Arvania shelter"]] * 2
    assert [row[:2] for row in rows(cast.petra)] == [["held by us", "Arvania social"]] * 2
    assert seen(cast.petra) == ["Names", "Gender"]


def test_workers_find_their_own_cases_and_who_watches_finds_all(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    assert seen(cast.ben) == []
    assert len(seen(cast.sami)) == len(seen(cast.aida)) == len(seen(cast.ana)) == 2


def test_an_offer_is_no_holding(
    cast: Cast, case: Case, petras_officer: User, sent_referral: Referral
) -> None:
    """Which fields were offered, the recipient does not even learn by their names."""
    referral = step(sent_referral, "decline", cast.petra)
    drafted(cast, case, service="Health")
    for person in (cast.petra, petras_officer):
        assert seen(person) == []
        assert "Names" not in page(person)
    assert len(seen(cast.sami)) == 2
    assert "offered, not opened" in page(cast.sami)
    assert str(referral.pk) not in page(petras_officer)


def test_a_file_that_went_stands_in_both_registers(cast: Cast, case: Case, nora: User) -> None:
    row = transferred(cast, case)
    north = cast.omar.agency
    for person in (cast.sami, cast.aida):
        (line,) = rows(person)
        assert line[:5] == ["shared by us", north.name, "XA", "Transfer of a case", "The whole file"]
        assert line[5] == "Consent to share with this recipient"
        assert line[6] == line[7] != ""
    assert f"/referrals/{row.pk}/" in page(cast.sami)
    (line,) = rows(nora)
    assert line[:5] == ["held by us", "Arvania social", "XA", "Transfer of a case", "The whole file"]
    assert seen(cast.sami, state="open", agency=north.pk) == ["The whole file"]
    assert seen(cast.sami, state="ended") == seen(cast.sami, agency=cast.petra.agency_id) == []
    assert seen(cast.ben) == seen(cast.petra) == []
    assert north.name in page(cast.sami)


def test_a_transfer_that_is_offered_only_stands_in_none(cast: Cast, case: Case, nora: User) -> None:
    step(transfer_offered(cast, case), "decline", cast.omar)
    assert seen(cast.sami) == seen(nora) == []


def test_who_gave_it_keeps_the_line_when_the_case_moves(
    cast: Cast, case: Case, nora: User, petras_officer: User, running_referral: Referral
) -> None:
    transferred(cast, case)
    assert Referral.objects.get(pk=running_referral.pk).sender == cast.omar.agency
    assert seen(cast.sami, agency=cast.petra.agency_id) == ["Names", "Gender"]
    # The new owner gave nothing of it.
    assert [line[:2] for line in rows(nora)] == [["held by us", "Arvania social"]]
    for person in (cast.petra, petras_officer):
        assert [line[:2] for line in rows(person)] == [["held by us", "Arvania social"]] * 2
        assert seen(person, agency=cast.omar.agency_id) == []
        assert cast.omar.agency.name not in page(person)


def test_what_the_new_owner_adds_is_its_own_line(
    cast: Cast, case: Case, nora: User, petras_officer: User, acknowledged_referral: Referral
) -> None:
    row = step(acknowledged_referral, "ask", cast.petra)
    transferred(cast, case)
    chosen = [*FIELDS, "identity.languages"]
    row = choose_fields(row.pk, actor=cast.omar, codes=chosen)
    mark_previewed(row.pk, actor=cast.omar, seen=last_saved(row))
    step(step(row, "provide", cast.omar), "accept", cast.petra)
    north, home = cast.omar.agency, cast.ana.agency
    assert seen(nora, side="shared") == ["Languages"]
    assert seen(cast.sami, agency=cast.petra.agency_id) == ["Names", "Gender"]
    assert seen(petras_officer, agency=north.pk) == ["Languages"]
    assert seen(petras_officer, agency=home.pk) == ["Names", "Gender"]


def test_what_has_ended_stays_in_the_register(cast: Cast, case: Case, running_referral: Referral) -> None:
    step(running_referral, "hand_back", cast.petra)
    assert len(seen(cast.petra)) == 2
    assert seen(cast.petra, state="open") == []
    assert len(seen(cast.petra, state="ended")) == 2
    assert all(row[8] for row in rows(cast.petra))


def test_the_filters(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    assert len(seen(cast.sami, side="shared", state="open", agency=cast.petra.agency_id)) == 2
    assert seen(cast.sami, side="held") == []
    assert seen(cast.sami, state="ended") == []
    assert seen(cast.sami, agency=cast.tomas.agency_id) == []
    # What makes no sense filters nothing, and opens nothing.
    assert len(seen(cast.sami, side="all", state="' OR 1=1", agency="nobody")) == 2
    assert seen(cast.ben, side="held", agency=cast.petra.agency_id) == []
    assert seen(cast.petra, side="shared") == []


def test_the_code_of_a_case_stands_only_where_the_case_may_be_opened(
    cast: Cast, case: Case, petras_officer: User, accepted_referral: Referral
) -> None:
    assert case.code in page(cast.ana)
    assert case.code in page(cast.sami)
    for person in (cast.aida, petras_officer):
        text = page(person)
        assert "Names" in text
        assert case.code not in text
        assert str(case.pk) not in text
        assert "/referrals/" + str(case.referrals.get().pk) not in text


def test_nobody_reads_a_child_in_it(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    for person in (cast.ana, cast.sami, cast.aida, cast.petra):
        whole = page(person) + get(person, "referral_register_csv").content.decode()
        for word in ("Lirana", "Vosk", "sleeps badly"):
            assert word not in whole


def test_the_table_holds_no_case_whoever_takes_it(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    for person in (cast.ana, cast.sami, cast.aida, cast.petra):
        text = get(person, "referral_register_csv").content.decode()
        assert case.code not in text
        assert str(case.pk) not in text
        assert str(case.referrals.get().pk) not in text


def test_cases_that_are_shown_are_recorded_and_every_table_that_leaves(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    listed = AuditEvent.objects.filter(verb="case.listed", case_id=case.pk)
    page(cast.aida)
    assert not listed.filter(actor=cast.aida).exists()
    page(cast.ana)
    assert listed.filter(actor=cast.ana).count() == 1
    get(cast.aida, "referral_register_csv", state="open")
    (event,) = AuditEvent.objects.filter(verb="register.exported")
    assert (event.actor, event.target_id, event.case_id) == (cast.aida, cast.aida.agency_id, None)
    assert event.details == {"side": "", "state": "open", "other": ""}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_name_is_never_a_formula(cast: Cast, case: Case, name: str, accepted_referral: Referral) -> None:
    Agency.objects.filter(pk=cast.petra.agency_id).update(name=name)
    assert {row[1] for row in rows(cast.sami)} == {f"'{name}"}
    assert harmless("Shelter = home") == "Shelter = home"


def test_a_name_with_commas_and_lines_stays_one_cell(
    cast: Cast, case: Case, accepted_referral: Referral
) -> None:
    Agency.objects.filter(pk=cast.petra.agency_id).update(name='A, "B"\nC')
    assert {row[1] for row in rows(cast.sami)} == {'A, "B"\nC'}


def test_it_goes_over_several_pages_and_costs_the_same(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(**query: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(cast.sami, **query)
        return len(queries)

    accepted(cast, case)
    few = spent()
    for _each in range(3):
        accepted(cast, files.screened(cast))
    assert spent() == few
    monkeypatch.setattr("referrals.views.register.ROWS", 3)
    assert page(cast.sami).count("<tr>") - 1 == 3
    assert page(cast.sami, page=2).count("<tr>") - 1 == 1
    assert "?state=open&amp;page=2" in page(cast.sami, state="open")


def test_pages_lead_to_it(cast: Cast) -> None:
    for person in (cast.ana, cast.sami, cast.petra):
        assert 'href="/referrals/register/"' in get(person, "referrals").content.decode()
    assert 'href="/referrals/register/"' not in get(cast.konsul, "referrals").content.decode()
    # Who watches over data protection finds it in the main navigation.
    assert 'href="/referrals/register/"' in get(cast.aida, "today").content.decode()
