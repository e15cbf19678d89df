"""The child is heard for this decision, and who represents it."""

from datetime import timedelta
from typing import Any

from accounts.meanwhile import last_saved
from repatriation.models import Return
from tests.cases.asking import day, get, last, post, statuses
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company


def said(way: Return, **changes: Any) -> dict[str, Any]:
    today = ways.today(way)
    words = {
        "child_means": "drawing",
        "child_words": "She draws two houses.",
        "representative_words": "He agrees.",
        "seen": last_saved(sitting.fresh(way)),
    }
    return words | day("child_heard_on", today) | day("representative_heard_on", today) | changes


def test_a_member_records_how_and_what_was_said(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    assert post(people.paula, "panel_hearing", waiting.pk, **said(waiting)).status_code == 302
    panel = sitting.fresh(waiting)
    assert (panel.child_heard_on, panel.child_means) == (ways.today(waiting), "drawing")
    assert (panel.child_words, panel.representative_words) == ("She draws two houses.", "He agrees.")
    assert last(waiting.case_id, "return.panel_heard").actor == people.paula
    assert "She draws two houses." in get(people.ana, "panel", waiting.pk).content.decode()


def test_it_needs_a_seat(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    form = said(waiting)
    assert statuses([people.ana, people.sami], "panel_hearing", waiting.pk, **form) == [403, 403]
    assert (
        statuses([people.ben, people.selim, people.tomas], "panel_hearing", waiting.pk, **form) == [404] * 3
    )
    assert sitting.fresh(waiting).child_heard_on is None


def test_the_representative_can_be_heard_later(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    form = {name: value for name, value in said(waiting).items() if "representative" not in name}
    assert post(people.pia, "panel_hearing", waiting.pk, **form).status_code == 302
    panel = sitting.fresh(waiting)
    assert (panel.representative_heard_on, panel.representative_words) == (None, None)


def test_it_refuses_what_cannot_be(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    later = day("child_heard_on", ways.today(waiting) + timedelta(days=1))
    undated = {f"representative_heard_on_{part}": "" for part in ("year", "month", "day")}
    for changes, sentence in (
        (later, "still to come"),
        (undated, "Say on which day"),
        ({"child_means": ""}, "Choose an answer"),
        ({"child_words": ""}, "We need an answer here"),
    ):
        answer = post(people.pia, "panel_hearing", waiting.pk, **said(waiting, **changes))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert sitting.fresh(waiting).child_heard_on is None


def test_the_second_of_two_chooses(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    form = said(waiting)
    post(people.pia, "panel_hearing", waiting.pk, **form)
    answer = post(people.pavel, "panel_hearing", waiting.pk, **form | {"child_words": "She says nothing."})
    assert answer.status_code == 422
    assert "She draws two houses." in answer.content.decode()
    assert sitting.fresh(waiting).child_words == "She draws two houses."
