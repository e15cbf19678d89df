"""The offer, the answer, and what follows; both sides read one history."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import clock
from accounts.access import Section
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import sections
from cases.services.steps import take_step
from referrals.models import Disclosure, Referral
from referrals.permissions import holds_pack, may_listen, visible_to
from tests.cases import files
from tests.cases.asking import day, get, post, running, told
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import (
    ENTRIES,
    accepted,
    acknowledged,
    another_house,
    drafted,
    in_service,
    sent,
    step,
)
from workflow import deadlines
from workflow.machine import NotInHand, Refused
from workflow.models import Deadline


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def test_a_draft_is_the_senders_alone(cast: Cast, case: Case, drafted_referral: Referral) -> None:
    assert visible_to(cast.ana).get() == drafted_referral
    for stranger in (cast.petra, cast.omar, cast.ben, cast.aida, cast.hotline):
        assert not visible_to(stranger).exists()


def test_before_the_answer_the_recipient_sees_codes_and_no_case(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    assert visible_to(cast.petra).get() == sent_referral
    assert sent_referral.summary == {
        "age": "12_14",
        "gender": sent_referral.case.child.gender,
        "languages": sent_referral.case.child.languages or "",
        "needs": ["safe_place"],
        "route": ["XA", "XA"],
    }
    assert not CaseAccess.objects.live_for(cast.petra).exists()
    assert not holds_pack(cast.petra, sent_referral)
    assert told(cast.petra) == ["referral.send"]
    assert {"referral_acknowledge", "referral_answer"} <= running(case)


def test_only_with_acceptance_the_pack_opens(cast: Cast, case: Case, acknowledged_referral: Referral) -> None:
    assert not Disclosure.objects.filter(opened_at__isnull=False).exists()
    step(acknowledged_referral, "accept", cast.petra)
    assert holds_pack(cast.petra, Referral.objects.get())
    assert Disclosure.objects.filter(opened_at__isnull=False).count() == 2
    ground = CaseAccess.objects.live_for(cast.petra).get()
    assert (ground.basis, ground.basis_id, ground.agency) == (
        Basis.REFERRAL,
        acknowledged_referral.pk,
        cast.petra.agency,
    )
    # What was given is read in the pack; no live section opens for a shelter.
    assert sections(cast.petra, case) == {}
    assert not {"referral_acknowledge", "referral_answer"} & running(case)


def test_another_accepted_referral_opens_no_pack(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    """Of the same child, to the same agency, for something else: each opens what was given with it."""
    second = step(step(drafted(cast, case, service="Education"), "send", cast.ana), "acknowledge", cast.petra)
    assert holds_pack(cast.petra, accepted_referral)
    assert not holds_pack(cast.petra, second)
    assert "<h2>The pack" not in get(cast.petra, "referral", second.pk).content.decode()


def test_a_clinic_writes_the_medical_part(cast: Cast, case: Case) -> None:
    accepted(cast, case, service="Health")
    assert set(sections(cast.petra, case)) == {Section.MEDICAL}


@pytest.mark.parametrize("edge", ["decline", "recall"])
def test_after_a_no_nothing_opens(cast: Cast, case: Case, edge: str, sent_referral: Referral) -> None:
    referral = step(sent_referral, edge, cast.petra if edge == "decline" else cast.ana)
    assert not holds_pack(cast.petra, referral)
    assert visible_to(cast.petra).get().state in ("declined", "recalled")
    # What is left of it is a tombstone: nothing of it is told to an open page.
    assert may_listen(cast.ana, referral.pk)
    assert not may_listen(cast.petra, referral.pk)
    assert not CaseAccess.objects.filter(basis=Basis.REFERRAL).exists()


def test_a_question_stops_the_recipients_clock_and_starts_the_senders(
    cast: Cast, case: Case, clock_at: Any, acknowledged_referral: Referral
) -> None:
    referral = step(acknowledged_referral, "ask", cast.petra)
    left = referral.left_to_answer
    assert "referral_answer" not in running(case)
    assert "referral_inform" in running(case)
    clock_at.forward(timedelta(hours=20))
    referral = step(referral, "provide", cast.ana)
    assert referral.answer_by is not None
    assert abs((referral.answer_by - clock.now()).total_seconds() - (left or 0)) < 5
    assert [message.about for message in referral.messages.all()] == ["question", "answer"]


def test_without_an_answer_it_expires_once_and_the_sender_looks_on(
    cast: Cast, case: Case, clock_at: Any, sent_referral: Referral
) -> None:
    referral = sent_referral
    clock_at.forward(timedelta(days=3, minutes=1))
    deadlines.sweep()
    deadlines.sweep()
    referral = Referral.objects.get()
    assert referral.state == "expired"
    assert [event.kind for event in referral.events.all()] == ["send", "expire"]
    assert "referral_replace" in running(case)
    assert "referral.expire" in told(cast.sami)
    for side in (cast.ana, cast.petra):
        assert "The time to answer has passed" in get(side, "referral", referral.pk).content.decode()


@pytest.mark.parametrize("end", ["decline", "hand_back", "expire"])
def test_whoever_is_asked_instead_somebody_else_is_found(
    cast: Cast, case: Case, end: str, clock_at: Any
) -> None:
    referral = in_service(cast, case) if end == "hand_back" else sent(cast, case)
    if end == "expire":
        clock_at.forward(timedelta(days=3, minutes=1))
        deadlines.sweep()
    else:
        step(referral, end, cast.petra)
    assert "referral_replace" in running(case)
    # Another service is no answer to this one.
    step(drafted(cast, case, service="Health"), "send", cast.ana)
    assert "referral_replace" in running(case)
    step(drafted(cast, case, another_house(cast, "shelter")), "send", cast.ana)
    assert "referral_replace" not in running(case)


def test_where_somebody_else_takes_over_already_nobody_is_sought(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    step(running_referral, "hand_back", cast.petra, code="replaced")
    assert "referral_replace" not in running(case)


def test_each_side_makes_its_own_moves(cast: Cast, case: Case, sent_referral: Referral) -> None:
    for edge, wrong in (("acknowledge", cast.ana), ("decline", cast.sami), ("recall", cast.petra)):
        with pytest.raises(NotInHand):
            step(sent_referral, edge, wrong)
    for stranger in (cast.omar, cast.tomas, cast.aida):
        with pytest.raises(Referral.DoesNotExist):
            step(sent_referral, "recall", stranger)


@pytest.mark.parametrize(
    ("edge", "name"), [("acknowledge", "contact"), ("acknowledge", "alternate"), ("accept", "responsible")]
)
def test_a_name_that_is_too_long_is_refused_beside_its_field(
    cast: Cast, case: Case, edge: str, name: str
) -> None:
    referral = acknowledged(cast, case) if edge == "accept" else sent(cast, case)
    said = {**ENTRIES[edge], **day("starts_on", clock.today("Europe/Vienna")), name: "Petra " * 34}
    answer = post(cast.petra, "referral_step", referral.pk, edge, **said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "at most 200 characters" in page
    assert "Petra Petra" in page
    with pytest.raises(Refused, match=f"entered_{name}"):
        step(referral, edge, cast.petra, **{name: "Petra " * 34})
    said[name] = "P" * 200
    assert post(cast.petra, "referral_step", referral.pk, edge, **said).status_code == 302


def test_both_sides_see_one_sequence(cast: Cast, case: Case, running_referral: Referral) -> None:
    referral = step(running_referral, "complete", cast.petra)
    step(referral, "confirm", cast.ana)
    events = list(Referral.objects.get().events.all())
    assert [event.kind for event in events] == [
        "send",
        "acknowledge",
        "accept",
        "begin_service",
        "complete",
        "confirm",
    ]
    assert [event.number for event in events] == [1, 2, 3, 4, 5, 6]
    assert "Lirana" not in str([event.as_message() for event in events])


def test_after_completion_access_ends_by_itself(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    referral = step(running_referral, "complete", cast.petra)
    clock_at.forward(timedelta(days=20))
    step(referral, "confirm", cast.ana)
    clock_at.forward(timedelta(days=24))
    assert holds_pack(cast.petra, Referral.objects.get())
    clock_at.forward(timedelta(days=2))
    assert not holds_pack(cast.petra, Referral.objects.get())


def test_a_case_that_closes_ends_its_referrals(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    draft = drafted(
        cast, case, recipient=cast.tomas.agency, legal_basis="duty", basis_words="By law, article 20."
    )
    take_step(
        case.pk,
        "find_not_eligible",
        actor=cast.sami,
        values={"code": "adult", "signpost": "The adult service."},
    )
    assert Referral.objects.get(pk=accepted_referral.pk).state == "recalled"
    assert Referral.objects.get(pk=draft.pk).state == "discarded"
    assert not CaseAccess.objects.live_for(cast.petra).exists()


def test_a_merge_that_is_undone_revives_no_clock_of_what_stays_recalled(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    declined = step(sent(cast, case, service="Legal"), "decline", cast.petra)
    done = step(in_service(cast, case, service="Health"), "complete", cast.petra)
    referral = sent(cast, case)
    survivor = files.in_state("active", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert not running(case)
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Two sisters.")
    assert Referral.objects.get(pk=referral.pk).state == "recalled"
    # What the sender owed before, it still does.
    owed = Deadline.objects.open().filter(case_id=case.pk, kind__startswith="referral_")
    assert {(each.kind, each.params["referral"]) for each in owed} == {
        ("referral_replace", str(declined.pk)),
        ("referral_confirm", str(done.pk)),
    }
    heard = told(cast.petra)
    clock_at.forward(timedelta(days=10))
    deadlines.sweep()
    assert told(cast.petra) == heard


def test_what_has_expired_is_not_told_as_late_to_whom_it_is_over(
    cast: Cast, case: Case, clock_at: Any, acknowledged_referral: Referral
) -> None:
    clock_at.forward(timedelta(days=3, minutes=1))
    deadlines.sweep()
    assert told(cast.petra)[-1] == "referral.expire"
    assert "overdue.referral_answer" not in told(cast.petra)
    assert "overdue.referral_answer" in told(cast.ana)


def test_the_same_key_twice_has_the_effect_of_once(cast: Cast, case: Case, sent_referral: Referral) -> None:
    referral, key = sent_referral, uuid4()
    for _click in range(2):
        step(referral, "acknowledge", cast.petra, key=key)
    assert referral.events.filter(kind="acknowledge").count() == 1
