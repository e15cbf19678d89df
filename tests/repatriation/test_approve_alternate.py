"""An alternate receives the child only when the panel has approved it; asked and answered while its decision stands."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.errors import Invalid
from cases.models import Case, CaseAccess, Person
from cases.models.choices import Basis
from repatriation.models import AlternateQuestion, CareArrangement, Return
from repatriation.services import alternates
from tests.cases.asking import day, get, last, post, statuses, told
from tests.kept import kept
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

WHY = "The aunt lives next door and has known her from birth."


@kept
def decided(people: Company, case: Case) -> Return:
    return sitting.decided(people, case)


def aunt(people: Company, way: Return) -> CareArrangement:
    person = Person(case=way.case, role="relative", country="XB", added_by=people.ana)
    person.name = "Teta Vosk"
    person.save(force_insert=True)
    return CareArrangement.objects.create(
        way=way,
        case=way.case,
        country="XB",
        kind="relative",
        person=person,
        is_able=True,
        agreed_on=ways.today(way),
        alternate=True,
        made_by=people.ana,
    )


def asked(people: Company, way: Return) -> CareArrangement:
    row = aunt(people, way)
    alternates.ask_about_alternate(way.pk, actor=people.sami, arrangement_id=row.pk)
    return row


def answers(way: Return, **changes: Any) -> dict[str, Any]:
    said = {"approved": "yes", "in_favour": "2", "reasons": WHY} | day("decided_on", ways.today(way))
    return said | changes


def test_the_question_opens_the_file_and_the_answer_closes_it(people: Company, decided: Return) -> None:
    row = aunt(people, decided)
    assert get(people.pia, "panel", decided.pk).status_code == 404
    sent = {"arrangement": row.pk, "chair": people.pia.pk}
    assert statuses([people.sami], "panel_alternate", decided.pk, **sent) == [302]
    assert "return.alternate_asked" in told(people.paula)
    for member in sitting.members(people):
        assert "Teta Vosk" in get(member, "panel", decided.pk).content.decode()
        assert get(member, "panel_dossier", decided.pk).status_code == 200
    answer = post(people.pia, "panel_alternate", decided.pk, **answers(decided))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.approved_by == sitting.fresh(decided)
    question = AlternateQuestion.objects.get()
    assert (question.approved, question.in_favour, question.reasons) == (True, 2, WHY)
    assert question.decided_on == ways.today(decided)
    assert not CaseAccess.objects.live().filter(basis=Basis.PANEL).exists()
    assert get(people.pia, "panel", decided.pk).status_code == 404
    event = last(decided.case_id, "return.alternate_answered")
    assert (event.actor, event.details) == (people.pia, {"approved": True})
    assert told(people.sami)[-1] == "return.alternate_answered"
    assert "Approved by the panel" in get(people.ana, "panel", decided.pk).content.decode()


def test_no_answers_no_approval(people: Company, decided: Return) -> None:
    row = asked(people, decided)
    assert statuses([people.pia], "panel_alternate", decided.pk, **answers(decided, approved="no")) == [302]
    row.refresh_from_db()
    assert row.approved_by is None
    assert "Not approved by the panel" in get(people.sami, "panel", decided.pk).content.decode()


def test_a_supervisor_asks_and_the_chair_answers(people: Company, decided: Return) -> None:
    row = aunt(people, decided)
    assert statuses([people.ana], "panel_alternate", decided.pk, arrangement=row.pk) == [403]
    strangers = [people.pia, people.ben, people.tomas]
    assert statuses(strangers, "panel_alternate", decided.pk, arrangement=row.pk) == [404] * 3
    alternates.ask_about_alternate(decided.pk, actor=people.sami, arrangement_id=row.pk)
    assert (
        statuses([people.pavel, people.ana], "panel_alternate", decided.pk, **answers(decided)) == [403] * 2
    )
    assert statuses([people.selim], "panel_alternate", decided.pk, **answers(decided)) == [404]


def test_where_the_chair_is_gone_another_member_is_asked_to_answer(people: Company, decided: Return) -> None:
    row = asked(people, decided)
    people.pia.is_active = False
    people.pia.save(update_fields=["is_active"])
    page = get(people.sami, "panel_alternate", decided.pk).content.decode()
    assert "takes its place" in page
    assert people.pia.name not in page
    gone = {"arrangement": row.pk, "chair": people.pia.pk}
    assert statuses([people.sami], "panel_alternate", decided.pk, **gone) == [422]
    other = {"arrangement": row.pk, "chair": people.pavel.pk}
    assert statuses([people.sami], "panel_alternate", decided.pk, **other) == [302]
    assert AlternateQuestion.objects.filter(answered_at__isnull=True).count() == 1
    assert statuses([people.paula], "panel_alternate", decided.pk, **answers(decided)) == [403]
    assert statuses([people.pavel], "panel_alternate", decided.pk, **answers(decided)) == [302]
    row.refresh_from_db()
    assert row.approved_by == sitting.fresh(decided)


def test_an_alternate_that_stands_no_more_is_only_refused(people: Company, decided: Return) -> None:
    row = asked(people, decided)
    CareArrangement.objects.filter(pk=row.pk).update(ended_at=clock.now())
    assert statuses([people.pia], "panel_alternate", decided.pk, **answers(decided)) == [422]
    no = answers(decided, approved="no", in_favour="0")
    assert statuses([people.pia], "panel_alternate", decided.pk, **no) == [302]
    assert AlternateQuestion.objects.get().approved is False


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"in_favour": "1"}, "more than half of the members"),
        ({"in_favour": "4"}, "fewer members than that"),
        ({"reasons": "Fine."}, "at least 20"),
        ({"approved": ""}, "Choose an answer"),
    ],
)
def test_it_refuses_an_answer_that_cannot_be(
    people: Company, decided: Return, changes: dict[str, str], sentence: str
) -> None:
    row = asked(people, decided)
    answer = post(people.pia, "panel_alternate", decided.pk, **answers(decided, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    row.refresh_from_db()
    assert row.approved_by is None


def test_it_is_decided_between_the_question_and_today(people: Company, decided: Return) -> None:
    asked(people, decided)
    for shift in (-1, 1):
        wrong = day("decided_on", ways.today(decided) + timedelta(days=shift))
        answer = post(people.pia, "panel_alternate", decided.pk, **answers(decided, **wrong))
        assert answer.status_code == 422


def test_nobody_who_had_a_part_in_it_is_asked_about_or_approved(people: Company, decided: Return) -> None:
    """Also where it becomes known while the question waits."""
    row = asked(people, decided)
    assert row.person is not None
    ways.implicate(row.person)
    answer = post(people.pia, "panel_alternate", decided.pk, **answers(decided))
    assert answer.status_code == 422
    assert "had a part in what happened" in answer.content.decode()
    assert statuses([people.pia], "panel_alternate", decided.pk, **answers(decided, approved="no")) == [302]
    assert alternates.proposed(decided) == []


def test_the_question_falls_with_the_decision(people: Company, decided: Return) -> None:
    row = asked(people, decided)
    ways.step(decided, "reopen_decision", people.sami)
    assert not CaseAccess.objects.live().filter(basis=Basis.PANEL).exists()
    question = AlternateQuestion.objects.get()
    assert (question.approved, bool(question.answered_at)) == (None, True)
    with pytest.raises(Invalid):
        alternates.ask_about_alternate(decided.pk, actor=people.sami, arrangement_id=row.pk)


def test_the_one_named_is_not_an_alternate(people: Company, decided: Return) -> None:
    named = decided.arrangements.get(alternate=False)
    with pytest.raises(Invalid) as refused:
        alternates.ask_about_alternate(decided.pk, actor=people.sami, arrangement_id=named.pk)
    assert refused.value.field == "arrangement"
