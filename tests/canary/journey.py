"""One child's file through the screens, searched, printed, imported, refused and broken off."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.canary.filling import Filler
from tests.canary.house import PATIENCE, House
from tests.canary.screens import Page, Person, id_in
from tests.canary.words import CYRILLIC, DIGITS, LATIN, SHORTEST, Nest
from tests.cases.importing.sheets import official
from tests.config.processes import wait_until
from tests.sockets import opened


class Journey:
    def __init__(self, house: House, nest: Nest, child: str) -> None:
        self.house, self.nest, self.child = house, nest, child
        self.filler = Filler(nest, f"{child}: ")
        self.case_id = ""
        # Statuses of answers to what could not be done, by what it was.
        self.refused: dict[str, int] = {}
        # Words that were taken and belong on the pages of the file, and what these pages showed.
        self.put_in: dict[str, str] = {}
        self.shown = ""

    @property
    def case(self) -> str:
        return f"/cases/{self.case_id}/"

    def fills(self, person: Person, path: str, end: str = "", turn: int = 0, **given: object) -> Page:
        """A form that must be taken."""
        form = person.goes_to(path).form(end or path)
        filled = self.filler.fill(form, turn, **given)
        page = person.posts(form, filled.pairs, filled.files)
        assert page.status == 200, (path, page.status, page.text)
        texts = {each.name for each in form.fields if each.is_text}
        typed = {
            f"{path} {name}": value for name, value in filled.pairs if name in texts and len(value) > SHORTEST
        }
        self.put_in |= typed
        return page

    def word(self, what: str, alphabet: str = LATIN) -> str:
        return self.nest.word(f"{self.child}: {what}", alphabet)

    # -- what is put in ----------------------------------------------------------------------------------

    def is_reported(self, hotline: Person, ana: Person) -> None:
        receipt = self.fills(hotline, "/cases/new/", danger="yes", age=14, gender="")
        taken = ana.sends(ana.goes_to(f"/desk/{id_in(receipt.address)}/").form("/take/"))
        self.case_id = id_in(taken.address)
        ana.sends(ana.goes_to(f"{self.case}steps/begin_screening/").form("/begin_screening/"))

    def is_known(self, ana: Person) -> None:
        identity = f"{self.case}identity/"
        day: dict[str, Any] = {"birth_date_day": 7, "birth_date_month": 5, "birth_date_year": 2012}
        self.fills(ana, identity, birth_certainty="exact", citizenships=["XB", ""], **day)
        for alphabet in (LATIN, CYRILLIC):
            names: dict[str, Any] = {
                each: self.word(f"{each} name", alphabet) for each in ("given", "family")
            }
            self.fills(ana, identity, f"{identity}names/", kind="legal", **names)
        number = f"XB{self.word('id number', DIGITS)}"
        self.fills(ana, identity, f"{identity}numbers/", kind="passport", country="XB", number=number)

    def is_written_about(self, ana: Person) -> None:
        self.fills(ana, f"{self.case}people/new/", country="XB", agency="")
        self.fills(ana, f"{self.case}people/new/", role="suspect", country="XB", agency="")
        self.fills(ana, f"{self.case}notes/new/", section="contacts")
        self.fills(ana, f"{self.case}rehabilitation/needs/new/")
        self.fills(ana, f"{self.case}appointments/new/", turn=2, companion="")
        self.fills(ana, f"{self.case}placement/", kind="kinship", is_safe="yes", provider="")
        self.fills(ana, f"{self.case}documents/new/", section="legal")
        self.fills(ana, f"{self.case}risk/", child_seen="on")
        self.fills(ana, f"{self.case}voices/new/", kind="wish")

    # -- what is done with it ------------------------------------------------------------------------------

    def is_looked_for(self, ana: Person) -> None:
        """Letter by letter, as `static/search.js` asks, then by the button; and compared with all others."""
        for word in (self.word("family name"), self.word("given name", CYRILLIC)):
            form = ana.goes_to("/cases/").form("/cases/search/")
            for length in range(2, len(word) + 1, 3):
                asked = self.filler.fill(form, q=word[:length]).pairs
                assert ana.posts(form, asked, {}, live=True).status == 200
            assert self.case in ana.sends(form, q=word).text
        for number in (f"XB{self.word('id number', DIGITS)}", "07.05.2012", self.word("nobody at all")):
            ana.sends(ana.goes_to("/cases/").form("/cases/search/"), q=number)
        ana.sends(ana.goes_to(f"{self.case}duplicates/").form("/run/"))

    def is_read(self, person: Person) -> None:
        """Every page of the file; what is on them is what must be nowhere else."""
        pages = [person.goes_to(path) for path in ("/", "/cases/", self.case, *self.pages(person))]
        assert {page.status for page in pages} == {200}
        paper = person.goes_to(f"{self.case}case-file.pdf")
        assert paper.content.startswith(b"%PDF")
        self.shown = "".join(page.text for page in pages)

    def pages(self, person: Person) -> list[str]:
        links = person.goes_to(self.case).links
        ours = {link.partition("#")[0] for link in links if self.case in link and "/steps/" not in link}
        ours = {link for link in ours if not link.endswith((".pdf", ".ics"))}
        return sorted({*ours, f"{self.case}report/"})

    # -- what goes wrong -----------------------------------------------------------------------------------

    def is_filled_in_wrongly(self, ana: Person) -> None:
        for name in ("identity", "people/new", "notes/new", "appointments/new", "documents/new", "risk"):
            path = f"{self.case}{name}/"
            form = ana.goes_to(path).form(path)
            wrong = self.filler.fill_wrongly(form)
            self.refused[name] = ana.posts(form, wrong.pairs, wrong.files).status

    def is_sent_astray(self, ana: Person) -> None:
        """To a file that is not there, without a token, in a body that is none, and with more than is read."""
        form = ana.goes_to(f"{self.case}notes/new/").form("/notes/new/")
        filled = self.filler.fill(form, section="contacts")
        bare = [pair for pair in filled.pairs if pair[0] != "csrfmiddlewaretoken"]
        self.refused["without a token"] = ana.posts(form, bare, {}).status
        long = [*filled.pairs, ("words", self.word("far too long") * 300_000)]
        self.refused["far too long"] = ana.posts(form, long, {}).status
        form.action = form.action.replace(self.case_id, str(uuid4()))
        self.refused["to another file"] = ana.posts(form, filled.pairs, {}).status

    def meets_a_broken_house(self, hotline: Person, ana: Person) -> None:
        """An exception with a traceback each: a table, the storage and the key store are away for a moment."""
        for what, away, person, path, given in (
            ("table away", _table_is_away, ana, f"{self.case}notes/new/", {"section": "contacts"}),
            ("storage away", _storage_is_away, ana, f"{self.case}documents/new/", {"section": "legal"}),
            ("key store away", _key_store_is_away, hotline, "/cases/new/", {"danger": "yes", "age": 14}),
        ):
            # Opened before it broke.
            form = person.goes_to(path).form(path)
            filled = self.filler.fill(form, **given)
            with away(self.house):
                self.refused[what] = person.posts(form, filled.pairs, filled.files).status

        # The pool still holds connections that were cut off; each costs one answer of 500.
        wait_until(lambda: all(self._is_taken(hotline) for _time in range(3)), PATIENCE)

    def _is_taken(self, hotline: Person) -> bool:
        form = hotline.goes_to("/cases/new/").form("/cases/new/")
        return (
            hotline.posts(form, self.filler.fill(form, danger="yes", age=14, gender="").pairs, {}).status
            == 200
        )

    # -- what an operator does -----------------------------------------------------------------------------

    def is_imported(self, folder: Path) -> "subprocess.Popen[bytes]":
        """By a command that goes on meanwhile: one row will be taken over, the other is kept out by wrong cells."""
        somebody = {
            "First Name": self.word("imported given name"),
            "Second Name": self.word("imported family name", CYRILLIC),
            "Birthdate": "2011-04-02",
            "Gender": "Feminine",
            "Consent": "TRUE",
            "Status": "Active",
            "Incoming Referral Date": "2026-05-01",
            "Mailing Street": f"{self.word('imported street')} 4",
            "Home Phone": self.word("imported telephone", DIGITS),
            "Incoming Referral Details": self.word("imported words"),
        }
        wrong = {name: self.word(f"no {name}") for name in ("Birthdate", "Gender", "Citizenship")}
        workbook = official(folder / f"{self.word('name of a workbook')}.xlsx", [somebody, somebody | wrong])
        words = ("import_cases", str(workbook), "--keep-good", "--agency", "arvania-social")
        return self.house.command(*words)


@contextmanager
def _storage_is_away(house: House) -> Iterator[None]:
    """A file in place of the folder: root could write into a folder without rights."""
    beside = house.files.with_name("files-beside")
    house.files.rename(beside)
    house.files.touch()
    try:
        yield
    finally:
        house.files.unlink()
        beside.rename(house.files)


@contextmanager
def _table_is_away(house: House) -> Iterator[None]:
    with house.superuser() as connection:
        connection.execute("ALTER TABLE cases_note RENAME TO cases_note_beside")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE cases_note_beside RENAME TO cases_note")


@contextmanager
def _key_store_is_away(house: House) -> Iterator[None]:
    with house.superuser("postgres") as connection:
        connection.execute("ALTER DATABASE homeward_keys ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'homeward_keys'"
        )
        try:
            yield
        finally:
            connection.execute("ALTER DATABASE homeward_keys ALLOW_CONNECTIONS true")


@contextmanager
def listening(house: House, person: Person, path: str) -> Iterator[None]:
    """The socket of an open page; whatever it was told is kept with the heads of answers."""
    page = person.goes_to(path)
    tokens = re.search(r'name="live" content="([^"]+)"', page.text)
    assert tokens
    with opened(house.address, person.cookie("sessionid")) as socket:
        socket.join(*tokens[1].split())
        told = [socket.hears()]
        yield
        told.append(socket.hears())
    with (house.taken / "heads").open("a") as file:
        file.writelines(f"{each}\n" for each in told)
