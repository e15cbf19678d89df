"""Who has a part abroad: named by the worker among those who have accepted, and gone with their referral."""

import pytest

from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from referrals.models import Referral
from repatriation.models import Return
from repatriation.services.partners import name_partners
from tests.cases.asking import get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import accepted, sent
from tests.referrals.offers import step as referral_step
from tests.repatriation import ways
from tests.repatriation.finding import partnered, strangers
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    """Tomas has accepted a referral, and is not named yet."""
    found = partnered(people, case)
    Return.objects.filter(pk=found.pk).update(partner=None, reception=None)
    return ways.fresh_row(found)


@kept
def referral(way: Return) -> Referral:
    return Referral.objects.get(case=way.case_id)


def test_the_worker_names_them_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return, referral: Referral
) -> None:
    sent_form = {"partner": referral.pk, "reception": referral.pk}
    nobody = [*strangers(people), people.tomas]
    assert [get(who, "return_partners", way.pk).status_code for who in nobody] == [404] * 8
    assert statuses(nobody, "return_partners", way.pk, **sent_form) == [404] * 8
    assert statuses([people.sami], "return_partners", way.pk, **sent_form) == [403]
    assert statuses([people.ana], "return_partners", way.pk, **sent_form) == [302]
    fresh = ways.fresh_row(way)
    assert (fresh.partner, fresh.reception) == (referral, referral)


def test_whoever_is_named_sees_its_own_part_and_is_told(
    people: Company, case: Case, way: Return, referral: Referral
) -> None:
    assert get(people.tomas, "return_study", way.pk).status_code == 404
    post(people.ana, "return_partners", way.pk, partner=referral.pk)
    assert told(people.tomas)[-1] == "return.partner_named"
    for page in ("return", "return_study", "return_input", "return_plan"):
        assert get(people.tomas, page, way.pk).status_code == 200
    for page in ("return_wish", "return_family", "return_partners", "return_care", "return_assessment"):
        assert get(people.tomas, page, way.pk).status_code == 404
    event = last(case.pk, "return.partners_named")
    assert event.details == {"partner": str(referral.pk), "reception": ""}
    assert ways.fresh_row(way).events.last().kind == "partners_named"  # type: ignore[union-attr]
    post(people.ana, "return_partners", way.pk, partner="", reception="")
    for page in ("return", "return_study", "return_input", "return_plan"):
        assert get(people.tomas, page, way.pk).status_code == 404


def test_whoever_receives_the_child_studies_no_home(people: Company, way: Return, referral: Referral) -> None:
    post(people.ana, "return_partners", way.pk, reception=referral.pk)
    assert get(people.tomas, "return_plan", way.pk).status_code == 200
    assert get(people.tomas, "return_study", way.pk).status_code == 404
    assert get(people.tomas, "return_input", way.pk).status_code == 404


def test_only_who_has_accepted_in_a_country_in_question_can_be_named(
    people: Company, case: Case, way: Return
) -> None:
    at_home = accepted(people.cast, case, service="Health")
    waiting = sent(people.cast, case, service="Education")
    page = get(people.ana, "return_partners", way.pk).content.decode()
    for chosen in (at_home, waiting):
        assert str(chosen.pk) not in page
        assert post(people.ana, "return_partners", way.pk, partner=chosen.pk).status_code == 422
        with pytest.raises(Invalid) as refused:
            name_partners(way.pk, actor=people.ana, partner=chosen, reception=None)
        assert refused.value.field == "partner"
    assert ways.fresh_row(way).partner is None


def test_a_third_country_that_is_weighed_may_have_its_partner(
    people: Company, case: Case, way: Return
) -> None:
    house = Agency.objects.create(
        code="third-house", name="House", country="DE", kind=AgencyKind.SHELTER, time_zone="Europe/Berlin"
    )
    User.objects.create_account("dora", None, name="Dora", role=Role.SERVICE_PROVIDER, agency=house)
    Referral.objects.filter(case=case).update(recipient=house)
    referral = Referral.objects.get(case=case)
    assert post(people.ana, "return_partners", way.pk, partner=referral.pk).status_code == 422
    ways.assessed(people, way, country="DE")
    assert post(people.ana, "return_partners", way.pk, partner=referral.pk).status_code == 302


def test_the_page_says_when_the_referral_is_over(people: Company, way: Return, referral: Referral) -> None:
    post(people.ana, "return_partners", way.pk, partner=referral.pk, reception=referral.pk)
    assert "This referral is over." not in get(people.sami, "return_partners", way.pk).content.decode()
    referral_step(referral, "hand_back", people.tomas)
    page = get(people.sami, "return_partners", way.pk).content.decode()
    assert page.count("This referral is over. Name somebody else.") == 2
    assert get(people.tomas, "return_study", way.pk).status_code == 404
    # What stood may stay, so that one of the two can be changed alone.
    assert post(people.ana, "return_partners", way.pk, partner=referral.pk).status_code == 302


def test_whoever_comes_new_has_accepted_no_plan(people: Company, way: Return, referral: Referral) -> None:
    post(people.ana, "return_partners", way.pk, partner=referral.pk, reception=referral.pk)
    ways.plan_accepted(people, way)
    post(people.ana, "return_partners", way.pk, partner=referral.pk, reception="")
    assert ways.fresh_row(way).plan_accepted_by == people.tomas
    post(people.ana, "return_partners", way.pk, partner="", reception="")
    fresh = ways.fresh_row(way)
    assert (fresh.plan_accepted_on, fresh.plan_accepted_by) == (None, None)


def test_a_readiness_ends_with_the_one_who_was_to_receive(people: Company, case: Case) -> None:
    """A late fact: nobody departs to somebody who is not named any more."""
    ready = ways.at(people, case, "ready")
    assert post(people.ana, "return_partners", ready.pk, partner=ready.partner_id or "").status_code == 302
    assert ways.fresh_row(ready).state == "travel_planned"
