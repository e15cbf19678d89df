"""Weighing: each option in the light of each factor, by any member, one cell after the other."""

from typing import Any

import pytest

from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from repatriation.models import Argument, Return
from repatriation.models.choices import Option
from repatriation.services import weighing
from tests.cases.asking import get, last, post, statuses
from tests.repatriation import sitting
from tests.repatriation.ways import Company

WORDS = "Her grandmother speaks her language."


def write(user: Any, way: Return, factor: str = "family", option: str = "return", **said: Any) -> Any:
    return post(user, "panel_argument", way.pk, factor, option, **{"words": WORDS, "seen": "new"} | said)


def test_any_member_argues_and_everybody_who_reads_the_decision_sees_it(
    people: Company, waiting: Return
) -> None:
    sitting.convened(people, waiting)
    assert write(people.pavel, waiting).status_code == 302
    row = Argument.objects.get()
    assert (row.factor, row.option, row.words, row.written_by) == ("family", "return", WORDS, people.pavel)
    for reader in (people.pia, people.paula, people.ana, people.sami):
        page = get(reader, "panel_weighing", waiting.pk).content.decode()
        assert WORDS in page
        assert "1 of 18 argued" in page
    event = last(waiting.case_id, "return.argued")
    assert (event.actor, event.details) == (people.pavel, {"factor": "family", "option": "return"})
    # Beside another cell of the same factor it can be read.
    assert WORDS in get(people.paula, "panel_argument", waiting.pk, "family", "integration").content.decode()


def test_it_needs_a_seat(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert [write(each, waiting).status_code for each in (people.ana, people.sami)] == [403, 403]
    strangers = (people.ben, people.selim, people.tomas, people.cast.omar)
    assert [write(each, waiting).status_code for each in strangers] == [404] * 4
    assert [get(each, "panel_weighing", waiting.pk).status_code for each in strangers] == [404] * 4
    assert not Argument.objects.exists()


def test_a_third_country_is_weighed_only_where_one_is_in_question(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert write(people.pia, waiting, option="third_country").status_code == 404
    assert write(people.pia, waiting, factor="weather").status_code == 404
    with pytest.raises(Invalid):
        weighing.argue(waiting.pk, "family", Option.THIRD_COUNTRY, actor=people.pia, words=WORDS)


def test_with_one_it_stands_beside_the_others(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting, third_country="DE")
    page = get(people.pia, "panel_weighing", waiting.pk).content.decode()
    assert "0 of 24 argued" in page
    # Equal in the page: each option heads its column once, and each cell has the same button.
    assert page.count('<th scope="col">') == 1 + len(Option)
    assert page.count(">Argue<") == 24
    assert write(people.pia, waiting, option="third_country").status_code == 302


@pytest.mark.parametrize("seen", ["new", "last"])
def test_the_second_of_two_sees_what_the_first_one_stored(
    people: Company, waiting: Return, seen: str
) -> None:
    sitting.convened(people, waiting)
    if seen == "last":
        write(people.pia, waiting, words="A first word.")
        seen = last_saved(Argument.objects.get())
    write(people.pia, waiting, words="The aunt has moved in with her.", seen=seen)
    answer = write(people.pavel, waiting, words="The aunt lives far away.", seen=seen)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The aunt has moved in with her." in shown
    assert "The aunt lives far away." in shown
    assert Argument.objects.get().words == "The aunt has moved in with her."


def test_nothing_is_no_argument(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert write(people.pia, waiting, words="   ").status_code == 422
    assert not Argument.objects.exists()


def test_after_the_vote_nothing_is_added(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    before = Argument.objects.get(factor="family", option="return").words
    assert write(people.pia, waiting).status_code == 302
    with pytest.raises(Invalid):
        weighing.argue(waiting.pk, "family", "return", actor=people.pia, words=WORDS)
    assert Argument.objects.get(factor="family", option="return").words == before
    assert "Argue<" not in get(people.pia, "panel_weighing", waiting.pk).content.decode()
    assert statuses([people.pia], "panel_hearing", waiting.pk) == [302]
