"""Notes: who writes them, who reads them, and how one is put right."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, Note
from cases.models.choices import Basis
from cases.permissions import grounds, note_labels, notes_visible
from cases.services.access import end_access
from cases.services.notes import write_note
from tests.cases import files
from tests.cases.asking import browser, get, last, post, statuses
from tests.cases.planning import let_read
from tests.cast import Cast
from tests.test_budgets import visit


def form(**changes: Any) -> dict[str, Any]:
    return {"section": "legal", "words": "The lawyer rang."} | changes


def a_note(case: Case, writer: User, section: Section = Section.LEGAL, words: str = "w") -> Note:
    return write_note(case.pk, actor=writer, section=section, words=words)


def read_by(case: Case, people: Iterable[User]) -> list[list[str]]:
    """The words of the notes that each of these reads, oldest first."""
    return [[note.words for note in notes_visible(person, case).order_by("written_at")] for person in people]


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "note_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami], "note_new", case.pk, **form()) == [403]
    assert not Note.objects.exists()
    assert statuses([cast.ana], "note_new", case.pk, **form()) == [302]
    note = Note.objects.get()
    assert (note.section, note.words) == ("legal", "The lawyer rang.")
    assert (note.written_by, note.agency) == (cast.ana, cast.ana.agency)
    assert [get(person, "notes", case.pk).status_code for person in strangers] == [404] * 6
    assert "The lawyer rang." in get(cast.sami, "notes", case.pk).content.decode()


def test_a_partner_writes_in_the_section_that_it_was_given_to_write(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    let_read(case, cast.tomas, Section.LEGAL, Section.NOTES)
    assert statuses([cast.petra], "note_new", case.pk, **form()) == [302]
    assert statuses([cast.petra], "note_new", case.pk, **form(section="medical")) == [422]
    assert statuses([cast.tomas], "note_new", case.pk, **form()) == [403]
    with pytest.raises(PermissionDenied):
        a_note(case, cast.petra, Section.MEDICAL)


def test_labels_are_those_of_the_sections_that_one_writes(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    let_read(case, cast.petra, Section.MEDICAL)
    let_read(case, cast.konsul, Section.LEGAL, Section.NOTES)
    files.ground(case, Basis.EMERGENCY, account=cast.omar)

    def labels(person: User) -> set[Section]:
        return set(note_labels(grounds(person, case)))

    everything = set(Section) - {Section.DOCUMENTS}
    assert labels(cast.ana) == labels(cast.ben) == everything
    # A supervisor reads notes; that it writes the plan makes it no writer of notes.
    assert labels(cast.sami) == set()
    assert labels(cast.petra) == {Section.LEGAL}
    assert labels(cast.konsul) == labels(cast.omar) == set()


def test_a_note_is_read_by_who_may_read_notes_and_its_section(cast: Cast, case: Case) -> None:
    for section in (Section.LEGAL, Section.MEDICAL, Section.NOTES):
        a_note(case, cast.ana, section, section.value)
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.NOTES, Section.LEGAL)
    let_read(case, cast.fokus, Section.NOTES)
    files.ground(case, Basis.EMERGENCY, account=cast.omar)
    files.ground(case, Basis.PANEL, account=cast.pia)
    readers = [cast.ana, cast.sami, cast.tomas, cast.fokus, cast.petra, cast.omar, cast.pia, cast.ben]
    assert read_by(case, readers) == [
        ["legal", "medical", "notes"],
        ["legal", "medical", "notes"],
        ["legal", "notes"],
        ["notes"],
        [],
        [],
        [],
        [],
    ]


def test_a_partners_agency_keeps_its_own_notes_while_it_has_any_access(cast: Cast, case: Case) -> None:
    colleague = User.objects.create_account(
        "pavla", None, name="Pavla", role="service_provider", agency=cast.petra.agency
    )
    grant = let_read(case, cast.petra, Section.LEGAL, may_write=True)
    a_note(case, cast.ana, Section.LEGAL, "ours")
    a_note(case, cast.petra, Section.LEGAL, "theirs")
    last_hold = let_read(case, colleague, Section.IDENTITY)
    assert read_by(case, [cast.petra, colleague, cast.ana]) == [["theirs"], ["theirs"], ["ours", "theirs"]]
    end_access(case.pk, grant.pk, actor=cast.sami)
    assert read_by(case, [cast.petra, colleague]) == [[], ["theirs"]]
    end_access(case.pk, last_hold.pk, actor=cast.sami)
    assert read_by(case, [colleague]) == [[]]


def test_the_whole_file_of_a_partner_has_its_own_notes_and_no_other(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    a_note(case, cast.ana, Section.LEGAL, "ours")
    a_note(case, cast.petra, Section.LEGAL, "theirs")
    file = get(cast.petra, "case_file", case.pk).content.decode()
    assert ("theirs" in file, "ours" in file) == (True, False)


def test_inside_the_owning_agency_sections_decide_and_ones_own_stay(cast: Cast, case: Case) -> None:
    """Else anybody of that agency with a grant for one section would read all that its colleagues wrote."""
    a_note(case, cast.ana, Section.ACCOUNT, "by-ana")
    let_read(case, cast.ben, Section.LEGAL, may_write=True)
    a_note(case, cast.ben, Section.LEGAL, "by-ben")
    assert read_by(case, [cast.ben]) == [["by-ben"]]


def test_a_note_of_another_file_is_in_no_list_here(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    a_note(other, cast.ana, Section.LEGAL, "elsewhere")
    assert read_by(case, [cast.ana]) == [[]]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"section": ""}, "Choose an answer."),
        ({"section": "documents"}, "documents"),
        ({"section": "weather"}, "weather"),
        ({"words": "\u200b"}, "We need an answer here."),
        ({"words": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "note_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Note.objects.exists()


def test_a_correction_names_the_note_that_it_replaces_and_shows_both(cast: Cast, case: Case) -> None:
    note = a_note(case, cast.ana, Section.LEGAL, "The hearing is on Monday.")
    address = f"{reverse('note_new', args=[case.pk])}?corrects={note.pk}"
    assert f"?corrects={note.pk}" in get(cast.ana, "notes", case.pk).content.decode()
    page = get(cast.ana, "note_new", case.pk, corrects=note.pk).content.decode()
    assert "The hearing is on Monday." in page
    sent = form(words="The hearing is on Tuesday.")
    answer = browser(cast.ana).post(address, sent)
    assert answer.status_code == 302
    correction = Note.objects.get(corrects=note)
    assert (correction.words, correction.section) == ("The hearing is on Tuesday.", "legal")
    assert Note.objects.get(pk=note.pk).words == "The hearing is on Monday."
    shown = get(cast.sami, "notes", case.pk).content.decode()
    assert "Corrected later" in shown
    assert shown.count("The hearing is on Monday.") == 2
    assert f"?corrects={note.pk}" not in get(cast.ana, "notes", case.pk).content.decode()
    event = last(case.pk, "note.corrected")
    assert (event.sections, event.details) == (["legal"], {"label": "legal"})


def test_a_note_is_corrected_once_under_its_own_label(cast: Cast, case: Case) -> None:
    note = a_note(case, cast.ana)
    with pytest.raises(Invalid):
        write_note(case.pk, actor=cast.ana, section=Section.MEDICAL, words="w", corrects=note.pk)
    write_note(case.pk, actor=cast.ana, section=Section.LEGAL, words="v", corrects=note.pk)
    with pytest.raises(Invalid):
        write_note(case.pk, actor=cast.ana, section=Section.LEGAL, words="u", corrects=note.pk)
    assert get(cast.ana, "note_new", case.pk, corrects=note.pk).status_code == 302


def test_a_note_that_one_does_not_read_cannot_be_corrected(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    note, other = a_note(case, cast.ana), a_note(files.screened(cast), cast.ana)
    assert get(cast.petra, "note_new", case.pk, corrects=note.pk).status_code == 404
    with pytest.raises(Note.DoesNotExist):
        write_note(case.pk, actor=cast.petra, section=Section.LEGAL, words="w", corrects=note.pk)
    for wrong in (other.pk, uuid4(), "x", ""):
        assert get(cast.ana, "note_new", case.pk, corrects=wrong).status_code == 404


def test_a_correction_shows_no_note_that_its_reader_may_not_read(cast: Cast, case: Case) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL, Section.NOTES, may_write=True)
    note = a_note(case, cast.ana, Section.LEGAL, "only-for-readers-of-notes")
    write_note(case.pk, actor=cast.petra, section=Section.LEGAL, words="put right", corrects=note.pk)
    assert "only-for-readers" in get(cast.petra, "notes", case.pk).content.decode()
    let_read(case, cast.petra, Section.IDENTITY)
    end_access(case.pk, grant.pk, actor=cast.sami)
    page = get(cast.petra, "notes", case.pk).content.decode()
    assert "put right" in page
    assert "only-for-readers" not in page


def test_the_list_is_filtered_by_label_and_person(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    a_note(case, cast.ana, Section.LEGAL, "legal-by-ana")
    a_note(case, cast.ana, Section.MEDICAL, "medical-by-ana")
    a_note(case, cast.petra, Section.LEGAL, "legal-by-petra")

    def shown(**query: Any) -> set[str]:
        page = get(cast.sami, "notes", case.pk, **query).content.decode()
        return {word for word in ("legal-by-ana", "medical-by-ana", "legal-by-petra") if word in page}

    assert shown(section="legal") == {"legal-by-ana", "legal-by-petra"}
    assert shown(section="legal", person=cast.petra.pk) == {"legal-by-petra"}
    assert shown(person=cast.ana.pk) == {"legal-by-ana", "medical-by-ana"}
    assert shown(section="shelter") == set()
    everything = {"legal-by-ana", "medical-by-ana", "legal-by-petra"}
    assert shown(section="' OR 1=1", person="nobody") == everything


def test_a_filter_opens_nothing(cast: Cast, case: Case) -> None:
    a_note(case, cast.ana, Section.MEDICAL, "medical-goldfinch")
    let_read(case, cast.petra, Section.LEGAL, Section.NOTES)
    for query in ({"section": "medical"}, {"person": cast.ana.pk}):
        page = get(cast.petra, "notes", case.pk, **query).content.decode()
        assert "goldfinch" not in page
        assert "Ana" not in page


def test_the_newest_comes_first_and_pages_follow(cast: Cast, case: Case) -> None:
    for number in range(22):
        a_note(case, cast.ana, words=f"words-{number:02}")
    first = get(cast.ana, "notes", case.pk).content.decode()
    assert first.index("words-21") < first.index("words-20")
    assert "words-01" not in first
    second = get(cast.ana, "notes", case.pk, page=2, section="legal").content.decode()
    assert "words-01" in second
    assert "section=legal&amp;page=1" in second
    few, _bytes = visit(cast.ana, reverse("notes", args=[case.pk]))
    for number in range(22):
        a_note(case, cast.ana, words=f"more-{number:02}")
    assert visit(cast.ana, reverse("notes", args=[case.pk]))[0] == few <= 12


def test_a_closed_file_gets_no_note(cast: Cast) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    assert post(cast.ana, "note_new", closed.pk, **form()).status_code == 422
    assert "Write a note" not in get(cast.ana, "notes", closed.pk).content.decode()


def test_the_history_tells_that_one_was_written_to_readers_of_its_section(cast: Cast, case: Case) -> None:
    a_note(case, cast.ana, Section.MEDICAL, "the-note-of-the-nuthatch")
    let_read(case, cast.petra, Section.LEGAL)
    assert "wrote a note" in get(cast.sami, "case_history", case.pk).content.decode()
    assert "wrote a note" not in get(cast.petra, "case_history", case.pk).content.decode()
    assert "nuthatch" not in str(list(AuditEvent.objects.filter(case_id=case.pk).values()))


def test_an_empty_page_says_what_to_do(cast: Cast, case: Case) -> None:
    assert "Write down what the next person" in get(cast.ana, "notes", case.pk).content.decode()
    let_read(case, cast.petra, Section.LEGAL)
    assert "No note for you here" in get(cast.petra, "notes", case.pk).content.decode()
