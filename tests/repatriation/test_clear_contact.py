"""Contact with a country: a supervisor clears it, never against a claim for protection; what is new revokes it."""

from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Case, LegalProtection
from cases.models.choices import Risk, Safety
from cases.services.risk import assess_risk
from cases.services.tracks import take_track_step
from referrals.models import Referral
from repatriation.models import ContactClearance, Return
from repatriation.services.clearing import standing, take_clearance_step
from repatriation.services.watching import look
from tests.cases.asking import get, last, post, statuses
from tests.referrals.offers import drafted
from tests.referrals.offers import step as referral_step
from tests.repatriation import ways
from tests.repatriation.ways import COUNTRY, SAFE, Company
from workflow.machine import Refused


def test_a_supervisor_clears_it_with_reasons(people: Company, case: Case) -> None:
    assert standing(case, COUNTRY) is None
    answer = post(people.sami, "clearances", case.pk, country=COUNTRY, reason=SAFE)
    assert answer.status_code == 302
    row = standing(case, COUNTRY)
    assert row is not None
    assert (row.reasons, row.decided_by) == (SAFE, people.sami)
    assert last(case.pk, "clearance.clear").actor == people.sami
    assert SAFE in get(people.ana, "clearances", case.pk).content.decode()


def test_who_may_not_does_not(people: Company, case: Case) -> None:
    others = [people.ana, people.pia, people.konsul, people.tomas, people.cast.omar]
    answers = statuses(others, "clearances", case.pk, country=COUNTRY, reason=SAFE)
    assert answers == [403, 404, 404, 404, 404]
    assert not ContactClearance.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "Fine."}, "20 characters"),
        ({"country": "XA"}, "Choose one of the answers"),
        ({"country": ""}, "required"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(
    people: Company, case: Case, said: dict[str, Any], sentence: str
) -> None:
    answer = post(people.sami, "clearances", case.pk, **({"country": COUNTRY, "reason": SAFE} | said))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ContactClearance.objects.exists()


def protect(case: Case, *states: str) -> None:
    for state in states:
        LegalProtection.objects.filter(case=case).update(protection=state)


@pytest.mark.parametrize("protection", [("claimed",), ("claimed", "granted")])
def test_never_against_protection(people: Company, case: Case, protection: tuple[str, ...]) -> None:
    protect(case, *protection)
    with pytest.raises(Refused, match="not_protected"):
        ways.clear(people, Return(case=case))
    answer = post(people.sami, "clearances", case.pk, country=COUNTRY, reason=SAFE)
    assert answer.status_code == 422
    assert "international protection" in answer.content.decode()
    row = ContactClearance.objects.create(case=case, country=COUNTRY)
    for past in (_by_queryset, _by_cursor, _looking_away):
        with pytest.raises(DatabaseError), transaction.atomic():
            past(row)


def _by_queryset(row: ContactClearance) -> None:
    ContactClearance.objects.filter(pk=row.pk).update(state="cleared")


def _by_cursor(row: ContactClearance) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE repatriation_contactclearance SET state = 'cleared' WHERE id = %s", [row.pk])


def _looking_away(row: ContactClearance) -> None:
    with pgtrigger.ignore():
        _by_queryset(row)


def test_a_claim_against_one_country_forbids_that_one(people: Company, case: Case) -> None:
    claim(people, case)
    with pytest.raises(Refused, match="not_protected"):
        ways.clear(people, Return(case=case))
    ways.clear(people, Return(case=case), "DE")
    assert standing(case, "DE") is not None
    row = ContactClearance.objects.create(case=case, country=COUNTRY)
    with pytest.raises(DatabaseError), transaction.atomic():
        _by_queryset(row)


@pytest.mark.parametrize("protection", ["refused_final", "withdrawn"])
def test_a_claim_that_is_over_lifts_it(people: Company, case: Case, protection: str) -> None:
    protect(case, "claimed", protection)
    ways.clear(people, Return(case=case))
    assert standing(case, COUNTRY) is not None


def test_a_new_claim_revokes_it_at_once_and_the_consulate_loses_the_child(
    people: Company, case: Case
) -> None:
    way = ways.at(people, case, "verification_requested")
    assert get(people.konsul, "return", way.pk).status_code == 200
    claim(people, case)
    assert standing(case, COUNTRY) is None
    assert Return.objects.get(pk=way.pk).state == "suspended"
    assert get(people.konsul, "return", way.pk).status_code == 404
    assert get(people.konsul, "case", case.pk).status_code == 404
    assert ways.step(way, "resume", people.ana).state == "panel_pending"


def test_a_clock_that_was_put_back_hides_no_revocation(people: Company, case: Case) -> None:
    """Once the consulate is asked, contact was cleared: whatever its day says, it was revoked since."""
    way = ways.at(people, case, "nationality_verified")
    ContactClearance.objects.filter(case=case).update(state="revoked")
    look(case.pk)
    assert Return.objects.get(pk=way.pk).state == "suspended"


def claim(people: Company, case: Case) -> None:
    today = ways.today(Return(case=case))
    take_track_step(
        case.pk,
        "protection",
        "claim_protection",
        actor=people.ana,
        values={"happened_on": today, "authority": "Asylum office", "against": COUNTRY},
    )


def test_a_higher_risk_revokes_it(people: Company, case: Case, clock_at: Any) -> None:
    ways.clear(people, Return(case=case))
    clock_at.forward(timedelta(minutes=1))
    assess_risk(case.pk, actor=people.ana, level=Risk.MEDIUM, safety=Safety.SAFE, child_seen=True)
    assert standing(case, COUNTRY) is not None
    clock_at.forward(timedelta(minutes=1))
    assess_risk(case.pk, actor=people.ana, level=Risk.HIGH, safety=Safety.SAFE, child_seen=True)
    assert standing(case, COUNTRY) is None


def test_it_is_revoked_by_hand_and_can_be_given_again(people: Company, case: Case) -> None:
    ways.clear(people, Return(case=case))
    assert statuses([people.ana], "clearance_revoke", case.pk, COUNTRY, reason="r") == [403]
    assert post(people.sami, "clearance_revoke", case.pk, COUNTRY, reason="A call came.").status_code == 302
    assert standing(case, COUNTRY) is None
    assert get(people.sami, "clearance_revoke", case.pk, COUNTRY).status_code == 404
    take_clearance_step(case.pk, COUNTRY, "clear", actor=people.sami, reason=SAFE)
    assert standing(case, COUNTRY) is not None


def test_an_authority_of_the_country_of_origin_is_asked_only_then(people: Company, case: Case) -> None:
    """A referral across the border, to a social service of the state."""
    row = drafted(people.cast, case, people.tomas.agency, transfer_basis="agreement")
    Referral.objects.filter(pk=row.pk).update(cosigned_by=people.sami)
    with pytest.raises(Refused, match="contact_cleared"):
        referral_step(row, "send", people.ana)
    ways.clear(people, Return(case=case))
    sent = referral_step(row, "send", people.ana)
    found = standing(case, COUNTRY)
    assert found is not None
    assert sent.clearance == found.pk
