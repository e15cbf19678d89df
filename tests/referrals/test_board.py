"""How soon recipients confirm and answer; time in which their clock stands still counts for nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from accounts.models import User
from cases.models import Case
from referrals.board import FIGURES, Board, Figures, board_of
from referrals.edges import REFERRAL
from referrals.models import Referral
from referrals.models.choices import OFFERED
from tests.cases import files
from tests.cases.asking import get
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept
from tests.referrals.offers import acknowledged, another_house, sent, step, transfer_offered, transferred
from workflow import deadlines

HOUR = 3600


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def board(person: User, days: int = 90) -> Board:
    return board_of(person, days)


def of_petra(cast: Cast) -> Figures:
    (only,) = board(cast.sami).agencies
    return only


def hours(seconds: float | None) -> float:
    assert seconds is not None
    return round(seconds / HOUR, 1)


def test_only_supervisors_and_focal_points(cast: Cast) -> None:
    others = [cast.ana, cast.petra, cast.aida, cast.stella, cast.admin, cast.konsul, cast.hotline]
    assert [get(person, "referral_board").status_code for person in others] == [403] * 7
    assert [get(person, "referral_board").status_code for person in (cast.sami, cast.fokus)] == [200, 200]


def test_a_supervisor_sees_what_the_own_agency_sent_and_nothing_else(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    nora = User.objects.create_account(
        "nora", PASSWORD, name="Nora", role=Role.SUPERVISOR, agency=cast.omar.agency
    )
    at_petras = User.objects.create_account(
        "paul", PASSWORD, name="Paul", role=Role.SUPERVISOR, agency=cast.petra.agency
    )
    assert [figures.name for figures in board(cast.sami).agencies] == ["Arvania shelter"]
    for other in (nora, at_petras):
        assert board(other) == Board([], [], [])
        assert "Nothing was sent in this time" in get(other, "referral_board").content.decode()


def test_a_focal_point_sees_the_ways_of_its_country_and_no_agency(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    assert board(cast.fokus) == Board([], [], [])
    cast.petra.agency.country = "XB"
    cast.petra.agency.save()
    found = board(cast.fokus)
    assert [(each.name, each.sent) for each in found.corridors] == [("Arvania → Belmora", 1)]
    assert found.agencies == found.silent == []
    text = get(cast.fokus, "referral_board").content.decode()
    assert "Arvania → Belmora" in text
    assert "Arvania shelter" not in text


def test_the_middle_time_to_confirm_and_to_answer(cast: Cast, clock_at: ClockHand) -> None:
    for confirms, answers in ((1, 2), (3, 6), (10, 20)):
        referral = sent(cast, files.screened(cast))
        clock_at.forward(timedelta(hours=confirms))
        step(referral, "acknowledge", cast.petra)
        clock_at.forward(timedelta(hours=answers))
        step(referral, "accept", cast.petra)
    figures = of_petra(cast)
    assert (hours(figures.confirms_in), hours(figures.answers_in)) == (3.0, 9.0)
    assert (figures.sent, figures.accepted, figures.in_time, figures.late) == (3, 3, 3, 0)
    text = get(cast.sami, "referral_board").content.decode()
    assert "3\u00a0hours" in text
    assert "3 <span" in text


def test_while_a_question_is_open_no_time_passes_for_the_recipient(
    cast: Cast, case: Case, clock_at: ClockHand, acknowledged_referral: Referral
) -> None:
    for _each in range(2):
        clock_at.forward(timedelta(hours=1))
        step(acknowledged_referral, "ask", cast.petra)
        clock_at.forward(timedelta(hours=30))
        step(acknowledged_referral, "provide", cast.ana)
    clock_at.forward(timedelta(hours=2))
    step(acknowledged_referral, "accept", cast.petra)
    assert hours(of_petra(cast).answers_in) == 4.0


def test_a_no_while_the_question_is_open_counts_until_the_question(
    cast: Cast, case: Case, clock_at: ClockHand, acknowledged_referral: Referral
) -> None:
    clock_at.forward(timedelta(hours=5))
    step(acknowledged_referral, "ask", cast.petra)
    clock_at.forward(timedelta(hours=20))
    step(acknowledged_referral, "decline", cast.petra)
    figures = of_petra(cast)
    assert hours(figures.answers_in) == 5.0
    assert (figures.declined, figures.expired) == (1, 0)


def test_what_the_sender_left_to_expire_is_not_the_recipients(
    cast: Cast, case: Case, clock_at: ClockHand, acknowledged_referral: Referral
) -> None:
    step(acknowledged_referral, "ask", cast.petra)
    clock_at.forward(timedelta(days=9))
    deadlines.sweep()
    figures = of_petra(cast)
    assert (figures.expired, figures.other, figures.unanswered) == (0, 1, 0)


def test_late_is_who_confirms_after_the_time_or_not_at_all(cast: Cast, clock_at: ClockHand) -> None:
    """No risk was assessed, so a day is what there is."""
    late = sent(cast, files.screened(cast))
    sent(cast, files.screened(cast))
    taken_back = sent(cast, files.screened(cast))
    step(taken_back, "recall", cast.ana)
    assert (of_petra(cast).in_time, of_petra(cast).late) == (0, 0)
    clock_at.forward(timedelta(hours=25))
    step(late, "acknowledge", cast.petra)
    waiting = sent(cast, files.screened(cast))
    figures = of_petra(cast)
    assert (figures.sent, figures.in_time, figures.late) == (4, 0, 2)
    step(waiting, "acknowledge", cast.petra)
    assert of_petra(cast).in_time == 1


def test_shares_of_all_that_was_sent(cast: Cast, clock_at: ClockHand) -> None:
    step(acknowledged(cast, files.screened(cast)), "accept", cast.petra)
    step(sent(cast, files.screened(cast)), "decline", cast.petra)
    sent(cast, files.screened(cast))
    clock_at.forward(timedelta(days=4))
    deadlines.sweep()
    sent(cast, files.screened(cast))
    figures = of_petra(cast)
    assert figures.cells == [(1, 25), (1, 25), (1, 25), (1, 25)]
    assert [width for _kind, _start, width in figures.parts] == [250, 250, 250, 250]
    text = get(cast.sami, "referral_board").content.decode()
    assert text.count('<rect class="accepted" x="0" y="0" width="250"') == 2


def test_who_never_answers(cast: Cast, clock_at: ClockHand) -> None:
    for _each in range(2):
        sent(cast, files.screened(cast))
    assert board(cast.sami).silent == []
    third = sent(cast, files.screened(cast))
    assert [each.name for each in board(cast.sami).silent] == ["Arvania shelter"]
    assert "3 referrals, no answer" in get(cast.sami, "referral_board").content.decode()
    step(third, "decline", cast.petra)
    assert board(cast.sami).silent == []
    assert "no answer" not in get(cast.sami, "referral_board").content.decode()


def test_who_takes_a_case_over_has_answered(cast: Cast, nora: User, clock_at: ClockHand) -> None:
    row = transfer_offered(cast, files.screened(cast))
    clock_at.forward(timedelta(hours=2))
    step(row, "take_over", cast.omar, worker=cast.omar)
    (north,) = board(cast.sami).agencies
    assert (north.sent, north.accepted, north.unanswered) == (1, 1, 0)
    assert hours(north.answers_in) == 2.0


def test_what_ends_with_a_transfer_is_judged_neither_way(cast: Cast, nora: User) -> None:
    """The new owner was asked for a service as well, and had not answered that."""
    User.objects.create_account(
        "paul", PASSWORD, name="Paul", role=Role.SERVICE_PROVIDER, agency=cast.omar.agency
    )
    for _each in range(3):
        case = files.screened(cast)
        sent(cast, case, recipient=cast.omar.agency, service="Health")
        transferred(cast, case)
    (north,) = board(cast.sami).agencies
    assert (north.sent, north.accepted, north.unanswered) == (6, 3, 0)


def test_every_move_that_ends_an_offer_is_counted() -> None:
    """Once among the moves, and once where it says what became of the offer."""
    ends = [
        edge.name
        for edge in REFERRAL.edges
        if set(edge.sources) & set(OFFERED) and not set(edge.targets) & set(OFFERED)
    ]
    assert len(ends) >= 8
    assert [name for name in ends if FIGURES.count(f"'{name}'") < 2] == []


def test_what_was_taken_back_or_waits_for_the_sender_makes_nobody_silent(cast: Cast) -> None:
    step(sent(cast, files.screened(cast)), "recall", cast.ana)
    step(sent(cast, files.screened(cast)), "ask", cast.petra)
    sent(cast, files.screened(cast))
    assert of_petra(cast).unanswered == 1
    assert board(cast.sami).silent == []


@pytest.mark.parametrize(("days", "found"), [("30", 0), ("90", 1), ("365", 1), ("7", 1), ("x", 1)])
def test_the_period(
    cast: Cast, case: Case, clock_at: ClockHand, days: str, found: int, sent_referral: Referral
) -> None:
    clock_at.forward(timedelta(days=40))
    text = get(cast.sami, "referral_board", days=days).content.decode()
    assert ("Arvania shelter" in text) == bool(found)
    assert ("Nothing was sent in this time" in text) != bool(found)


def test_it_takes_two_questions_however_many_agencies_there_are(cast: Cast, case: Case) -> None:
    def spent(person: User) -> int:
        with CaptureQueriesContext(connection) as queries:
            board(person)
        return len([each for each in queries if "policyvalue" not in each["sql"]])

    sent(cast, case)
    assert spent(cast.sami) == 2
    sent(cast, files.screened(cast), recipient=another_house(cast, "shelter"))
    assert len(board(cast.sami).agencies) == 2
    # No way leads through the focal point's country, so there is no agency whose name is asked for.
    assert (spent(cast.sami), spent(cast.fokus)) == (2, 1)


def test_pages_lead_to_it(cast: Cast) -> None:
    for person, leads in ((cast.sami, True), (cast.fokus, True), (cast.ana, False), (cast.petra, False)):
        assert ('href="/referrals/board/"' in get(person, "referrals").content.decode()) == leads
