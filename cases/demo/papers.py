"""Documents for the demo's files, made in memory: a letter as PDF, a drawing as PNG."""

from io import BytesIO
from textwrap import wrap

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from accounts.access import Section
from cases.demo.files import File
from cases.models import Document
from cases.models.documents import DocumentKind
from cases.services.documents import add_document
from cases.services.incoming import take_in

# A5 in points.
PAGE = (420, 595)
MARGIN, LINE, COLUMNS = 48, 16, 58
DRAWING = (480, 320)


def letter(file: File, section: Section, kind: DocumentKind, title: str, words: str) -> Document:
    return _add(file, section, kind, title, f"{title.lower().replace(' ', '-')}.pdf", written(title, words))


def drawing(file: File, title: str) -> Document:
    """What a child drew when words were too much."""
    return _add(file, Section.PLAN, DocumentKind.OTHER, title, "drawing.png", _house_and_sun())


def _add(
    file: File, section: Section, kind: DocumentKind, title: str, filename: str, content: bytes
) -> Document:
    return add_document(
        file.case_id,
        actor=file.worker,
        section=section,
        kind=kind,
        title=title,
        filename=filename,
        incoming=take_in(filename, content),
    )


def written(title: str, words: str) -> bytes:
    """The same bytes each time, without the moment at which they were made."""
    out = BytesIO()
    page = Canvas(out, pagesize=PAGE, invariant=1)
    page.setTitle(title)
    page.setFont("Helvetica-Bold", 14)
    page.drawString(MARGIN, PAGE[1] - MARGIN, title)
    text = page.beginText(MARGIN, PAGE[1] - MARGIN - 2 * LINE)
    text.setFont("Helvetica", 11, LINE)
    text.textLines(wrap(words, COLUMNS))
    page.drawText(text)
    page.save()
    return out.getvalue()


def _house_and_sun() -> bytes:
    picture = Image.new("RGB", DRAWING, "#fdf6e3")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((380, 24, 450, 94), fill="#f2b134")
    pen.rectangle((120, 150, 300, 280), outline="#7a4b2a", width=6)
    pen.line((110, 150, 210, 70, 310, 150), fill="#b3402e", width=8, joint="curve")
    pen.rectangle((190, 210, 230, 280), fill="#4b7f52")
    pen.line((0, 282, 480, 282), fill="#4b7f52", width=6)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
