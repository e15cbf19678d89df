"""A handover that does not take place: who says so, where the child is then, and the two ways on."""

import pytest

from cases.models import Case
from repatriation.models import Handover, Return
from repatriation.services import handing
from tests.cases.asking import get, last, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import handovers, ways
from tests.repatriation.handovers import send, sign, standing
from tests.repatriation.ways import Company

WHERE = "With the escort, in the hotel at the station."


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def begun(people: Company, case: Case) -> Return:
    return handovers.begun(people, case)


@kept
def failed(people: Company, begun: Return) -> Return:
    handing.write_remarks(begun.pk, actor=people.tomas, words="The bear has lost an eye.")
    return ways.step(begun, "fail_handover", people.eskort)


def page(people: Company, way: Return, name: str = "eskort") -> str:
    return get(getattr(people, name), "handover", way.pk).content.decode()  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["eskort", "tomas"])
def test_either_says_so_and_where_the_child_is(people: Company, begun: Return, name: str) -> None:
    answer = send(getattr(people, name), begun, "fail", code="other_person", words=WHERE)
    assert answer.status_code == 302
    assert ways.fresh_row(begun).state == "handover_failed"
    handover = Handover.objects.get(way=begun)
    assert (handover.refused, handover.whereabouts) == ("other_person", WHERE)
    assert handover.ended_at is not None
    for reader in ("eskort", "tomas", "ana", "sami"):
        assert WHERE in page(people, begun, reader)
    event = begun.events.get(kind="fail_handover")
    assert event.details["code"] == "other_person"
    assert WHERE not in str(event.details)
    for user in (people.ana, people.sami):
        assert "return.fail_handover" in told(user)


def test_its_colour_is_the_same_on_its_own_page_and_on_the_board(people: Company, failed: Return) -> None:
    for name, args in (("return", [failed.pk]), ("returns", [])):
        body = get(people.ana, name, *args).content.decode()
        assert '<span class="chip late">Handover failed</span>' in body, name


def test_it_may_fail_before_anybody_has_begun(people: Company, case: Case) -> None:
    way = ways.at(people, case, "departed")
    assert send(people.eskort, way, "fail", code="nobody_came", words=WHERE).status_code == 302
    assert Handover.objects.get(way=way).whereabouts == WHERE
    assert WHERE in page(people, way, "sami")


def test_where_the_child_is_has_to_be_said(people: Company, begun: Return) -> None:
    answer = send(people.eskort, begun, "fail", code="nobody_came")
    assert answer.status_code == 422
    assert "We need an answer here." in answer.content.decode()
    assert ways.fresh_row(begun).state == "arrived"
    assert standing(begun).refused == ""


def test_what_was_typed_is_shown_where_the_other_was_faster(people: Company, begun: Return) -> None:
    send(people.tomas, begun, "fail", code="nobody_came", words="In the office.")
    answer = send(people.eskort, begun, "fail", code="nobody_came", words=WHERE)
    assert answer.status_code == 409
    assert WHERE in answer.content.decode()


def test_remarks_of_before_stay(people: Company, failed: Return) -> None:
    assert Handover.objects.get(way=failed).remarks == "The bear has lost an eye."


def test_the_alternate_needs_the_panel(people: Company, failed: Return) -> None:
    assert "No alternate stands whom the panel has approved." in page(people, failed)
    handovers.with_alternate(people, failed, approved=False)
    answer = send(people.eskort, failed, "begin")
    assert answer.status_code == 422
    assert "Nobody is named to whom the child may be given." in answer.content.decode()


def test_the_child_is_handed_over_to_the_alternate(people: Company, failed: Return) -> None:
    alternate = handovers.with_alternate(people, failed)
    assert people.tomas.agency.name in page(people, failed)
    assert send(people.tomas, failed, "begin").status_code == 302
    assert standing(failed).receiver == alternate
    handovers.gone_through(people, failed)
    for user in (people.tomas, people.eskort):
        assert sign(user, failed).status_code == 302
    fresh = ways.fresh_row(failed)
    assert fresh.state == "monitoring"
    assert fresh.case.durable_solution == "handed_over"
    assert last(fresh.case_id, "return.hand_over_to_alternate").actor == people.eskort


def test_the_panel_decides_anew(people: Company, failed: Return) -> None:
    way = ways.step(failed, "decide_anew", people.ana)
    assert way.state == "panel_pending"
    assert ways.fresh_row(way).case.durable_solution == ""
    assert get(people.eskort, "handover", way.pk).status_code == 404
    assert get(people.ana, "handover", way.pk).status_code == 200


def test_a_second_one_that_fails_leaves_nothing_open(people: Company, failed: Return) -> None:
    handovers.with_alternate(people, failed)
    send(people.tomas, failed, "begin")
    assert WHERE in page(people, failed)
    ways.step(failed, "decide_anew", people.sami)
    assert not Handover.objects.filter(way=failed, ended_at__isnull=True).exists()
