"""The whole file that its reader may see: on the screen, on paper, and nothing more."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

import clock
from accounts.access import Section
from accounts.models import User
from cases.casefile import CaseFile, case_file
from cases.casefile.parts import CHAPTERS, NOT_IN_THE_FILE, PARTS
from cases.models import Case, Person
from cases.models.choices import Basis
from cases.models.situation import Exploitation
from tests.cases import files
from tests.cases.asking import browser, get, last
from tests.cases.whole_file import DOCUMENTS, NOTES, TAKEN_OVER, WORDS, fill
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.kept import kept
from vault import keys

# Nobody holds `documents` itself but by a personal grant: each document bears the section that opens it.
WHOLE = frozenset(Section.values) - {"documents"}
HOLDS: Mapping[str, frozenset[str]] = {
    "assigned": WHOLE | {"team"},
    "agency": WHOLE | {"team"},
    "consular": frozenset({"identity"}),
    "panel": frozenset(
        {"identity", "contacts", "account", "risk", "legal", "rehabilitation"}
        | {"return_decision", "return_journey"}
    ),
    "emergency": frozenset({"identity", "contacts", "shelter", "risk", "medical", "return_journey"}),
    "referred": frozenset(),
} | {
    f"personal {section.value}": frozenset({section.value})
    # A document goes with its section: the label alone opens nothing.
    for section in Section
    if section != Section.DOCUMENTS
}
WHO: Mapping[str, tuple[str, Basis]] = {
    "consular": ("konsul", Basis.REQUEST),
    "panel": ("pia", Basis.PANEL),
    "emergency": ("omar", Basis.EMERGENCY),
    "referred": ("fokus", Basis.REFERRAL),
}


@kept
def full(cast: Cast, case: Case) -> Case:
    fill(case, cast.ana, cast.omar.agency)
    return files.fresh(case)


def let_in(case: Case, cast: Cast, relation: str) -> User:
    if relation in ("assigned", "agency"):
        return cast.ana if relation == "assigned" else cast.sami
    name, basis = WHO.get(relation, ("tomas", Basis.PERSONAL))
    viewer: User = getattr(cast, name)
    given: dict[str, Any] = {}
    if basis == Basis.PERSONAL:
        sections = [Section(relation.removeprefix("personal "))]
        given = {"until": clock.now() + timedelta(days=1), "sections": sections}
    files.ground(case, basis, account=viewer, **given)
    return viewer


def expected(held: frozenset[str]) -> set[str]:
    """What a reader of these sections finds. A note needs its section and the notes; a goal its track or the plan."""
    words = {word for section in held & WORDS.keys() for word in WORDS[section]}
    words |= {DOCUMENTS[section] for section in held & DOCUMENTS.keys()}
    words |= {TAKEN_OVER[section] for section in held & TAKEN_OVER.keys()}
    words |= {NOTES[section] for section in held & NOTES.keys() if "notes" in held}
    words |= {
        f"goal-of-{track}" for track in ("legal", "medical", "rehabilitation") if held & {track, "plan"}
    }
    return words | ({"police-reference-of-a-kite"} if "account" in held else set())


CHECK = "Is this paper genuine? Enter its code at http://testserver/verify"
EVERYTHING = expected(HOLDS["assigned"] | {"documents"})


def planted(text: str) -> set[str]:
    """Whole words: `note-on-plan` is not `note-on-plans`."""
    found = set(re.findall(r"[\w-]+", text))
    return {word for word in EVERYTHING if word in found}


def test_who_may_read_it(cast: Cast, case: Case) -> None:
    for page in ("case_file", "case_file_pdf"):
        assert [get(p, page, case.pk).status_code for p in (cast.ana, cast.sami)] == [200] * 2
        strangers = (cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, cast.stella)
        assert {get(person, page, case.pk).status_code for person in strangers} == {404}


def test_it_is_read_only(cast: Cast, case: Case) -> None:
    for page in ("case_file", "case_file_pdf"):
        assert browser(cast.ana).post(reverse(page, args=[case.pk])).status_code == 405


@pytest.mark.parametrize("relation", HOLDS)
def test_each_reader_sees_exactly_their_sections_on_both(cast: Cast, full: Case, relation: str) -> None:
    viewer = let_in(full, cast, relation)
    page = get(viewer, "case_file", full.pk).content.decode()
    paper = get(viewer, "case_file_pdf", full.pk)
    assert planted(" ".join(shown(page))) == expected(HOLDS[relation])
    if relation == "emergency":
        assert paper.status_code == 404
        return
    on_screen, on_paper = words(shown(page)), words(printed(paper.content))
    assert on_screen - on_paper == Counter()
    for left_out in ("REMOVED", "QUARANTINED"):
        assert left_out not in page
        assert not any(left_out in word for word in on_paper)


def test_paper_says_nothing_more_than_the_page(cast: Cast, full: Case) -> None:
    page, paper = (get(cast.ana, name, full.pk) for name in ("case_file", "case_file_pdf"))
    sections = [section for section in Section if section in WHOLE]
    file = case_file(full.pk, sections, for_team=True)
    head = [f"Case {file.code}", moment_of(page), *around(file, paper.content, moment_of(page))]
    head += ["Where to check this paper", CHECK]
    assert words(printed(paper.content)) - words(shown(page.content.decode())) - words(head) == Counter()


def moment_of(page: Any) -> str:
    return str(page.context["moment"])


def around(file: CaseFile, paper: bytes, moment: str) -> Iterable[str]:
    total = len(pypdfium2.PdfDocument(BytesIO(paper)))
    (code,) = set(re.findall(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]", " ".join(printed(paper))))
    return [
        text
        for number in range(1, total + 1)
        for text in (file.code, "Ana", moment, f"Page {number} of {total}", CHECK, code)
    ]


class FileText(HTMLParser):
    """What the part of the page that is the file shows, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div" and (self._depth or dict(attrs).get("id") == "file"):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth and data.strip():
            self.pieces.append(data)


def shown(page: str) -> list[str]:
    reader = FileText()
    reader.feed(page)
    return reader.pieces


def printed(paper: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(paper))
    return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def words(texts: Iterable[str]) -> Counter[str]:
    """Every word as often as it stands there: composed and compatible, without signs of direction."""
    found: Counter[str] = Counter()
    for text in texts:
        plain = unicodedata.normalize("NFKC", unescape(text))
        found.update(
            re.findall(r"\w+", "".join(sign for sign in plain if unicodedata.category(sign) != "Cf"))
        )
    return found


def test_reading_is_recorded_with_all_that_was_shown(cast: Cast, full: Case) -> None:
    get(cast.sami, "case_file", full.pk)
    assert set(last(full.pk, "case.read").sections) == WHOLE
    get(cast.sami, "case_file_pdf", full.pk)
    event = last(full.pk, "case.exported")
    assert event.actor == cast.sami
    assert set(event.sections) == WHOLE
    assert event.details["basis"] == [Basis.TEAM]
    assert "took the file away as a PDF" in get(cast.aida, "case_access", full.pk).content.decode()


def test_paper_stays_out_of_caches_and_names_nobody(cast: Cast, full: Case) -> None:
    answer = get(cast.ana, "case_file_pdf", full.pk)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="case-{full.code}.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    metadata = pypdfium2.PdfDocument(BytesIO(answer.content)).get_metadata_dict()
    assert metadata["Title"] == f"case-{full.code}"
    assert not any(word in str(metadata) for word in EVERYTHING)


def test_it_speaks_the_readers_language(cast: Cast, full: Case) -> None:
    cast.ana.language = "ru"
    cast.ana.save()
    page = get(cast.ana, "case_file", full.pk).content.decode()
    assert 'lang="ru"' in page
    with override("ru"):
        kind = str(Exploitation.SEXUAL.label)
    assert kind != "Sexual exploitation"
    assert kind in page
    assert "Страница 1" in " ".join(printed(get(cast.ana, "case_file_pdf", full.pk).content))


def test_it_costs_few_queries(cast: Cast, full: Case) -> None:
    for page in ("case_file", "case_file_pdf", "case_history"):
        client = browser(cast.ana)
        keys.forget_cached()
        with (
            CaptureQueriesContext(connections["default"]) as application,
            CaptureQueriesContext(connections["keys"]) as store,
        ):
            assert client.get(reverse(page, args=[full.pk])).status_code == 200
        # What leaves on paper is kept with its code, and recorded: a write.
        assert len(application) + len(store) <= (24 if page == "case_file_pdf" else 12), page


def test_the_day_is_chosen_in_three_boxes_and_stands_in_the_address(cast: Cast, case: Case) -> None:
    today = clock.today("Europe/Vienna")
    answer = get(cast.ana, "case_file", case.pk, on_day=today.day, on_month=today.month, on_year=today.year)
    address = f"{reverse('case_file', args=[case.pk])}?on={today}"
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = browser(cast.ana).get(address)
    assert page.status_code == 200
    assert f"/case-file.pdf?on={today}" in page.content.decode()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2099-01-01", "This day has not come yet."),
        ("1999-01-01", "The case had not begun on this day."),
        ("2026-02-30", "There is no such day."),
        ("1901-01-01", "The case had not begun on this day."),
        ("0001-01-01", "between 1900 and 2199"),
        ("9999-12-31", "between 1900 and 2199"),
        ("yesterday", "There is no such day."),
        ("2026", "There is no such day."),
        ("\x00", "There is no such day."),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence(cast: Cast, case: Case, on: str, sentence: str) -> None:
    page = get(cast.ana, "case_file", case.pk, on=on)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert shown(page.content.decode()) == []
    paper = get(cast.ana, "case_file_pdf", case.pk, on=on)
    assert paper.status_code == 302
    assert browser(cast.ana).get(paper["Location"]).status_code == 422


def test_a_day_ends_where_the_agency_works(cast: Cast, clock_at: ClockHand) -> None:
    """23:30 and 00:30 in Vienna are two days there, and one day in UTC."""
    clock_at(datetime(2031, 3, 10, 9, tzinfo=UTC))
    case = files.screened(cast)
    clock_at(datetime(2031, 3, 10, 22, 30, tzinfo=UTC))
    mother = Person(case=case, role="mother", added_by=cast.ana)
    mother.name = "before-midnight"
    mother.save()
    clock_at(datetime(2031, 3, 10, 23, 30, tzinfo=UTC))
    mother.name = "after-midnight"
    mother.save()
    clock_at(datetime(2031, 3, 12, 9, tzinfo=UTC))
    pages = {
        on: get(cast.ana, "case_file", case.pk, on=f"2031-03-{on}").content.decode() for on in (9, 10, 11)
    }
    assert "The case had not begun on this day." in pages[9] or "There is no such day" in pages[9]
    assert "before-midnight" in pages[10]
    assert "after-midnight" not in pages[10]
    assert "after-midnight" in pages[11]


def test_every_kind_of_row_stands_in_the_file_or_says_why_not() -> None:
    tracked = {model for model in apps.get_app_config("cases").get_models() if hasattr(model, "history")} - {
        model for model in apps.get_models() if hasattr(model, "instance_type")
    }
    described = {part.model for part in PARTS}
    assert tracked - described == set(NOT_IN_THE_FILE)
    assert described & set(NOT_IN_THE_FILE) == set()
    assert {part.chapter for part in PARTS} == set(CHAPTERS)


def test_every_kind_of_row_is_told_once_with_labels_of_its_own(cast: Cast, full: Case) -> None:
    file = case_file(full.pk, list(Section), for_team=True)
    assert [chapter.title for chapter in file.chapters] == [str(title) for title in CHAPTERS.values()]
    for chapter in file.chapters:
        for entry in chapter.entries:
            labels = [fact.label for fact in entry.facts]
            assert len(labels) == len(set(labels)), (entry.title, labels)
            assert entry.title
