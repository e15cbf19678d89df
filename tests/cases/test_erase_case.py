"""The end of a file: one asks, an export is taken, another confirms. Then nothing of it opens, and nobody sees it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, ProgrammingError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, User
from cases.models import (
    Case,
    CaseAccess,
    CaseFigures,
    Child,
    Document,
    DuplicateCheck,
    ErasedFigures,
    Erasure,
    LegalHold,
)
from cases.models.choices import CaseState
from cases.models.erasure import FIGURES, ErasureGround
from cases.services import erased, erasing, figures
from cases.services.duplicates import run_duplicate_check
from cases.tasks import finish_erasure
from tests.cases import ended, files
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.kept import kept
from vault import keys
from vault.errors import KeyErased
from vault.models import DataKey

pytestmark = pytest.mark.django_db
Captured = DjangoCaptureOnCommitCallbacks


@kept
def case(cast: Cast) -> Case:
    return ended.closed(cast)


@kept
def ready(cast: Cast, case: Case) -> Case:
    """Asked by sami, and exported."""
    ended.exported(case, cast)
    return case


@pytest.fixture(autouse=True)
def _files_of_the_kept_case(case: Case) -> None:
    for document in Document.objects.filter(case=case):
        ended.put_back(document)


def erase(case: Case, cast: Cast, captured: Captured) -> None:
    with captured(execute=True):
        erasing.confirm_erasure(case.pk, actor=cast.vera)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as refused:
        act()
    return refused.value.sentence


def lift(case: Case, hold: LegalHold, by: User) -> LegalHold:
    return erasing.lift_hold(case.pk, hold.pk, actor=by, because="The trial is over.")


# -- who --------------------------------------------------------------------------------------------------


def test_a_supervisor_asks_and_the_others_are_told(cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    erasure = Erasure.objects.get()
    assert (erasure.asked_by, erasure.ground, erasure.reason) == (
        cast.sami,
        "retention",
        "Her letter of 2 May.",
    )
    told = Notification.objects.filter(kind="erasure.asked").values_list("receiver", flat=True)
    assert set(told) == {cast.vera.pk, cast.aida.pk}


@pytest.mark.parametrize("who", ["ana", "aida", "omar", "petra", "admin"])
def test_nobody_else_asks(cast: Cast, case: Case, who: str) -> None:
    with pytest.raises((PermissionDenied, Case.DoesNotExist)):
        erasing.ask_for_erasure(
            case.pk, actor=getattr(cast, who), ground=ErasureGround.REQUEST, reason="Because."
        )


@pytest.mark.parametrize("who", ["vera", "aida"])
def test_a_second_supervisor_or_the_officer_confirms(cast: Cast, ready: Case, who: str) -> None:
    erasing.confirm_erasure(ready.pk, actor=getattr(cast, who))
    assert Erasure.objects.get().confirmed_by == getattr(cast, who)


@pytest.mark.parametrize("who", ["sami", "ana", "omar", "petra", "stella"])
def test_nobody_else_confirms(cast: Cast, ready: Case, who: str) -> None:
    with pytest.raises((PermissionDenied, Case.DoesNotExist)):
        erasing.confirm_erasure(ready.pk, actor=getattr(cast, who))
    assert DataKey.objects.filter(pk=ready.pk).exists()


def test_the_database_wants_two_as_well(cast: Cast, ready: Case) -> None:
    with pytest.raises(IntegrityError, match="erasure_takes_two"), transaction.atomic():
        Erasure.objects.update(confirmed_by=cast.sami, confirmed_at="2026-06-15T10:00Z")
    with pytest.raises(IntegrityError, match="erasure_confirmed_after"), transaction.atomic():
        Erasure.objects.update(confirmed_by=cast.vera, confirmed_at="2026-06-15T10:00Z", exported_upto=None)


# -- when not ---------------------------------------------------------------------------------------------


def test_not_while_the_case_is_open(cast: Cast) -> None:
    open_case = ended.closed(cast, state=CaseState.ACTIVE)
    assert "has ended" in refusal(lambda: ended.asked(open_case, cast))


def test_not_before_its_time_is_over_unless_asked_for(cast: Cast) -> None:
    young = ended.closed(cast, retain_until=date(2030, 12, 31))
    assert "as long as it must be" in refusal(lambda: ended.asked(young, cast))
    ended.asked(young, cast, ErasureGround.REQUEST)


def test_not_on_the_last_day_itself(cast: Cast, clock_at: ClockHand) -> None:
    case = ended.closed(cast, retain_until=date(2026, 6, 15))
    assert "as long as it must be" in refusal(lambda: ended.asked(case, cast))
    clock_at.forward(timedelta(days=1))
    ended.asked(case, cast)


def test_not_during_a_legal_hold_placed_at_any_moment(cast: Cast, ready: Case, clock_at: ClockHand) -> None:
    until = ended.today(ready) + timedelta(days=3)
    hold = erasing.place_hold(ready.pk, actor=cast.vera, why="Trial 7/26.", until=until)
    assert "legal hold" in refusal(lambda: erasing.confirm_erasure(ready.pk, actor=cast.vera))
    clock_at.forward(timedelta(days=3))
    assert "legal hold" in refusal(lambda: erasing.confirm_erasure(ready.pk, actor=cast.vera))
    lift(ready, hold, cast.sami)
    with pytest.raises(LegalHold.DoesNotExist):
        lift(ready, hold, cast.sami)
    ended.export(ready, cast)
    erasing.confirm_erasure(ready.pk, actor=cast.vera)


def test_a_hold_without_an_end_lasts_and_one_with_an_end_ends(
    cast: Cast, case: Case, clock_at: ClockHand
) -> None:
    erasing.place_hold(case.pk, actor=cast.sami, why="A complaint.")
    erasing.place_hold(case.pk, actor=cast.sami, why="Trial.", until=ended.today(case))
    assert len(erasing.holds_in_force(case)) == 2
    clock_at.forward(timedelta(days=400))
    assert [hold.why for hold in erasing.holds_in_force(case)] == ["A complaint."]
    assert "past" in refusal(
        lambda: erasing.place_hold(case.pk, actor=cast.sami, why="Trial.", until=date(2020, 1, 1))
    )


@pytest.mark.parametrize("who", ["vera", "aida"])
def test_another_than_who_placed_it_lifts_a_hold_and_says_why(cast: Cast, ready: Case, who: str) -> None:
    hold = erasing.place_hold(ready.pk, actor=cast.sami, why="Trial 7/26.")
    for nobody in (cast.sami, cast.ana, cast.omar, cast.petra):
        with pytest.raises((PermissionDenied, Case.DoesNotExist)):
            lift(ready, hold, nobody)
    lift(ready, hold, getattr(cast, who))
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lifted_because) == (getattr(cast, who), "The trial is over.")
    assert Notification.objects.get(kind="hold.lifted").receiver == cast.sami


def test_the_database_wants_another_to_lift_a_hold_and_why(cast: Cast, ready: Case) -> None:
    hold = LegalHold.objects.filter(pk=erasing.place_hold(ready.pk, actor=cast.sami, why="Trial 7/26.").pk)
    with pytest.raises(IntegrityError, match="hold_lifted_by_another"), transaction.atomic():
        hold.update(lifted_by=cast.sami, lifted_at="2026-06-15T10:00Z", lifted_because=b"x")
    with pytest.raises(IntegrityError, match="hold_lifted_whole"), transaction.atomic():
        hold.update(lifted_by=cast.vera, lifted_at="2026-06-15T10:00Z")


def test_not_before_it_is_exported(cast: Cast, case: Case) -> None:
    ended.asked(case, cast)
    assert "not exported" in refusal(lambda: erasing.confirm_erasure(case.pk, actor=cast.vera))


def test_not_when_something_changed_since(cast: Cast, ready: Case) -> None:
    """The record of it is what counts, whatever it was; reading changes nothing."""
    record_read(cast.sami, ready, case_id=ready.pk, sections=[])
    assert erasing.is_exported(ready, Erasure.objects.get())
    AuditEvent.objects.create(
        actor=cast.ana, verb="document.added", target_label="cases.document", case_id=ready.pk
    )
    assert "has changed" in refusal(lambda: erasing.confirm_erasure(ready.pk, actor=cast.vera))
    ended.export(ready, cast)
    erasing.confirm_erasure(ready.pk, actor=cast.vera)


def test_not_when_a_hold_was_placed_or_lifted_since(cast: Cast, ready: Case) -> None:
    """What it says is sealed with the same key, and would be in no export."""
    hold = erasing.place_hold(ready.pk, actor=cast.sami, why="Trial 7/26.")
    assert not erasing.is_exported(ready, Erasure.objects.get())
    ended.export(ready, cast)
    lift(ready, hold, cast.vera)
    assert "has changed" in refusal(lambda: erasing.confirm_erasure(ready.pk, actor=cast.vera))


def test_not_while_a_merged_file_is_left(cast: Cast, case: Case) -> None:
    merged = files.in_state(CaseState.DUPLICATE, cast.ana.agency, surviving_case=case)
    assert "merged" in refusal(lambda: ended.asked(case, cast))
    # It has no day of its own: that of the file which goes on counts.
    assert merged.retain_until is None
    ended.exported(merged, cast)
    erasing.confirm_erasure(merged.pk, actor=cast.vera)
    ended.asked(case, cast)


def test_only_once_at_a_time_and_again_after_it_was_taken_back(cast: Cast, ready: Case) -> None:
    assert "already" in refusal(lambda: ended.asked(ready, cast))
    erasing.drop_erasure(ready.pk, actor=cast.aida)
    with pytest.raises(Erasure.DoesNotExist):
        erasing.confirm_erasure(ready.pk, actor=cast.vera)
    ended.asked(ready, cast)
    assert "not exported" in refusal(lambda: erasing.confirm_erasure(ready.pk, actor=cast.vera))


# -- what ------------------------------------------------------------------------------------------------


def test_nothing_opens_any_more_history_and_documents_included(
    cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured
) -> None:
    document = Document.objects.get(case=ready)
    erase(ready, cast, django_capture_on_commit_callbacks)
    child = Child.objects.get(case=ready)
    for read in (
        lambda: child.known_as,
        lambda: child.names.get().family,
        lambda: child.history.first().known_as,
        lambda: document.title,
        lambda: Erasure.objects.get().reason,
    ):
        with pytest.raises(KeyErased):
            read()
    assert not default_storage.exists(document.storage_name)
    assert not DataKey.objects.filter(pk=ready.pk).exists()


def test_the_name_finds_nothing_any_more(cast: Cast, ready: Case) -> None:
    DuplicateCheck.objects.create(
        case=ready, run_by=cast.ana, run_at="2026-06-01T10:00Z", identity_digest=ready.child.identity_digest
    )
    erasing.confirm_erasure(ready.pk, actor=cast.vera)
    assert files.tokens_of(ready) == []
    assert DuplicateCheck.objects.get(case=ready).identity_digest == ""
    another = ended.closed(cast, state=CaseState.SCREENING)
    run_duplicate_check(another.pk, actor=cast.ana)
    assert not another.duplicate_candidates.exists()


def test_nobody_has_access_any_more_and_it_cannot_be_reopened(cast: Cast, ready: Case) -> None:
    erasing.confirm_erasure(ready.pk, actor=cast.vera)
    assert not CaseAccess.objects.live().filter(case=ready).exists()
    with pytest.raises(ProgrammingError, match="Cannot update rows from cases_case"), transaction.atomic():
        Case.objects.filter(pk=ready.pk).update(erased_at=None)


def test_statistics_stay_as_they_were_and_nothing_leads_to_the_case(cast: Cast, ready: Case) -> None:
    other = ended.closed(cast)
    before = figures.counted()
    assert list(before.values()) == [2]
    (cell,) = before
    assert cell[1:6] == ("XA", "XB", "Feminine", "12-14", ("SexualExploitation",))
    erasing.confirm_erasure(ready.pk, actor=cast.vera)
    assert figures.counted() == before
    assert CaseFigures.objects.get().case == other
    assert ErasedFigures.objects.get().cases == 1
    names = {field.name for field in ErasedFigures._meta.fields}
    assert names == {"id", "cases", *FIGURES}


def test_other_files_are_left_alone(
    cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured
) -> None:
    other = ended.closed(cast)
    erase(ready, cast, django_capture_on_commit_callbacks)
    kept_document = Document.objects.get(case=other)
    assert other.child.known_as == ended.GIVEN
    assert default_storage.exists(kept_document.storage_name)
    erased.destroy(other.pk)
    assert DataKey.objects.filter(pk=other.pk).exists()


def test_the_audit_tells_who_and_on_which_ground(cast: Cast, ready: Case) -> None:
    erasing.confirm_erasure(ready.pk, actor=cast.vera)
    event = AuditEvent.objects.get(verb="erasure.confirmed")
    assert (event.actor, event.case_id, event.details) == (cast.vera, ready.pk, {"ground": "retention"})


def _away(_scope: UUID) -> bool:
    raise OperationalError("The key store does not answer.")


# -- whatever fails meanwhile ------------------------------------------------------------------------------


def test_a_key_store_that_is_away_is_asked_again_by_the_job(
    cast: Cast,
    ready: Case,
    django_capture_on_commit_callbacks: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as away:
        away.setattr(keys, "erase", _away)
        erase(ready, cast, django_capture_on_commit_callbacks)
    assert DataKey.objects.filter(pk=ready.pk).exists()
    for _twice in range(2):
        finish_erasure(str(ready.pk))
        assert not DataKey.objects.filter(pk=ready.pk).exists()


def test_what_a_backup_brought_back_is_erased_again(
    cast: Cast, ready: Case, django_capture_on_commit_callbacks: Captured, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key store is last night's: the application's database knows."""
    row = DataKey.objects.get(pk=ready.pk)
    erase(ready, cast, django_capture_on_commit_callbacks)
    row.save(force_insert=True)
    call_command("after_restore")
    assert "Keys destroyed again: 1." in capsys.readouterr().out
    assert not DataKey.objects.filter(pk=ready.pk).exists()


def test_an_older_database_learns_of_it_from_the_key_store(
    cast: Cast, ready: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    before = figures.counted()
    keys.erase(ready.pk)
    call_command("after_restore")
    assert "Cases erased again: 1." in capsys.readouterr().out
    again = files.fresh(ready)
    assert again.erased_at is not None
    assert files.tokens_of(again) == []
    assert not CaseAccess.objects.live().filter(case=ready).exists()
    assert figures.counted() == before
    call_command("after_restore")
    assert "Cases erased again: 0." in capsys.readouterr().out
