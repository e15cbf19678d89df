from datetime import date, datetime, time
from typing import Any

import pytest

from cases.importing import values
from cases.importing.age import Birth
from cases.importing.htcds import COLUMN
from cases.importing.values import WrongValueError

TODAY = date(2024, 6, 1)
MOMENT = datetime(2005, 5, 13)  # noqa: DTZ001


def wrong(parse: Any, *arguments: Any) -> str:
    with pytest.raises(WrongValueError) as refused:
        parse(*arguments)
    return str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [
        MOMENT,
        MOMENT.date(),
        "2005-05-13",
        "2005-05-13 00:00:00",
        "2005-05-13T00:00:00",
        "2005/05/13",
        "13.05.2005",
        "13.5.2005",
        "13/05/2005",
        "13-05-2005",
        " 13.05.2005 ",
        "13.05.2005\u200b",
    ],
)
def test_it_reads_a_date_in_every_usual_spelling(raw: Any) -> None:
    assert values.day(raw, TODAY) == date(2005, 5, 13)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("05/06/2005", "two ways"),
        ("05-06-2005", "two ways"),
        ("31.02.2005", "no such day"),
        ("2005-02-29", "no such day"),
        ("05/13/2005", "no such day"),
        ("00.00.2005", "no such day"),
        ("2024-06-02", "future"),
        (datetime(2031, 5, 1), "future"),  # noqa: DTZ001
        ("31.12.1899", "too long ago"),
        ("13.05.05", "not a date"),
        ("May 2005", "not a date"),
        ("2005", "not a date"),
        (38485, "not a date"),
        (time(12), "not a date"),
        (True, "not a date"),
        ("١٣.٠٥.٢٠٠٥", "not a date"),
    ],
)
def test_it_says_what_is_wrong_with_a_date(raw: Any, says: str) -> None:
    assert says in wrong(values.day, raw, TODAY)


def test_it_reads_the_same_day_twice_as_one_way() -> None:
    assert values.day("05/05/2005", TODAY) == date(2005, 5, 5)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u200b", "\u00a0"])
def test_it_takes_a_blank_for_unknown(blank: Any) -> None:
    assert values.day(blank, TODAY) is None
    assert values.birth(blank, TODAY) == Birth()
    assert values.consent(blank) is None
    assert values.name(blank) == ""
    assert values.phone(blank) == ""
    assert values.email(blank) == ""
    assert values.country(blank) == ""
    assert values.country_list(blank) == []
    assert values.picklist(blank, COLUMN["cas_Status"]) == ""
    assert values.multiselect(blank, COLUMN["vic_MethodsOfControl"]) == []


@pytest.mark.parametrize("raw", [2005, "2005", 2005.0])
def test_it_reads_a_year_alone(raw: Any) -> None:
    assert values.birth(raw, TODAY) == Birth(year=2005)


def test_it_reads_a_full_birth_date() -> None:
    assert values.birth(MOMENT, TODAY) == Birth(day=date(2005, 5, 13))


@pytest.mark.parametrize("raw", [1899, "2025", 9999])
def test_it_refuses_an_impossible_year(raw: Any) -> None:
    assert "1900 to 2024" in wrong(values.birth, raw, TODAY)


@pytest.mark.parametrize("raw", ["TRUE", "true", True, 1, 1.0, "1", "Yes", "y", "да", " ДА "])
def test_it_reads_every_spelling_of_yes(raw: Any) -> None:
    assert values.consent(raw) is True


@pytest.mark.parametrize("raw", ["FALSE", False, 0, "0", "no", "N", "нет"])
def test_it_reads_every_spelling_of_no(raw: Any) -> None:
    assert values.consent(raw) is False


@pytest.mark.parametrize("raw", [2, "maybe", "verbal", MOMENT])
def test_it_guesses_no_consent(raw: Any) -> None:
    assert "TRUE or FALSE" in wrong(values.consent, raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("UA", "UA"),
        ("ua", "UA"),
        ("UKR", "UA"),
        ("Ukraine", "UA"),
        ("Vietnam", "VN"),
        ("Viet Nam", "VN"),
        ("Moldova, Republic of", "MD"),
        ("Turkey", "TR"),
        ("XA", "XA"),
        ("Belmora", "XB"),
    ],
)
def test_it_knows_a_country_by_code_or_name(raw: str, code: str) -> None:
    assert values.country(raw) == code


def test_it_names_each_country_that_it_does_not_know() -> None:
    assert values.country_list("UA; MD;UA") == ["UA", "MD"]
    said = wrong(values.country_list, "UA;XQ;Atlantis")
    assert "place 2, 3 of this cell." in said
    assert "Atlantis" not in said
    assert "ISO 3166-1" in said


@pytest.mark.parametrize("raw", ["Follow Up", "follow up", "FollowUp", " Follow  up ", "FOLLOW UP"])
def test_it_takes_the_name_or_the_label_of_a_value(raw: str) -> None:
    assert values.picklist(raw, COLUMN["cas_Status"]) == "FollowUp"


def test_it_lists_what_a_picklist_allows() -> None:
    assert wrong(values.picklist, "Opened", COLUMN["cas_Status"]) == (
        "Expected: one of “Active”, “Follow Up”, “Closed”, “Closed Referred”."
    )


def test_it_names_each_wrong_choice() -> None:
    column = COLUMN["vic_TypeOfExploitation"]
    assert values.multiselect("Sexual exploitation;forcedlabour; ", column) == [
        "ForcedLabour",
        "SexualExploitation",
    ]
    said = wrong(values.multiselect, "Sexual exploitation;Unknown thing;Other thing", column)
    assert said.startswith("Not known here: the value at place 2, 3 of this cell.")
    assert "Unknown thing" not in said


def test_it_keeps_a_semicolon_inside_one_value() -> None:
    label = "Water supply; sewerage, waste management and remediation"
    assert values.picklist(label, COLUMN["vic_ForcedLabourIndustry"]).startswith("E_Water")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Opela\u200b ", "Opela"),
        ("Anna\u202e  Maria", "Anna Maria"),
        ("O’Brien-Šmíd", "O’Brien-Šmíd"),
        ("Cafe\u0301", "Café"),
        ("Анна\nМария", "Анна Мария"),
        ("李", "李"),
    ],
)
def test_it_cleans_a_name_silently(raw: str, name: str) -> None:
    assert values.name(raw) == name


@pytest.mark.parametrize(
    "raw",
    ["=1+1", "+Mira", "-Mira", "@Mira", "\tMira", "\u200b=1+1", " =1+1", '=HYPERLINK("http://x.example")'],
)
def test_it_refuses_a_name_that_looks_like_a_formula(raw: str) -> None:
    said = wrong(values.name, raw)
    assert "looks like a formula" in said
    assert "Mira" not in said


@pytest.mark.parametrize(
    ("raw", "says"), [("Mi\x00ra", "control"), ("M" * 201, "200"), ("1234", "no letter")]
)
def test_it_refuses_a_name_that_is_none(raw: str, says: str) -> None:
    assert says in wrong(values.name, raw)


def test_it_refuses_a_cell_that_is_too_long() -> None:
    assert values.long_text("x" * 10_000)
    assert "10000" in wrong(values.long_text, "x" * 10_001)


def test_it_keeps_the_lines_and_joiners_of_running_text() -> None:
    assert values.long_text("- first\n- می\u200cخواهم") == "- first\n- می\u200cخواهم"


@pytest.mark.parametrize("raw", ["#REF!", "#N/A"])
def test_it_refuses_a_spreadsheet_error(raw: str) -> None:
    assert "error in this cell" in wrong(values.short_text, raw)


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("+380 (44) 123-45-67", "+380441234567"),
        ("00380441234567", "+380441234567"),
        (380441234567, "380441234567"),
    ],
)
def test_it_reads_a_telephone_number(raw: Any, phone: str) -> None:
    assert values.phone(raw) == phone


@pytest.mark.parametrize("raw", ["044 123 45 67", "call the aunt", "+1234567890123456"])
def test_it_refuses_a_telephone_number_without_country(raw: str) -> None:
    assert "country's code" in wrong(values.phone, raw)


def test_it_checks_an_email_address() -> None:
    assert values.email(" a@example.org ") == "a@example.org"
    assert "name@example.org" in wrong(values.email, "a at example")
