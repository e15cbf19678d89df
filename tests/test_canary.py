"""Canaries are put in through the screens of an installation of its own, used, and looked for wherever bytes can lie.

Short in `make test`; `make trials` goes through files of every kind besides, fills in every form that can be reached,
and writes the figures down.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.embedded.folder import CHECKOUT
from tests.canary.everywhere import Everywhere
from tests.canary.house import PATIENCE, TEMPORARY, House, house_in
from tests.canary.journey import Journey, listening
from tests.canary.looking import Looked, Searcher, hits_of, table, unpacked
from tests.canary.planting import Planter
from tests.canary.screens import Person
from tests.canary.words import Nest, spellings
from tests.config.processes import wait_until

VARIABLE = "CANARY"
LONG = os.environ.get(VARIABLE) == "long"
# For going everywhere.
MINUTES = float(os.environ.get("CANARY_MINUTES", "30"))
REPORT = CHECKOUT / "docs" / "trials" / "canary.md"
CHILDREN = ("first child", "second child") if LONG else ("first child",)
# Who works with files; in this order, so that what one hands on has come when the other looks.
STAFF = (
    *("ana", "sami", "petra", "dr-mila", "lex", "omar", "nora", "tomas", "konsul", "pia", "paula", "eskort"),
    *("fokus", "aida", "hotline", "carla"),
)
REFUSED = {
    **dict.fromkeys(
        ("identity", "people/new", "notes/new", "appointments/new", "documents/new", "risk"), 422
    ),
    **{"without a token": 403, "to another file": 404, "far too long": 413},
    **{"table away": 500, "storage away": 500, "key store away": 500},
}


@dataclass
class Used:
    """A house in which everything was done, and what came of the search in it."""

    house: House
    nest: Nest
    journeys: list[Journey]
    everywhere: Everywhere
    looked: list[Looked]
    patterns: int
    seconds: float


@pytest.fixture(scope="module")
def used() -> Iterator[Used]:
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="homeward-canary-") as folder,
        TemporaryDirectory() as elsewhere,
        house_in(Path(folder), furnished=LONG) as house,
    ):
        nest = Nest()
        people = {name: Person(house, name).signs_in() for name in (STAFF if LONG else ("hotline", "ana"))}
        journeys = [Journey(house, nest, child) for child in CHILDREN]
        for journey in journeys:
            use(journey, people["hotline"], people["ana"], Path(elsewhere))
        everywhere = Everywhere(house, nest)
        if LONG:
            go_everywhere(everywhere, list(people.values()))
        house.sweep_mail()
        wait_until(lambda: house.box.letters, 90)
        looked, patterns = look(house, nest)
        yield Used(house, nest, journeys, everywhere, looked, patterns, time.monotonic() - began)


def go_everywhere(everywhere: Everywhere, people: list[Person]) -> None:
    """Each has a part of what time is left: those who write most come first."""
    for to_the_end in (False, True):
        until = time.monotonic() + MINUTES * 30
        for person in people:
            everywhere.goes(person, to_the_end=to_the_end, seconds=(until - time.monotonic()) / 4)


def use(journey: Journey, hotline: Person, ana: Person, elsewhere: Path) -> None:
    importing = journey.is_imported(elsewhere)
    with listening(journey.house, ana, "/desk/"):
        journey.is_reported(hotline, ana)
    journey.is_known(ana)
    journey.is_written_about(ana)
    journey.is_looked_for(ana)
    journey.is_filled_in_wrongly(ana)
    journey.is_sent_astray(ana)
    assert importing.wait(PATIENCE) == 0
    journey.meets_a_broken_house(hotline, ana)
    journey.is_read(ana)


def look(house: House, nest: Nest) -> tuple[list[Looked], int]:
    places = house.places()
    searcher = Searcher(nest.canaries, house.folder)
    return [searcher.look(place) for place in places], searcher.count


def test_the_canaries_are_nowhere(used: Used) -> None:
    if LONG:
        REPORT.write_text("\n".join(_report(used)) + "\n", encoding="utf-8")
    found = {place: {label for label, _way in hits} for place, hits in hits_of(used.looked).items()}
    assert found == {}


def test_the_canaries_were_taken_shown_and_refused(used: Used) -> None:
    """Else there would be nothing to find."""
    for journey in used.journeys:
        hidden = [label for label, word in journey.put_in.items() if word not in journey.shown]
        assert hidden == []
        assert len(journey.put_in) > 20
        assert journey.refused == REFUSED
    said = (used.house.logs / "command-import_cases").read_text()
    # Whoever comes a second time, born on the same day, is another child only by name.
    assert said.count('"created": 1') >= 1
    assert said.count('"prs_Birthdate"') == len(CHILDREN)
    if LONG:
        assert used.everywhere.broken == []
        assert len(+used.everywhere.taken) >= 40


def test_nothing_was_written_but_sealed_documents_and_no_temporary_file(used: Used) -> None:
    """By web server, worker and commands: not even a file that was gone a moment later."""
    notes = "".join(path.read_text() for path in used.house.thrown_away.glob("written-*"))
    written = {Path(line).parent for line in notes.splitlines() if line != os.devnull}
    # One that was broken off may leave nothing, not even its folder.
    assert written
    assert {folder for folder in written if not folder.is_relative_to(used.house.files)} == set()


def test_every_place_was_really_looked_through(used: Used) -> None:
    empty = {each.place for each in used.looked if not each.size}
    # Nothing was there, which is well.
    assert empty <= {TEMPORARY}
    assert sum(each.size for each in used.looked) > 100_000_000


def test_a_word_is_found_in_every_spelling() -> None:
    assert spellings("Кубалетози") >= {"Кубалетози", "кубалетози", "КУБАЛЕТОЗИ", "kubaletozi"}
    assert spellings("+4712") == set()


@pytest.mark.parametrize(
    "content", [b"PK and no archive", b"\x1f\x8b and no gzip", b"%PDF stream\nof nothing"]
)
def test_what_only_looks_packed_is_looked_at_as_it_is(content: bytes) -> None:
    assert list(unpacked(content)) == [content]


def test_what_is_planted_is_found_in_every_place_and_in_every_way(used: Used) -> None:
    """The last test here: the house is not clean afterwards."""
    planter = Planter(used.house)
    planter.plant()
    places = used.house.places()
    searcher = Searcher(planter.nest.canaries, used.house.folder)
    looked = [searcher.look(place) for place in places]
    for each in looked:
        expected = {searcher.meaning(pattern) for pattern in planter.planted[each.place]}
        assert expected - set(each.hits) == set(), each.place


def _report(used: Used) -> list[str]:
    everywhere = used.everywhere
    return [
        "# Canaries",
        "",
        f"`{VARIABLE}=long CANARY_MINUTES={MINUTES:.0f} python -m pytest tests/test_canary.py`, "
        f"part of `make trials`, on {os.cpu_count()} cores, "
        f"{used.seconds:.0f} s, in an installation of its own with files of every kind. "
        f"{len(used.nest.canaries)} words that stand nowhere else were typed into forms by {len(STAFF)} people; "
        f"each was looked for in {used.patterns / len(used.nest.canaries):.0f} ways of writing it.",
        "",
        *table(used.looked),
        "",
        "| what was done | number |",
        "|---|---|",
        f"| pages opened and forms sent | {everywhere.pages:,} |",
        f"| kinds of forms that were filled in | {len(everywhere.tried)} |",
        f"| of these, taken at least once | {len(+everywhere.taken)} |",
        f"| children led through the whole test by hand | {len(used.journeys)} |",
        f"| answers of 500 that nobody provoked | {len(everywhere.broken)} |",
        f"| e-mails | {len(used.house.box.letters)} |",
        "",
        "What stood in these forms was refused each time, and looked for as well: "
        + ", ".join(f"`{kind}`" for kind in everywhere.never_taken)
        + ".",
    ]
