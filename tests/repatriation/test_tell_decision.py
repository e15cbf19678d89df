"""Child and guardian are told what was decided, within days; until then a clock runs."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import Notification
from cases.models import Case
from repatriation.models import Return
from repatriation.models.choices import Option
from repatriation.services import minuting
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.conftest import ClockHand
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company
from workflow import deadlines

HOW = "By ana, in Arvanian, with pictures; she asked when."


def said(way: Return, *who: str, **changes: Any) -> dict[str, Any]:
    days = [day(f"{each}_told_on", ways.today(way)) for each in who or ("child", "guardian")]
    merged: dict[str, Any] = {"words": HOW}
    for each in days:
        merged |= each
    return merged | changes


def test_telling_both_ends_the_clock(people: Company, case: Case, waiting: Return) -> None:
    sitting.signed(people, waiting)
    assert "return_tell" not in running(case)
    ways.step(waiting, "decide_return", people.pia)
    due = clock_of(case, "return_tell").due_at
    assert timedelta(days=2, hours=23) < due - sitting.fresh(waiting).closed_at < timedelta(days=3, hours=1)  # type: ignore[operator]
    assert "have not both been told" in get(people.ana, "return", waiting.pk).content.decode()
    assert post(people.ana, "panel_told", waiting.pk, **said(waiting, "child")).status_code == 302
    assert "return_tell" in running(case)
    assert post(people.ana, "panel_told", waiting.pk, **said(waiting)).status_code == 302
    panel = sitting.fresh(waiting)
    assert (panel.child_told_on, panel.guardian_told_on) == (ways.today(waiting), ways.today(waiting))
    assert panel.told_words == HOW
    assert "return_tell" not in running(case)
    assert HOW in get(people.sami, "panel", waiting.pk).content.decode()
    assert last(case.pk, "return.told").actor == people.ana
    assert waiting.events.last().kind == "told"  # type: ignore[union-attr]


def test_the_clock_goes_on_through_later_steps_and_stops_when_the_decision_falls(
    people: Company, case: Case, waiting: Return
) -> None:
    sitting.signed(people, waiting)
    ways.step(waiting, "decide_return", people.pia)
    ways.request_written(people, waiting)
    ways.step(waiting, "request_verification", people.ana)
    assert "return_tell" in running(case)
    ways.step(waiting, "suspend", people.sami)
    ways.step(waiting, "resume", people.sami)
    assert "return_tell" not in running(case)
    with pytest.raises(Invalid):
        minuting.record_telling(
            waiting.pk, actor=people.ana, child_told_on=ways.today(waiting), guardian_told_on=None, words=HOW
        )


@pytest.mark.parametrize("option", [Option.INTEGRATION, Option.DEFERRAL])
def test_every_outcome_is_told(people: Company, case: Case, option: Option) -> None:
    way = sitting.decided(people, case, option)
    assert "return_tell" in running(case)
    assert post(people.ana, "panel_told", way.pk, **said(way)).status_code == 302
    assert "return_tell" not in running(case)


def test_the_chair_may_tell_before_it_takes_the_decision(
    people: Company, case: Case, waiting: Return
) -> None:
    sitting.signed(people, waiting)
    assert post(people.pia, "panel_told", waiting.pk, **said(waiting)).status_code == 302
    ways.step(waiting, "decide_return", people.pia)
    assert "return_tell" not in running(case)


def test_others_do_not_tell(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    assert statuses([people.sami, people.pavel], "panel_told", waiting.pk, **said(waiting)) == [403, 403]
    strangers = [people.ben, people.selim, people.tomas]
    assert statuses(strangers, "panel_told", waiting.pk, **said(waiting)) == [404] * 3
    ways.step(waiting, "decide_return", people.pia)
    # The decision is taken: the panel does not see the file any more, its chair neither.
    assert statuses([people.pia], "panel_told", waiting.pk, **said(waiting)) == [404]
    assert sitting.fresh(waiting).child_told_on is None


def test_it_refuses_days_that_cannot_be(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    for shift in (-1, 1):
        wrong = day("child_told_on", ways.today(waiting) + timedelta(days=shift))
        answer = post(people.ana, "panel_told", waiting.pk, **said(waiting, **wrong))
        assert answer.status_code == 422
        assert "between the decision and today" in answer.content.decode()
    nobody = post(people.ana, "panel_told", waiting.pk, words=HOW)
    assert nobody.status_code == 422
    assert "the child or the guardian was told" in nobody.content.decode()
    assert sitting.fresh(waiting).told_words is None


def test_there_is_nothing_to_tell_before_the_minute(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    assert statuses([people.ana], "panel_told", waiting.pk, **said(waiting)) == [302]
    assert sitting.fresh(waiting).child_told_on is None


def test_the_worker_hears_when_it_is_late(people: Company, case: Case, clock_at: ClockHand) -> None:
    way = sitting.decided(people, case)
    clock_at.forward(timedelta(days=3, minutes=1))
    deadlines.sweep()
    assert told(people.ana).count("overdue.return_tell") == 1
    deadlines.sweep()
    assert Notification.objects.filter(receiver=people.ana, kind="overdue.return_tell").count() == 1
    assert way.case_id == case.pk


def test_the_second_of_two_sees_what_the_first_has_saved(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    seen = last_saved(sitting.fresh(waiting))
    first, second = (
        said(waiting, "child", seen=seen),
        said(waiting, "guardian", words="By letter.", seen=seen),
    )
    assert post(people.ana, "panel_told", waiting.pk, **first).status_code == 302
    answer = post(people.pia, "panel_told", waiting.pk, **second)
    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in (HOW, "By letter.", "saved this meanwhile"))
    assert sitting.fresh(waiting).told_words == HOW
    again = {**second, "seen": last_saved(sitting.fresh(waiting))}
    assert post(people.pia, "panel_told", waiting.pk, **again).status_code == 302
    assert sitting.fresh(waiting).told_words == "By letter."
