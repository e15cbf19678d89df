"""Weighing: all options in the light of one factor after the other, by any member."""

from typing import Any

import pytest

from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import AuditEvent
from repatriation.models import Argument, Return
from repatriation.models.choices import Option
from repatriation.services import weighing
from tests.cases.asking import get, last, post, statuses
from tests.repatriation import sitting
from tests.repatriation.ways import Company

WORDS = "Her grandmother speaks her language."


def write(user: Any, way: Return, factor: str = "family", seen: str = "new new new", **words: str) -> Any:
    """By option; one who says nothing of any speaks for a return."""
    said = {f"words_{option}": text for option, text in (words or {"return": WORDS}).items()}
    return post(user, "panel_factor", way.pk, factor, seen=seen, **said)


def form(user: Any, way: Return) -> str:
    return str(get(user, "panel_factor", way.pk, "family").content.decode())


def state(way: Return, option: str = "return") -> str:
    return last_saved(Argument.objects.get(panel__way=way, factor="family", option=option))


def stored(option: str = "return") -> str:
    return Argument.objects.get(factor="family", option=option).words


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
    # Whoever argues for another option has it before their eyes.
    assert WORDS in form(people.paula, waiting)


def test_all_options_are_argued_on_one_page(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    said = {"return": "Her aunt.", "integration": "Her school.", "deferral": "The snow."}
    assert write(people.pia, waiting, **said).status_code == 302
    assert {row.option: row.words for row in Argument.objects.all()} == said
    written = AuditEvent.objects.filter(case_id=waiting.case_id, verb="return.argued")
    assert {event.details["option"] for event in written} == set(said)
    later = " ".join(state(waiting, option) for option in said)
    assert (
        write(people.paula, waiting, seen=later, **said | {"return": "Her aunt is ill."}).status_code == 302
    )
    # Only what was changed is hers.
    assert Argument.objects.filter(written_by=people.paula).count() == 1


def test_it_needs_a_seat(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert [write(each, waiting).status_code for each in (people.ana, people.sami)] == [403, 403]
    strangers = (people.ben, people.selim, people.tomas, people.cast.omar)
    assert [write(each, waiting).status_code for each in strangers] == [404] * 4
    assert [get(each, "panel_weighing", waiting.pk).status_code for each in strangers] == [404] * 4
    assert not Argument.objects.exists()


def test_a_third_country_is_weighed_only_where_one_is_in_question(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert write(people.pia, waiting, third_country=WORDS).status_code == 422
    assert write(people.pia, waiting, factor="weather").status_code == 404
    with pytest.raises(Invalid):
        weighing.argue(waiting.pk, "family", {Option.THIRD_COUNTRY: WORDS}, actor=people.pia)
    assert not Argument.objects.exists()


def test_with_one_it_stands_beside_the_others(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting, third_country="DE")
    table = get(people.pia, "panel_weighing", waiting.pk).content.decode()
    assert "0 of 24 argued" in table
    # Equal in the page: each option heads its column once, and has a box of the same size.
    assert table.count('<th scope="col">') == 1 + len(Option)
    assert form(people.pia, waiting).count('rows="5"') == len(Option)
    assert write(people.pia, waiting, seen="new new new new", third_country=WORDS).status_code == 302


@pytest.mark.parametrize("is_new", [True, False])
def test_the_second_of_two_sees_what_the_first_one_stored(
    people: Company, waiting: Return, is_new: bool
) -> None:
    sitting.convened(people, waiting)
    seen = "new new new"
    if not is_new:
        write(people.pia, waiting, **{"return": "A first word."})
        seen = f"{state(waiting)} new new"
    write(people.pia, waiting, seen=seen, **{"return": "The aunt has moved in with her."})
    answer = write(people.pavel, waiting, seen=seen, **{"return": "The aunt lives far away."})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The aunt has moved in with her." in shown
    assert "The aunt lives far away." in shown
    assert stored() == "The aunt has moved in with her."
    now = f"{state(waiting)} new new"
    assert f'name="seen" value="{now}"' in shown
    assert write(people.pavel, waiting, seen=now, **{"return": "Both is true."}).status_code == 302
    assert stored() == "Both is true."


def test_two_write_at_once_on_different_options(people: Company, waiting: Return) -> None:
    """Neither has touched what the other one wrote."""
    sitting.convened(people, waiting)
    write(people.pia, waiting, **{"return": "A first word."})
    seen = f"{state(waiting)} new new"
    write(people.pia, waiting, seen=seen, **{"return": "A better word."})
    said = {"return": "A first word.", "integration": "Her school."}
    assert write(people.pavel, waiting, seen=seen, **said).status_code == 302
    assert (stored(), stored("integration")) == ("A better word.", "Her school.")


def test_nothing_is_no_argument(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert write(people.pia, waiting, **{"return": "   "}).status_code == 422
    assert not Argument.objects.exists()


def test_what_was_argued_is_not_taken_away(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    write(people.pia, waiting)
    answer = write(people.pavel, waiting, seen=f"{state(waiting)} new new", integration="Her school.")
    assert answer.status_code == 422
    assert "What was argued can be changed, and not taken away." in answer.content.decode()
    assert stored() == WORDS


def test_after_the_vote_nothing_is_added(people: Company, waiting: Return) -> None:
    sitting.closed(people, waiting)
    before = Argument.objects.get(factor="family", option="return").words
    assert write(people.pia, waiting).status_code == 302
    with pytest.raises(Invalid):
        weighing.argue(waiting.pk, "family", {Option.RETURN: WORDS}, actor=people.pia)
    assert Argument.objects.get(factor="family", option="return").words == before
    assert "Argue<" not in get(people.pia, "panel_weighing", waiting.pk).content.decode()
    assert statuses([people.pia], "panel_hearing", waiting.pk) == [302]
