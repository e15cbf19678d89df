import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

import clock
from accounts.access import Section
from accounts.models import Agency, AuditEvent
from cases.importing import creating, services
from cases.importing.services import Outcome, import_cases
from cases.matching.facts import facts_of
from cases.matching.names import SCOPE, lexicon, other_tokens, tokens_of_word
from cases.models import (
    Case,
    CaseAccess,
    Child,
    Consent,
    FormerOwner,
    ImportedValues,
    PersonName,
    SearchTokens,
)
from cases.models.choices import Answer, Basis, NameKind, Purpose
from cases.permissions import can_read
from cases.services.identity import add_name, remove_name
from config.embedded.folder import CHECKOUT
from tests.cases.files import tokens_of
from tests.cases.importing.sheets import csv_of, official
from tests.cast import Cast
from tests.kept import kept
from vault import keys
from vault.models import DataKey
from vault.tokens import token
from workflow.models import Deadline

MIRA: dict[str, Any] = {
    "First Name": "Mira",
    "Second Name": "Tolan",
    "Birthdate": "2009-04-02",
    "Gender": "Feminine",
    "Citizenship": "UA;MD",
    "Consent": "TRUE",
    "Status": "Active",
    "Incoming Referral Date": "2023-05-01",
    "Mailing City": "Port Vale",
    "Type of Exploitation": "Forced begging",
}
OREN: dict[str, Any] = {"First Name": "Орен", "Birthdate": "2005", "Incoming Referral Date": "2023-05-01"}
GROWN: dict[str, Any] = {
    "First Name": "Ada",
    "Birthdate": "1990-01-01",
    "Incoming Referral Date": "2023-05-01",
}
WRONG: dict[str, Any] = {"First Name": "Tess", "Gender": "F", "Status": "Opened"}


@kept
def agency(cast: Cast) -> Agency:
    return cast.ana.agency


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "caseload.xlsx"


def take(path: Path, people: Sequence[dict[str, Any]], agency: Agency, **options: Any) -> Outcome:
    return import_cases(official(path, people), agency.pk, actor=None, **options)


def key_of(counter: int) -> str:
    """How a row with this counter is known again; keyed, as the first column may hold anything."""
    return f"htcds:c:{token('import counter', str(counter))}"


@pytest.mark.django_db(transaction=True)
def tokens_by_hand(child: Child) -> list[int]:
    """None of these words is common, so each has one token."""
    facts = facts_of(child)
    words = [
        token
        for word, salts in lexicon.salts_of(facts.words).items()
        for token in tokens_of_word(word, salts)
    ]
    return sorted({*words, *other_tokens(facts)})


class TestImport:
    def test_it_opens_a_file_for_each_child(self, path: Path, agency: Agency) -> None:
        assert take(path, [MIRA, OREN], agency) == Outcome(rows=2, created=2, presumed=1)
        case = Case.objects.get(import_key=key_of(1))
        assert (case.agency, case.state, case.taken_over_at) == (agency, "active", None)
        assert case.waits_for_takeover
        assert case.reported_at.isoformat() == "2023-04-30T22:00:00+00:00"
        child = case.child
        assert (child.birth_date, child.birth_certainty) == (date(2009, 4, 2), "exact")
        assert (child.gender, child.citizenships, child.presumed_because) == ("Feminine", ["UA", "MD"], "")
        assert [name.whole for name in child.names.all()] == ["Mira Tolan"]
        assert case.imported_record.source_status == "Active"
        values = {kept.section: kept.values for kept in case.imported_values.all()}
        assert values["contacts"] == {"prs_MailingCity": "Port Vale"}
        assert values["account"] == {"vic_TypeOfExploitation": ["ForcedBegging"]}

    def test_it_translates_the_state_and_marks_it_imported(self, path: Path, agency: Agency) -> None:
        statuses = ["Active", "Follow Up", "Closed", "Closed Referred"]
        take(path, [MIRA | {"Status": status} for status in statuses], agency)
        states = dict(Case.objects.exclude(imported_at=None).values_list("import_key", "state"))
        expected = ["active", "monitoring", "closed", "referred_out"]
        assert states == {key_of(counter): state for counter, state in enumerate(expected, start=1)}

    def test_it_takes_an_uncertain_age_as_presumed_child_and_skips_certain_adults(
        self, path: Path, agency: Agency
    ) -> None:
        assert take(path, [OREN, GROWN], agency) == Outcome(
            rows=2, created=1, skipped=1, adults=1, presumed=1
        )
        child = Child.objects.get()
        assert (child.birth_date, child.birth_certainty) == (date(2005, 1, 1), "year")
        assert child.presumed_because == "taken_over"
        assert child.names.get().script == "Cyrl"

    def test_it_leaves_alone_what_another_agency_has_taken_over(
        self, path: Path, agency: Agency, cast: Cast
    ) -> None:
        """Neither changed in the hands of the new owner, nor opened a second time by the former one."""
        take(path, [MIRA], agency)
        case = Case.objects.get()
        FormerOwner.objects.create(
            case=case,
            agency=agency,
            successor=cast.omar.agency,
            taken_by=cast.omar,
            transfer=uuid4(),
            import_key=case.import_key,
        )
        Case.objects.update(agency=cast.omar.agency, import_key="")
        again = take(path, [MIRA | {"Gender": "Masculine"}], agency)
        assert again == Outcome(rows=1, skipped=1)
        assert Case.objects.get().child.gender == "Feminine"
        assert take(path, [MIRA], cast.omar.agency).created == 1

    def test_it_starts_no_clock(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        assert not Deadline.objects.exists()
        assert set(CaseAccess.objects.values_list("due", flat=True)) == {None}

    def test_it_records_the_one_consent_that_the_standard_asks(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA, OREN, MIRA | {"Consent": "нет"}], agency)
        answers = dict(Consent.objects.values_list("case__import_key", "answer"))
        assert answers == {key_of(1): Answer.CONSENT, key_of(3): Answer.REFUSED}
        assert set(Consent.objects.values_list("purpose", "imported")) == {(Purpose.DATA, True)}
        # The standard says neither who answered nor when, and nobody invents it.
        assert set(Consent.objects.values_list("given_by", "given_on")) == {("", None)}

    def test_the_team_sees_it_and_nobody_else(self, path: Path, cast: Cast) -> None:
        take(path, [MIRA], cast.sami.agency)
        case = Case.objects.get()
        assert set(CaseAccess.objects.values_list("basis", flat=True)) == {Basis.TEAM, Basis.DUTY}
        assert can_read(cast.sami, case, Section.IDENTITY)
        for stranger in (cast.omar, cast.ana, cast.petra, cast.hotline, cast.aida, cast.stella, cast.admin):
            assert not Case.objects.visible_to(stranger).exists()

    def test_it_leaves_history_and_audit(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA, OREN], agency)
        for model, rows in ((Case, 2), (Child, 2), (PersonName, 2), (CaseAccess, 4)):
            assert model.history.filter(history_type="+").count() == rows
        assert Consent.history.count() == 1
        assert Child.history.filter(case=Case.objects.get(import_key=key_of(1))).get().birth_date == date(
            2009, 4, 2
        )
        events = AuditEvent.objects.filter(verb="case.imported")
        assert events.count() == 2
        assert not any("Mira" in json.dumps(event.details) for event in events)

    def test_its_tokens_are_those_of_the_duplicate_check(self, path: Path, agency: Agency) -> None:
        two_words, family_only = MIRA | {"First Name": "Anna Maria"}, MIRA | {"First Name": None}
        take(path, [MIRA, OREN, two_words, family_only], agency)
        for child in Child.objects.all():
            assert tokens_of(child.case) == tokens_by_hand(child)
        assert any(row.tokens for row in SearchTokens.objects.all())

    def test_it_takes_the_whole_file_or_nothing(self, path: Path, agency: Agency) -> None:
        outcome = take(path, [MIRA, WRONG, OREN], agency)
        assert (outcome.rows, outcome.created) == (3, 0)
        assert [(error.row, error.column) for error in outcome.errors] == [
            (4, "prs_Gender"),
            (4, "cas_Status"),
        ]
        assert not Case.objects.exists()
        assert not DataKey.objects.exists()

    def test_it_keeps_the_good_rows_when_told_to(self, path: Path, agency: Agency) -> None:
        outcome = take(path, [MIRA, WRONG, OREN], agency, keep_good=True)
        assert (outcome.rows, outcome.created, len(outcome.errors)) == (3, 2, 2)
        assert set(Case.objects.values_list("import_key", flat=True)) == {key_of(1), key_of(3)}

    def test_a_dry_run_changes_nothing(self, path: Path, agency: Agency) -> None:
        assert take(path, [MIRA, GROWN], agency, dry_run=True) == Outcome(
            rows=2, created=1, skipped=1, adults=1
        )
        assert len(take(path, [MIRA, WRONG], agency, dry_run=True).errors) == 2
        assert not Case.objects.exists()
        assert not DataKey.objects.exists()
        assert not AuditEvent.objects.exists()

    @pytest.mark.parametrize("broken", ["bulk_create_with_history", "record"])
    def test_an_interruption_leaves_nothing_half(
        self, path: Path, agency: Agency, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        """Ctrl-C in the second hundred: neither cases nor keys of the first are there."""
        monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
        really = getattr(creating, broken)
        calls = iter(range(100))

        def interrupt(*arguments: Any, **options: Any) -> Any:
            if next(calls) == 12:
                raise KeyboardInterrupt
            return really(*arguments, **options)

        monkeypatch.setattr(creating, broken, interrupt)
        with pytest.raises(KeyboardInterrupt):
            take(path, [MIRA] * 20, agency)
        assert not Case.objects.exists()
        assert not Case.history.exists()
        assert not DataKey.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_again_changes_nothing(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA, OREN, GROWN], agency)
        before = [model.history.count() for model in (Case, Child, PersonName, ImportedValues)]
        assert take(path, [MIRA, OREN, GROWN], agency) == Outcome(rows=3, skipped=3, adults=1)
        assert [model.history.count() for model in (Case, Child, PersonName, ImportedValues)] == before
        assert DataKey.objects.exclude(pk=SCOPE).count() == 2

    def test_the_same_content_typed_otherwise_changes_nothing(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        otherwise = {
            "Birthdate": "02.04.2009",
            "Citizenship": "Moldova; ukr",
            "Consent": 1,
            "First Name": " Mira ",
        }
        again = take(path, [MIRA | otherwise | {"Citizenship": "ukr; Moldova"}], agency)
        assert again == Outcome(rows=1, skipped=1)

    def test_a_row_without_counter_is_known_by_file_and_place(self, tmp_path: Path, agency: Agency) -> None:
        file = csv_of(tmp_path / "a.csv", ["First Name", "Status"], ["Mira", "Active"], ["Mira", "Active"])
        assert import_cases(file, agency.pk, actor=None) == Outcome(rows=2, created=2, presumed=2)
        assert import_cases(file, agency.pk, actor=None) == Outcome(rows=2, skipped=2)

    def test_two_agencies_count_for_themselves(self, path: Path, cast: Cast) -> None:
        take(path, [MIRA], cast.ana.agency)
        assert take(path, [MIRA], cast.omar.agency) == Outcome(rows=1, created=1)

    def test_a_changed_row_updates_what_nobody_touched(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        changed = {"Second Name": "Tolanova", "Birthdate": "2009", "Citizenship": "MD", "Consent": "FALSE"}
        more = {"Mailing City": None, "Home Phone": "+380441234567", "Incoming Referral Date": "2023-05-02"}
        assert take(path, [MIRA | changed | more], agency) == Outcome(rows=1, updated=1)
        case = Case.objects.get()
        child = case.child
        assert child.names.get().whole == "Mira Tolanova"
        assert (child.birth_date, child.birth_certainty) == (date(2009, 1, 1), "year")
        assert child.citizenships == ["MD"]
        assert tokens_of(child.case) == tokens_by_hand(child)
        assert case.reported_at.isoformat() == "2023-05-01T22:00:00+00:00"
        assert [consent.answer for consent in case.consents.all()] == [Answer.REFUSED, Answer.CONSENT]
        assert case.imported_values.get(section="contacts").values == {"prs_HomePhone": "+380441234567"}
        assert Child.history.filter(history_type="~").count() == 1
        assert AuditEvent.objects.filter(verb="case.import_updated").count() == 1
        assert take(path, [MIRA | changed | more], agency) == Outcome(rows=1, skipped=1)

    def test_a_corrected_first_name_is_what_the_child_is_called(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        take(path, [MIRA | {"First Name": "Mirela"}], agency)
        child = Child.objects.get()
        assert (child.names.get().whole, child.known_as) == ("Mirela Tolan", "Mirela")

    def test_a_changed_row_never_overwrites_what_people_changed(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        child = Child.objects.get()
        child.gender, child.birth_date = "Masculine", date(2010, 1, 1)
        child.save()
        changed = {"Gender": "Non-Conforming", "Birthdate": "2009-04-03", "Citizenship": "MD"}
        assert take(path, [MIRA | changed], agency).updated == 1
        child = Child.objects.get()
        assert (child.gender, child.birth_date, child.citizenships) == ("Masculine", date(2010, 1, 1), ["MD"])

    def test_a_name_that_people_replaced_stays(self, path: Path, cast: Cast) -> None:
        take(path, [MIRA], cast.ana.agency)
        case = Case.objects.get()
        CaseAccess.objects.create(case=case, basis=Basis.ASSIGNMENT, basis_id=case.pk, account=cast.ana)
        remove_name(case.pk, case.child.names.get().pk, actor=cast.ana)
        add_name(case.pk, actor=cast.ana, kind=NameKind.LEGAL, given="Mirabel", family="Tolan")
        assert take(path, [MIRA | {"First Name": "Mirra"}], cast.ana.agency).updated == 1
        names = PersonName.objects.filter(removed_at=None)
        assert [name.whole for name in names] == ["Mirabel Tolan"]

    def test_a_workers_consent_stays_the_latest(self, path: Path, cast: Cast) -> None:
        take(path, [MIRA], cast.ana.agency)
        case = Case.objects.get()
        Consent.objects.create(
            case=case,
            purpose=Purpose.DATA,
            answer=Answer.ASSENT,
            given_by="child",
            given_on=date(2023, 6, 1),
            recorded_by=cast.ana,
            recorded_at=clock.now() + timedelta(seconds=1),
        )
        take(path, [MIRA | {"Consent": "FALSE"}], cast.ana.agency)
        assert case.facts.agreed(Purpose.DATA)

    def test_a_new_status_is_evidence_and_moves_nothing(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        assert take(path, [MIRA | {"Status": "Closed"}], agency).updated == 1
        case = Case.objects.get()
        assert (case.state, case.imported_record.source_status) == ("active", "Closed")

    def test_a_counter_that_is_used_for_another_child_is_an_error(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        other = {"First Name": "Tess", "Second Name": "Rowan", "Birthdate": "2011-11-11"}
        (error,) = take(path, [MIRA | other], agency, keep_good=True).errors
        assert (error.row, error.column) == (3, "A")
        assert Child.objects.get().names.get().whole == "Mira Tolan"

    def test_a_counter_that_comes_twice_is_an_error(self, path: Path, agency: Agency) -> None:
        (error,) = take(path, [MIRA, OREN | {"#": 1}], agency).errors
        assert (error.row, error.column) == (4, "A")
        assert "row 3" in error.message

    def test_an_erased_case_stays_erased(self, path: Path, agency: Agency) -> None:
        take(path, [MIRA], agency)
        DataKey.objects.all().delete()
        keys.forget_cached()
        changed = take(path, [MIRA | {"Second Name": "Tolanova"}], agency)
        assert changed == Outcome(rows=1, skipped=1)
        assert not DataKey.objects.exists()

    def test_it_says_how_far_it_is(self, path: Path, agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "ROWS_AT_ONCE", 2)
        heard: list[tuple[int, bool]] = []
        take(path, [OREN] * 3, agency, progress=lambda rows, written: heard.append((rows, written)))
        assert heard == [(2, False), (3, False), (2, True), (3, True)]


def command(*arguments: str, status: int = 0) -> tuple[dict[str, Any], str]:
    out, err = StringIO(), StringIO()
    if status:
        with pytest.raises(SystemExit) as ended:
            call_command("import_cases", *arguments, stdout=out, stderr=err)
        assert ended.value.code == status
    else:
        call_command("import_cases", *arguments, stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


@pytest.mark.django_db(transaction=True)
class TestCommand:
    def test_it_prints_one_json_object_and_progress_beside_it(self, path: Path, agency: Agency) -> None:
        printed, progress = command(str(official(path, [MIRA, GROWN])), "--agency", agency.code)
        assert printed == {
            "rows": 2,
            "created": 1,
            "updated": 0,
            "skipped": 1,
            "adults": 1,
            "presumed": 0,
            "errors": [],
        }
        owner = f"The cases will belong to {agency.name} ({agency.code}).\n"
        assert progress == owner + "2 rows checked\n2 rows gone through\n"

    def test_it_names_every_wrong_cell_and_ends_with_1(self, path: Path, agency: Agency) -> None:
        printed, _progress = command(
            str(official(path, [MIRA, WRONG])), "--agency", agency.code, "--dry-run", status=1
        )
        assert [(error["row"], error["column"]) for error in printed["errors"]] == [
            (4, "prs_Gender"),
            (4, "cas_Status"),
        ]
        assert all("Expected" in error["message"] for error in printed["errors"])

    def test_it_takes_the_good_rows_and_names_the_wrong_ones(self, path: Path, agency: Agency) -> None:
        file = str(official(path, [MIRA, WRONG]))
        printed, _progress = command(file, "--agency", agency.code, "--keep-good")
        assert (printed["created"], len(printed["errors"])) == (1, 2)

    def test_it_says_in_one_sentence_why_a_file_cannot_be_read(self, tmp_path: Path, agency: Agency) -> None:
        printed, _progress = command(str(tmp_path / "no.csv"), "--agency", agency.code, status=1)
        assert printed["errors"] == [{"row": None, "column": None, "message": "There is no such file."}]

    def test_ctrl_c_is_answered_in_words(
        self, path: Path, agency: Agency, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "create_cases", Mock(side_effect=KeyboardInterrupt))
        err = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_cases", str(official(path, [MIRA])), "--agency", agency.code, stderr=err)
        assert ended.value.code == 130
        assert err.getvalue().endswith("Interrupted. Nothing was taken over.\n")

    def test_it_answers_as_the_readme_shows(self, tmp_path: Path, agency: Agency) -> None:
        readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
        sheet = re.findall(r"```\n(#,prs_.+?)```", readme, re.DOTALL)
        shown = re.findall(r"```json\n(.+?)```", readme, re.DOTALL)
        path = tmp_path / "caseload.csv"
        path.write_text(sheet[0], encoding="utf-8")
        printed, _progress = command(str(path), "--agency", agency.code, "--dry-run", status=1)
        assert printed == json.loads(shown[0])

    def test_it_needs_the_agency_where_there_are_several(self, path: Path, cast: Cast) -> None:
        choices = "arvania-north, arvania-social, belmora-social"
        with pytest.raises(CommandError, match=f"--agency CODE. To choose from: {choices}."):
            command(str(official(path, [MIRA])))
        assert not Case.objects.exists()
        for code in ("nowhere", cast.petra.agency.code):
            with pytest.raises(CommandError, match="no active social service"):
                command(str(official(path, [MIRA])), "--agency", code)

    def test_it_takes_the_only_social_service(self, path: Path, agency: Agency) -> None:
        Agency.objects.filter(kind="social_service").exclude(pk=agency.pk).update(is_active=False)
        printed, progress = command(str(official(path, [MIRA])))
        assert (printed["created"], Case.objects.get().agency) == (1, agency)
        assert agency.code in progress
