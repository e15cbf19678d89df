"""The table of a referral says what the domain says; each guard alone refuses by name; the database knows it too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import clock
from accounts.access import Role
from cases.models import Case, Placement
from referrals.edges import REFERRAL
from referrals.models import Referral
from tests.cases import files
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import accepted, drafted, step
from tests.referrals.words import EVERY_GUARD, GUARDS, STATES, STEPS
from tests.undone import undone
from workflow.machine import NotInHand, Refused


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def test_the_table_is_the_domains() -> None:
    assert set(STEPS) == {edge.name for edge in REFERRAL.edges}
    assert set(REFERRAL.states.values) == STATES
    for edge in REFERRAL.edges:
        sources, targets, who = STEPS[edge.name]
        here = {str(target) for target in edge.targets} or {str(source) for source in edge.sources}
        assert ({str(source) for source in edge.sources}, here, set(edge.who)) == (sources, targets, who)
        assert " ".join(guard.code + guard.override.mark for guard in edge.guards) == GUARDS.get(
            edge.name, ""
        )


def _case_closed(cast: Cast, referral: Referral) -> None:
    Case.objects.filter(pk=referral.case_id).update(state="not_eligible", not_eligible="adult")


def _columns(**columns: Any) -> Callable[[Cast, Referral], None]:
    def change(cast: Cast, referral: Referral) -> None:
        Referral.objects.filter(pk=referral.pk).update(**columns)

    return change


def _not_offered(cast: Cast, referral: Referral) -> None:
    agency = cast.petra.agency
    agency.services = []
    agency.save()


def _nobody_answers(cast: Cast, referral: Referral) -> None:
    """Whoever works on cases there answers for no service."""
    cast.petra.role = Role.SUPERVISOR
    cast.petra.save()


def _twice(cast: Cast, referral: Referral) -> None:
    step(drafted(cast, referral.case), "send", cast.ana)


def _abroad(**columns: Any) -> Callable[[Cast, Referral], None]:
    def change(cast: Cast, referral: Referral) -> None:
        agency = cast.petra.agency
        agency.country = "XB"
        agency.save()
        ready = {"cosigned_by": cast.sami, "transfer_basis": "vital"}
        Referral.objects.filter(pk=referral.pk).update(**(ready | columns))

    return change


def _authority_abroad(cast: Cast, referral: Referral) -> None:
    _abroad()(cast, referral)
    agency = cast.petra.agency
    agency.kind = "police"
    agency.save()


BREAKS: dict[str, Callable[[Cast, Referral], None]] = {
    "case_is_open": _case_closed,
    "purpose_said": _columns(purpose=""),
    "recipient_offers": _not_offered,
    "somebody_answers": _nobody_answers,
    "may_share": _columns(legal_basis=""),
    "previewed": _columns(previewed_at=None),
    "answer_by": _columns(answer_by=None),
    "not_twice": _twice,
    "cosigned": _abroad(cosigned_by=None),
    "transfer_basis": _abroad(transfer_basis=""),
    "contact_cleared": _authority_abroad,
}


@pytest.mark.parametrize("code", BREAKS)
def test_one_guard_alone_refuses_by_name(
    cast: Cast, case: Case, code: str, drafted_referral: Referral
) -> None:
    BREAKS[code](cast, drafted_referral)
    with pytest.raises(Refused) as refused:
        step(drafted_referral, "send", cast.ana)
    assert [failure.code for failure in refused.value.failures] == [code]
    assert Referral.objects.get(pk=drafted_referral.pk).state == "draft"


def test_no_guard_is_forgotten() -> None:
    elsewhere = {"care_elsewhere", "not_confirmed"}
    # `test_transfer_case.py`
    elsewhere |= {"recipient_keeps_files", "one_transfer", "asks_for_a_service", "asks_for_the_case"}
    # `test_withdraw_consent_to_share.py`
    elsewhere.add("not_refused_since")
    assert set(BREAKS) | elsewhere == {code for _edge, code in EVERY_GUARD}


def test_who_cares_for_the_child_is_not_sent_away(cast: Cast, case: Case, running_referral: Referral) -> None:
    there = Placement(
        case=case,
        kind="shelter",
        provider=cast.petra.agency,
        is_safe=True,
        since=clock.today("Europe/Vienna"),
        recorded_by=cast.ana,
    )
    there.address = "Harbour Street 1"
    there.save()
    with pytest.raises(Refused, match="care_elsewhere"):
        step(running_referral, "recall_care", cast.sami)


def test_an_outcome_is_confirmed_once(cast: Cast, case: Case, running_referral: Referral) -> None:
    referral = step(step(running_referral, "complete", cast.petra), "confirm", cast.ana)
    with pytest.raises(Refused, match="not_confirmed"):
        step(referral, "confirm", cast.ana)


def test_across_a_border_two_people_sign(cast: Cast, case: Case, drafted_referral: Referral) -> None:
    _abroad()(cast, drafted_referral)
    assert step(drafted_referral, "send", cast.ana).state == "sent"
    other = drafted(cast, files.screened(cast))
    _abroad(cosigned_by=cast.sami)(cast, other)
    with pytest.raises(Refused, match="cosigned"):
        step(other, "send", cast.sami)


@pytest.mark.parametrize("citizenships", [None, ["XB"]])
def test_nobody_asks_an_authority_that_may_be_the_childs_own(
    cast: Cast, case: Case, citizenships: list[str] | None
) -> None:
    """Not by any door either: the fact is a column, and the database refuses."""
    case.child.citizenships = citizenships
    case.child.save()
    referral = drafted(cast, case)
    _authority_abroad(cast, referral)
    row = Referral.objects.filter(pk=referral.pk)
    for told in (None, True):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(state="sent", sent_at=clock.now(), to_authority_of_origin=told)
    assert row.get().state == "draft"


def test_an_authority_of_a_third_country_is_asked(cast: Cast, case: Case) -> None:
    case.child.citizenships = ["XA"]
    case.child.save()
    referral = drafted(cast, case)
    _authority_abroad(cast, referral)
    assert step(referral, "send", cast.ana).state == "sent"


@pytest.mark.parametrize("transfer", [False, True])
def test_the_database_knows_every_step_and_no_other(cast: Cast, case: Case, transfer: bool) -> None:
    """A transfer is never in service, and a service never completed without one."""
    not_its_own = "accept" if transfer else "take_over"
    known = {
        (source, target)
        for name, (sources, targets, _who) in STEPS.items()
        if name != not_its_own
        for source in sources
        for target in targets
    }
    known |= {(state, state) for state in STATES}
    referral = accepted(cast, case)
    referral.transfer = transfer
    out_of_reach = {"accepted", "in_service", "handed_back"} if transfer else set()
    with connection.cursor() as cursor:
        for source in sorted(STATES - out_of_reach):
            for target in sorted(STATES):
                with undone():
                    _put(cursor, referral, source)
                    assert _jump(cursor, referral, target) == ((source, target) in known), (source, target)


def _put(cursor: Any, referral: Referral, state: str) -> None:
    """By the steps that lead there, as the database sees them."""
    way = {
        "draft": [],
        "discarded": ["discarded"],
        "sent": ["sent"],
        "acknowledged": ["sent", "acknowledged"],
        "info_requested": ["sent", "info_requested"],
        "info_provided": ["sent", "info_requested", "info_provided"],
        "accepted": ["sent", "acknowledged", "accepted"],
        "in_service": ["sent", "acknowledged", "accepted", "in_service"],
        "completed": ["sent", "acknowledged", "accepted", "in_service", "completed"],
        "declined": ["sent", "declined"],
        "recalled": ["sent", "recalled"],
        "expired": ["sent", "expired"],
        "handed_back": ["sent", "acknowledged", "accepted", "handed_back"],
    }[state]
    if referral.transfer and state == "completed":
        way = ["sent", "acknowledged", "completed"]
    fresh = Referral.objects.create(
        case=referral.case,
        sender=referral.sender,
        recipient=referral.recipient,
        service="Financial",
        transfer=referral.transfer,
        made_by=referral.made_by,
        sent_at=clock.now(),
        answer_by=clock.now() + timedelta(days=1),
        to_authority_of_origin=False,
    )
    referral.pk = fresh.pk
    for target in way:
        assert _jump(cursor, fresh, target)


def _jump(cursor: Any, referral: Referral, target: str) -> bool:
    try:
        with transaction.atomic():
            cursor.execute("UPDATE referrals_referral SET state = %s WHERE id = %s", [target, referral.pk])
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize("edge", [name for name, (_from, _to, who) in STEPS.items() if who - {"clock"}])
def test_a_step_lies_in_the_hands_that_are_named_and_in_no_other(
    cast: Cast, case: Case, edge: str, sent_referral: Referral
) -> None:
    """Each side by itself; strangers do not find it at all."""
    people = {"sender": cast.ana, "sender_supervisor": cast.sami, "recipient": cast.petra}
    for hand, actor in people.items():
        # A supervisor is a sender, too.
        held = {hand, "sender"} if hand == "sender_supervisor" else {hand}
        allowed = bool(held & STEPS[edge][2])
        try:
            with undone():
                step(sent_referral, edge, actor)
            refused = False
        except NotInHand:
            refused = True
        except (Refused, RuntimeError):
            refused = False
        assert refused != allowed, (edge, hand)
