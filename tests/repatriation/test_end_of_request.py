"""Whatever ends a request ends the post's ground in the same moment: pages, list, papers, case and socket."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

import clock
from cases.models import Case, CaseAccess, LegalProtection
from cases.models.choices import Basis, EarlyEnd, GivenBy, Risk, Safety
from cases.services.consents import withdraw_consent
from cases.services.risk import assess_risk
from cases.services.steps import propose_end, take_step
from repatriation.models import ContactClearance, Return, VerificationRequest
from repatriation.permissions import may_listen
from repatriation.services import watching
from repatriation.services.clearing import take_clearance_step
from tests.cases import care
from tests.cases.asking import browser, last, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company

PAGES = ("return", "consular", "return_documents")


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.at(people, case, "verification_requested")


def claim(people: Company, case: Case) -> None:
    care.step(case, "protection", "claim_protection", people.ana, authority="Asylum office", against="XB")


def _withdrawn(people: Company, way: Return) -> None:
    ways.step(way, "withdraw", people.ana)


def _suspended(people: Company, way: Return) -> None:
    ways.step(way, "suspend", people.sami)


def _denied(people: Company, way: Return) -> None:
    ways.step(way, "deny_nationality", people.konsul)
    ways.step(way, "back_to_panel", people.ana)


def _without_result(people: Company, way: Return) -> None:
    ways.step(way, "find_inconclusive", people.konsul)
    ways.step(way, "back_to_panel", people.sami)


def _refused(people: Company, way: Return) -> None:
    for edge in ("verify_nationality", "request_document", "refuse_document"):
        ways.step(way, edge, people.konsul)
    ways.step(way, "back_to_panel", people.ana)


def _ended(people: Company, way: Return) -> None:
    ways.end_proposed(people, way)
    ways.step(way, "end", people.sami)


def _case_ended(people: Company, way: Return) -> None:
    propose_end(way.case_id, actor=people.vera, why=EarlyEnd.DECLINED)
    take_step(way.case_id, "end_early", actor=people.sami)


def _missing(people: Company, way: Return) -> None:
    take_step(way.case_id, "suspend", actor=people.ana, reason="Did not come back from school.")


def _revoked(people: Company, way: Return) -> None:
    take_clearance_step(way.case_id, "XB", "revoke", actor=people.sami, reason="A threat came.")


def _claimed(people: Company, way: Return) -> None:
    claim(people, way.case)


def _in_danger(people: Company, way: Return) -> None:
    assess_risk(way.case_id, actor=people.ana, level=Risk.HIGH, safety=Safety.NOT_SAFE, child_seen=True)


def _consent_gone(people: Company, way: Return) -> None:
    consent = way.case.consents.get(recipient=people.konsul.agency)
    withdraw_consent(
        way.case_id,
        consent.pk,
        actor=people.ana,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
    )


def _implicated(people: Company, way: Return) -> None:
    ways.implicate(ways.grandmother(people, way))
    watching.look(way.case_id)


WAYS_OUT: dict[str, tuple[Callable[[Company, Return], None], str]] = {
    "withdrawn": (_withdrawn, "withdrawn"),
    "suspended": (_suspended, "suspended"),
    "not a national": (_denied, "panel_pending"),
    "no result": (_without_result, "panel_pending"),
    "document refused": (_refused, "panel_pending"),
    "ended": (_ended, "ended"),
    "case ended": (_case_ended, "ended"),
    "child missing": (_missing, "suspended"),
    "clearance revoked": (_revoked, "suspended"),
    "protection claimed": (_claimed, "suspended"),
    "in danger": (_in_danger, "suspended"),
    "consent taken back": (_consent_gone, "suspended"),
    "nobody to care": (_implicated, "suspended"),
}


def sees(people: Company, way: Return) -> list[int]:
    client = browser(people.konsul)
    found = [client.get(reverse(name, args=[way.pk])).status_code for name in PAGES]
    return [*found, client.get(reverse("case", args=[way.case_id])).status_code]


def is_gone_for_the_post(people: Company, way: Return) -> None:
    assert sees(people, way) == [404] * 4
    assert not CaseAccess.objects.live().filter(case=way.case, basis=Basis.REQUEST).exists()
    assert not VerificationRequest.objects.filter(ended_at__isnull=True).exists()
    assert "Lirana" not in browser(people.konsul).get(reverse("returns")).content.decode()
    assert not may_listen(people.konsul, way.pk)
    said = {"act": "answer", "answer-answer": "national"}
    assert statuses([people.konsul], "consular", way.pk, **said) == [404]


@pytest.mark.parametrize("name", WAYS_OUT)
def test_every_way_out(people: Company, way: Return, name: str) -> None:
    leave, state = WAYS_OUT[name]
    assert sees(people, way) == [200] * 4
    assert may_listen(people.konsul, way.pk)
    leave(people, way)
    assert Return.objects.get(pk=way.pk).state == state
    is_gone_for_the_post(people, way)


def test_the_handover_ends_it_too(people: Company, case: Case) -> None:
    """The child is at home; the months of visits are no business of the post."""
    way = ways.at(people, case, "arrived")
    assert sees(people, way)[0] == 200
    ways.signed_by_two(people, way)
    ways.step(way, "hand_over", people.tomas)
    assert Return.objects.get(pk=way.pk).state == "monitoring"
    is_gone_for_the_post(people, way)


def test_a_claim_ends_access_and_clearance_in_its_own_transaction(
    people: Company, way: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails on the way takes the claim back with it: there is no moment between the two."""

    def fail(_clearance: Any) -> None:
        raise OSError("no clearance")

    with monkeypatch.context() as broken:
        broken.setattr(watching, "_revoke", fail)
        with pytest.raises(OSError, match="no clearance"):
            claim(people, way.case)
    assert LegalProtection.objects.get(case=way.case).protection == "none"
    assert sees(people, way) == [200] * 4
    claim(people, way.case)
    assert LegalProtection.objects.get(case=way.case).protection == "claimed"
    assert ContactClearance.objects.get(case=way.case).state == "revoked"
    acts = [
        last(way.case_id, verb).act
        for verb in ("protection.claim_protection", "clearance.revoke", "return.suspend")
    ]
    assert acts[0] is not None
    assert acts == acts[:1] * 3
    is_gone_for_the_post(people, way)


def test_what_the_post_did_stays(people: Company, way: Return) -> None:
    _denied(people, way)
    row = VerificationRequest.objects.get()
    assert (row.answer, row.answered_by) == ("not_national", people.konsul)


def test_it_comes_back_by_another_request_alone(people: Company, way: Return) -> None:
    """After a suspension the panel decides anew, and the post is asked anew."""
    _suspended(people, way)
    ways.step(way, "resume", people.sami)
    assert Return.objects.get(pk=way.pk).state == "panel_pending"
    ways.panel_votes(people, way)
    ways.step(way, "decide_return", people.pia)
    assert sees(people, way) == [404] * 4
    ways.request_written(people, way)
    assert sees(people, way) == [404] * 4
    ways.step(way, "request_verification", people.ana)
    assert sees(people, way) == [200] * 4


def test_a_step_that_waited_for_the_lock_finds_nothing(people: Company, way: Return, clock_at: Any) -> None:
    clock_at.forward(timedelta(minutes=1))
    _withdrawn(people, way)
    answer = post(people.konsul, "consular", way.pk, act="begin")
    assert answer.status_code == 404
