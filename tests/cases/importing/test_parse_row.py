from datetime import date, datetime
from typing import Any

from accounts.access import Section
from cases.importing.age import AgeFinding, Birth
from cases.importing.htcds import COLUMNS
from cases.importing.reader import SourceRow
from cases.importing.rows import CellError, ParsedRow, parse_row, read_back

TODAY = date(2024, 6, 1)


def parsed(counter: str | None = "1", **cells: Any) -> ParsedRow:
    row = parse_row(SourceRow(3, counter, cells), TODAY)
    assert isinstance(row, ParsedRow), row
    return row


def errors(counter: str | None = "1", **cells: Any) -> dict[str, str]:
    found = parse_row(SourceRow(3, counter, cells), TODAY)
    assert isinstance(found, list)
    assert all(isinstance(error, CellError) and error.row == 3 for error in found)
    return {error.column: error.message for error in found}


def test_the_standard_has_forty_core_columns() -> None:
    assert len({column.name for column in COLUMNS}) == 40


def test_it_makes_one_person_of_a_row() -> None:
    row = parsed(
        prs_FirstName="Мира ",
        prs_SecondName="Tolan",
        prs_Birthdate="2006",
        prs_Gender="Feminine",
        prs_Citizenship="UA;Moldova",
        con_Consent="TRUE",
        cas_Status="Follow up",
        cas_IncomingReferralDate=datetime(2023, 5, 1),  # noqa: DTZ001
        cas_ReferringOrganisation="Border police",
        vic_TypeOfExploitation="Forced begging;Other",
        cas_OutgoingReferralDate="13.05.2023",
        prs_MailingCity="Port Vale",
    )
    assert (row.given_name, row.family_name, row.gender) == ("Мира", "Tolan", "Feminine")
    assert row.birth == Birth(year=2006)
    assert row.citizenships == ("UA", "MD")
    assert row.consent is True
    assert row.state == "monitoring"
    assert row.referral_date == date(2023, 5, 1)
    assert row.referring_organisation == "Border police"
    assert row.age is AgeFinding.CHILD
    assert row.sections == {
        Section.IDENTITY: {
            "prs_FirstName": "Мира",
            "prs_SecondName": "Tolan",
            "prs_Birthdate": "2006",
            "prs_Gender": "Feminine",
            "prs_Citizenship": ["UA", "MD"],
        },
        Section.CONTACTS: {"prs_MailingCity": "Port Vale"},
        Section.ACCOUNT: {"vic_TypeOfExploitation": ["ForcedBegging", "Other"]},
        Section.NOTES: {
            "cas_Status": "FollowUp",
            "cas_ReferringOrganisation": "Border police",
            "cas_IncomingReferralDate": "2023-05-01",
            "cas_OutgoingReferralDate": "2023-05-13",
        },
        Section.LEGAL: {"con_Consent": "TRUE"},
    }


def test_it_takes_a_row_of_which_little_is_known() -> None:
    row = parsed(prs_FirstName="Mira")
    assert row.birth == Birth()
    assert row.consent is None
    assert row.state == "active"
    assert row.age is AgeFinding.PRESUMED_CHILD
    assert row.sections == {Section.IDENTITY: {"prs_FirstName": "Mira"}}


def test_what_it_keeps_reads_back_as_the_same_person() -> None:
    row = parsed(
        None,
        prs_FirstName="Mira",
        prs_Birthdate=datetime(2009, 4, 2),  # noqa: DTZ001
        prs_Citizenship="Ukraine; Moldova",
        con_Consent=0,
        cas_Status="Closed Referred",
        vic_ForcedLabourIndustry="Water supply; sewerage, waste management and remediation",
        vic_MethodsOfControl="Other;Debt bondage",
        prs_HomePhone="00380 44 123 45 67",
        cas_IncomingReferralDetails="two\nlines",
    )
    content = {name: value for columns in row.sections.values() for name, value in columns.items()}
    assert read_back(3, content, TODAY) == row


def test_it_translates_each_status() -> None:
    states = {
        status: parsed(cas_Status=status).state
        for status in ("Active", "Follow Up", "Closed", "Closed Referred")
    }
    assert states == {
        "Active": "active",
        "Follow Up": "monitoring",
        "Closed": "closed",
        "Closed Referred": "referred_out",
    }


def test_it_names_every_wrong_cell_at_once() -> None:
    found = errors(
        prs_FirstName="=1+1",
        prs_Birthdate="31.02.2009",
        prs_Gender="F",
        prs_Citizenship="XQ",
        con_Consent="perhaps",
        cas_Status="Opened",
    )
    assert set(found) == {
        "prs_FirstName",
        "prs_Birthdate",
        "prs_Gender",
        "prs_Citizenship",
        "con_Consent",
        "cas_Status",
    }


def test_age_counts_on_the_referral_date() -> None:
    assert parsed(prs_Birthdate="2003-01-01", cas_IncomingReferralDate="2019-01-01").age is AgeFinding.CHILD
    assert parsed(prs_Birthdate="2003-01-01").age is AgeFinding.ADULT


def test_nobody_is_born_after_the_referral() -> None:
    for born in ("2019-01-02", "2020"):
        found = errors(prs_Birthdate=born, cas_IncomingReferralDate="2019-01-01")
        assert "born after the referral" in found["prs_Birthdate"]
    assert parsed(prs_Birthdate="2019", cas_IncomingReferralDate="2019-05-01").age is AgeFinding.CHILD


def test_nobody_is_older_than_a_hundred_and_twenty() -> None:
    assert "120 years" in errors(prs_Birthdate="1901-01-01")["prs_Birthdate"]
    assert parsed(prs_Birthdate="1905-01-01").age is AgeFinding.ADULT


def test_the_counter_is_no_formula_and_short() -> None:
    assert "formula" in errors("=A2+1", prs_FirstName="Mira")["A"]
    assert "64" in errors("9" * 65, prs_FirstName="Mira")["A"]
    assert parsed(None, prs_FirstName="Mira").counter is None
