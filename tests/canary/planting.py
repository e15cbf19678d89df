"""Puts words where none may be, in each kind of place, so that a search which finds nothing can be believed."""

import gzip
import smtplib
import subprocess
import sys
import zlib
from collections import defaultdict
from email.message import EmailMessage
from zipfile import ZIP_DEFLATED, ZipFile

from tests.canary.house import (
    BROKER,
    DOCUMENTS,
    DUMP,
    HEADS,
    LETTERS,
    LOGS,
    TABLES,
    TEMPORARY,
    THROWN_AWAY,
    WAL,
    House,
)
from tests.canary.words import CYRILLIC, DIGITS, ENCODINGS, LATIN, Nest


def in_every_way(word: str) -> list[bytes]:
    return [pattern for encode in ENCODINGS.values() if (pattern := encode(word))]


class Planter:
    """Words of its own. `planted` says under each place what must be found there."""

    def __init__(self, house: House) -> None:
        self.house, self.nest = house, Nest()
        self.planted: dict[str, list[bytes]] = defaultdict(list)

    def plant(self) -> None:
        self._in_tables()
        self._in_the_broker()
        self._in_files()
        self._in_a_temporary_file_that_is_gone()
        self._in_a_letter()

    def _word(self, what: str, *places: str, alphabet: str = CYRILLIC) -> str:
        word = self.nest.word(what, alphabet)
        for place in places:
            self.planted[place].append(word.encode())
        return word

    def _ways(self, what: str, *places: str) -> list[bytes]:
        ways = [
            way
            for alphabet in (LATIN, CYRILLIC, DIGITS)
            for way in in_every_way(self.nest.word(what, alphabet))
        ]
        for place in places:
            self.planted[place] += ways
        return ways

    def _in_tables(self) -> None:
        with self.house.superuser() as connection:
            connection.execute("CREATE TABLE planted (raw bytea, words text)")
            for way in self._ways("table", TABLES, WAL):
                connection.execute("INSERT INTO planted (raw) VALUES (%b)", [way])
                if _is_text(way):
                    self.planted[DUMP].append(way)
                    connection.execute("INSERT INTO planted (words) VALUES (%s)", [way.decode()])
            # As nobody may write a statement.
            connection.execute(f"SELECT '{self._word('statement', LOGS)}'")
        with self.house.superuser("homeward_keys") as connection:
            connection.execute("CREATE TABLE planted (words text)")
            connection.execute(
                "INSERT INTO planted VALUES (%s)", [self._word("key store", DUMP, TABLES, WAL)]
            )

    def _in_the_broker(self) -> None:
        with self.house.broker() as broker:
            for number, way in enumerate(self._ways("value in the broker", BROKER)):
                broker.set(f"planted-{number}", way)
            broker.set(self._word("key in the broker", BROKER), 1)

    def _in_files(self) -> None:
        house = self.house
        for place, path in (
            (LOGS, house.logs / "planted"),
            (DOCUMENTS, house.files / "planted"),
            (HEADS, house.taken / "heads"),
            (TEMPORARY, house.temporary / "planted"),
        ):
            with path.open("ab") as file:
                file.write(b"\n".join([b"", *self._ways(place, place)]))
        (house.temporary / self._word("name of a file", TEMPORARY)).touch()
        packed = gzip.compress(self._word("gzip", TEMPORARY).encode())
        (house.temporary / "planted.gz").write_bytes(packed)
        with ZipFile(house.temporary / "planted.zip", "w", ZIP_DEFLATED) as archive:
            archive.writestr("words.xml", self._word("archive", TEMPORARY))
        stream = zlib.compress(self._word("paper", TEMPORARY).encode())
        (house.temporary / "planted.pdf").write_bytes(b"%PDF-1.7\nstream\n" + stream + b"\nendstream\n")

    def _in_a_temporary_file_that_is_gone(self) -> None:
        """As a process of the house would write it."""
        code = "import sys, tempfile; f = tempfile.NamedTemporaryFile('w'); f.write(sys.argv[1]); f.close()"
        command = [sys.executable, "-c", code, self._word("gone", THROWN_AWAY)]
        subprocess.run(command, env=self.house.environment, check=True)

    def _in_a_letter(self) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = "a@mail.example", "b@mail.example"
        letter["Subject"] = self._word("subject", LETTERS, alphabet=LATIN)
        letter.set_content(self._word("letter", LETTERS), cte="base64")
        with smtplib.SMTP("127.0.0.1", self.house.box.port) as server:
            server.send_message(letter)


def _is_text(way: bytes) -> bool:
    try:
        return "\0" not in way.decode()
    except UnicodeDecodeError:
        return False
