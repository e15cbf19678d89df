"""The file on paper: any value, any script, and never an empty box in silence."""

import re
import unicodedata
from io import BytesIO

import pypdf
import pypdfium2
import pytest
from django.utils import translation

from cases.casefile import CaseFile, Chapter, Entry, Fact
from cases.pdf import case_file_pdf
from cases.pdf.order import is_rtl, levels
from cases.pdf.writing import FONTS, MARK, PLAIN, Coverage, Hand

HAND = Hand(PLAIN, 9, 12.5)
LINE = 300.0


def paper(*values: str, label: str = "Note", title: str = "Entry") -> bytes:
    facts = tuple(Fact(label, value) for value in values)
    file = CaseFile("K74-2QX", (Chapter("Notes", (Entry(title, facts),)),))
    return case_file_pdf(file, reader="Ana", moment="As of Monday 3 May 2026, 10:00")


def text(document: bytes) -> str:
    """Composed and compatible, page after page, without signs of direction."""
    read = pypdfium2.PdfDocument(BytesIO(document))
    pages = [read[number].get_textpage().get_text_bounded() for number in range(len(read))]
    return unicodedata.normalize("NFKC", "\n".join(pages))


def pages(document: bytes) -> int:
    return len(pypdfium2.PdfDocument(BytesIO(document)))


@pytest.mark.parametrize(
    "value",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "<para><img src='file:///etc/passwd'/></para>",
        "&lt;&amp;&#x41; %(count)s {name} \\n )ET( BT",
        "-- 'quotes' \"double\" «french» …",
    ],
)
def test_markup_is_words_like_any_other(value: str) -> None:
    assert value.replace("…", "...") in text(paper(value))


def test_signs_that_control_are_marked_and_told() -> None:
    said = text(paper("be\x00ll\x07 \x1b[31m", "a\x85b\x0cc\u2028d", "tab\there"))
    assert f"be{MARK}ll{MARK} {MARK}[31m" in said
    assert "3 characters have no form on paper." in said
    assert "U+0000, U+0007, U+001B" in said
    assert "tab here" in said


def test_a_break_in_a_value_is_a_break_on_paper() -> None:
    lines = HAND.lines("one\r\ntwo\n\nthree", LINE, Coverage())
    assert [line.drawn for line in lines] == ["one", "two", "", "three"]


def test_signs_that_turn_the_direction_turn_nothing() -> None:
    coverage = Coverage()
    (line,) = HAND.lines("safe \u202eetirw\u202c \u2067x\u2069 \ufeffend\u200b", LINE, coverage)
    assert line.drawn == "safe etirw x end"
    assert coverage.missing == {}


def test_a_missing_glyph_is_marked_and_counted() -> None:
    said = text(paper("李小龙 and 李", "😀"))
    assert f"{MARK * 3} and {MARK}" in said
    assert "5 characters have no form on paper." in said
    assert "U+5C0F, U+674E, U+9F99, U+1F600" in said


def test_a_title_and_a_head_are_covered_too() -> None:
    file = CaseFile("K74-2QX", (Chapter("章", (Entry("題", (Fact("欄", "value"),)),)),))
    said = text(case_file_pdf(file, reader="名", moment="時"))
    # In the words under the title, in the head and in the foot.
    assert said.count(MARK) >= 5
    assert "What could not be printed" in said
    assert "U+540D" in said


def test_a_file_without_such_signs_says_nothing_of_them() -> None:
    assert "What could not be printed" not in text(paper("plain"))


def test_a_joined_form_that_the_font_lacks_is_drawn_as_the_letter() -> None:
    coverage = Coverage()
    HAND.lines("ﺎ پاکستان گچ ژ", LINE, coverage)
    assert coverage.missing == {}


def test_a_value_of_a_megabyte_goes_on_over_the_pages() -> None:
    value = "word " * 150_000 + "x" * 250_000
    document = paper(value, "after")
    said = text(document)
    assert said.count("word") == 150_000
    assert said.count("x") >= 250_000
    assert "after" in said
    total = pages(document)
    assert total > 100
    assert f"Page {total} of {total}" in said
    assert len(document) < 2_000_000


def test_a_huge_value_that_runs_from_the_right_does_too() -> None:
    document = paper("שלום (עולם) " * 20_000)
    assert text(document).count("שלום") == 20_000


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        ("שלום עולם", "םלוע םולש"),
        ("קו (12) Ana", "Ana (12) וק"),
        ("ב-3.5.2026", "3.5.2026-ב"),
        ("Ana: שלום (עולם)!", "Ana: (םלוע) םולש!"),
        ("שלום (Ana [2]) <ב>", "<ב> (Ana [2]) םולש"),
        ("שָׁלוֹם ל-0800-123", "0800-123-ל " + unicodedata.normalize("NFC", "שָׁלוֹם")[::-1]),
        ("12 – 34", "12 – 34"),
        ("Лирана Воск", "Лирана Воск"),
        ("Ελληνικά", "Ελληνικά"),
        ("e\u0301", "é"),
    ],
)
def test_letters_stand_in_the_order_of_the_eye(value: str, drawn: str) -> None:
    (line,) = HAND.lines(value, LINE, Coverage())
    assert line.drawn == drawn


def test_arabic_letters_are_joined_and_keep_their_marks() -> None:
    (line,) = HAND.lines("مُحَمَّد لا", LINE, Coverage())
    joined = unicodedata.normalize("NFKC", line.drawn)
    assert not re.search("[\u0621-\u064a]", line.drawn)
    assert joined.count("\u0651") == 1
    assert {"\u064f", "\u064e"} <= set(joined)
    # The font draws such a mark to the right of where it stands, so it stands before its letter.
    assert unicodedata.combining(line.drawn[-1]) == 0


@pytest.mark.parametrize("value", ["שלום עולם " * 40, "مرحبا بالعالم " * 40, "Привет, мир. " * 40])
def test_a_line_breaks_before_it_is_turned(value: str) -> None:
    """The first words stand in the first line, whatever the direction; no line is wider than its column."""
    lines = HAND.lines(value.strip(), LINE, Coverage())
    assert len(lines) > 2
    assert all(line.width <= LINE for line in lines)
    first, rtl = unicodedata.normalize("NFKC", lines[0].drawn), is_rtl(value, False)
    letters = value[:5] if not rtl else value[:5].rstrip()[::-1]
    assert (first.endswith(letters) if rtl else first.startswith(letters)) or "لا" in value
    assert {line.rtl for line in lines} == {rtl}


def test_a_number_runs_as_its_paragraph_does_wherever_its_line_begins() -> None:
    """In Arabic a telephone number with a hyphen is read from the right; a break before it changes nothing."""
    narrow = HAND.lines("على 0800-123", HAND.width("0800-123") + 1, Coverage())
    assert [line.drawn for line in narrow][1] == "123-0800"
    (wide,) = HAND.lines("على 0800-123", LINE, Coverage())
    assert wide.drawn.startswith("123-0800")


def test_text_without_end_is_turned_in_portions() -> None:
    for text in ("שלום " * 3000, "ש" * 9000, "ש", " "):
        assert len(levels(text, True)) == len(text)


def test_a_mark_never_begins_a_line() -> None:
    lines = HAND.lines("q\u0301" * 400, LINE, Coverage())
    assert len(lines) > 2
    assert not any(unicodedata.combining(line.drawn[0]) for line in lines)


@pytest.mark.parametrize(
    ("value", "page_is_rtl", "rtl"),
    [
        ("12 – 34", False, False),
        ("12 – 34", True, True),
        ("12 שלום", False, True),
        ("(Ana) שלום", True, False),
        ("", True, True),
    ],
)
def test_a_value_runs_as_its_first_letter_does(value: str, page_is_rtl: bool, rtl: bool) -> None:
    assert is_rtl(value, page_is_rtl) is rtl


@pytest.mark.parametrize(
    "value", ["+43 1 234567", "هاتف +43 1 234567.", "+43 (0)1 23-45-67", "ليلى +380 44 123 تتصل"]
)
def test_the_groups_of_a_telephone_number_stay_in_their_order(value: str) -> None:
    number = re.search(r"\+[\d ()-]*\d", value)
    assert number is not None
    (line,) = Hand(PLAIN, 9, 12.5, page_is_rtl=True).lines(value, LINE, Coverage())
    assert number[0] in line.drawn


def test_a_space_that_does_not_break_does_not() -> None:
    for width in range(40, 120):
        lines = HAND.lines("Est-ce vrai\u00a0? Oui\u00a0: voir", width, Coverage())
        assert [line.drawn for line in lines if line.drawn[:1] in "?:"] == []


@pytest.mark.parametrize("language", ["en", "ru", "ar", "he"])
def test_the_same_file_gives_the_same_bytes(language: str) -> None:
    values = ("Лирана", "ليلى فوسك", "לירנה ווסק", "Ζωή", "李")
    with translation.override(language):
        first, second = paper(*values), paper(*values)
    assert first == second
    assert str(pypdf.PdfReader(BytesIO(first)).root_object["/Lang"]) == language


def test_a_page_that_runs_from_the_right_begins_there() -> None:
    def begins(document: bytes, words: str) -> float:
        page = pypdfium2.PdfDocument(BytesIO(document))[0]
        found = page.get_textpage().search(words).get_next()
        assert found is not None
        left: float = page.get_textpage().get_charbox(found[0])[0]
        return left

    with translation.override("en"):
        from_left = paper("value", label="Caption")
    with translation.override("he"):
        from_right = paper("value", label="Caption")
    assert begins(from_left, "Caption") < begins(from_left, "value")
    assert begins(from_right, "Caption") > begins(from_right, "value")


def test_it_tells_nothing_outside_of_its_pages() -> None:
    document = pypdf.PdfReader(BytesIO(paper("Oriolanda")))
    assert document.metadata is not None
    assert document.metadata.title == "case-K74-2QX"
    assert "Oriolanda" not in str(dict(document.metadata))
    assert document.metadata.author == "Homeward"


def test_an_ordinary_file_is_small_and_has_head_and_foot() -> None:
    document = paper(*["Вечером девочка попросила водителя о помощи." * 20] * 30)
    assert len(document) < 100_000
    said, total = text(document), pages(document)
    assert total > 2
    for number in range(1, total + 1):
        assert f"Page {number} of {total}" in said
    assert said.count("As of Monday 3 May 2026, 10:00") == total + 1


def test_the_fonts_come_with_their_licence() -> None:
    assert "Bitstream Vera" in (FONTS / "LICENSE").read_text(encoding="utf-8")
    assert {path.name for path in FONTS.glob("*.ttf")} == {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"}
