"""Who speaks for the child agrees with the plan; somebody writes it, and somebody else approves it."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, LegalProtection, Person, PlanAgreement
from cases.models.choices import GivenBy
from cases.models.people import Conflict, PersonRole
from cases.services.plan import record_agreement
from cases.services.steps import take_step
from tests.cases import facts, files
from tests.cases.asking import day, get, last, post, statuses
from tests.cases.planning import let_read, today, whole_plan
from tests.cast import Cast
from workflow.machine import Refused


def form(**changes: Any) -> dict[str, Any]:
    settled = {"given_by": "parent", "agrees": "yes", "words": ""}
    return settled | day("given_on", today()) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "agreement_new", case.pk, **form()) == [404] * 5
    assert statuses([cast.petra], "agreement_new", case.pk, **form()) == [403]
    assert not PlanAgreement.objects.exists()
    assert statuses([cast.ana], "agreement_new", case.pk, **form()) == [302]
    agreement = PlanAgreement.objects.get()
    assert (agreement.given_by, agreement.agrees, agreement.recorded_by) == ("parent", True, cast.ana)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"given_by": ""}, "Choose an answer."),
        ({"given_by": "child"}, "child"),
        ({"agrees": ""}, "Choose an answer."),
        ({"agrees": "no"}, "with what they do not agree"),
        (day("given_on", today() + timedelta(days=1)), "future"),
        ({"given_on_year": "2001"}, "before the child was reported"),
        ({"given_by": "representative"}, "only while a guardian is requested"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "agreement_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not PlanAgreement.objects.exists()


def test_the_child_itself_is_heard_and_not_counted_as_its_own_representative(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid):
        record_agreement(
            case.pk, actor=cast.ana, given_by=GivenBy.CHILD, agrees=True, given_on=today(), words=""
        )


def _represented(case: Case, state: str) -> None:
    LegalProtection.objects.filter(case=case).update(representation=state)


@pytest.mark.parametrize(
    ("state", "person", "status"),
    [
        ("needed", None, 422),
        ("requested", None, 302),
        ("appointed", None, 422),
        ("appointed", PersonRole.GUARDIAN, 422),
        ("appointed", PersonRole.REPRESENTATIVE, 302),
        ("not_needed", PersonRole.REPRESENTATIVE, 422),
        ("ended", PersonRole.REPRESENTATIVE, 422),
    ],
)
def test_an_interim_representative_agrees_only_while_a_guardian_is_pending(
    cast: Cast, state: str, person: PersonRole | None, status: int
) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana)
    _in_legal_state(case, state)
    if person:
        _add(case, person, cast.ana)
    answer = post(cast.ana, "agreement_new", case.pk, **form(given_by="representative"))
    assert answer.status_code == status


@pytest.mark.parametrize("fault", ["conflict", "removed"])
def test_a_representative_with_a_conflict_or_no_longer_there_does_not_count(cast: Cast, fault: str) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana)
    _in_legal_state(case, "appointed")
    person = _add(case, PersonRole.REPRESENTATIVE, cast.ana)
    if fault == "conflict":
        person.conflict = Conflict.FAMILY_OF_SUSPECT
    else:
        person.removed_at = case.state_since
    person.save()
    answer = post(cast.ana, "agreement_new", case.pk, **form(given_by="representative"))
    assert answer.status_code == 422


def _in_legal_state(case: Case, state: str) -> None:
    """By the steps of the strand, which the database holds to."""
    for after in {"appointed": ["requested", "appointed"], "ended": ["requested", "appointed", "ended"]}.get(
        state, [state] if state != "needed" else []
    ):
        _represented(case, after)


def _add(case: Case, role: PersonRole, by: User) -> Person:
    person = Person(case=case, role=role, added_by=by)
    person.name = "Somebody"
    person.save()
    return person


def test_the_latest_answer_counts(cast: Cast, case: Case) -> None:
    post(cast.ana, "agreement_new", case.pk, **form())
    assert files.fresh(case).facts.marks.plan_agreed is True
    post(cast.ana, "agreement_new", case.pk, **form(agrees="no", words="He wants her home at once."))
    assert files.fresh(case).facts.marks.plan_agreed is False
    page = get(cast.sami, "plan", case.pk).content.decode()
    assert "Does not agree" in page
    assert "He wants her home at once." in page


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "agreement_new", case.pk, **form(words="the-yes-of-the-yellowhammer"))
    event = last(case.pk, "plan.agreement_recorded")
    assert event.details == {"spoken_by": "parent", "agreement": "agrees"}
    assert event.sections == ["plan"]


def test_who_completes_the_plan_is_its_author_and_another_approves_it(cast: Cast) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana, plan_approver=cast.vera)
    whole_plan(case, cast.ana)
    take_step(case.pk, "plan", actor=cast.ana)
    planned = files.fresh(case)
    assert (planned.plan_author, planned.plan_approver) == (cast.ana, None)
    assert "nobody yet" in get(cast.sami, "plan", case.pk).content.decode()
    take_step(case.pk, "activate", actor=cast.sami)
    approved = files.fresh(case)
    assert (approved.state, approved.plan_approver) == ("active", cast.sami)
    page = get(cast.ana, "plan", case.pk).content.decode()
    assert "Written by" in page
    assert "Sami" in page


def test_the_author_who_became_supervisor_does_not_approve_it(cast: Cast) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana)
    whole_plan(case, cast.ana)
    take_step(case.pk, "plan", actor=cast.ana)
    User.objects.filter(pk=cast.ana.pk).update(role="supervisor")
    with pytest.raises(Refused) as refused:
        take_step(case.pk, "activate", actor=User.objects.get(pk=cast.ana.pk))
    assert [failure.code for failure in refused.value.failures] == ["plan_approved_by_another"]


def test_who_set_a_goal_does_not_approve_the_plan(cast: Cast) -> None:
    case = files.in_state("planned", cast.ana.agency, worker=cast.ana, plan_author=cast.ana)
    facts.goals(case, cast.sami)
    with pytest.raises(Refused, match="plan_approved_by_another"):
        take_step(case.pk, "activate", actor=cast.sami)
    assert take_step(case.pk, "activate", actor=cast.vera).state == "active"
