"""What the child wishes about a return."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Invalid
from cases.models import Case
from repatriation.models import Return, ReturnEvent, Wish
from repatriation.services.wishes import Heard, record_wish
from tests.cases.asking import day, get, last, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import strangers
from tests.repatriation.ways import Company
from workflow.machine import Refused

WORDS = "To my grandmother, if the dog is still there."


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(cast: Cast, case: Case) -> Return:
    return ways.considered(cast, case)


def form(way: Return, **changes: Any) -> dict[str, Any]:
    sent = {"means": "drawing", "contact": "yes", "going": "unsure", "words": WORDS}
    return sent | day("heard_on", ways.today(way)) | changes


def test_the_worker_writes_it_readers_may_not_and_strangers_find_nothing(
    people: Company, way: Return
) -> None:
    for who in (*strangers(people), people.tomas):
        assert get(who, "return_wish", way.pk).status_code == 404
    assert statuses([*strangers(people), people.tomas], "return_wish", way.pk, **form(way)) == [404] * 8
    assert statuses([people.sami], "return_wish", way.pk, **form(way)) == [403]
    assert not Wish.objects.exists()
    assert statuses([people.ana], "return_wish", way.pk, **form(way)) == [302]
    row = Wish.objects.get()
    assert (row.means, row.contact, row.going, row.words) == ("drawing", "yes", "unsure", WORDS)
    assert row.written_by == people.ana


def test_a_supervisor_reads_every_answer_the_latest_first(people: Company, way: Return) -> None:
    post(people.ana, "return_wish", way.pk, **form(way))
    post(people.ana, "return_wish", way.pk, **form(way, contact="no", words="Not any more."))
    page = get(people.sami, "return_wish", way.pk).content.decode()
    assert page.index("Not any more.") < page.index(WORDS)
    assert page.count("This counts") == 1
    assert "<textarea" not in page
    assert ways.fresh_row(way).facts.wish.words == "Not any more."  # type: ignore[union-attr]


def test_it_is_recorded_and_stands_nowhere_in_clear(people: Company, case: Case, way: Return) -> None:
    events = ReturnEvent.objects.count()
    post(people.ana, "return_wish", way.pk, **form(way))
    event = last(case.pk, "return.wish_recorded")
    assert (event.actor, event.sections) == (people.ana, ["return_decision"])
    assert event.details == {"contact": "yes", "going": "unsure"}
    assert "grandmother" not in str(Wish.objects.values().get())
    # People abroad do not learn that the child was asked, and what it said.
    assert ReturnEvent.objects.count() == events
    get(people.sami, "return_wish", way.pk)
    assert last(case.pk, "return.read").sections == ["return_decision"]


def test_nobody_looks_for_the_family_before(people: Company, way: Return) -> None:
    ways.tracing_agreed(people, way)
    ways.clear(people, way)
    with pytest.raises(Refused) as refused:
        ways.step(way, "trace", people.ana)
    assert [failure.code for failure in refused.value.failures] == ["wish_known"]
    post(people.ana, "return_wish", way.pk, **form(way))
    assert ways.step(way, "trace", people.ana).state == "tracing"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words": "  "}, "We need an answer here."),
        ({"contact": ""}, "Choose an answer."),
        ({"going": "perhaps"}, "perhaps"),
        ({"heard_on_day": "31", "heard_on_month": "2"}, "There is no such day."),
        ({"heard_on_year": "2031"}, "This day lies in the future."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    people: Company, way: Return, wrong: dict[str, Any], says: str
) -> None:
    answer = post(people.ana, "return_wish", way.pk, **form(way, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Wish.objects.exists()


def test_a_return_that_has_ended_takes_none(people: Company, case: Case, way: Return) -> None:
    ways.end_proposed(people, way)
    ways.step(way, "end", people.sami)
    assert "<textarea" not in get(people.ana, "return_wish", way.pk).content.decode()
    assert post(people.ana, "return_wish", way.pk, **form(way)).status_code == 403
    heard = Heard(
        heard_on=ways.today(way) - timedelta(days=1), means="talk", contact="yes", going="yes", words=WORDS
    )
    with pytest.raises(Invalid) as refused:
        record_wish(way.pk, actor=people.ana, heard=heard)
    assert refused.value.sentence == "This return has ended."
    assert not Wish.objects.exists()
