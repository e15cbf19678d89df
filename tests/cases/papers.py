"""Files as people send them, made on the spot; and documents that lie in a case already."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, Document
from cases.models.choices import Basis
from cases.models.documents import DocumentKind
from cases.services.documents import add_document
from cases.services.incoming import DOCX, ODT, take_in
from tests.cases.files import ground

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(range(256)) * 4
# What a camera adds; none of it may be kept.
DEVICE, COMMENT, XMP = b"CanaryPhone 7", b"taken behind the dovecote", b"<x:xmpmeta>wren</x:xmpmeta>"


class Upload(SimpleUploadedFile):
    """One that may be sent several times."""

    def read(self, *args: Any) -> bytes:
        self.seek(0)
        return bytes(super().read(*args))


def upload(name: str = "scan.pdf", content: bytes | None = None) -> Upload:
    return Upload(name, pdf() if content is None else content)


def pdf(words: bytes = b"") -> bytes:
    """Of another content each time, unless words are given."""
    return b"%PDF-1.7\n1 0 obj << >> endobj\n% " + (words or uuid4().hex.encode()) + b"\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """A left half in red, a right half in blue."""
    image = Image.new(mode, size, "red" if mode == "RGB" else 0)
    if mode == "RGB":
        image.paste((0, 0, 255), (size[0] // 2, 0, size[0], size[1]))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def from_a_telephone(kind: str = "JPEG") -> bytes:
    """Lying on its side, with everything that a telephone adds."""
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Make] = DEVICE.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (47.0, 48.0, 12.5)
    more: dict[str, Any] = {"exif": exif}
    more |= {"xmp": XMP} if kind in ("JPEG", "WEBP") else {}
    more |= {"comment": COMMENT} if kind == "JPEG" else {}
    return picture(kind, **more)


def container(entries: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(types: bytes = b"", **more: bytes) -> bytes:
    kind = f'<Types><Override ContentType="{DOCX}.main+xml"/></Types>'.encode()
    return container({"[Content_Types].xml": kind + types, "word/document.xml": b"<w/>", **more})


def odt(**more: bytes) -> bytes:
    return container({"mimetype": ODT.encode(), "content.xml": b"<o/>", **more})


def added(
    case: Case,
    actor: User,
    *,
    section: Section = Section.LEGAL,
    title: str = "Decision of the court",
    filename: str = "decision.pdf",
    content: bytes | None = None,
) -> Document:
    return add_document(
        case.pk,
        actor=actor,
        section=section,
        kind=DocumentKind.DECISION,
        title=title,
        filename=filename,
        incoming=take_in(filename, pdf() if content is None else content),
    )


def given(case: Case, account: User, section: Section, *, may_write: bool = False) -> None:
    """A personal grant for one part of the file."""
    until = clock.now() + timedelta(days=1)
    ground(case, Basis.PERSONAL, account=account, sections=[section], may_write=may_write, until=until)


def lies_there(document: Document) -> bool:
    return default_storage.exists(document.storage_name)


def stored() -> set[str]:
    """Everything that lies in the storage."""
    return {str(path) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
