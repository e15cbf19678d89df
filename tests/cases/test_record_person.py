"""People around the child, those suspected apart, and what follows from a conflict of interest."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, Person
from cases.models.choices import Basis
from cases.models.people import Conflict, Contact, PersonRole
from cases.services.people import Particulars, add_person, change_person
from cases.services.steps import take_step
from cases.services.tracks import take_track_step
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from workflow import deadlines

CONFLICT = "representative_conflict"


def form(**changes: Any) -> dict[str, Any]:
    settled = {"role": "mother", "name": "Mira Vosk", "contact": "safe", "conflict": "none"}
    return settled | changes


def recorded(case: Case, by: User, role: str = PersonRole.MOTHER, **changes: Any) -> Person:
    named = Particulars(role=role, **({"name": f"The {role}"} | changes))
    return add_person(case.pk, actor=by, told=named)


def given(case: Case, user: User, *sections: Section, may_write: bool = False) -> None:
    until = clock.now() + timedelta(days=1)
    files.ground(case, Basis.PERSONAL, account=user, until=until, sections=sections, may_write=may_write)


def step(case: Case, by: User, edge: str, reason: str = "", **values: Any) -> None:
    """One of the strand of representation, taken today."""
    values |= {"happened_on": clock.today(case.agency.time_zone)}
    take_track_step(case.pk, "representation", edge, actor=by, values=values, reason=reason)


def appointed(case: Case, by: User, role: str = PersonRole.GUARDIAN) -> Person:
    guardian = recorded(case, by, role)
    step(case, by, "request_representative", authority="Court", pending_because="It sits on Monday.")
    step(case, by, "appoint_representative", person=guardian, authority="Court", number="12/7")
    return guardian


def seen_on(page: Any) -> str:
    """Which state of a row a page showed."""
    (found,) = re.findall(r'name="seen" value="([^"]+)"', page.content.decode())
    return str(found)


def sent(person: Person, **changes: Any) -> dict[str, Any]:
    settled = {"role": person.role, "name": person.name, "contact": person.contact}
    return settled | {"conflict": person.conflict} | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "person_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami], "person_new", case.pk, **form()) == [403]
    assert not Person.objects.exists()
    assert statuses([cast.ana], "person_new", case.pk, **form()) == [302]
    assert Person.objects.get().added_by == cast.ana


def test_changing_and_removing_ask_the_same_questions(cast: Cast, case: Case, nora: User) -> None:
    mother = recorded(case, cast.ana)
    for name, data in (("person_edit", sent(mother, name="Another")), ("person_remove", {})):
        assert statuses([cast.omar, cast.ben, nora], name, case.pk, mother.pk, **data) == [404] * 3
        assert statuses([cast.sami], name, case.pk, mother.pk, **data) == [403]
    mother.refresh_from_db()
    assert (mother.name, mother.removed_at) == ("The mother", None)


def test_everything_that_is_told_is_kept(cast: Cast, case: Case) -> None:
    asked = form(
        telephone="+00 1",
        address="Mill Lane 3",
        languages="Romani",
        country="XB",
        agency=cast.petra.agency.pk,
        note="Works at night.",
        contact="unsafe",
        conflict="suspects_side",
    )
    assert post(cast.ana, "person_new", case.pk, **asked).status_code == 302
    person = Person.objects.get()
    assert (person.telephone, person.address, person.languages) == ("+00 1", "Mill Lane 3", "Romani")
    assert (person.country, person.agency, person.note) == ("XB", cast.petra.agency, "Works at night.")
    assert (person.contact, person.conflict) == (Contact.UNSAFE, Conflict.FAMILY_OF_SUSPECT)
    page = get(cast.sami, "people", case.pk).content.decode()
    for words in ("Mira Vosk", "+00 1", "Mill Lane 3", "Romani", "Belmora", "Contact is dangerous"):
        assert words in page
    assert "Close to somebody who is suspected" in page
    assert 'href="/cases/' in page
    assert f"people/{person.pk}/" not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"role": ""}, "Choose an answer."),
        ({"role": "neighbour"}, "Choose one of the answers"),
        ({"name": " \u200b "}, "We need an answer here."),
        ({"contact": ""}, "Choose an answer."),
        ({"conflict": "some"}, "Choose one of the answers"),
        ({"country": "ZZ"}, "Choose one of the answers"),
        ({"telephone": "9" * 61}, "60"),
        ({"agency": str(uuid4())}, "Choose one of the answers"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "person_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Person.objects.exists()


def test_suspects_are_for_those_who_may_read_what_happened(cast: Cast, case: Case) -> None:
    suspect = recorded(case, cast.ana, PersonRole.SUSPECT, name="Gradan the driver")
    mother = recorded(case, cast.ana, name="Mira Vosk")
    given(case, cast.petra, Section.CONTACTS)
    given(case, cast.tomas, Section.ACCOUNT)
    for reader, seen, hidden in (
        (cast.petra, "Mira Vosk", "Gradan"),
        (cast.tomas, "Gradan", "Mira Vosk"),
    ):
        page = get(reader, "people", case.pk).content.decode()
        assert seen in page
        assert hidden not in page
    history = get(cast.petra, "case_history", case.pk).content.decode()
    assert "recorded a person" in history
    assert "Suspected of the exploitation" not in history
    assert statuses([cast.petra], "person_edit", case.pk, suspect.pk, **sent(suspect)) == [404]
    assert statuses([cast.tomas], "person_edit", case.pk, mother.pk, **sent(mother)) == [404]


def test_a_partner_records_only_those_of_the_section_that_it_writes(cast: Cast, case: Case) -> None:
    given(case, cast.petra, Section.CONTACTS, may_write=True)
    assert statuses([cast.petra], "person_new", case.pk, **form(role="suspect")) == [422]
    assert statuses([cast.petra], "person_new", case.pk, **form()) == [302]


def test_a_suspect_is_not_made_of_somebody_else(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana)
    answer = post(cast.ana, "person_edit", case.pk, mother.pk, **sent(mother, role="suspect"))
    assert answer.status_code == 422
    with pytest.raises(Invalid) as refused:
        change_person(case.pk, mother.pk, actor=cast.ana, told=Particulars(role="suspect", name="X"))
    assert refused.value.field == "role"
    mother.refresh_from_db()
    assert mother.role == PersonRole.MOTHER


def test_a_change_is_kept_with_what_was_before(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana)
    asked = sent(mother, name="Mira Belan", contact="unsafe")
    for _click in range(2):
        assert post(cast.ana, "person_edit", case.pk, mother.pk, **asked).status_code == 302
    assert [row.name for row in mother.history.all()] == ["Mira Belan", "The mother"]
    event = last(case.pk, "person.changed")
    assert event.details == {"person_role": "mother", "conflict": "none", "fields": ["contact", "name"]}
    assert event.sections == ["contacts"]
    assert AuditEvent.objects.filter(verb="person.changed").count() == 1


def test_the_form_shows_what_is_stored(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana, name="Mira Vosk", address="Mill Lane 3", country="XB")
    page = get(cast.ana, "person_edit", case.pk, mother.pk).content.decode()
    assert 'value="Mira Vosk"' in page
    assert "Mill Lane 3" in page
    assert '<option value="XB" selected>' in page


def test_the_second_of_two_who_change_a_person_sees_both_values_and_chooses(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana, telephone="+00 1")
    shown = seen_on(get(cast.ana, "person_edit", case.pk, mother.pk))
    told = Particulars(role="mother", name="The mother", telephone="+00 2")
    change_person(case.pk, mother.pk, actor=cast.ana, told=told)
    mine = sent(mother, telephone="+00 3")
    answer = post(cast.ana, "person_edit", case.pk, mother.pk, **mine, seen=shown)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody else has saved this meanwhile." in page
    assert 'value="+00 3"' in page
    assert "+00 2" in page
    mother.refresh_from_db()
    assert mother.telephone == "+00 2"
    again = post(cast.ana, "person_edit", case.pk, mother.pk, **mine, seen=seen_on(answer))
    assert again.status_code == 302
    mother.refresh_from_db()
    assert mother.telephone == "+00 3"


def test_a_removed_person_leaves_the_page_and_stays_in_history(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana, name="Mira Vosk")
    assert post(cast.ana, "person_remove", case.pk, mother.pk).status_code == 302
    assert "Mira Vosk" not in get(cast.ana, "people", case.pk).content.decode()
    assert [row.name for row in mother.history.all()] == ["Mira Vosk", "Mira Vosk"]
    assert post(cast.ana, "person_remove", case.pk, mother.pk).status_code == 404
    assert statuses([cast.ana], "person_edit", case.pk, mother.pk, **sent(mother)) == [404]


@pytest.mark.parametrize("name", ["person_edit", "person_remove"])
def test_somebody_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case, name: str) -> None:
    mother = recorded(case, cast.ana)
    mine = files.screened(cast)
    assert statuses([cast.ana], name, mine.pk, mother.pk, **sent(mother)) == [404]
    assert statuses([cast.ana], name, case.pk, uuid4(), **sent(mother)) == [404]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("guardian", "May not speak"),
        ("representative", "May not speak"),
        ("interpreter", "May not translate"),
    ],
)
def test_a_conflict_of_interest_stands_beside_the_name(cast: Cast, case: Case, role: str, words: str) -> None:
    person = recorded(case, cast.ana, role)
    assert words not in get(cast.ana, "people", case.pk).content.decode()
    change_person(
        case.pk, person.pk, actor=cast.ana, told=Particulars(role=role, name="N", conflict=Conflict.OWN_GAIN)
    )
    page = get(cast.ana, "people", case.pk).content.decode()
    assert "Gains from the decision" in page
    assert words in page
    assert CONFLICT not in running(case)


@pytest.mark.parametrize("change", [{"conflict": "own_gain"}, {"role": "interpreter"}])
def test_a_conflict_of_the_appointed_one_is_a_task_at_once(
    cast: Cast, case: Case, change: dict[str, str]
) -> None:
    guardian = appointed(case, cast.ana)
    assert "Appointed" in get(cast.ana, "people", case.pk).content.decode()
    post(cast.ana, "person_edit", case.pk, guardian.pk, **sent(guardian, **change))
    assert CONFLICT in running(case)
    url = reverse("track_step", args=[case.pk, "representation", "report_conflict"])
    assert url in get(cast.ana, "legal", case.pk).content.decode()
    assert "representative has a conflict" in get(cast.sami, "people", case.pk).content.decode()
    reader = get(cast.sami, "legal", case.pk).content.decode()
    assert "representative has a conflict" in reader
    assert url not in reader
    assert reverse("legal", args=[case.pk]) in get(cast.ana, "case", case.pk).content.decode()


def test_it_is_late_at_once_and_the_supervisors_hear_of_it_once(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    guardian = appointed(case, cast.ana)
    post(cast.ana, "person_edit", case.pk, guardian.pk, **sent(guardian, conflict="own_gain"))
    clock_at.forward(timedelta(minutes=1))
    deadlines.sweep()
    post(cast.ana, "person_edit", case.pk, guardian.pk, **sent(guardian, conflict="suspected"))
    deadlines.sweep()
    assert told(cast.sami).count(f"overdue.{CONFLICT}") == 1


def test_a_mistake_put_right_ends_the_task(cast: Cast, case: Case) -> None:
    guardian = appointed(case, cast.ana)
    for conflict in ("own_gain", "none"):
        post(cast.ana, "person_edit", case.pk, guardian.pk, **sent(guardian, conflict=conflict))
    assert CONFLICT not in running(case)


@pytest.mark.parametrize("edge", ["report_conflict", "end_representation"])
def test_reporting_it_ends_the_task(cast: Cast, case: Case, edge: str) -> None:
    guardian = appointed(case, cast.ana)
    post(cast.ana, "person_edit", case.pk, guardian.pk, **sent(guardian, conflict="own_gain"))
    values = {"authority": "Court"} if edge == "report_conflict" else {}
    step(case, cast.ana, edge, "The guardian gains from it.", **values)
    assert CONFLICT not in running(case)
    assert "representative has a conflict" not in get(cast.ana, "legal", case.pk).content.decode()


def test_a_representative_of_earlier_times_starts_nothing(cast: Cast, case: Case) -> None:
    first = appointed(case, cast.ana)
    step(case, cast.ana, "report_conflict", "The guardian moved away.", authority="Court")
    second = recorded(case, cast.ana, PersonRole.REPRESENTATIVE)
    step(case, cast.ana, "appoint_representative", person=second, authority="Court", number="13/7")
    post(cast.ana, "person_edit", case.pk, first.pk, **sent(first, conflict="own_gain"))
    assert CONFLICT not in running(case)
    post(cast.ana, "person_edit", case.pk, second.pk, **sent(second, conflict="own_gain"))
    assert CONFLICT in running(case)


def test_the_appointed_one_is_not_removed(cast: Cast, case: Case) -> None:
    guardian = appointed(case, cast.ana)
    answer = post(cast.ana, "person_remove", case.pk, guardian.pk)
    assert answer.status_code == 302
    guardian.refresh_from_db()
    assert guardian.removed_at is None
    assert "person.removed" not in verbs(case.pk)


def closed(case: Case, cast: Cast) -> Case:
    take_step(
        case.pk,
        "find_not_eligible",
        actor=cast.sami,
        values={"code": "adult", "signpost": "The adults’ centre"},
    )
    return files.fresh(case)


def test_a_file_that_is_not_open_takes_nobody_in(cast: Cast, case: Case) -> None:
    mother = recorded(case, cast.ana)
    closed(case, cast)
    answer = post(cast.ana, "person_new", case.pk, **form(name="Late"))
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    assert statuses([cast.ana], "person_edit", case.pk, mother.pk, **sent(mother, name="Late")) == [422]
    post(cast.ana, "person_remove", case.pk, mother.pk)
    assert [(row.name, row.removed_at) for row in Person.objects.all()] == [("The mother", None)]
    page = get(cast.ana, "people", case.pk).content.decode()
    assert reverse("person_new", args=[case.pk]) not in page


def test_opening_the_page_is_recorded_with_the_sections_shown(cast: Cast, case: Case) -> None:
    get(cast.sami, "people", case.pk)
    assert last(case.pk, "case.read").sections == ["account", "contacts"]
    given(case, cast.petra, Section.CONTACTS)
    get(cast.petra, "people", case.pk)
    assert last(case.pk, "case.read").sections == ["contacts"]


def test_nothing_that_names_a_person_stands_in_clear(cast: Cast, case: Case) -> None:
    recorded(case, cast.ana, name="Zuleyka Canary", telephone="+00 777")
    row = Person.objects.values().get()
    assert "Zuleyka" not in str(row)
    assert "+00 777" not in str(row)
    assert isinstance(row["id"], UUID)
