"""How long consulates take: who waits, for how long, and what was answered within 15, 30 and 60 days."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock
from accounts import policy
from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from repatriation.board import Board, Figures, board_of
from repatriation.models import Return, VerificationRequest
from tests.cases.asking import get
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return ways.considered(people.cast, case)


def asked(people: Company, way: Return, ago: int, took: int | None = None, **more: Any) -> None:
    """A request that was sent so many days ago, and answered so many days later. One of a return is open at most."""
    now = clock.now()
    row = VerificationRequest(
        **(
            {
                "way": way,
                "case": way.case,
                "post": people.konsul.agency,
                "country": "XB",
                "made_by": people.ana,
                "sent_at": now - timedelta(days=ago),
                "ended_at": now if took is not None else None,
            }
            | more
        )
    )
    if took is not None:
        row.answer, row.verified_as = "verified", "national"
        row.answered_on = (now - timedelta(days=ago - took)).date()
        row.answered_by = people.konsul
    row.frozen = {"names": []}
    row.save(force_insert=True)


def another_return(people: Company) -> Return:
    return ways.considered(people.cast, ways.active_case(people.cast))


def second_post() -> Agency:
    return Agency.objects.create(
        code="post-2",
        name="Second post",
        country="XA",
        kind=AgencyKind.CONSULATE,
        time_zone="Europe/Vienna",
    )


def of(board: Board, name: str) -> Figures:
    (found,) = [each for each in (*board.countries, *board.posts) if each.name == name]
    return found


def test_what_waits_and_what_was_answered_within_which_time(people: Company, way: Return) -> None:
    for took in (0, 15, 16, 30, 31, 60, 61, 90):
        asked(people, way, ago=100, took=took)
    asked(people, way, ago=40)
    asked(people, another_return(people), ago=10)
    found = of(board_of(people.sami), "Belmora")
    assert (found.waiting, found.longest, found.waits_median) == (2, 40, 25.0)
    assert (found.answered, found.took_median) == (8, 30.5)
    assert (found.first, found.second, found.third, found.later) == (2, 2, 2, 2)
    assert found.within == [2, 4, 6]
    assert [width for _kind, _start, width in found.parts] == [200] * 5
    assert of(board_of(people.sami), "Belmora post").total == 10
    text = get(people.sami, "verifications").content.decode()
    assert text.count('<rect class="accepted" x="0" y="0" width="200"') == 2
    for cell in ("40 days", "25 days", "30 days", "Within 15 days", "Within 60 days"):
        assert cell in text


def test_what_ended_without_an_answer_or_long_ago_is_not_judged(people: Company, way: Return) -> None:
    asked(people, way, ago=20, ended_at=clock.now())
    asked(people, way, ago=500, took=3)
    asked(people, way, ago=1, sent_at=None)
    assert board_of(people.sami) == Board([], [], [15, 30, 60])
    assert "No consulate was asked yet" in get(people.sami, "verifications").content.decode()


def test_each_country_and_each_post_has_a_line(people: Company, way: Return) -> None:
    asked(people, way, ago=5, took=1)
    asked(people, way, ago=7)
    asked(people, another_return(people), ago=3, post=second_post(), country="XA")
    board = board_of(people.sami)
    assert [(each.name, each.waiting) for each in board.countries] == [("Arvania", 1), ("Belmora", 1)]
    assert {each.name for each in board.posts} == {"Belmora post", "Second post"}


def test_the_limits_are_those_of_the_reminders(people: Company, way: Return) -> None:
    policy.set_value("return.reminder_days.first", 20, actor=people.cast.admin, country="XA")
    asked(people, way, ago=50, took=18)
    board = board_of(people.sami)
    assert (board.days, of(board, "Belmora").within) == ([20, 30, 60], [1, 1, 1])


def test_a_supervisor_sees_the_own_agencys_and_a_focal_point_its_countrys(
    people: Company, way: Return
) -> None:
    asked(people, way, ago=5)
    nora = User.objects.create_account(
        "nora", None, name="Nora", role=Role.SUPERVISOR, agency=people.cast.omar.agency
    )
    abroad = Agency.objects.create(
        code="far", name="Far", country="RO", kind=AgencyKind.FOCAL_POINT, time_zone="Europe/Vienna"
    )
    far = User.objects.create_account("far", None, name="Far", role=Role.FOCAL_POINT, agency=abroad)
    assert [len(board_of(user).posts) for user in (people.sami, people.fokus, nora, far)] == [1, 1, 0, 0]


def test_nobody_else_sees_it_and_no_child_is_in_it(people: Company, way: Return) -> None:
    asked(people, way, ago=5)
    cast = people.cast
    others = [cast.ana, cast.petra, cast.konsul, cast.pia, cast.eskort, cast.stella, cast.aida, cast.admin]
    assert [get(user, "verifications").status_code for user in others] == [403] * len(others)
    text = get(people.sami, "verifications").content.decode()
    assert way.case.code not in text
    assert str(way.pk) not in text
    assert "How long consulates take" in get(people.sami, "returns").content.decode()
    assert "How long consulates take" not in get(people.ana, "returns").content.decode()


def test_it_takes_one_question_however_many_there_are(people: Company, way: Return) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            board_of(people.sami)
        return len([each for each in queries if "policyvalue" not in each["sql"]])

    asked(people, way, ago=5, took=1)
    assert spent() == 1
    asked(people, way, ago=7)
    asked(people, another_return(people), ago=3, post=second_post(), country="XA")
    assert len(board_of(people.sami).posts) == 2
    assert spent() == 1
