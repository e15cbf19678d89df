"""From what to what: each event of the history with the changes of its own write, cut to the reader's sections."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.models import AuditEvent
from cases.casefile import Change, changes_of
from cases.models import Case, Person
from cases.models.choices import Basis, Purpose, Risk, Safety
from cases.services.assignment import assign_worker
from cases.services.identity import add_name, record_identity, remove_name
from cases.services.risk import assess_risk
from cases.services.steps import take_step
from cases.timeline import in_words
from tests.cases import files
from tests.cases.asking import get, last
from tests.cases.whole_file import put
from tests.cast import Cast
from tests.test_budgets import QUERIES, visit

EVERYTHING = list(Section)


def changes(case: Case, verb: str, sections: list[Section] = EVERYTHING, **options: Any) -> list[Change]:
    act = last(case.pk, verb).act
    assert act is not None
    return changes_of(case.pk, [act], sections, **options).get(act, [])


def told(found: list[Change]) -> set[tuple[str, str, str]]:
    return {(change.label, change.before, change.after) for change in found}


def test_an_edit_tells_the_old_and_the_new_value(cast: Cast, case: Case) -> None:
    born = {"birth_date": date(2012, 3, 4)}
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Mira", **born))
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Mirela", **born))
    assert told(changes(case, "identity.changed")) == {("Known as", "Mira", "Mirela")}
    page = get(cast.sami, "case_history", case.pk).content.decode()
    assert "<del><bdi>Mira</bdi></del>" in page
    assert "<ins><bdi>Mirela</bdi></ins>" in page


def test_what_is_new_comes_from_nothing_and_what_is_removed_goes_to_nothing(cast: Cast, case: Case) -> None:
    name = add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="Vo")
    assert told(changes(case, "identity.name_added")) == {("Name", "", "Li Vo"), ("Script", "", "Latin")}
    remove_name(case.pk, name.pk, actor=cast.ana)
    assert told(changes(case, "identity.name_removed")) == {("Removed", "Li Vo; Latin", "")}


def test_a_step_tells_the_stage_once_though_it_saves_twice(cast: Cast, case: Case) -> None:
    files.satisfy_registration(case, cast.ana)
    take_step(case.pk, "register", actor=cast.ana)
    assert ("Stage", "Screening", "Registered") in told(changes(case, "case.register"))
    assess_risk(case.pk, actor=cast.ana, level=Risk.HIGH, safety=Safety.SAFE, child_seen=True, note="n")
    assess_risk(case.pk, actor=cast.ana, level=Risk.LOW, safety=Safety.SAFE, child_seen=True)
    found = changes(case, "risk.assessed")
    assert ("Risk", "High risk", "Low risk") in told(found)
    assert ("Risk", "", "Low risk") in told(found)


def test_what_the_changes_say_is_not_said_twice(cast: Cast, case: Case) -> None:
    event = last(case.pk, "case.begin_screening")
    assert in_words(event, EVERYTHING).detail == "Reported → Screening"
    assert in_words(event, EVERYTHING, changes(case, "case.begin_screening")).detail == ""
    assert in_words(event, EVERYTHING, [Change("The case", "Risk", "", "Low risk")]).detail == (
        "Reported → Screening"
    )


def test_it_opens_nothing_of_a_section_that_the_reader_has_not(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Mirela"))
    assert changes(case, "identity.changed", [Section.RISK, Section.NOTES]) == []
    opened: list[str] = []

    def open_nothing(scope: object, context: str, sealed: bytes) -> bytes:
        opened.append(context)
        return b""

    monkeypatch.setattr("vault.fields.unseal", open_nothing)
    assert changes(case, "identity.changed", [Section.RISK, Section.NOTES]) == []
    assert opened == []


def test_a_row_that_changes_its_section_is_told_to_those_who_see_both(cast: Cast, case: Case) -> None:
    with acting_as(cast.ana):
        person = put(Person, case, role="relative", name="Uncle", added_by=cast.ana)
    with acting_as(cast.ana):
        person.role, person.name = "suspect", "Uncle, suspected"
        person.save()
    act = Person.history.latest().act
    for sections, told_to in (
        ([Section.CONTACTS], False),
        ([Section.ACCOUNT], False),
        ([Section.CONTACTS, Section.ACCOUNT], True),
    ):
        assert bool(changes_of(case.pk, [act], sections).get(act)) is told_to


def test_what_only_the_team_sees_is_told_to_the_team(cast: Cast, case: Case) -> None:
    files.agree(case, cast.ana, Purpose.SERVICES)
    files.satisfy_registration(case, cast.ana)
    assert changes(case, "duplicates.checked", EVERYTHING) == []
    # The check itself tells nothing beside its event: who and when stand in the line already.
    assert changes(case, "duplicates.checked", EVERYTHING, for_team=True) == []
    take_step(case.pk, "suspend", actor=cast.ana, reason="Out since noon.")
    team = {
        label for label, _before, _after in told(changes(case, "case.suspend", EVERYTHING, for_team=True))
    }
    others = {label for label, _before, _after in told(changes(case, "case.suspend", EVERYTHING))}
    assert "Missing since" in team - others
    assert "Stage" in others


def test_a_long_value_shows_where_it_differs(cast: Cast, case: Case) -> None:
    with acting_as(cast.ana):
        person = put(
            Person, case, role="mother", name="M", note="a" * 900 + "OLD" + "b" * 900, added_by=cast.ana
        )
    with acting_as(cast.ana):
        person.note = "a" * 900 + "NEW" + "b" * 900
        person.save()
    act = Person.history.latest().act
    (change,) = changes_of(case.pk, [act], EVERYTHING)[act]
    assert "OLD" in change.before
    assert "NEW" in change.after
    assert len(change.before) < 300
    assert change.before.startswith("…")
    assert change.before.endswith("…")


def test_what_was_written_outside_of_a_service_is_told_beside_no_event(cast: Cast, case: Case) -> None:
    put(Person, case, role="mother", name="Unrecorded", added_by=cast.ana)
    assert "Unrecorded" not in get(cast.ana, "case_history", case.pk).content.decode()


def test_each_write_has_its_own_number(cast: Cast, case: Case) -> None:
    for given in ("A", "B"):
        add_name(case.pk, actor=cast.ana, kind="alias", given=given, family="")
    events = AuditEvent.objects.filter(case_id=case.pk, verb="identity.name_added")
    assert len({event.act for event in events}) == 2
    page = get(cast.ana, "case_history", case.pk).content.decode()
    assert page.count("<ins><bdi>A</bdi></ins>") == page.count("<ins><bdi>B</bdi></ins>") == 1


def test_a_grant_opens_the_changes_of_its_section_only(cast: Cast, case: Case) -> None:
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Mirela"))
    assess_risk(
        case.pk, actor=cast.ana, level=Risk.HIGH, safety=Safety.SAFE, child_seen=True, note="a-buzzard"
    )
    until = clock.now() + timedelta(days=1)
    files.ground(case, Basis.PERSONAL, account=cast.omar, until=until, sections=[Section.RISK])
    page = get(cast.omar, "case_history", case.pk).content.decode()
    assert "a-buzzard" in page
    assert "Mirela" not in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"section": "identity"}, "added a name", "assessed risk"),
        ({"section": "risk"}, "assessed risk", "added a name"),
        ({"section": "nonsense"}, "added a name", "Nothing of this kind happened"),
        ({"by": "nonsense"}, "added a name", "Nothing of this kind happened"),
        ({"by": "00000000-0000-4000-8000-000000000000"}, "Nothing of this kind happened", "added a name"),
    ],
)
def test_it_is_filtered_by_section_and_person(
    cast: Cast, case: Case, query: dict[str, str], there: str, gone: str
) -> None:
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    files.look_at_safety(case, cast.ana)
    page = get(cast.sami, "case_history", case.pk, **query).content.decode()
    assert there in page
    assert gone not in page


def test_it_is_filtered_by_the_person_chosen(cast: Cast, case: Case) -> None:
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="")
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    page = get(cast.sami, "case_history", case.pk, by=cast.sami.pk).content.decode()
    assert "assigned a worker" in page
    assert "added a name" not in page
    assert f'<option value="{cast.ana.pk}">Ana</option>' in page
    assert f'<option value="{cast.sami.pk}" selected>Sami</option>' in page


def test_a_section_that_the_reader_has_not_is_no_filter(cast: Cast, case: Case) -> None:
    until = clock.now() + timedelta(days=1)
    files.ground(case, Basis.PERSONAL, account=cast.omar, until=until, sections=[Section.RISK])
    files.look_at_safety(case, cast.ana)
    page = get(cast.omar, "case_history", case.pk, section="identity").content.decode()
    assert "assessed risk" in page
    assert '<option value="identity"' not in page


def test_the_filter_goes_along_to_older_events(cast: Cast, case: Case) -> None:
    for number in range(30):
        add_name(case.pk, actor=cast.ana, kind="alias", given=f"N{number}", family="")
    page = get(cast.ana, "case_history", case.pk, section="identity", by=cast.ana.pk).content.decode()
    assert f"?section=identity&amp;by={cast.ana.pk}&amp;before=" in page


def test_it_costs_the_same_for_few_events_and_for_many(cast: Cast, case: Case) -> None:
    address = reverse("case_history", args=[case.pk])
    few, _bytes = visit(cast.ana, address)
    for number in range(20):
        add_name(case.pk, actor=cast.ana, kind="alias", given=f"N{number}", family="")
    assert visit(cast.ana, address)[0] == few <= QUERIES
