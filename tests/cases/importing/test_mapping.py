"""A file of another system, read through a mapping."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Agency
from cases.importing.headings import ImportFileError
from cases.importing.mapping import BUILT_IN, FileMapping, built_in, read_mapping
from cases.importing.services import Outcome, import_cases
from cases.models import Case, Child
from cases.models.choices import Presumption
from config.embedded.folder import CHECKOUT
from tests.cast import Cast

EXAMPLE = re.findall(
    r"```toml\n(.+?)```", (CHECKOUT / "docs" / "importing.md").read_text(encoding="utf-8"), re.DOTALL
)[0]
HEADINGS = "Case no,Printed,Minor?,Called,Sex,Begging,Labour,Region,Year"
ROWS = (
    "17,x,yes,Mira,f,1,,Europe,2019",
    "18,,no,Ada,f,,1,Europe,2020",
    "19,,,Luka,m,1,1,,",
)


@pytest.fixture
def agency(cast: Cast) -> Agency:
    return cast.ana.agency


@pytest.fixture
def mapping(tmp_path: Path) -> FileMapping:
    return read_mapping(written(tmp_path / "old.toml", EXAMPLE))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def sheet(path: Path, *rows: str, headings: str = HEADINGS) -> Path:
    return written(path / "old.csv", "\n".join([headings, *rows]) + "\n")


@pytest.mark.django_db(transaction=True)
def test_the_documented_example_takes_a_file_over(
    tmp_path: Path, mapping: FileMapping, agency: Agency
) -> None:
    path = sheet(tmp_path, *ROWS)
    outcome = import_cases(path, agency.pk, actor=None, mapping=mapping)
    assert outcome == Outcome(rows=3, created=2, skipped=1, adults=1, presumed=1)
    mira, luka = sorted(Child.objects.all(), key=lambda child: child.known_as or "", reverse=True)
    assert (mira.known_as, mira.gender, mira.presumed_because) == ("Mira", "Feminine", Presumption.DOCUMENTS)
    assert (luka.known_as, luka.gender, luka.presumed_because) == (
        "Luka",
        "Masculine",
        Presumption.TAKEN_OVER,
    )
    kept = {values.section: values.values for values in mira.case.imported_values.all()}
    assert kept["account"] == {
        "vic_TypeOfExploitation": ["ForcedBegging"],
        "cas_IncomingReferralDetails": "Region: Europe\nYear: 2019",
    }
    assert mira.case.imported_record.profile == "old-system"
    assert import_cases(path, agency.pk, actor=None, mapping=mapping) == Outcome(rows=3, skipped=3, adults=1)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_changed_is_known_again_by_its_counter(
    tmp_path: Path, mapping: FileMapping, agency: Agency
) -> None:
    import_cases(sheet(tmp_path, ROWS[0]), agency.pk, actor=None, mapping=mapping)
    changed = sheet(tmp_path, ROWS[0].replace("Europe", "Asia"))
    assert import_cases(changed, agency.pk, actor=None, mapping=mapping) == Outcome(rows=1, updated=1)
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_is_named_by_the_files_own_heading(
    tmp_path: Path, mapping: FileMapping, agency: Agency
) -> None:
    path = sheet(tmp_path, "1,,perhaps,Mira,woman,often,,,", "2,,yes,=A1,f,,,,")
    outcome = import_cases(path, agency.pk, actor=None, mapping=mapping)
    assert [(error.row, error.column) for error in outcome.errors] == [
        (2, "Sex"),
        (2, "Begging / Labour"),
        (2, "Minor?"),
        (3, "Called"),
    ]
    assert "woman" not in json.dumps([error.message for error in outcome.errors])
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (HEADINGS + ",Shoe size", "no column “Shoe size”"),
        (HEADINGS + ",Sex", "“Sex” stands in the file twice"),
        ("Name,Birth", "headings that the mapping names"),
        (HEADINGS.split(",", 1)[1], "no column “.*”, by which the mapping knows a row again"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_heading_that_the_mapping_does_not_name_is_refused(
    tmp_path: Path, mapping: FileMapping, agency: Agency, headings: str, says: str
) -> None:
    path = sheet(tmp_path, "1,1,1,1,1,1,1,1,1,1", headings=headings)
    with pytest.raises(ImportFileError, match=says):
        import_cases(path, agency.pk, actor=None, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "is not TOML"),
        ("", "name"),
        ('name = "Über"', "small letters"),
        ('name = "x"\ncolour = "red"', "colour is not known here"),
        ('name = "x"\n[columns.prs_Shoe]\nfrom = "Shoe"', "prs_Shoe is no column"),
        ('name = "x"\n[columns.prs_Gender]\nfrom = "Sex"\nlines = ["Sex"]', "takes one of"),
        ('name = "x"\n[columns.prs_Gender]\nfrom = "Sex"\nvalues = { f = "Woman" }', "does not know Woman"),
        ('name = "x"\n[age]\nfrom = "Age"', "adult"),
        ('name = "x"\ncolumns = 3', "cannot be used"),
    ],
)
def test_a_wrong_mapping_gets_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ImportFileError, match=says):
        read_mapping(written(tmp_path / "wrong.toml", text))


def test_a_mapping_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="no such mapping file"):
        read_mapping(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("name", built_in())
def test_every_mapping_that_comes_along_can_be_read(name: str) -> None:
    assert read_mapping(BUILT_IN / f"{name}.toml").name == name


@pytest.mark.django_db(transaction=True)
def test_the_ctdc_file_is_taken_over(tmp_path: Path, agency: Agency) -> None:
    headings = "yearRegister,gender,majorityStatus,isForcedLabour,isSexualExploit,UN_COO_Region,UN_COE_Region"
    headings += ",IP_Exploiter,IP_Gender,IP_ageBroad,IP_citizen_UNRegion,IP_Relation,IP_PayMoney"
    headings += ",IP_RecruiterBroker,IP_TransactionProcess,IP_ControlAbuseKidnap"
    rows = [
        ",Female,Adult,1,,Europe,Europe,1,Female;Male,,Europe,StrangerUnknownOther,No;Yes,1,1,1",
        "2019,Male,Minor,,1,Asia,Europe,,,,,,,,,",
        "2019,Male,Minor,,1,Asia,Europe,,,,,,,,,",
        "2020,,,1,,,,,,,,,,,,",
    ]
    path, out = sheet(tmp_path, *rows, headings=headings), StringIO()
    options: dict[str, Any] = {"profile": "ctdc", "agency": agency.code, "stderr": StringIO()}
    call_command("import_cases", str(path), stdout=out, **options)
    assert json.loads(out.getvalue()) == {
        "rows": 4,
        "created": 3,
        "updated": 0,
        "skipped": 1,
        "adults": 1,
        "presumed": 1,
        "errors": [],
    }


def test_the_command_says_which_profiles_there_are(db: None, agency: Agency) -> None:
    with pytest.raises(CommandError, match=r"There is no profile spss\. Known are htcds, ctdc"):
        call_command("import_cases", "x.csv", profile="spss", agency=agency.code)
