"""The child is asked about this very journey, shortly before it; and about its time to think."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

import clock
from accounts.access import Section
from accounts.errors import Invalid
from cases.models import Case, LegalProtection
from repatriation.models import Assent, Return
from repatriation.services.readiness import Waiver, record_assent, take_waiver_back, waive_reflection
from tests.cases.asking import day, get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.journeys import in_days
from tests.repatriation.ways import Company, fresh_row


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def planned(people: Company, case: Case) -> Return:
    """All is there but what the child says."""
    found = ways.at(people, case, "travel_planned")
    ways.certified_fit(people, found)
    ways.plan_accepted(people, found)
    return found


@kept
def ready(people: Company, planned: Return) -> Return:
    ways.assent_given(people, planned)
    return ways.step(planned, "make_ready", people.sami)


def assent(**changes: Any) -> dict[str, Any]:
    said = {"kind": "assent", "means": "talk", "words": "Yes, with my bear."}
    return said | day("given_on", in_days(0)) | changes


def waiver(**changes: Any) -> dict[str, Any]:
    said = {"child_wishes": "on", "representative_agrees": "on", "words": "She has packed, and Greta agrees."}
    return said | day("said_on", in_days(0)) | changes


def test_a_yes_makes_the_last_line_whole(people: Company, planned: Return) -> None:
    missing = get(people.ana, "return_ready", planned.pk).content.decode()
    assert "between 13 June 2026 and 20 June 2026" in missing
    assert statuses([people.ana], "return_assent", planned.pk, **assent()) == [302]
    row = Assent.objects.get()
    assert (row.kind, row.means, row.words, row.written_by) == (
        "assent",
        "talk",
        "Yes, with my bear.",
        people.ana,
    )
    event = last(planned.case_id, "return.assent_recorded")
    assert (event.sections, event.details) == ([Section.RETURN_JOURNEY.value], {})
    shared = fresh_row(planned).events.order_by("-number")[0]
    assert (shared.kind, shared.details) == ("assent_recorded", {})
    page = get(people.sami, "return_ready", planned.pk).content.decode()
    assert "Yes, with my bear." in page
    assert "holds until 22 June 2026" in page
    assert ways.step(planned, "make_ready", people.sami).state == "ready"


def test_who_works_on_it_writes_it_down(people: Company, planned: Return) -> None:
    for name, sent in (("return_assent", assent()), ("return_waiver", waiver())):
        strangers = [people.cast.omar, people.cast.aida, people.fokus, people.pavel]
        abroad = [people.konsul, people.tomas, people.eskort]
        assert statuses([*strangers, *abroad], name, planned.pk, **sent) == [404] * 7
        assert statuses([people.sami, people.vera], name, planned.pk, **sent) == [403] * 2
    assert statuses([people.konsul], "return_waiver_back", planned.pk) == [404]
    assert statuses([people.sami], "return_waiver_back", planned.pk) == [403]
    assert not Assent.objects.exists()
    assert fresh_row(planned).reflection_waived_on is None
    with pytest.raises(PermissionDenied):
        take_waiver_back(planned.pk, actor=people.sami)
    with pytest.raises(Return.DoesNotExist):
        take_waiver_back(planned.pk, actor=people.cast.omar)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"words": " \u200b"}, "We need an answer here."),
        (day("given_on", in_days(1)), "This day lies in the future."),
    ],
)
def test_half_an_answer_is_none(
    people: Company, planned: Return, changes: dict[str, Any], sentence: str
) -> None:
    answer = post(people.ana, "return_assent", planned.pk, **assent(**changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Assent.objects.exists()


def test_a_no_takes_readiness_back_at_once(people: Company, ready: Return) -> None:
    no = assent(kind="refused", words="I stay.")
    assert statuses([people.ana], "return_assent", ready.pk, **no) == [302]
    now = fresh_row(ready)
    assert (now.state, now.ready_until) == ("travel_planned", None)
    assert "return.plan_again" in told(people.sami)
    # Those abroad learn that a line is missing, and not what was said.
    for reader in (people.konsul, people.tomas, people.eskort):
        page = get(reader, "return_ready", ready.pk).content.decode()
        assert "The child was asked, and goes along." in page
        assert "I stay." not in page


@pytest.mark.parametrize("days", [2, 3])
def test_an_older_yes_that_is_entered_later_changes_nothing(
    people: Company, ready: Return, days: int
) -> None:
    """What was said last counts, whenever it was written down."""
    record_assent(
        ready.pk,
        actor=people.ana,
        kind="assent",  # type: ignore[arg-type]
        given_on=in_days(-days),
        means="talk",  # type: ignore[arg-type]
        words="Yes.",
    )
    assert fresh_row(ready).state == "ready"


def test_after_the_departure_nobody_is_asked(people: Company, ready: Return) -> None:
    ways.day_has_come(ready)
    ways.step(ready, "depart", people.eskort)
    assert statuses([people.ana], "return_assent", ready.pk, **assent()) == [422]
    assert statuses([people.ana], "return_waiver", ready.pk, **waiver()) == [422]
    assert statuses([people.ana], "return_waiver_back", ready.pk) == [302]
    assert Assent.objects.count() == 1


def reflect_until(way: Return, days: int) -> None:
    LegalProtection.objects.filter(case=way.case_id).update(
        reflection_from=in_days(days) - timedelta(days=30), reflection_until=in_days(days)
    )


def test_the_reflection_period_is_waived_by_both(people: Company, planned: Return) -> None:
    ways.assent_given(people, planned)
    reflect_until(planned, 5)
    page = get(people.ana, "return_ready", planned.pk).content.decode()
    assert "Record the waiver" in page
    assert statuses([people.ana], "return_waiver", planned.pk, **waiver()) == [302]
    row = fresh_row(planned)
    assert (row.reflection_waived_on, row.reflection_words) == (
        in_days(0),
        "She has packed, and Greta agrees.",
    )
    assert last(planned.case_id, "return.reflection_waived").sections == [Section.RETURN_JOURNEY.value]
    # Nobody abroad learns that there was such a period.
    assert not row.events.filter(kind__contains="reflection").exists()
    assert ways.step(planned, "make_ready", people.sami).state == "ready"
    assert statuses([people.ana], "return_waiver_back", planned.pk) == [302]
    row = fresh_row(planned)
    assert (row.state, row.reflection_waived_on, row.reflection_words) == ("travel_planned", None, None)
    assert last(planned.case_id, "return.waiver_taken_back")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("child_wishes", "Only the child’s own wish shortens its time to think."),
        ("representative_agrees", "The representative has to agree as well."),
        ("words", "We need an answer here."),
    ],
)
def test_one_of_the_two_is_not_enough(people: Company, planned: Return, missing: str, sentence: str) -> None:
    sent = {name: value for name, value in waiver().items() if name != missing}
    answer = post(people.ana, "return_waiver", planned.pk, **sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert fresh_row(planned).reflection_waived_on is None


def test_the_service_asks_for_both_too(people: Company, planned: Return) -> None:
    both = {"child_wishes": True, "representative_agrees": True}
    said: dict[str, Any] = {"said_on": clock.today("Europe/Vienna"), "words": "Yes."}
    for wrong in (
        {"child_wishes": False},
        {"representative_agrees": False},
        {"words": " "},
        {"said_on": in_days(1)},
    ):
        with pytest.raises(Invalid):
            waive_reflection(planned.pk, actor=people.ana, waiver=Waiver(**(both | said | wrong)))
    assert take_waiver_back(planned.pk, actor=people.ana).reflection_waived_on is None
