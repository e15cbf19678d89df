"""Small files made up in the tests, in the shapes in which real ones come."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

# The official workbooks' two heading rows: field names with one missing and one misspelt, and labels that
# disagree with them about the address.
OFFICIAL: tuple[tuple[str | None, str | None], ...] = (
    (None, None),
    ("cas_CaseOwner", "Case Owner"),
    ("prs_Salutation", "Salutation"),
    ("prs_FirstName", "First Name"),
    ("prs_SecondName", "Second Name"),
    ("con_Consent", "Consent"),
    ("prs_Birthdate", "Birthdate"),
    ("prs_Gender", "Gender"),
    ("prs_Citizenship", "Citizenship"),
    ("prs_Title", "Title"),
    ("prs_Email", "Email"),
    ("prs_HomePhone", "Home Phone"),
    ("prs_MobilePhone", "Mobile Phone"),
    ("prs_MailingCity", "Mailing Street"),
    ("prs_MailingCountry", "Mailing City"),
    ("prs_MailingState", "Mailing State/Province"),
    ("prs_MailingStreet", "Mailing Zip/Postal Code"),
    ("prs_MailingPostalCode", "Mailing Country"),
    ("vic_TraffickingStatus", "Trafficking Status"),
    ("vic_TraffickinStatusDecisionMakingOrg", "Trafficking Status Decision Making Organization"),
    ("vic_MethodOfRecruitment", "Method of Recruitment"),
    ("vic_LocationOfRecruitment", "Location of Recruitment"),
    ("vic_MethodsOfControl", "Methods of Control"),
    ("vic_TypeOfExploitation", "Type of Exploitation"),
    ("vic_ForcedLabourIndustry", "Forced Labour Industry"),
    ("vic_TypeOfSexExploitation", "Type of Sex Exploitation"),
    ("vic_LocationOfExploitation", "Location of Exploitation"),
    ("cas_Status", "Status"),
    ("cas_ReferringOrganisation", "Referring Organisation"),
    ("cas_IncomingReferralDate", "Incoming Referral Date"),
    ("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker"),
    ("cas_ReasonForIncomingReferral", "Reason for Incoming Referral"),
    ("cas_IncomingReferralDetails", "Incoming Referral Details"),
    ("cas_ReferredOrganisation", "Referred Organisation"),
    ("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker"),
    (None, "Reason for Outgoing Referral"),
    ("cas_OutgoingReferralDate", "Outgoing Referral Date"),
    ("cas_OutgoingReferralDetails", "Outgoing Referral Details"),
    ("cas_ReasonForCaseClosure", "Reason for Case Closure"),
)

Person = Mapping[str, Any]


def official(path: Path, people: Sequence[Person], *, sheet: str = "Sheet1", blank_rows: int = 0) -> Path:
    """`people` map labels to cells; the counter runs from 1 unless a person brings one under "#"."""
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = "about"
    page.append(["Microsoft Excel HTCDS 2.0"])
    page = workbook.create_sheet(sheet)
    page.append([name for name, _label in OFFICIAL])
    page.append([label for _name, label in OFFICIAL])
    for counter, person in enumerate([*people, *[{}] * blank_rows], 1):
        cells = [person.get(label or "") for _name, label in OFFICIAL[1:]]
        page.append([person.get("#", counter), *cells])
    workbook.save(path)
    return path


def validated(path: Path, people: Sequence[Person]) -> Path:
    return official(path, people, sheet="Case Sheet", blank_rows=5)


def workbook_of(path: Path, *rows: Sequence[Any]) -> Path:
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    workbook.save(path)
    return path


def csv_of(path: Path, *rows: Sequence[Any], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path
