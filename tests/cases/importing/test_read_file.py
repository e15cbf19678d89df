import zipfile
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from openpyxl import load_workbook

from cases.importing.headings import ImportFileError
from cases.importing.reader import SourceRow, file_digest, read_rows
from tests.cases.importing.sheets import csv_of, official, validated, workbook_of

MIRA: dict[str, Any] = {
    "First Name": "Mira",
    "Second Name": "Tolan",
    "Birthdate": datetime(2009, 4, 2),  # noqa: DTZ001
    "Mailing Street": "Mill Lane 4",
    "Mailing City": "Port Vale",
    "Mailing Zip/Postal Code": "1234",
    "Mailing Country": "XA",
    "Reason for Outgoing Referral": "Other",
    "Trafficking Status Decision Making Organization": "Police",
}


def refusal(path: Path) -> str:
    with pytest.raises(ImportFileError) as refused:
        list(read_rows(path))
    return str(refused.value)


@pytest.mark.parametrize("layout", [official, validated])
def test_it_reads_both_official_layouts(tmp_path: Path, layout: Any) -> None:
    rows = list(read_rows(layout(tmp_path / "caseload.xlsx", [MIRA, {"First Name": "Oren"}])))
    assert [(row.number, row.counter, row.cells["prs_FirstName"]) for row in rows] == [
        (3, "1", "Mira"),
        (4, "2", "Oren"),
    ]


def test_it_believes_the_label_where_the_two_heading_rows_disagree(tmp_path: Path) -> None:
    (row,) = read_rows(official(tmp_path / "caseload.xlsx", [MIRA]))
    assert row.cells["prs_MailingStreet"] == "Mill Lane 4"
    assert row.cells["prs_MailingCity"] == "Port Vale"
    assert row.cells["prs_MailingPostalCode"] == "1234"
    assert row.cells["prs_MailingCountry"] == "XA"


def test_it_knows_the_missing_and_the_misspelt_heading(tmp_path: Path) -> None:
    (row,) = read_rows(official(tmp_path / "caseload.xlsx", [MIRA]))
    assert row.cells["cas_ReasonForOutgoingReferral"] == "Other"
    assert row.cells["vic_TraffickingStatusDecisionMakingOrg"] == "Police"


def test_it_skips_rows_with_nothing_but_the_counter_and_keeps_the_numbers(tmp_path: Path) -> None:
    people: list[dict[str, Any]] = [
        {},
        {"First Name": "Mira"},
        {"First Name": "  "},
        {"First Name": "Oren", "#": None},
    ]
    rows = list(read_rows(official(tmp_path / "caseload.xlsx", people)))
    assert [(row.number, row.counter) for row in rows] == [(4, "2"), (6, None)]


def test_it_keeps_a_formula_in_sight(tmp_path: Path) -> None:
    (row,) = read_rows(
        official(tmp_path / "caseload.xlsx", [{"First Name": '=HYPERLINK("http://x.example","y")'}])
    )
    assert str(row.cells["prs_FirstName"]).startswith("=")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize(
    ("heading", "first_number"),
    [
        ([["", "prs_FirstName", "prs_Citizenship"]], 2),
        ([["", "First Name", "Citizenship"]], 2),
        ([["", "prs_FirstName", "prs_Citizenship"], ["", "First Name", "Citizenship"]], 3),
    ],
)
def test_it_reads_csv(
    tmp_path: Path, encoding: str, delimiter: str, heading: list[list[str]], first_number: int
) -> None:
    rows = [*heading, ["7", "Мира", "UA;MD"], ["8", "", ""], ["9", "two\nlines, and a comma", ""]]
    path = csv_of(tmp_path / "caseload.csv", *rows, delimiter=delimiter, encoding=encoding)
    assert list(read_rows(path)) == [
        SourceRow(first_number, "7", {"prs_FirstName": "Мира", "prs_Citizenship": "UA;MD"}),
        SourceRow(first_number + 2, "9", {"prs_FirstName": "two\nlines, and a comma"}),
    ]


def test_it_needs_no_counter(tmp_path: Path) -> None:
    (row,) = read_rows(csv_of(tmp_path / "caseload.csv", ["prs_FirstName"], ["Mira"]))
    assert row == SourceRow(2, None, {"prs_FirstName": "Mira"})


def test_it_ignores_a_column_without_heading_and_values(tmp_path: Path) -> None:
    path = workbook_of(tmp_path / "a.xlsx", [None, "First Name", "Status", None], [1, "Mira", "Active", " "])
    assert len(list(read_rows(path))) == 1


def test_it_refuses_values_below_no_heading(tmp_path: Path) -> None:
    path = workbook_of(tmp_path / "a.xlsx", [None, "First Name", "Status"], [1, "Mira", "Active", "secret"])
    assert "D2" in refusal(path)
    assert "secret" not in refusal(path)


def test_it_names_unknown_columns_and_what_may_be_meant(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", ["First Name", "Status", "prs_BirthDte", "Shoe"], ["Mira", "", "", ""])
    assert "“prs_BirthDte” (did you mean “prs_Birthdate”?)" in refusal(path)
    assert "“Shoe”" in refusal(path)


def test_it_refuses_a_column_that_comes_twice(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", ["", "First Name", "Status", "prs_FirstName"], ["1", "Mira", "", ""])
    assert refusal(path) == "The columns B and D both say “First Name”. Keep one of them."


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0", "old Excel file"),
        ("a.ods", b"PK", "Only .xlsx and .csv"),
        ("a.xlsx", b"", "empty"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"MZ this is a program", "not a workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "password"),
        ("a.csv", "First Name,Status\nMíra,\n".encode("latin-1"), "UTF-8"),
        ("a.csv", "First Name,Status\nMira,\n".encode("utf-16"), "UTF-8"),
        ("a.csv", b'First Name,Status\nMira,"Active\n', "quotation mark"),
        ("a.csv", b"colour,shape\nred,round\n", "first row"),
        ("a.csv", b"First Name,Status\n" + b"x" * 200_000, "quotation mark"),
    ],
)
def test_it_refuses_what_is_no_caseload_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert says in refusal(path)


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.csv") == "There is no such file."


def test_it_refuses_a_workbook_without_the_headings(tmp_path: Path) -> None:
    assert "first row" in refusal(workbook_of(tmp_path / "a.xlsx", ["colour"], ["red"]))


@pytest.mark.parametrize(("member", "megabytes"), [("xl/worksheets/sheet9.xml", 30), ("xl/media/a.bin", 201)])
def test_it_refuses_a_zip_bomb_before_opening_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str, megabytes: int
) -> None:
    path = official(tmp_path / "bomb.xlsx", [MIRA])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(member, "w") as part:
        for _megabyte in range(megabytes):
            part.write(bytes(1024 * 1024))
    monkeypatch.setattr("cases.importing.reader.load_workbook", lambda *_: pytest.fail("was opened"))
    assert "unpack" in refusal(path)


def test_it_refuses_a_workbook_whose_xml_is_broken_or_hostile(tmp_path: Path) -> None:
    whole = official(tmp_path / "whole.xlsx", [MIRA])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    for number, text in enumerate([b"<worksheet><sheetData><row", bomb]):
        path = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
            for item in source.infolist():
                broken = item.filename.endswith("sheet2.xml")
                target.writestr(item.filename, text if broken else source.read(item))
        assert "damaged" in refusal(path)


@pytest.mark.parametrize("cell", ["B1048576", "A20000"])
def test_a_stray_value_far_below_is_named_at_once(tmp_path: Path, cell: str) -> None:
    path = official(tmp_path / "stray.xlsx", [MIRA])
    stray(path, cell)
    begun = monotonic()
    assert f"Row {cell[1:]} holds a value far below" in refusal(path)
    assert monotonic() - begun < 10


def test_a_stray_value_in_the_last_cell_of_all_is_not_waited_for(tmp_path: Path) -> None:
    path = official(tmp_path / "corner.xlsx", [MIRA])
    stray(path, "XFD1048576")
    begun = monotonic()
    assert [row.number for row in read_rows(path)] == [3]
    assert monotonic() - begun < 10


def stray(path: Path, cell: str) -> None:
    workbook = load_workbook(path)
    workbook.worksheets[1][cell] = "x"
    workbook.save(path)


def test_it_knows_a_file_by_its_content(tmp_path: Path) -> None:
    one, same = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("First Name\nMira\n")
    same.write_text("First Name\nMira\n")
    assert file_digest(one) == file_digest(same)
    same.write_text("First Name\nOren\n")
    assert file_digest(one) != file_digest(same)
