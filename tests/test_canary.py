"""Canaries are put in through the screens of an installation of its own, used, and looked for wherever bytes can lie.

Short in `make test`; `make trials` goes through every form that can be reached and writes the figures down.
"""

import base64
import gzip
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.canary.house import House, house_in
from tests.canary.journey import Journey, listening
from tests.canary.looking import Looked, Place, Searcher, hits_of, table
from tests.canary.screens import Person
from tests.canary.words import CYRILLIC, DIGITS, ENCODINGS, LATIN, Canary, Nest, patterns_of
from tests.config.processes import wait_until


@dataclass
class Used:
    """A house in which everything was done, and what its people saw."""

    house: House
    nest: Nest
    journey: Journey
    shown: str = ""
    people: dict[str, Person] = field(default_factory=dict)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    folder = tmp_path_factory.mktemp("canary")
    elsewhere = tmp_path_factory.mktemp("brought")
    with house_in(folder) as house:
        nest = Nest()
        lead = Used(house, nest, Journey(house, nest, "first child"))
        lead.people = {name: Person(house, name).signs_in() for name in ("hotline", "ana")}
        use(lead, elsewhere)
        yield lead


def use(lead: Used, elsewhere: Path) -> None:
    journey, (hotline, ana) = lead.journey, lead.people.values()
    with listening(lead.house, ana, "/desk/"):
        journey.is_reported(hotline, ana)
    journey.is_known(ana)
    journey.is_written_about(ana)
    journey.is_looked_for(ana)
    journey.is_filled_in_wrongly(ana)
    journey.is_sent_astray(ana)
    journey.meets_a_broken_house(hotline, ana)
    journey.is_imported(elsewhere)
    lead.shown = journey.is_read(ana)
    lead.house.sweep_mail()
    wait_until(lambda: lead.house.box.letters, 60)


def test_it(used: Used) -> None:
    print(used.journey.refused)
    words = {c.label: c.word in used.shown for c in used.nest.canaries}
    print([k for k, v in words.items() if not v], len(words))
    print([l.raw for l in used.house.box.letters][:1])
    house = used.house
    t = time.time()
    dumps = [house.dump("homeward"), house.dump("homeward_keys")]
    memory = list(house.memory_of_broker())
    house.stop_processes()
    house.checkpoint()
    print(time.time() - t)
    searcher = Searcher(used.nest.canaries, house.folder)
    looked = [searcher.look(place) for place in house.places(dumps, memory)]
    print("\n".join(table(looked)), searcher.count, time.time() - t)
    print({k: v.most_common(10) for k, v in hits_of(looked).items()})
    os.system(f"cat {house.thrown_away}/written*|sort|uniq -c; ls {house.thrown_away} {house.temporary}; cat {house.logs}/command*; grep -v -E 'TRACE|INFO' {house.logs}/web | head -150")
    assert not 1
