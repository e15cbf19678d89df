"""A departure that nobody confirms: two days later everybody who can find the child hears it, once."""

from datetime import timedelta
from typing import Any

from accounts import policy
from accounts.models import User
from cases.models import Case
from repatriation.models import Return
from tests.cases.asking import get, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import handovers, ways
from tests.repatriation.ways import Company
from workflow import deadlines

OVERDUE, OURS = "overdue.return_unconfirmed", "return.unconfirmed"
HOURS = timedelta(hours=48, minutes=1)


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def fanni(people: Company) -> User:
    return handovers.focal_point_here(people)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def departed(people: Company, fanni: User, case: Case) -> Return:
    return ways.at(people, case, "departed")


def test_everybody_concerned_hears_once(
    people: Company, fanni: User, departed: Return, clock_at: Any
) -> None:
    clock_at.forward(timedelta(hours=47))
    deadlines.sweep()
    assert OVERDUE not in told(people.ana) + told(people.eskort)
    clock_at.forward(HOURS - timedelta(hours=47))
    for _time in range(3):
        deadlines.sweep()
    for user in (people.eskort, people.tomas, people.ana):
        assert told(user).count(OVERDUE) == 1, user
    for user in (people.sami, people.vera):
        assert OVERDUE in told(user), user
    for user in (people.fokus, fanni):
        assert told(user) == [OURS]
    for user in (people.konsul, people.petra, people.ben):
        assert OVERDUE not in told(user)


def test_arriving_alone_does_not_confirm_it(people: Company, departed: Return, clock_at: Any) -> None:
    ways.step(departed, "arrive", people.eskort)
    clock_at.forward(HOURS)
    deadlines.sweep()
    assert told(people.eskort).count(OVERDUE) == 1


def test_who_knows_where_the_child_is_hears_no_alarm(
    people: Company, fanni: User, departed: Return, clock_at: Any
) -> None:
    ways.step(departed, "arrive", people.eskort)
    ways.signed_by_two(people, departed)
    ways.step(departed, "hand_over", people.eskort)
    clock_at.forward(HOURS)
    deadlines.sweep()
    assert OVERDUE not in told(people.eskort) + told(people.tomas)
    assert told(fanni) == []


def test_a_handover_that_failed_is_not_confirmed(
    people: Company, fanni: User, departed: Return, clock_at: Any
) -> None:
    """The child waits somewhere: whoever has to know hears of it in time."""
    ways.step(departed, "fail_handover", people.eskort)
    clock_at.forward(HOURS)
    deadlines.sweep()
    assert told(people.eskort).count(OVERDUE) == 1
    assert told(fanni) == ["return.unconfirmed"]


def test_an_agency_may_ask_earlier(people: Company, fanni: User, case: Case, clock_at: Any) -> None:
    policy.set_value("return.unconfirmed_hours", 12, actor=people.cast.admin, agency=case.agency)
    ways.at(people, case, "departed")
    clock_at.forward(timedelta(hours=13))
    deadlines.sweep()
    assert told(fanni) == [OURS]


def test_focal_points_read_whom_to_call_until_it_is_confirmed(
    people: Company, fanni: User, departed: Return, clock_at: Any
) -> None:
    assert get(fanni, "return_alert", departed.pk).status_code == 404
    clock_at.forward(HOURS)
    deadlines.sweep()
    shown = get(fanni, "return_alert", departed.pk).content.decode()
    assert "Nobody has confirmed that a child was handed over" in shown
    assert "Belmora social" in shown
    assert departed.case.code not in shown
    ways.step(departed, "arrive", people.tomas)
    assert get(fanni, "return_alert", departed.pk).status_code == 200
    ways.signed_by_two(people, departed)
    ways.step(departed, "hand_over", people.tomas)
    assert get(fanni, "return_alert", departed.pk).status_code == 404
