"""Looks for canaries in places: files and folders, byte by byte, with what is packed unpacked as well."""

import gzip
import os
import re
import subprocess
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from tests.canary.words import Canary, patterns_of

Hit = tuple[str, str]
# Memory and data files consist of little else.
_LONGEST_EMPTY = 64
_EMPTY = re.compile(rb"\0{%d,}" % _LONGEST_EMPTY)

_WAL_PAGE, _WAL_HEAD = 8192, 24


@dataclass(frozen=True)
class Place:
    """Somewhere words could lie: names of files count as well as what is in them."""

    name: str
    paths: Sequence[Path]

    def files(self) -> Iterator[Path]:
        for path in self.paths:
            yield from (each for each in sorted([path, *path.rglob("*")]) if each.is_file())


@dataclass
class Looked:
    """What came of one place; `hits` counts canaries by label and encoding."""

    place: str
    files: int = 0
    size: int = 0
    hits: Counter[Hit] = field(default_factory=Counter)


class Searcher:
    """All spellings of all canaries at once: GNU grep goes through a file a single time for thousands of them."""

    def __init__(self, canaries: Iterable[Canary], folder: Path) -> None:
        self._meaning: dict[bytes, Hit] = {}
        for canary in canaries:
            for encoding, pattern in patterns_of(canary):
                self._meaning.setdefault(pattern, (canary.label, encoding))
        self._patterns, self._heap = folder / "patterns", folder / "heap"
        self._patterns.write_bytes(b"\n".join(self._meaning) + b"\n")

    @property
    def count(self) -> int:
        return len(self._meaning)

    def meaning(self, pattern: bytes) -> Hit:
        """Of a word in plain letters several encodings are the same; the first of them stands for all."""
        return self._meaning[pattern]

    def look(self, place: Place) -> Looked:
        looked, known = Looked(place.name), set[bytes]()
        with self._heap.open("wb") as heap:
            for file in place.files():
                content = file.read_bytes()
                looked.files, looked.size = looked.files + 1, looked.size + len(content)
                heap.write(os.fsencode(file) + b"\n")
                # PostgreSQL copies the same tables into each database.
                if (digest := sha256(content).digest()) not in known:
                    known.add(digest)
                    heap.writelines(_shortened(part) for part in unpacked(content))
                    if file.parent.name == "pg_wal":
                        heap.write(_shortened(_without_heads_of_pages(content)))
        looked.hits.update(self._meaning[found] for found in self._found())
        return looked

    def _found(self) -> list[bytes]:
        command = [
            "grep",
            "--text",
            "--only-matching",
            "--fixed-strings",
            f"--file={self._patterns}",
            str(self._heap),
        ]
        # Bytes as they are; in another locale it looks for letters.
        environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
        done = subprocess.run(command, capture_output=True, env=environment)
        # 1 where nothing was found.
        assert done.returncode in {0, 1}, done.stderr
        # No pattern holds a line break, though it may hold any other.
        return done.stdout.split(b"\n")[:-1]


def _shortened(content: bytes) -> bytes:
    return _EMPTY.sub(bytes(_LONGEST_EMPTY), content) + b"\n"


def _without_heads_of_pages(wal: bytes) -> bytes:
    """A record of the write-ahead log goes on behind the head of the next page, and so may a word in it."""
    return b"".join(wal[at + _WAL_HEAD : at + _WAL_PAGE] for at in range(0, len(wal), _WAL_PAGE))


def unpacked(content: bytes) -> Iterator[bytes]:
    """As it is, and what is inside a gzip file, a ZIP archive (a workbook is one) or the streams of a PDF."""
    yield content
    with suppress(OSError, EOFError, zlib.error, zipfile.BadZipFile):
        if content.startswith(b"\x1f\x8b"):
            yield gzip.decompress(content)
        elif content.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                yield from (archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        for part in content.split(b"stream\n")[1:]:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(part)


def table(looked: Sequence[Looked]) -> list[str]:
    """In Markdown: the place, how much of it was looked through, and how often a canary lay there."""
    return [
        "| place | files | bytes | hits |",
        "|---|---|---|---|",
        *(f"| {each.place} | {each.files:,} | {each.size:,} | {each.hits.total()} |" for each in looked),
    ]


def hits_of(looked: Sequence[Looked]) -> Mapping[str, Counter[Hit]]:
    return {each.place: each.hits for each in looked if each.hits}
