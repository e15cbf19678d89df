"""What comes in as a file: what it is by its bytes, whatever its name says, and whether it may be kept."""

import unicodedata
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from cases.services.pictures import PICTURES, cleaned

PDF, TEXT = "application/pdf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS: Mapping[str, str] = {
    PDF: ".pdf",
    TEXT: ".txt",
    DOCX: ".docx",
    ODT: ".odt",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
# Endings under which people know what may be kept.
KNOWN_ENDINGS = frozenset({*ENDINGS.values(), ".jpeg", ".webp", ".tif", ".tiff"})

# Signatures stand at the beginning; the rest is not shown to a library that might unpack it.
HEAD = 4096
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
LONGEST_LIST = 1024 * 1024
# Words of the type list, and beginnings or endings of names, by which programs inside a document are known.
MACRO_WORDS = (b"macroenabled", b"vbaproject")
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "/activex/", "basic/", "scripts/")


@dataclass(frozen=True)
class Incoming:
    """`plain` is what will be kept; `digest` is of what was sent, by which the same file is known again."""

    media_type: str
    plain: bytes = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True)
class SentFile:
    """One of several that come in together, with the name that its sender gave it."""

    filename: str = field(repr=False)
    incoming: Incoming


def take_in(filename: str, sent: bytes) -> Incoming:
    """Raises Invalid for the field `file`, with a sentence that says what to do."""
    if not sent:
        raise Invalid("file", _("This file is empty."))
    if len(sent) > settings.LARGEST_FILE:
        raise Invalid("file", _("A file may have up to 20 MB."))
    media_type, plain = _reader_for(sent)(filename, sent)
    if len(plain) > settings.LARGEST_FILE:
        raise Invalid("file", _("Without its hidden data this picture has more than 20 MB. Make it smaller."))
    return Incoming(media_type, plain, sha256(sent).digest())


Reader = Callable[[str, bytes], tuple[str, bytes]]


def _reader_for(sent: bytes) -> Reader:
    found = _signatures(sent)
    if PDF in found and sent.startswith(b"%PDF-"):
        return _pdf
    if found & PICTURES:
        return _picture
    return _container if sent.startswith(b"PK\x03\x04") else _text


def _signatures(sent: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(sent[:HEAD])}
    except puremagic.PureError:
        return set()


def _pdf(filename: str, sent: bytes) -> tuple[str, bytes]:
    return PDF, sent


def _picture(filename: str, sent: bytes) -> tuple[str, bytes]:
    return cleaned(sent)


def _text(filename: str, sent: bytes) -> tuple[str, bytes]:
    """Only text has no signature; whatever else has none, or one that is not admitted, holds control characters.

    Under the ending of another kind it is refused: whoever opens it would not find what the name promises.
    """
    if PurePath(filename).suffix.lower() in KNOWN_ENDINGS - {ENDINGS[TEXT]}:
        raise _not_admitted(filename)
    try:
        words = sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        if filename.lower().endswith(".txt") and b"\0" not in sent:
            raise Invalid(
                "file", _("This text is in an old encoding. Save it as UTF-8 and try again.")
            ) from None
        raise _not_admitted(filename) from None
    if any(sign not in "\t\n\r\f" and unicodedata.category(sign) == "Cc" for sign in set(words)):
        raise _not_admitted(filename)
    return TEXT, sent


def _container(filename: str, sent: bytes) -> tuple[str, bytes]:
    """A text document is a ZIP file: unpacked once within bounds, so that nobody else's program meets a bomb."""
    try:
        with ZipFile(BytesIO(sent)) as archive:
            names = _checked_names(archive)
            media_type = _kind_of(archive, names)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise Invalid("file", _("This file is damaged and cannot be read.")) from None
    if media_type is None:
        raise _not_admitted(filename)
    return media_type, sent


def _checked_names(archive: ZipFile) -> set[str]:
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Invalid("file", _("This file is locked with a password. Save it without one."))
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_much_inside()
    # No more is unpacked of an entry than it says; one that says too little fails its checksum here.
    if archive.testzip() is not None:
        raise BadZipFile
    names = {entry.filename.replace("\\", "/") for entry in entries}
    if any(mark in f"/{name.lower()}" for name in names for mark in PROGRAMS):
        raise _has_macros()
    return names


def _kind_of(archive: ZipFile, names: set[str]) -> str | None:
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        types = _beginning(archive, "[Content_Types].xml").lower()
        if any(word in types for word in MACRO_WORDS):
            raise _has_macros()
        return DOCX
    if {"mimetype", "content.xml"} <= names and _beginning(archive, "mimetype").strip() == ODT.encode():
        return ODT
    return None


def _beginning(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as unpacked:
        return unpacked.read(LONGEST_LIST)


def _too_much_inside() -> Invalid:
    return Invalid("file", _("Unpacked, this file is far larger than a document is. It is not opened."))


def _has_macros() -> Invalid:
    return Invalid(
        "file", _("This document holds macros, which are programs. Save it without them, or as PDF.")
    )


def _not_admitted(filename: str) -> Invalid:
    ending = PurePath(filename).suffix.lower()
    if ending in KNOWN_ENDINGS:
        return Invalid(
            "file",
            _(
                "The name ends in %(ending)s, but the file is something else. "
                "PDF, JPEG, PNG, WebP, TIFF, plain text, ODT and DOCX can be kept."
            )
            % {"ending": ending},
        )
    return Invalid(
        "file",
        _(
            "This kind of file cannot be kept here. PDF, JPEG, PNG, WebP, TIFF, plain text, ODT and DOCX can. "
            "Save it as one of these, for example as PDF."
        ),
    )
