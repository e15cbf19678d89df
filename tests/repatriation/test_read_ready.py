"""The list before a departure: the same for each side, and no more of the case than it may know."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent
from cases.models import Case, LegalProtection, TravelFitness
from repatriation.guards import never, ready
from repatriation.models import Return
from repatriation.views.ready_lines import GUARDS, HERE_ALONE, OWNERS, PLAIN
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
    """Ready but for what the child says and what the clinic says."""
    found = ways.at(people, case, "travel_planned")
    ways.plan_accepted(people, found)
    return found


ABROAD = ("konsul", "tomas", "eskort")


def read(people: Company, name: str, way: Return) -> Any:
    return get(getattr(people, name), "return_ready", way.pk)


def test_before_the_day_one_waits_and_after_it_another_is_planned(
    people: Company, way: Return, clock_at: Any
) -> None:
    ways.assent_given(people, way)
    ways.certified_fit(people, way)
    ways.step(way, "make_ready", people.sami)

    def note() -> str:
        waits = get(people.eskort, "return", way.pk).context["waits"]
        return str(next(each["note"] for wait in waits for each in wait["failing"] if each["note"]))

    departs_on = way.journeys.get(ended_at=None).departs_on
    assert note() == f"This will be possible on {departs_on.day} {departs_on:%B %Y}."
    clock_at.forward(timedelta(days=6))
    assert note() == "Go back to planning, and plan another day."


def main_of(page: Any) -> str:
    """Without the bar and what stands around every page."""
    body = page.content.decode()
    return str(body[body.index("<main") : body.index("</main>")])


def test_every_line_has_an_owner_and_words_for_those_abroad() -> None:
    codes = {guard.code for guard in GUARDS}
    assert codes == {guard.code for guard in (*never.STILL, *ready.READY)}
    assert set(OWNERS) == codes
    assert set(PLAIN) | HERE_ALONE == codes
    assert not set(PLAIN) & HERE_ALONE


@pytest.mark.parametrize("name", ["ana", "sami"])
def test_who_works_on_it_reads_each_condition(people: Company, way: Return, name: str) -> None:
    page = read(people, name, way)
    assert page.status_code == 200
    missing = [
        (each["line"].guard.code, each["line"].who, each["line"].when) for each in page.context["missing"]
    ]
    assert missing == [
        ("assent_given", "the assigned case worker", "between 13 June 2026 and 20 June 2026"),
        ("fit_to_travel", "the clinic", "between 10 June 2026 and 20 June 2026"),
    ]
    assert [each["url"] for each in page.context["missing"]] == ["", f"/cases/{way.case_id}/medical/"]
    assert len(page.context["there"]) == len(GUARDS) - 2
    assert "Proceedings are over or not begun" in page.content.decode()


@pytest.mark.parametrize("name", ABROAD)
def test_each_side_reads_what_is_missing_and_whose_it_is(people: Company, way: Return, name: str) -> None:
    page = read(people, name, way)
    assert page.status_code == 200
    missing = [(each["line"].sentence, each["line"].who, each["url"]) for each in page.context["missing"]]
    assert missing == [
        ("The child was asked, and goes along.", "the assigned case worker", ""),
        ("The child is fit to travel.", "the clinic", ""),
    ]
    assert len(page.context["there"]) == len(PLAIN) - 1
    # What a rule is about would tell what stands behind a line, and what happened to the child.
    assert page.content.decode().count('class="help"') == 1
    assert "raffick" not in page.content.decode()


def test_abroad_nobody_learns_what_stands_against_it_here(people: Company, way: Return) -> None:
    """Proceedings, protection, risk and the reflection period are one line to them."""
    LegalProtection.objects.filter(case=way.case_id).update(proceedings="open")
    for name in ABROAD:
        for address in ("return_ready", "return"):
            body = main_of(get(getattr(people, name), address, way.pk))
            for words in (
                "roceedings",
                "rotection",
                "reflection",
                "testify",
                "danger",
                "interests",
                "cleared",
            ):
                assert words not in body, (name, address, words)
        missing = [each["line"].sentence for each in read(people, name, way).context["missing"]]
        assert "Nothing stands against the departure where the child is now." in missing
    assert "Proceedings are over" in read(people, "ana", way).content.decode()


@pytest.mark.parametrize("name", ["eskort", "konsul"])
def test_the_step_itself_says_no_more(people: Company, way: Return, name: str) -> None:
    ways.assent_given(people, way)
    ways.certified_fit(people, way)
    ways.step(way, "make_ready", people.sami)
    body = main_of(get(getattr(people, name), "return_step", way.pk, "depart"))
    assert "Nothing stands against the departure where the child is now." in body
    for words in ("roceedings", "rotection", "reflection", "testify", "danger", "best interests", "cleared"):
        assert words not in body, words
    assert "I have compared the child with the travel document." in body


@pytest.mark.parametrize("name", ["ana", "tomas", "eskort"])
def test_once_the_child_has_departed_nothing_is_missing(people: Company, case: Case, name: str) -> None:
    departed = ways.at(people, case, "departed")
    # What was said for the journey has grown old since.
    TravelFitness.objects.filter(case=case).update(is_fit=False)
    shown = read(people, name, departed)
    assert (shown.context["missing"], shown.context["there"]) == ([], [])
    assert "Nothing is missing for the departure any more." in shown.content.decode()


def test_strangers_find_nothing(people: Company, way: Return) -> None:
    cast = people.cast
    for stranger in (cast.omar, cast.petra, cast.aida, cast.stella, cast.admin, people.fokus, people.pavel):
        assert get(stranger, "return_ready", way.pk).status_code == 404


def test_each_look_is_recorded(people: Company, way: Return) -> None:
    read(people, "ana", way)
    read(people, "konsul", way)
    events = AuditEvent.objects.filter(case_id=way.case_id, verb="return.read").order_by("-id")
    assert [(event.actor, event.sections) for event in events[:2]] == [
        (people.konsul, []),
        (people.ana, ["return_journey"]),
    ]


def test_what_holds_names_its_numbers_too(people: Company, way: Return) -> None:
    """Such as for how many days the decision carries a departure."""
    page = main_of(read(people, "ana", way))
    assert "at most 183 days old on the day of departure" in page
    assert "…" not in page


def test_when_all_is_there_the_next_step_is_offered(people: Company, way: Return) -> None:
    ways.assent_given(people, way)
    ways.certified_fit(people, way)
    page = read(people, "sami", way)
    assert page.context["missing"] == []
    assert [edge.name for edge, _url, _on in page.context["steps"]] == ["make_ready"]
    ways.step(way, "make_ready", people.sami)
    assert [edge.name for edge, _url, _on in read(people, "eskort", way).context["steps"]] == ["depart"]
    assert (
        "Readiness ends on Tuesday 23 June 2026, 00:00 by itself" in read(people, "ana", way).content.decode()
    )
