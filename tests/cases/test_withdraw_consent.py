"""An answer is taken back; what follows is shown before it is confirmed, and follows in the same transaction."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, CaseAccess, CaseUserObjectPermission, Consent
from cases.models.choices import Answer, EarlyEnd, GivenBy, Purpose
from cases.services.access import grant_personally
from cases.services.consents import record_consent
from cases.services.steps import override_guard, propose_end, take_step
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cast import Cast
from workflow.machine import Refused


def form(**changes: Any) -> dict[str, Any]:
    settled = {"given_by": "child", "explained": "She does not want it any more."}
    return settled | day("given_on", clock.today("Europe/Vienna")) | changes


def agreed(cast: Cast, case: Case, purpose: Purpose = Purpose.DATA, recipient: Any = None) -> Consent:
    return record_consent(
        case.pk,
        actor=cast.ana,
        purpose=purpose,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
        recipient=recipient,
    )


def given(cast: Cast, case: Case, to: User) -> CaseAccess:
    return grant_personally(
        case.pk,
        actor=cast.sami,
        account=to,
        sections=[Section.LEGAL],
        may_write=True,
        until=clock.now() + timedelta(days=9),
        reason="For the hearing.",
    )


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    consent = agreed(cast, case)
    where = (case.pk, consent.pk)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "consent_withdraw", *where, **form()) == [404] * 5
    assert statuses([cast.sami], "consent_withdraw", *where, **form()) == [403]
    assert files.fresh(case).facts.agreed(Purpose.DATA)
    assert statuses([cast.ana], "consent_withdraw", *where, **form()) == [302]
    assert not files.fresh(case).facts.agreed(Purpose.DATA)
    latest = files.fresh(case).facts.consents[0]
    assert (latest.answer, latest.purpose, latest.given_by) == ("withdrawn", "data", "child")
    assert latest.explained == "She does not want it any more."
    # What was answered first stays readable.
    assert Consent.objects.filter(case=case).count() == 2


def test_what_follows_is_shown_before_anything_is_confirmed(cast: Cast, case: Case) -> None:
    given(cast, case, cast.petra)
    shared = agreed(cast, case, Purpose.SHARING, cast.petra.agency)
    page = get(cast.ana, "consent_withdraw", case.pk, shared.pk).content.decode()
    assert "Petra (Arvania shelter) loses personal access at once." in page
    page = get(cast.ana, "consent_withdraw", case.pk, agreed(cast, case).pk).content.decode()
    assert "The step “Register the case” will not be possible without a new answer" in page
    assert "A supervisor has to decide how help goes on." in page
    assert "loses personal access" not in page
    assert files.fresh(case).facts.agreed(Purpose.DATA)
    assert get(cast.petra, "legal", case.pk).status_code == 200


def test_a_step_that_rested_on_it_is_not_undone(cast: Cast, registered: Case) -> None:
    consent = registered.consents.get(purpose="data")
    page = get(cast.ana, "consent_withdraw", registered.pk, consent.pk).content.decode()
    assert "The step “Register the case” rested on it and is not undone." in page
    post(cast.ana, "consent_withdraw", registered.pk, consent.pk, **form())
    assert files.fresh(registered).state == "registered"


def test_the_recipient_loses_access_with_it(cast: Cast, case: Case) -> None:
    given(cast, case, cast.petra)
    given(cast, case, cast.tomas)
    shared = agreed(cast, case, Purpose.SHARING, cast.petra.agency)
    post(cast.ana, "consent_withdraw", case.pk, shared.pk, **form())
    assert get(cast.petra, "legal", case.pk).status_code == 404
    assert get(cast.tomas, "legal", case.pk).status_code == 200
    assert not CaseUserObjectPermission.objects.filter(user=cast.petra).exists()
    assert last(case.pk, "access.ended").details == {"basis": "personal", "holder": str(cast.petra.pk)}
    assert told(cast.sami)[-1] == told(cast.vera)[-1] == "consent.withdrawn"
    assert "consent_withdrawn" not in running(case)


def test_who_loses_it_by_its_own_hand_is_led_away(cast: Cast, case: Case) -> None:
    given(cast, case, cast.petra)
    shared = agreed(cast, case, Purpose.SHARING, cast.petra.agency)
    page = get(cast.petra, "consent_withdraw", case.pk, shared.pk).content.decode()
    assert "1 account of the recipient loses access at once." in page
    answer = post(cast.petra, "consent_withdraw", case.pk, shared.pk, **form())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert get(cast.petra, "legal", case.pk).status_code == 404


@pytest.mark.parametrize("purpose", [Purpose.SERVICES, Purpose.DATA])
def test_a_supervisor_decides_how_help_goes_on(cast: Cast, case: Case, purpose: Purpose, nora: User) -> None:
    post(cast.ana, "consent_withdraw", case.pk, agreed(cast, case, purpose).pk, **form())
    assert clock_of(case, "consent_withdrawn").params == {"purpose": purpose}
    assert "Decide how help goes on" in get(cast.sami, "consents", case.pk).content.decode()
    why, where = {"reason": "The court orders that we go on."}, (case.pk, purpose.value)
    assert statuses([nora, cast.omar, cast.petra], "withdrawal_decide", *where, **why) == [404] * 3
    assert statuses([cast.ana], "withdrawal_decide", *where, **why) == [403]
    assert post(cast.sami, "withdrawal_decide", *where, reason=" \u200b").status_code == 422
    assert statuses([cast.sami, cast.vera], "withdrawal_decide", *where, **why) == [302, 404]
    assert "consent_withdrawn" not in running(case)
    assert last(case.pk, "consent.decided").reason == why["reason"]


def test_a_new_answer_ends_the_question(cast: Cast, case: Case) -> None:
    post(cast.ana, "consent_withdraw", case.pk, agreed(cast, case).pk, **form())
    agreed(cast, case, Purpose.SERVICES)
    assert "consent_withdrawn" in running(case)
    agreed(cast, case)
    assert "consent_withdrawn" not in running(case)


def test_only_an_answer_in_force_is_withdrawn(cast: Cast, case: Case) -> None:
    first = agreed(cast, case)
    second = agreed(cast, case)
    other = files.screened(cast)
    elsewhere = agreed(cast, other)
    for consent in (first.pk, elsewhere.pk, uuid4()):
        assert post(cast.ana, "consent_withdraw", case.pk, consent, **form()).status_code == 404
    assert statuses([cast.ana, cast.ana], "consent_withdraw", case.pk, second.pk, **form()) == [302, 404]
    assert Consent.objects.filter(case=case, answer="withdrawn").count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"given_by": ""}, "Choose an answer."),
        ({"given_by": "nobody"}, "nobody"),
        ({"given_on_day": "32"}, "There is no such day"),
        ({"given_on_year": "2190"}, "future"),
        ({"given_on_year": "2001"}, "before the child was reported"),
        ({"explained": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_entry_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "consent_withdraw", case.pk, agreed(cast, case).pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert files.fresh(case).facts.agreed(Purpose.DATA)


def test_not_before_the_answer_itself(cast: Cast, case: Case, clock_at: Any) -> None:
    reported = clock.today("Europe/Vienna")
    clock_at.forward(timedelta(days=3))
    consent = agreed(cast, case)
    answer = post(cast.ana, "consent_withdraw", case.pk, consent.pk, **form(**day("given_on", reported)))
    assert answer.status_code == 422
    assert "before the answer that is withdrawn" in answer.content.decode()


def test_it_is_not_slipped_in_as_any_answer(cast: Cast, case: Case) -> None:
    agreed(cast, case)
    sent = form(purpose="data", answer="withdrawn")
    assert post(cast.ana, "consent_new", case.pk, **sent).status_code == 422
    with pytest.raises(Invalid):
        record_consent(
            case.pk,
            actor=cast.ana,
            purpose=Purpose.DATA,
            answer=Answer.WITHDRAWN,
            given_by=GivenBy.CHILD,
            given_on=clock.today("Europe/Vienna"),
        )
    assert files.fresh(case).facts.agreed(Purpose.DATA)


def test_a_supervisors_leave_to_go_on_ends_too(cast: Cast, case: Case) -> None:
    consent = agreed(cast, case)
    why = "The father is in hospital and was asked by telephone."
    override_guard(case.pk, "register", "consent_data", actor=cast.sami, reason=why)
    post(cast.ana, "consent_withdraw", case.pk, consent.pk, **form())
    with pytest.raises(Refused) as refused:
        take_step(case.pk, "register", actor=cast.ana)
    assert "consent_data" in {failure.code for failure in refused.value.failures}


def test_a_closed_file_waits_for_no_decision(cast: Cast) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    consent = agreed(cast, case)
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DECLINED)
    take_step(case.pk, "end_early", actor=cast.vera)
    assert post(cast.ana, "consent_withdraw", case.pk, consent.pk, **form()).status_code == 302
    assert running(case) == set()


def test_the_list_leads_to_it(cast: Cast, case: Case) -> None:
    consent = agreed(cast, case)
    link = f"/cases/{case.pk}/consents/{consent.pk}/withdraw/"
    assert link in get(cast.ana, "consents", case.pk).content.decode()
    assert link not in get(cast.sami, "consents", case.pk).content.decode()
    post(cast.ana, "consent_withdraw", case.pk, consent.pk, **form())
    assert link not in get(cast.ana, "consents", case.pk).content.decode()
