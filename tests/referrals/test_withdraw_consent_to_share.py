"""A consent to share is taken back: offers end with it, care goes on until a supervisor has found another ground."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import clock
from accounts.errors import Invalid
from accounts.models import Agency, User
from cases.models import Case, Consent
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent, withdraw_consent
from referrals.models import Disclosure, Referral
from referrals.permissions import holds_pack, visible_to
from referrals.services.consenting import state_basis
from referrals.services.moving import override_referral_guard
from tests.cases import files
from tests.cases.asking import browser, clock_of, get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import (
    acknowledged,
    another_house,
    consented,
    drafted,
    sent,
    step,
    transfer_drafted,
    transfer_offered,
)
from workflow import deadlines
from workflow.machine import Refused, WrongState

WORDS = "The youth court ordered it on 3 March."


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def consent_of(cast: Cast, case: Case, recipient: Agency | None = None) -> Consent:
    to = recipient or cast.petra.agency
    latest = Consent.objects.filter(case=case, purpose=Purpose.SHARING, recipient=to)
    return latest.order_by("-recorded_at")[0]


def withdraw(cast: Cast, case: Case, recipient: Agency | None = None) -> None:
    withdraw_consent(
        case.pk,
        consent_of(cast, case, recipient).pk,
        actor=cast.ana,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
    )


def refuse(cast: Cast, case: Case, recipient: Agency | None = None) -> None:
    """A plain no to sharing, with petra's agency if nobody else is named."""
    record_consent(
        case.pk,
        actor=cast.ana,
        purpose=Purpose.SHARING,
        answer=Answer.REFUSED,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
        recipient=recipient or cast.petra.agency,
    )


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def events(referral: Referral) -> list[str]:
    return list(fresh(referral).events.values_list("kind", flat=True))


@pytest.mark.parametrize("lead", [(), ("acknowledge",), ("ask",), ("ask", "provide")])
def test_an_offer_that_nobody_accepted_is_recalled_at_once(
    cast: Cast, case: Case, lead: tuple[str, ...], sent_referral: Referral
) -> None:
    for edge in lead:
        step(sent_referral, edge, cast.ana if edge == "provide" else cast.petra)
    withdraw(cast, case)
    assert fresh(sent_referral).state == "recalled"
    assert events(sent_referral)[-1] == "end_with_consent"
    assert not Disclosure.objects.filter(closed_at__isnull=True).exists()
    assert not {"referral_acknowledge", "referral_answer", "referral_inform"} & running(case)
    assert told(cast.petra)[-1] == "referral.end_with_consent"
    # The tombstone stays: that there was an offer, and nothing of what it held.
    page = get(cast.petra, "referral", sent_referral.pk).content.decode()
    assert "This referral has ended." in page
    assert "Lirana" not in page
    assert "The offer" not in page


def test_the_offer_of_the_whole_case_is_recalled_as_well(cast: Cast, case: Case, nora: User) -> None:
    north = cast.omar.agency
    row = transfer_offered(cast, case)
    page = get(cast.ana, "consent_withdraw", case.pk, consent_of(cast, case, north).pk).content.decode()
    assert "1 referral that this recipient has not accepted is recalled at once." in page
    withdraw(cast, case, north)
    assert fresh(row).state == "recalled"
    assert events(row)[-1] == "end_with_consent"
    assert told(nora)[-1] == "referral.end_with_consent"
    with pytest.raises(WrongState):
        step(row, "take_over", cast.omar, worker=cast.omar)
    assert files.fresh(case).agency == cast.ana.agency


@pytest.mark.usefixtures("nora")
def test_a_transfer_on_another_ground_stays(cast: Cast, case: Case) -> None:
    consented(case, cast.ana, cast.omar.agency)
    row = transfer_offered(cast, case, legal_basis="order", basis_words=WORDS)
    withdraw(cast, case, cast.omar.agency)
    assert step(row, "take_over", cast.omar, worker=cast.omar).state == "completed"


@pytest.mark.usefixtures("nora")
def test_a_case_is_not_taken_over_against_a_no(cast: Cast, case: Case) -> None:
    """Whichever way the no came into the file: it is asked again at the moment of the move."""
    row, asked = transfer_offered(cast, case), consent_of(cast, case, cast.omar.agency)
    asked.pk, asked.answer, asked.recorded_at = uuid4(), Answer.REFUSED, clock.now()
    asked.save(force_insert=True)
    with pytest.raises(Refused, match="not_refused_since"):
        step(row, "take_over", cast.omar, worker=cast.omar)
    assert files.fresh(case).agency == cast.ana.agency


@pytest.mark.usefixtures("nora")
def test_a_supervisors_leave_answers_for_a_yes_that_was_never_there(cast: Cast, case: Case) -> None:
    draft = transfer_drafted(cast, case, legal_basis="consent")
    reason = "The court wants the case moved today."
    override_referral_guard(draft.pk, "send", "may_share", actor=cast.sami, reason=reason)
    row = step(step(draft, "send", cast.ana), "acknowledge", cast.omar)
    assert step(row, "take_over", cast.omar, worker=cast.omar).state == "completed"


@pytest.mark.usefixtures("nora")
def test_a_no_counts_against_a_leave_to_transfer_whatever_ground_was_named(cast: Cast, case: Case) -> None:
    """An order that nobody described is no ground: the leave answered for a yes that was missing."""
    draft = transfer_drafted(cast, case, legal_basis="order", basis_words="")
    reason = "The court wants the case moved today."
    override_referral_guard(draft.pk, "send", "may_share", actor=cast.sami, reason=reason)
    row = step(step(draft, "send", cast.ana), "acknowledge", cast.omar)
    refuse(cast, case, cast.omar.agency)
    assert fresh(row).state == "recalled"


def test_it_falls_in_the_same_transaction(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, sent_referral: Referral
) -> None:
    """What cannot be recalled lets the answer stand as it was: never one without the other."""

    def fails(*_args: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("referrals.services.consenting.end_with_consent", fails)
    with pytest.raises(RuntimeError):
        withdraw(cast, case)
    assert consent_of(cast, case).answer == "assent"
    assert fresh(sent_referral).state == "sent"


def test_care_goes_on_and_a_supervisor_is_asked(cast: Cast, case: Case, running_referral: Referral) -> None:
    withdraw(cast, case)
    assert fresh(running_referral).state == "in_service"
    assert holds_pack(cast.petra, fresh(running_referral))
    assert clock_of(case, "referral_basis").params == {"referral": str(running_referral.pk)}
    assert "referral.basis_needed" in told(cast.sami)
    assert "referral.basis_needed" in told(cast.vera)
    assert "referral.basis_needed" not in told(cast.petra)
    assert told(cast.petra)[-1] == "referral.consent_withdrawn"
    assert events(running_referral)[-1] == "consent_withdrawn"
    assert "referral.consent_withdrawn" in verbs(case.pk)


def test_who_may_say_another_ground(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    withdraw(cast, case)
    said = {"legal_basis": "order", "basis_words": WORDS}
    assert (
        statuses([cast.omar, cast.ben, cast.aida], "referral_basis", accepted_referral.pk, **said)
        == [404] * 3
    )
    assert statuses([cast.ana, cast.petra], "referral_basis", accepted_referral.pk, **said) == [403, 403]
    assert fresh(accepted_referral).legal_basis == "consent"
    assert statuses([cast.sami], "referral_basis", accepted_referral.pk, **said) == [302]
    assert fresh(accepted_referral).legal_basis == "order"
    # It was said: whoever comes second finds nothing that waits.
    assert statuses([cast.vera], "referral_basis", accepted_referral.pk, **said) == [302]
    assert events(accepted_referral).count("basis_stated") == 1


def test_another_ground_ends_the_question_and_stands_in_the_ledger(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    withdraw(cast, case)
    first = consent_of(cast, case)
    state_basis(running_referral.pk, actor=cast.sami, legal_basis="order", basis_words=WORDS)
    assert "referral_basis" not in running(case)
    rows = Disclosure.objects.all()
    assert {row.basis for row in rows} == {"order"}
    assert {row.consent_id for row in rows} != {first.pk}
    assert fresh(running_referral).basis_words == WORDS
    assert last(case.pk, "referral.basis_stated").details == {"basis": "order"}
    assert WORDS not in str(last(case.pk, "referral.basis_stated").details)
    assert told(cast.petra)[-1] == "referral.basis_stated"
    # It does not rest on consent any more, so another no changes nothing.
    consented(case, cast.ana, cast.petra.agency)
    withdraw(cast, case)
    assert "referral_basis" not in running(case)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"legal_basis": "consent", "basis_words": WORDS}, "legal_basis"),
        ({"legal_basis": "order", "basis_words": "too short"}, "basis_words"),
        ({"legal_basis": "order", "basis_words": "\u200b" * 30}, "basis_words"),
    ],
)
def test_a_ground_that_is_none_is_refused(
    cast: Cast, case: Case, said: dict[str, str], field: str, accepted_referral: Referral
) -> None:
    withdraw(cast, case)
    with pytest.raises(Invalid) as refused:
        state_basis(accepted_referral.pk, actor=cast.sami, **said)
    assert refused.value.field == field
    assert post(cast.sami, "referral_basis", accepted_referral.pk, **said).status_code == 422
    assert "referral_basis" in running(case)


def test_a_new_yes_ends_the_question(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    withdraw(cast, case)
    consented(case, cast.ana, cast.tomas.agency)
    assert "referral_basis" in running(case)
    consented(case, cast.ana, cast.petra.agency)
    assert "referral_basis" not in running(case)
    assert events(accepted_referral)[-2:] == ["consent_withdrawn", "basis_stated"]
    withdraw(cast, case)
    assert "referral_basis" in running(case)


def test_a_plain_no_counts_like_one_that_takes_a_yes_back(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    refuse(cast, case)
    assert fresh(sent_referral).state == "recalled"


def test_a_no_counts_against_a_supervisors_leave(cast: Cast, case: Case) -> None:
    """The leave answered for a yes that was missing."""
    draft = drafted(cast, case, legal_basis="consent")
    reason = "She needs a bed tonight, and is not awake."
    override_referral_guard(draft.pk, "send", "may_share", actor=cast.sami, reason=reason)
    row = step(draft, "send", cast.ana)
    assert {each.basis for each in row.disclosures.all()} == {"leave"}
    refuse(cast, case)
    assert fresh(row).state == "recalled"


def test_what_rests_on_another_ground_or_another_recipient_stays(cast: Cast, case: Case) -> None:
    by_order = acknowledged(cast, case, legal_basis="order", basis_words=WORDS)
    elsewhere = step(
        drafted(cast, case, recipient=another_house(cast, "clinic"), service="Health"), "send", cast.ana
    )
    consented(case, cast.ana, cast.petra.agency)
    withdraw(cast, case)
    assert (fresh(by_order).state, fresh(elsewhere).state) == ("acknowledged", "sent")


def test_after_the_service_the_access_ends_with_the_consent(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    referral = step(running_referral, "complete", cast.petra)
    assert holds_pack(cast.petra, fresh(referral))
    withdraw(cast, case)
    assert not holds_pack(cast.petra, fresh(referral))
    assert not Disclosure.objects.filter(closed_at__gt=clock.now()).exists()
    assert "referral_basis" not in running(case)
    assert events(referral)[-1] == "consent_withdrawn"


def test_care_that_ends_before_a_ground_is_found_leaves_nothing_open(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    withdraw(cast, case)
    step(running_referral, "complete", cast.petra)
    assert not holds_pack(cast.petra, fresh(running_referral))
    assert "referral_basis" not in running(case)
    assert "referral_confirm" in running(case)


def test_ending_the_care_ends_the_question(cast: Cast, case: Case, running_referral: Referral) -> None:
    withdraw(cast, case)
    step(running_referral, "recall_care", cast.sami)
    assert "referral_basis" not in running(case)


def test_a_question_that_stays_open_is_heard_of_again(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    withdraw(cast, case)
    clock_at.forward(timedelta(days=10))
    deadlines.sweep()
    assert "overdue.referral_basis" in told(cast.sami)


def test_a_second_no_gives_no_more_time(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    withdraw(cast, case)
    first = clock_of(case, "referral_basis")
    for _day in range(2):
        clock_at.forward(timedelta(days=3))
        deadlines.sweep()
        record_consent(
            case.pk,
            actor=cast.ana,
            purpose=Purpose.SHARING,
            answer=Answer.REFUSED,
            given_by=GivenBy.CHILD,
            given_on=clock.today("Europe/Vienna"),
            recipient=cast.petra.agency,
        )
        now = clock_of(case, "referral_basis")
        assert (now.pk, now.due_at) == (first.pk, first.due_at)
    assert now.overdue_at is not None


def test_a_draft_is_not_sent_without_the_consent(cast: Cast, case: Case, drafted_referral: Referral) -> None:
    withdraw(cast, case)
    assert fresh(drafted_referral).state == "draft"
    page = browser(cast.ana).get(f"/referrals/{drafted_referral.pk}/steps/send/").content.decode()
    assert "agrees to share with this recipient" in page


def test_what_follows_is_shown_before_it_is_confirmed(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    sent(cast, case, service="Health")
    page = get(cast.ana, "consent_withdraw", case.pk, consent_of(cast, case).pk).content.decode()
    assert "1 referral that this recipient has not accepted is recalled at once." in page
    assert "1 referral is running. Care goes on" in page
    assert {row.state for row in visible_to(cast.ana)} == {"in_service", "sent"}


def test_the_page_of_the_referral_leads_the_supervisor_there(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    withdraw(cast, case)
    link = f"/referrals/{running_referral.pk}/basis/"
    assert link in get(cast.sami, "referral", running_referral.pk).content.decode()
    for other in (cast.ana, cast.petra):
        assert link not in get(other, "referral", running_referral.pk).content.decode()
    assert get(cast.sami, "referral_basis", running_referral.pk).status_code == 200
