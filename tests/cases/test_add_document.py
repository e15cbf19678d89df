"""A file comes in: by whoever may write the part that it belongs to, as what it is, and without what it hides."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Document
from cases.models.choices import Basis
from cases.services import documents, incoming, pictures
from cases.services.documents import report_document
from cases.services.incoming import take_in
from tests.cases import files, papers
from tests.cases.asking import get, last, post, statuses
from tests.cast import Cast
from vault.errors import KeyMissing
from vault.files import StoredFile
from vault.keys import forget_cached
from vault.models import DataKey


def form(name: str = "scan.pdf", content: bytes | None = None, **changes: Any) -> dict[str, Any]:
    settled = {"title": "Decision of the court", "kind": "decision", "section": "legal"}
    return settled | {"file": papers.upload(name, content)} | changes


def send(user: User, case: Case, name: str = "scan.pdf", content: bytes | None = None, **changes: Any) -> Any:
    return post(user, "document_new", case.pk, **form(name, content, **changes))


def kept(document: Document) -> bytes:
    return b"".join(StoredFile(document.case_id, document.storage_name))


# Who may


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    files.ground(case, Basis.PANEL, account=cast.pia)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline, cast.petra]
    assert statuses(strangers, "document_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.pia], "document_new", case.pk, **form()) == [403]
    assert [get(user, "document_new", case.pk).status_code for user in (cast.omar, cast.pia)] == [404, 403]
    assert not Document.objects.exists()
    assert statuses([cast.ana], "document_new", case.pk, **form(content=papers.pdf(b"one"))) == [302]
    document = Document.objects.get()
    assert (document.title, document.filename, document.section) == (
        "Decision of the court",
        "scan.pdf",
        "legal",
    )
    assert (document.media_type, document.added_by) == ("application/pdf", cast.ana)
    assert kept(document) == papers.pdf(b"one")
    assert document.size == len(papers.pdf(b"one"))


def test_a_part_that_one_may_not_write_cannot_be_chosen(cast: Cast, case: Case) -> None:
    """A supervisor writes the plan alone; a partner what it was given to write."""
    assert send(cast.sami, case, section="legal").status_code == 422
    assert send(cast.sami, case, section="plan").status_code == 302
    papers.given(case, cast.tomas, Section.MEDICAL, may_write=True)
    papers.given(case, cast.petra, Section.MEDICAL, may_write=False)
    assert send(cast.petra, case, section="medical").status_code == 403
    assert [send(cast.tomas, case, section=each).status_code for each in ("plan", "medical")] == [422, 302]
    assert set(Document.objects.values_list("section", flat=True)) == {"plan", "medical"}


@pytest.mark.parametrize("section", ["documents", "everything", ""])
def test_it_belongs_to_one_part_of_the_file(cast: Cast, case: Case, section: str) -> None:
    assert send(cast.ana, case, section=section).status_code == 422


def test_the_service_refuses_too_and_leaves_nothing_in_the_storage(cast: Cast, case: Case) -> None:
    before = papers.stored()
    with pytest.raises(PermissionDenied):
        papers.added(case, cast.sami, section=Section.LEGAL)
    with pytest.raises(Case.DoesNotExist):
        papers.added(case, cast.omar)
    assert papers.stored() == before


def test_a_closed_case_takes_no_document(cast: Cast) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    answer = send(cast.ana, closed)
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    # Where a form would be refused there is none.
    page = get(cast.ana, "document_new", closed.pk)
    assert (page.status_code, page["Location"]) == (302, f"/cases/{closed.pk}/documents/")
    assert f"/cases/{closed.pk}/documents/new/" not in get(cast.ana, "documents", closed.pk).content.decode()


def test_the_form_warns_first(cast: Cast, case: Case) -> None:
    page = get(cast.ana, "document_new", case.pk).content.decode()
    assert page.index("Never add pictures or films that show abuse") < page.index("card stack form")
    assert 'enctype="multipart/form-data"' in page


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    send(cast.ana, case)
    event = last(case.pk, "document.added")
    assert (event.details, event.sections, event.reason) == ({"document_kind": "decision"}, ["legal"], None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"file": ""}, "Choose a file."),
        ({"title": "\u200b"}, "We need an answer here."),
        ({"title": "x" * 201}, "200"),
        ({"kind": "painting"}, "painting"),
        ({"kind": ""}, "Choose an answer."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    before = papers.stored()
    answer = send(cast.ana, case, **wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Document.objects.exists()
    assert papers.stored() == before


# What may come in


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", papers.pdf(), "application/pdf"),
        ("A.PDF", papers.pdf(), "application/pdf"),
        ("no-ending", papers.pdf(), "application/pdf"),
        ("a.txt", "Она просит позвонить.\r\n".encode(), "text/plain"),
        ("a.txt", "\ufeffنص".encode(), "text/plain"),
        ("a.txt", b"MZ is how this sentence begins", "text/plain"),
        ("a.html", b"<html><script>alert(1)</script>", "text/plain"),
        ("a.docx", papers.docx(), incoming.DOCX),
        ("a.odt", papers.odt(), incoming.ODT),
        ("a.jpg", papers.picture(), "image/jpeg"),
        ("a.pdf", papers.picture(), "image/jpeg"),
        ("a.png", papers.picture("PNG"), "image/png"),
        ("a.webp", papers.picture("WEBP"), "image/jpeg"),
        ("a.tif", papers.picture("TIFF", mode="1"), "image/png"),
        ("a.tif", papers.picture("TIFF", mode="CMYK"), "image/png"),
        ("a.jpg", papers.picture(mode="CMYK"), "image/jpeg"),
        ("a.png", papers.picture("PNG", mode="I;16"), "image/png"),
        ("a.png", papers.picture("PNG", mode="RGBA"), "image/png"),
        ("a.webp", papers.picture("WEBP", mode="RGBA"), "image/png"),
        ("a.jpg", papers.picture(mode="L"), "image/jpeg"),
    ],
    # The bytes are not the same twice, and no name for a test.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_is_known_by_its_bytes(name: str, content: bytes, media_type: str) -> None:
    assert take_in(name, content).media_type == media_type


FORBIDDEN: dict[str, tuple[str, bytes, str]] = {
    "a page called pdf": ("a.pdf", b"<script>alert(1)</script>", "ends in .pdf"),
    "a drawing called png": ("a.PNG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ends in .png"),
    "program called pdf": ("letter.pdf", papers.EXE, "ends in .pdf"),
    "program": ("letter.exe", papers.EXE, "cannot be kept here"),
    "program of another system": ("a.jpg", b"\x7fELF\x02\x01\x01\x00" + bytes(60), "ends in .jpg"),
    "nothing": ("a.pdf", b"", "empty"),
    "too much": ("a.pdf", papers.pdf() + bytes(settings.LARGEST_FILE), "20 MB"),
    "zip": ("a.zip", papers.container({"a.txt": b"a"}), "cannot be kept here"),
    "zip called docx": ("a.docx", papers.container({"a.txt": b"a"}), "ends in .docx"),
    "workbook": ("a.xlsx", papers.container({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "cannot"),
    "macros by name": ("a.docx", papers.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "macros by type": ("a.docx", papers.docx(types=b"x.document.macroEnabled.main+xml"), "macros"),
    "active x": ("a.docx", papers.docx(**{"word/activeX/activeX1.xml": b"x"}), "macros"),
    "basic": ("a.odt", papers.odt(**{"Basic/Standard/Module1.xml": b"x"}), "macros"),
    "script": ("a.odt", papers.odt(**{"Scripts/python/a.py": b"x"}), "macros"),
    "many entries": ("a.odt", papers.odt(**{f"Pictures/{n}": b"" for n in range(2_001)}), "far larger"),
    "damaged container": ("a.docx", papers.docx()[:-30], "damaged"),
    "cut picture": ("a.jpg", papers.picture(size=(400, 400))[:-200], "damaged"),
    "head of a picture": ("a.png", papers.picture("PNG")[:30], "damaged"),
    "moving picture": (
        "a.png",
        papers.picture("PNG", save_all=True, append_images=[Image.new("RGB", (40, 20))]),
        "several pages",
    ),
    "gif": ("a.gif", papers.picture("GIF"), "cannot be kept here"),
    "old text": ("a.txt", "привет".encode("cp1251"), "UTF-8"),
    "control characters": ("a.txt", b"words\x1b[31m", "ends in .txt"),
    "svg's cousin": ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "cannot be kept here"),
}


@pytest.mark.parametrize("which", FORBIDDEN)
def test_what_may_not_come_in_gets_a_sentence(which: str) -> None:
    name, content, says = FORBIDDEN[which]
    with pytest.raises(Invalid) as refused:
        take_in(name, content)
    assert refused.value.field == "file"
    assert says in refused.value.sentence


def test_the_sentence_stands_on_the_page_and_nothing_is_kept(cast: Cast, case: Case) -> None:
    before = papers.stored()
    answer = send(cast.ana, case, "letter.pdf", papers.EXE)
    assert answer.status_code == 422
    assert "The name ends in .pdf, but the file is something else." in answer.content.decode()
    assert papers.stored() == before


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A million bytes inside, where fewer are admitted."""
    monkeypatch.setattr(incoming, "MOST_UNPACKED", 999_999)
    return papers.docx(**{"word/media/a": bytes(1_000_000)})


def test_a_bomb_is_not_unpacked(bomb: bytes) -> None:
    assert len(bomb) < 5_000
    with pytest.raises(Invalid) as refused:
        take_in("a.docx", bomb)
    assert "far larger" in refused.value.sentence


def test_what_an_entry_says_about_its_size_is_not_believed(bomb: bytes) -> None:
    """A directory that promises one byte, and a million behind it."""
    lying = bytearray(bomb)
    true_size = (1_000_000).to_bytes(4, "little")
    while (at := lying.find(true_size)) >= 0:
        lying[at : at + 4] = (1).to_bytes(4, "little")
    with pytest.raises(Invalid) as refused:
        take_in("a.docx", bytes(lying))
    assert "damaged" in refused.value.sentence


def test_a_locked_document_is_refused() -> None:
    locked = bytearray(papers.docx())
    # The flag in each entry of the directory at the end.
    at = locked.find(b"PK\x01\x02")
    while at >= 0:
        locked[at + 8] |= 1
        at = locked.find(b"PK\x01\x02", at + 4)
    with pytest.raises(Invalid) as refused:
        take_in("a.docx", bytes(locked))
    assert "password" in refused.value.sentence


def test_a_picture_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = papers.picture("PNG", size=(10_001, 5_000), mode="1")
    assert len(huge) < 100_000
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(Invalid) as refused:
        take_in("a.png", huge)
    assert "50 million" in refused.value.sentence


def test_a_picture_of_more_than_pillow_ever_opens_is_refused_too() -> None:
    head = bytearray(papers.picture("PNG", size=(1, 1)))
    head[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(Invalid):
        take_in("a.png", bytes(head))


# What pictures hide


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_place_device_and_comments_are_taken_out_and_the_picture_stands_upright(kind: str) -> None:
    sent = papers.from_a_telephone(kind)
    assert papers.DEVICE in sent
    _media_type, plain = pictures.cleaned(sent)
    for hidden in (papers.DEVICE, papers.COMMENT, papers.XMP, b"Exif", b"eXIf", b"GPS"):
        assert hidden not in plain
    with Image.open(BytesIO(plain)) as image:
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info)
        # Sent lying: red was left, and is above now.
        assert image.size == (20, 40)
        red, _green, blue = image.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
        assert red > 200 > 50 > blue


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_words_beside_a_picture_are_taken_out(kind: str) -> None:
    words = PngInfo()
    words.add_text("Comment", papers.COMMENT.decode())
    options: dict[str, Any] = (
        {"pnginfo": words} if kind == "PNG" else {"description": papers.COMMENT.decode()}
    )
    sent = papers.picture(kind, **options)
    assert papers.COMMENT in sent
    assert papers.COMMENT not in pictures.cleaned(sent)[1]


def test_a_telephone_s_jpeg_with_its_preview_is_one_picture() -> None:
    out = BytesIO()
    second = Image.new("RGB", (10, 10), "green")
    Image.new("RGB", (40, 20), "red").save(out, "MPO", save_all=True, append_images=[second])
    media_type, plain = pictures.cleaned(out.getvalue())
    with Image.open(BytesIO(plain)) as image:
        assert (media_type, image.size, image.format) == ("image/jpeg", (40, 20), "JPEG")


# The same again


def test_the_same_file_twice_names_the_first(cast: Cast, case: Case) -> None:
    photo = papers.from_a_telephone()
    send(cast.ana, case, "a.jpg", photo, title="Her bracelet")
    before = papers.stored()
    answer = send(cast.ana, case, "b.jpg", photo, title="Another name", section="plan")
    assert answer.status_code == 422
    assert "here already, as “Her bracelet”" in answer.content.decode()
    assert Document.objects.count() == 1
    assert papers.stored() == before


def test_another_case_may_have_the_same_file(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    assert [send(cast.ana, each, content=papers.pdf(b"x")).status_code for each in (case, other)] == [
        302,
        302,
    ]
    assert len({document.digest for document in Document.objects.all()}) == 2


def test_what_one_may_not_see_is_not_betrayed_by_its_double(cast: Cast, case: Case) -> None:
    papers.added(case, cast.ana, section=Section.MEDICAL, content=papers.pdf(b"x"))
    papers.given(case, cast.tomas, Section.LEGAL, may_write=True)
    assert send(cast.tomas, case, content=papers.pdf(b"x")).status_code == 302


def test_what_was_removed_may_come_again(cast: Cast, case: Case) -> None:
    first = papers.added(case, cast.ana, content=papers.pdf(b"x"))
    documents.remove_document(case.pk, first.pk, actor=cast.ana, reason="Wrong page.")
    assert send(cast.ana, case, content=papers.pdf(b"x")).status_code == 302


@pytest.mark.parametrize("told", [False, True])
def test_what_was_reported_never_comes_again(cast: Cast, case: Case, told: bool) -> None:
    first = papers.added(case, cast.ana, section=Section.MEDICAL, content=papers.pdf(b"x"), title="Bluebell")
    report_document(case.pk, first.pk, actor=cast.ana)
    if told:
        documents.record_police_reference(case.pk, first.pk, actor=cast.sami, reference="AZ 1")
    papers.given(case, cast.tomas, Section.LEGAL, may_write=True)
    for user in (cast.ana, cast.tomas):
        answer = send(user, case, content=papers.pdf(b"x"))
        assert answer.status_code == 422
        assert "reported as showing abuse" in answer.content.decode()
        assert "Bluebell" not in answer.content.decode()


# Where it lies


def test_nothing_of_it_lies_in_clear(cast: Cast, case: Case) -> None:
    document = papers.added(
        case, cast.ana, title="Bluebell", filename="bluebell.pdf", content=papers.pdf(b"heron")
    )
    path = settings.MEDIA_ROOT / document.storage_name
    assert b"heron" not in path.read_bytes()
    assert "bluebell" not in str(path).casefold()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_without_the_case_s_key_nobody_reads_it(cast: Cast, case: Case) -> None:
    document = papers.added(case, cast.ana)
    DataKey.objects.filter(pk=case.pk).delete()
    forget_cached()
    with pytest.raises(KeyMissing):
        kept(document)


def test_a_transaction_that_fails_leaves_nothing_behind(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise ConnectionError

    before = papers.stored()
    monkeypatch.setattr(documents, "settle", fail)
    with pytest.raises(ConnectionError):
        papers.added(case, cast.ana)
    assert not Document.objects.exists()
    assert papers.stored() == before


def test_uploads_stay_in_memory(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the largest that is admitted; Django would keep one of 3 MB in a temporary file."""

    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    handlers = list[object]()
    original: Callable[..., Any] = MemoryFileUploadHandler.new_file

    def seen(self: MemoryFileUploadHandler, *args: Any, **options: Any) -> Any:
        handlers.append(self)
        return original(self, *args, **options)

    monkeypatch.setattr(MemoryFileUploadHandler, "new_file", seen)
    content = papers.pdf() + b"%" * (settings.LARGEST_FILE - 200)
    assert send(cast.ana, case, content=content).status_code == 302
    assert handlers
    assert kept(Document.objects.get()) == content


def test_a_file_that_is_too_large_by_a_little_is_told_so_on_its_form(cast: Cast, case: Case) -> None:
    answer = send(cast.ana, case, content=papers.pdf() + b"%" * settings.LARGEST_FILE)
    assert answer.status_code == 422
    assert "A file may have up to 20 MB." in answer.content.decode()


def test_a_much_larger_one_is_told_so_on_a_page(cast: Cast, case: Case) -> None:
    answer = send(cast.ana, case, content=papers.pdf() + b"%" * settings.LARGEST_REQUEST)
    assert answer.status_code == 413
    assert "A file may have up to 20 MB." in answer.content.decode()
    assert not Document.objects.exists()
