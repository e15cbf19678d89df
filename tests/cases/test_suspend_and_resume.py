"""The child is missing; the child is found."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis, EarlyEnd, Risk
from cases.services.police import record_police_told
from cases.services.steps import propose_end, take_step
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines


@kept
def missing(cast: Cast, case: Case) -> Case:
    return take_step(case.pk, "suspend", actor=cast.ana, reason="Did not come back from school.")


def test_worker_supervisor_duty_worker_and_caring_partner_may(cast: Cast) -> None:
    for person, basis in (
        (cast.ana, None),
        (cast.sami, None),
        (cast.ben, Basis.DUTY),
        (cast.petra, Basis.REFERRAL),
    ):
        case = files.screened(cast)
        if basis:
            files.ground(case, basis, account=person)
        assert statuses([person], "case_step", case.pk, "suspend", reason="") == [302]
        assert files.fresh(case).state == "suspended"


def test_strangers_find_nothing_and_other_readers_may_not(cast: Cast, case: Case, nora: User) -> None:
    files.ground(case, Basis.PANEL, account=cast.pia)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "case_step", case.pk, "suspend") == [404] * 5
    assert statuses([cast.pia], "case_step", case.pk, "suspend") == [403]
    assert files.fresh(case).state == "screening"


def test_it_asks_for_nothing_beforehand(cast: Cast, case: Case) -> None:
    assert post(cast.ana, "case_step", case.pk, "suspend").status_code == 302
    suspended = files.fresh(case)
    assert (suspended.state, suspended.suspended_from) == ("suspended", "screening")


def test_the_police_are_to_be_told_at_once(cast: Cast, missing: Case) -> None:
    task = clock_of(missing, "tell_police")
    assert task.due_at <= task.starts_at + timedelta(seconds=1)
    assert deadlines.sweep() >= 1
    assert "overdue.tell_police" in told(cast.sami)
    page = get(cast.ana, "today", show="late").content.decode()
    assert "Tell the police that the child is missing" in page
    assert "due now" in page


def test_the_file_asks_for_the_police_before_what_is_late(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at.forward(timedelta(days=15))
    take_step(case.pk, "suspend", actor=cast.ana)
    first, *others = get(cast.ana, "case", case.pk).context["due"]
    assert first.title == "Tell the police that the child is missing"
    assert others


def test_the_supervisors_are_told(cast: Cast, missing: Case) -> None:
    assert told(cast.sami)[-1] == told(cast.vera)[-1] == "case.missing"
    assert "case.missing" not in told(cast.omar)


def test_what_is_known_is_sealed_and_read_by_who_reads_notes(cast: Cast, missing: Case) -> None:
    assert last(missing.pk, "case.suspend").reason == "Did not come back from school."
    assert "Did not come back" in get(cast.sami, "case_history", missing.pk).content.decode()
    files.ground(missing, Basis.PANEL, account=cast.pia)
    assert "Did not come back" not in get(cast.pia, "case_history", missing.pk).content.decode()


def test_it_leaves_only_by_its_own_steps(cast: Cast, missing: Case) -> None:
    for edge in ("register", "suspend", "begin_screening", "take_over"):
        assert f"/steps/{edge}/" not in get(cast.ana, "case", missing.pk).content.decode()
        post(cast.ana, "case_step", missing.pk, edge)
    for edge in ("end_early", "find_not_eligible", "refer_out", "close"):
        assert f"/steps/{edge}/" not in get(cast.sami, "case", missing.pk).content.decode()
        post(cast.sami, "case_step", missing.pk, edge, code="adult", signpost="Graz")
    assert files.fresh(missing).state == "suspended"
    assert verbs(missing.pk)[-1] == "case.suspend"


def test_found_wants_safety_looked_at_anew(cast: Cast, case: Case, clock_at: Any) -> None:
    files.look_at_safety(case, cast.ana)
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "suspend", actor=cast.ana)
    answer = post(cast.ana, "case_step", case.pk, "resume")
    assert answer.status_code == 409
    assert "somebody saw it or spoke with it" in answer.content.decode()
    clock_at.forward(timedelta(hours=1))
    # From a telephone call nobody knows that the child is back.
    files.look_at_safety(case, cast.ana)
    assert post(cast.ana, "case_step", case.pk, "resume").status_code == 409
    files.look_at_safety(case, cast.ana, seen=True)
    assert post(cast.ana, "case_step", case.pk, "resume").status_code == 302
    assert files.fresh(case).state == "screening"


def test_found_is_the_workers_word(cast: Cast, missing: Case) -> None:
    files.look_at_safety(missing, cast.ana, seen=True)
    assert statuses([cast.omar, cast.ben], "case_step", missing.pk, "resume") == [404] * 2
    assert statuses([cast.sami], "case_step", missing.pk, "resume") == [403]
    assert statuses([cast.ana, cast.ana], "case_step", missing.pk, "resume") == [302, 302]
    assert "tell_police" not in running(missing)


def test_the_contact_clock_stands_still_while_the_child_is_missing(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    files.look_at_safety(case, cast.ana, seen=True)
    assert "contact" in running(case)
    take_step(case.pk, "suspend", actor=cast.ana)
    assert "contact" not in running(case)
    clock_at.forward(timedelta(days=20))
    assert "Speak with the child again" not in get(cast.ana, "today").content.decode()
    files.look_at_safety(case, cast.ana, Risk.HIGH, seen=True)
    assert "contact" not in running(case)
    take_step(case.pk, "resume", actor=cast.ana)
    assert clock_of(case, "contact").starts_at > case.reported_at + timedelta(days=20)


def test_an_imported_child_that_nobody_took_over_is_found_without_clocks(cast: Cast) -> None:
    case = files.in_state("suspended", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana, seen=True)
    take_step(case.pk, "resume", actor=cast.ana)
    assert running(case) == set()


@pytest.mark.parametrize("name", ["ana", "sami", "ben"])
def test_those_who_work_on_the_case_record_that_the_police_were_told(
    cast: Cast, missing: Case, name: str
) -> None:
    files.ground(missing, Basis.DUTY, account=cast.ben)
    person = getattr(cast, name)
    assert f"/cases/{missing.pk}/police/" in get(person, "today").content.decode()
    assert post(person, "case_police", missing.pk, reference="Station 4, no. 17").status_code == 302
    assert files.fresh(missing).police_reference == "Station 4, no. 17"
    assert "tell_police" not in running(missing)
    event = last(missing.pk, "case.police_told")
    assert (event.actor, event.details, event.reason) == (person, {}, None)
    assert "Station 4, no. 17" in get(cast.sami, "case_police", missing.pk).content.decode()
    assert "recorded that the police were told" in get(cast.sami, "case", missing.pk).content.decode()


def test_others_record_nothing_about_the_police(cast: Cast, missing: Case, nora: User) -> None:
    files.ground(missing, Basis.REFERRAL, account=cast.petra)
    assert statuses([nora, cast.omar, cast.ben], "case_police", missing.pk, reference="17") == [404] * 3
    assert statuses([cast.petra], "case_police", missing.pk, reference="17") == [403]
    assert post(cast.ana, "case_police", missing.pk, reference=" ").status_code == 422
    assert "tell_police" in running(missing)


def test_the_reference_belongs_to_one_suspension(cast: Cast, missing: Case) -> None:
    record_police_told(missing.pk, actor=cast.ana, reference="17")
    files.look_at_safety(missing, cast.ana, seen=True)
    take_step(missing.pk, "resume", actor=cast.ana)
    with pytest.raises(Invalid):
        record_police_told(missing.pk, actor=cast.ana, reference="18")
    assert post(cast.ana, "case_police", missing.pk, reference="18").status_code == 409
    take_step(missing.pk, "suspend", actor=cast.ana)
    assert files.fresh(missing).police_reference is None
    assert "tell_police" in running(missing)


def test_another_country_is_told_only_when_the_child_is_believed_in_danger_there(
    cast: Cast, case: Case
) -> None:
    assert post(cast.ana, "case_step", case.pk, "suspend", danger_in="").status_code == 302
    assert "tell_focal_point" not in running(case)
    assert "case.danger_abroad" not in told(cast.sami)
    other = files.screened(cast)
    assert post(cast.ana, "case_step", other.pk, "suspend", danger_in="XB").status_code == 302
    task = clock_of(other, "tell_focal_point")
    assert (task.params, task.due_at <= task.starts_at + timedelta(seconds=1)) == ({"country": "XB"}, True)
    assert told(cast.vera)[-1] == "case.danger_abroad"
    assert "case.danger_abroad" not in told(cast.fokus)


@pytest.mark.parametrize(("country", "status"), [("XA", 422), ("QQ", 422), ("Belmora", 422)])
def test_it_is_another_country_that_there_is(cast: Cast, case: Case, country: str, status: int) -> None:
    assert post(cast.ana, "case_step", case.pk, "suspend", danger_in=country).status_code == status
    assert files.fresh(case).state == "screening"


def test_the_belief_may_come_later_and_who_was_told_is_written_down(
    cast: Cast, missing: Case, nora: User
) -> None:
    files.ground(missing, Basis.REFERRAL, account=cast.petra)
    strangers = [nora, cast.omar, cast.ben, cast.aida, cast.petra]
    assert statuses(strangers, "danger_abroad", missing.pk, danger_in="XB") == [404] * 5
    assert statuses([cast.ana], "danger_abroad", missing.pk, danger_in="XA") == [422]
    assert statuses([cast.ana], "danger_abroad", missing.pk, danger_in="XB") == [302]
    assert "focal point of" in get(cast.sami, "danger_abroad", missing.pk).content.decode()
    said = {"words": "Mr Fokus, by telephone at nine."}
    assert statuses(strangers, "focal_point_told", missing.pk, "XB", **said) == [404] * 5
    assert post(cast.sami, "focal_point_told", missing.pk, "XB", words=" ").status_code == 422
    assert "tell_focal_point" in running(missing)
    assert statuses([cast.sami], "focal_point_told", missing.pk, "XB", **said) == [302]
    assert "tell_focal_point" not in running(missing)
    event = last(missing.pk, "case.focal_point_told")
    assert (event.reason, event.details) == (said["words"], {"country": "XB"})


def test_without_that_belief_nobody_records_that_a_country_was_told(cast: Cast, missing: Case) -> None:
    post(cast.ana, "focal_point_told", missing.pk, "XB", words="I called.")
    assert "case.focal_point_told" not in verbs(missing.pk)


def test_of_a_child_that_is_not_missing_there_is_nothing_to_tell(cast: Cast, case: Case) -> None:
    assert post(cast.ana, "danger_abroad", case.pk, danger_in="XB").status_code == 422
    assert "Nothing is due" in get(cast.ana, "danger_abroad", case.pk).content.decode()


def test_what_was_proposed_before_counts_no_more(cast: Cast, case: Case) -> None:
    """Else one supervisor could say that the child died, report it missing, and close the case alone."""
    propose_end(case.pk, actor=cast.sami, why=EarlyEnd.DIED)
    take_step(case.pk, "suspend", actor=cast.sami)
    assert (files.fresh(case).early_end, files.fresh(case).closure_author) == ("", None)
    assert post(cast.sami, "case_step", case.pk, "close_suspended").status_code == 409


def test_what_was_said_of_a_missing_child_does_not_end_one_that_is_found(cast: Cast, missing: Case) -> None:
    propose_end(missing.pk, actor=cast.sami, why=EarlyEnd.DIED)
    files.look_at_safety(missing, cast.ana, seen=True)
    take_step(missing.pk, "resume", actor=cast.ana)
    assert files.fresh(missing).early_end == ""
    assert post(cast.vera, "case_step", missing.pk, "end_early").status_code == 409


def test_the_case_of_a_child_missing_for_long_is_closed(
    cast: Cast, missing: Case, clock_at: Any, nora: User
) -> None:
    def propose(why: str) -> Any:
        return post(cast.sami, "case_propose_end", missing.pk, why=why)

    assert "has not been missing for 365 days" in propose("long_missing").content.decode()
    clock_at.forward(timedelta(days=366))
    assert "reference of the police" in propose("long_missing").content.decode()
    assert propose("declined").status_code == 422
    assert post(cast.sami, "case_step", missing.pk, "close_suspended").status_code == 409
    case = files.fresh(missing)
    case.police_reference = "P-77"
    case.save()
    assert propose("long_missing").status_code == 302
    strangers = [nora, cast.omar, cast.petra]
    assert statuses(strangers, "case_step", missing.pk, "close_suspended") == [404] * 3
    assert statuses([cast.ana], "case_step", missing.pk, "close_suspended") == [403]
    assert statuses([cast.sami], "case_step", missing.pk, "close_suspended") == [302]
    closed = files.fresh(missing)
    assert (closed.state, closed.retain_until is None, running(missing)) == ("closed", False, set())


def test_died_needs_no_waiting(cast: Cast, missing: Case) -> None:
    assert post(cast.sami, "case_propose_end", missing.pk, why="died").status_code == 302
    page = get(cast.sami, "case_step", missing.pk, "close_suspended").content.decode()
    assert "The child died" in page
    assert post(cast.sami, "case_step", missing.pk, "close_suspended").status_code == 302


@pytest.mark.parametrize(
    ("section", "expected"), [("shelter", 302), ("medical", 302), ("rehabilitation", 302), ("legal", 403)]
)
def test_a_partner_with_a_grant_for_care_says_that_the_child_is_missing(
    cast: Cast, case: Case, section: str, expected: int
) -> None:
    until = clock.now() + timedelta(days=9)
    files.ground(case, Basis.PERSONAL, account=cast.petra, until=until, sections=[section])
    offered = "/steps/suspend/" in get(cast.petra, "case", case.pk).content.decode()
    assert offered == (expected == 302)
    assert statuses([cast.petra], "case_step", case.pk, "suspend", reason="") == [expected]
