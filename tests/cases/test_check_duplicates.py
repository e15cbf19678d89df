"""Does this child already have a file?"""

from datetime import date
from typing import Any

import pytest

from cases.models import Case, DuplicateCandidate, DuplicateCheck
from cases.models.choices import BirthCertainty, Verdict
from cases.services.duplicates import run_duplicate_check
from cases.services.identity import add_name, record_identity, remove_name
from cases.services.reports import take_report
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import get, last, post, running, statuses, told
from tests.cast import Cast
from tests.kept import kept


@kept
def twin(cast: Cast) -> Case:
    """Another file of the agency with the same whole name."""
    return files.screened(cast, worker=cast.ben)


@kept
def twin_elsewhere(cast: Cast) -> Case:
    return take_report(files.reported(cast, by=cast.omar).pk, actor=cast.omar)


def check(cast: Cast, case: Case) -> list[DuplicateCandidate]:
    run_duplicate_check(case.pk, actor=cast.ana)
    return list(case.duplicate_candidates.all())


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(cast: Cast, case: Case) -> None:
    assert statuses([cast.omar, cast.ben, cast.aida, cast.petra], "duplicates_run", case.pk) == [404] * 4
    assert statuses([cast.sami], "duplicates_run", case.pk) == [403]
    assert not DuplicateCheck.objects.exists()
    assert statuses([cast.ana], "duplicates_run", case.pk) == [302]
    assert last(case.pk, "duplicates.checked").sections == ["identity"]


def test_the_same_whole_name_is_found_in_any_order_and_script(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben, details={})
    assert check(cast, case) == []
    add_name(other.pk, actor=cast.ben, kind="legal", given="VOSK", family="lirana")
    (found,) = check(cast, case)
    assert (found.other, found.verdict, "name" in found.reasons) == (other, Verdict.PENDING, True)


def test_one_word_alone_counts_only_with_the_birth_date(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben, details={})
    for file, worker in ((case, cast.ana), (other, cast.ben)):
        born = files.identity(
            known_as="Mira", birth_date=date(2012, 3, 4), birth_certainty=BirthCertainty.EXACT
        )
        record_identity(file.pk, actor=worker, identity=born)
    (found,) = check(cast, case)
    assert set(found.reasons) == {"one_name", "birth"}
    assert [row.other for row in check(cast, files.screened(cast, details={"name": "Mira"}))] == []


def test_two_spellings_are_not_called_the_same_name(cast: Cast, case: Case) -> None:
    other = files.screened(cast, worker=cast.ben, details={})
    add_name(case.pk, actor=cast.ana, kind="legal", given="Milan", family="Ordell")
    add_name(other.pk, actor=cast.ben, kind="legal", given="Milan", family="Ordel")
    (found,) = check(cast, case)
    assert found.reasons == ["name_alike"]
    add_name(other.pk, actor=cast.ben, kind="alias", given="Milan", family="Ordell")
    (found,) = check(cast, case)
    assert found.reasons == ["name"]


def test_the_page_says_how_little_was_compared(cast: Cast, case: Case) -> None:
    check(cast, case)
    page = get(cast.ana, "case_duplicates", case.pk).content.decode()
    for words in (
        "Compared: the names, no birth date, 0 document numbers.",
        "little could be compared",
    ):
        assert words in page
    assert "No other file looks like" not in page
    born = files.identity(known_as="Mira", birth_date=date(2012, 3, 4), birth_certainty=BirthCertainty.EXACT)
    record_identity(case.pk, actor=cast.ana, identity=born)
    check(cast, case)
    page = get(cast.ana, "case_duplicates", case.pk).content.decode()
    assert "No other file looks like" in page
    assert "Compared: the names, the birth date, 0 document numbers." in page


def test_the_other_file_says_what_was_decided_by_whom_and_when(cast: Cast, case: Case, twin: Case) -> None:
    (found,) = check(cast, case)
    sent = {f"{found.pk}-verdict": "different", f"{found.pk}-note": "Met both."}
    assert "Decided from another file" not in get(cast.ben, "case_duplicates", twin.pk).content.decode()
    post(cast.sami, "duplicate_decide", case.pk, found.pk, **sent)
    assert "Decided by <bdi>Sami</bdi>" in get(cast.ana, "case_duplicates", case.pk).content.decode()
    page = get(cast.ben, "case_duplicates", twin.pk).content.decode()
    for words in ("Decided from another file", "Sami", "15 June 2026", "A file that you may not open"):
        assert words in page
    # Whose file the other one is decides who reads its code, and the note is of that file.
    for secret in (case.code, str(case.pk), "Met both."):
        assert secret not in page
    assert case.code in get(cast.vera, "case_duplicates", twin.pk).content.decode()
    assert "duplicates.decided_elsewhere" in told(cast.ben)
    assert "duplicates.decided_elsewhere" not in told(cast.sami)


def test_a_shared_birth_date_alone_is_no_reason(cast: Cast, case: Case, twin: Case) -> None:
    record_identity(twin.pk, actor=cast.ben, identity=files.identity(known_as="Sanna Petrov"))
    record_identity(case.pk, actor=cast.ana, identity=files.identity(known_as="Mira Kovac"))
    name = twin.child.names.get()
    remove_name(twin.pk, name.pk, actor=cast.ben)
    assert check(cast, case) == []


def test_running_it_again_keeps_what_was_decided(cast: Cast, case: Case, twin: Case) -> None:
    (found,) = check(cast, case)
    sent = {f"{found.pk}-verdict": "different", f"{found.pk}-note": "Met both."}
    assert post(cast.sami, "duplicate_decide", case.pk, found.pk, **sent).status_code == 302
    (again,) = check(cast, case)
    assert (again.pk, again.verdict, again.note) == (found.pk, Verdict.DIFFERENT, "Met both.")
    assert again.decided_by == cast.sami


def test_a_changed_name_makes_the_check_stale(cast: Cast, case: Case) -> None:
    check(cast, case)
    assert files.fresh(case).facts.duplicate_check_stands
    add_name(case.pk, actor=cast.ana, kind="alias", given="Li", family="Ra")
    assert not files.fresh(case).facts.duplicate_check_stands


def test_who_has_not_seen_both_files_does_not_decide(cast: Cast, case: Case, twin: Case) -> None:
    (found,) = check(cast, case)
    sent = {f"{found.pk}-verdict": "same"}
    strangers = [cast.omar, cast.ben, cast.aida]
    assert statuses(strangers, "duplicate_decide", case.pk, found.pk, **sent) == [404] * 3
    assert statuses([cast.ana], "duplicate_decide", case.pk, found.pk, **sent) == [403]
    found.refresh_from_db()
    assert found.verdict == Verdict.PENDING
    assert statuses([cast.sami], "duplicate_decide", case.pk, found.pk, **sent) == [302]
    assert last(case.pk, "duplicates.decided").details == {"verdict": "same"}


def test_a_worker_decides_between_its_own_files(cast: Cast, case: Case) -> None:
    files.screened(cast)
    (found,) = check(cast, case)
    sent = {f"{found.pk}-verdict": "different"}
    assert statuses([cast.ana], "duplicate_decide", case.pk, found.pk, **sent) == [302]


@pytest.mark.parametrize(
    "wrong", [{}, {"verdict": "pending"}, {"verdict": "maybe"}, {"verdict": "same", "note": "x" * 20_001}]
)
def test_a_wrong_decision_changes_nothing(cast: Cast, case: Case, twin: Case, wrong: dict[str, Any]) -> None:
    (found,) = check(cast, case)
    sent = {f"{found.pk}-{name}": value for name, value in wrong.items()}
    answer = post(cast.sami, "duplicate_decide", case.pk, found.pk, **sent)
    assert answer.status_code == 422
    assert 'class="error' in answer.content.decode()
    found.refresh_from_db()
    assert found.verdict == Verdict.PENDING


def test_another_agencys_file_is_masked_and_its_question_is_the_supervisors(
    cast: Cast, case: Case, twin_elsewhere: Case
) -> None:
    (found,) = check(cast, case)
    for reader in (cast.ana, cast.sami):
        page = get(reader, "case_duplicates", case.pk).content.decode()
        assert twin_elsewhere.code not in page
        assert str(twin_elsewhere.pk) not in page
        assert cast.omar.agency.name in page
    sent = {f"{found.pk}-verdict": "different"}
    for reader, offered in ((cast.ana, False), (cast.sami, True)):
        shown = get(reader, "case_duplicates", case.pk).content.decode()
        assert (f'name="{found.pk}-verdict"' in shown) is offered
    assert statuses([cast.ana, cast.sami], "duplicate_decide", case.pk, found.pk, **sent) == [403, 302]
    # Nobody can merge what lies with two agencies: the page says what to do instead.
    post(cast.sami, "duplicate_decide", case.pk, found.pk, **{f"{found.pk}-verdict": "same"})
    shown = get(cast.sami, "case_duplicates", case.pk).content.decode()
    assert f"Agree with a supervisor of {cast.omar.agency.name}" in shown
    assert "A supervisor merges the two files." not in shown


def test_another_agencys_file_becomes_a_task_and_no_block(
    cast: Cast, case: Case, twin_elsewhere: Case
) -> None:
    files.satisfy_registration(case, cast.ana)
    moved = take_step(case.pk, "register", actor=cast.ana)
    assert moved.state == "registered"
    assert "ask_other_agency" in running(moved)


def test_a_merged_file_is_not_found_again(cast: Cast, case: Case, twin: Case) -> None:
    take_step(twin.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": case})
    assert check(cast, case) == []


def test_a_colleagues_file_is_masked_for_who_may_not_see_it(cast: Cast, case: Case, twin: Case) -> None:
    check(cast, case)
    assert twin.code not in get(cast.ana, "case_duplicates", case.pk).content.decode()
    assert twin.code in get(cast.sami, "case_duplicates", case.pk).content.decode()


def test_what_is_compared_is_recorded_for_both_files(cast: Cast, case: Case, twin: Case) -> None:
    check(cast, case)
    get(cast.sami, "case_duplicates", case.pk)
    assert last(twin.pk, "case.listed").actor == cast.sami


def test_the_supervisors_hear_of_the_same_child_and_find_the_next_step(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    (found,) = check(cast, case)
    sent = {f"{found.pk}-verdict": "same"}
    assert post(cast.ana, "duplicate_decide", case.pk, found.pk, **sent).status_code == 302
    assert told(cast.sami)[-1] == told(cast.vera)[-1] == "duplicates.same"
    assert f"/cases/{case.pk}/duplicates/" in get(cast.sami, "today").content.decode()
    step = f"/cases/{case.pk}/steps/mark_duplicate/?surviving_case={other.code}"
    assert f'href="{step}"' in get(cast.sami, "case_duplicates", case.pk).content.decode()
    page = get(cast.ana, "case_duplicates", case.pk).content.decode()
    assert step not in page
    assert "A supervisor merges the two files." in page
    assert (
        post(cast.sami, "case_step", case.pk, "mark_duplicate", surviving_case=other.code).status_code == 302
    )
    assert step not in get(cast.sami, "case_duplicates", case.pk).content.decode()


def test_a_supervisor_who_decides_is_told_nothing_new(cast: Cast, case: Case, twin: Case) -> None:
    (found,) = check(cast, case)
    post(cast.sami, "duplicate_decide", case.pk, found.pk, **{f"{found.pk}-verdict": "same"})
    assert "duplicates.same" not in told(cast.vera)
