"""Somebody who did not open the file looks at why it was opened, and says whether it was an emergency."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import clock
from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case, CaseAccess, EmergencyOpening
from cases.models.choices import Basis, CaseState
from cases.models.emergency import EmergencyVerdict
from cases.services import clocks, erasing
from cases.services.emergency import open_in_emergency, review_emergency
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, get, last, post, running, statuses, told
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.kept import kept
from workflow import deadlines
from workflow.models import Deadline

REASON = "The police found the child at the border, alone."
NOTE = "The border police confirm the call."


@kept
def opening(cast: Cast, case: Case) -> EmergencyOpening:
    """By omar, of a file of ana's agency."""
    cache.clear()
    return open_in_emergency(case.code, actor=cast.omar, reason=REASON)


def review(**changes: Any) -> dict[str, Any]:
    return {"verdict": "justified", "note": NOTE} | changes


def nothing_else_is_due() -> None:
    Deadline.objects.open().exclude(kind="emergency_review").update(cancelled_at=clock.now())


def officer(agency: Agency) -> User:
    return User.objects.create_account(
        f"dpo-{agency.code}", PASSWORD, name="Officer", role=Role.DATA_PROTECTION_OFFICER, agency=agency
    )


def test_supervisors_and_officers_of_the_owner_may_and_nobody_else(
    cast: Cast, opening: EmergencyOpening, nora: User
) -> None:
    strangers = [nora, cast.omar, cast.ana, cast.ben, cast.petra, cast.admin, officer(cast.omar.agency)]
    assert statuses(strangers, "emergency_review", opening.pk, **review()) == [404] * 7
    assert [get(user, "emergency_review", opening.pk).status_code for user in strangers] == [404] * 7
    assert get(cast.aida, "emergency_review", uuid4()).status_code == 404
    opening.refresh_from_db()
    assert opening.reviewed_at is None
    for user in (cast.sami, cast.aida):
        page = get(user, "emergency_review", opening.pk)
        assert (page.status_code, REASON in page.content.decode()) == (200, True)
    assert statuses([cast.sami], "emergency_review", opening.pk, **review()) == [302]


def test_an_officer_reviews_and_still_sees_no_section(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    assert statuses([cast.aida], "emergency_review", opening.pk, **review()) == [302]
    assert get(cast.aida, "case", case.pk).status_code == 404


def test_the_queue_is_for_those_who_review(
    cast: Cast, case: Case, opening: EmergencyOpening, nora: User
) -> None:
    for user in (cast.omar, cast.ana, cast.petra, cast.admin, cast.stella):
        assert get(user, "emergency_reviews").status_code == 403
    for user, sees in ((cast.sami, True), (cast.aida, True), (nora, False)):
        page = get(user, "emergency_reviews")
        assert (page.status_code, case.code in page.content.decode()) == (200, sees)
        assert ("Omar" in page.content.decode()) is sees


def test_the_queue_says_how_many_pages_were_read(
    cast: Cast, case: Case, opening: EmergencyOpening, clock_at: ClockHand
) -> None:
    def pages() -> int:
        page = get(cast.sami, "emergency_reviews")
        (row,) = page.context["rows"]
        return int(row.pages)

    assert pages() == 0
    get(cast.omar, "case", case.pk)
    get(cast.omar, "case_risk", case.pk)
    # A line in a list opens nothing; another person's look is not this one's.
    get(cast.omar, "case_list")
    get(cast.ana, "case", case.pk)
    assert pages() == 2
    clock_at.forward(timedelta(minutes=61))
    files.ground(case, Basis.PERSONAL, account=cast.omar, until=clock.now() + timedelta(1), sections=["risk"])
    get(cast.omar, "case_risk", case.pk)
    assert pages() == 2


def test_the_review_lists_each_page_that_was_read_and_what_stood_on_it(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    for name in ("case_risk", "medical", "medical"):
        assert get(cast.omar, name, case.pk).status_code == 200
    readings = get(cast.aida, "emergency_review", opening.pk).context["readings"]
    assert [(each.text, each.why, each.times) for each in readings] == [
        ("Medical care", "Medical care", 2),
        ("Risk and safety", "Risk", 1),
    ]


def test_looking_at_it_is_recorded(cast: Cast, case: Case, opening: EmergencyOpening) -> None:
    get(cast.aida, "emergency_reviews")
    listed = last(case.pk, "case.listed")
    assert (listed.actor, listed.details["basis"], listed.sections) == (cast.aida, ["protection"], [])
    get(cast.sami, "emergency_review", opening.pk)
    read = last(case.pk, "emergency.read")
    assert (read.actor, read.details["basis"]) == (cast.sami, ["team"])


def test_it_is_sealed_recorded_told_and_due_no_more(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    due = clock_of(case, "emergency_review")
    post(cast.sami, "emergency_review", opening.pk, **review())
    opening.refresh_from_db()
    assert (opening.verdict, opening.note, opening.reviewed_by) == ("justified", NOTE, cast.sami)
    assert NOTE.encode() not in bytes(opening.note_sealed)  # type: ignore[attr-defined]
    event = last(case.pk, "emergency.reviewed")
    assert (event.actor, event.details, event.reason) == (cast.sami, {"verdict": "justified"}, NOTE)
    due.refresh_from_db()
    assert due.met_at is not None
    assert told(cast.omar) == ["emergency.reviewed"]
    page = get(cast.omar, "emergency").content.decode()
    assert "It was an emergency" in page
    assert NOTE not in page
    assert reverse("emergency") in get(cast.omar, "today").content.decode()


def test_only_one_that_was_none_is_told_to_the_officers(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    again = open_in_emergency(case.code, actor=cast.ben, reason=REASON)
    post(cast.sami, "emergency_review", opening.pk, **review())
    assert "emergency.not_justified" not in told(cast.aida)
    post(cast.sami, "emergency_review", again.pk, **review(verdict="not_justified"))
    assert "emergency.not_justified" in told(cast.aida)
    assert "emergency.not_justified" not in told(cast.sami)


@pytest.mark.parametrize(("verdict", "status"), [("justified", 200), ("not_justified", 404)])
def test_what_was_no_emergency_is_closed_at_once(
    cast: Cast, case: Case, opening: EmergencyOpening, verdict: str, status: int
) -> None:
    assert get(cast.omar, "case", case.pk).status_code == 200
    post(cast.sami, "emergency_review", opening.pk, **review(verdict=verdict))
    assert get(cast.omar, "case", case.pk).status_code == status


def test_a_partner_is_not_told_who_opened_it_so(cast: Cast, case: Case, opening: EmergencyOpening) -> None:
    files.ground(
        case, Basis.PERSONAL, account=cast.petra, sections=["identity"], until=clock.now() + timedelta(days=9)
    )
    assert "Omar" not in get(cast.petra, "case_history", case.pk).content.decode()
    assert "Omar" in get(cast.ana, "case_history", case.pk).content.decode()


def test_nobody_reviews_their_own(cast: Cast, case: Case, opening: EmergencyOpening) -> None:
    """Somebody who opened it as a worker and supervises the team since."""
    own = open_in_emergency(case.code, actor=cast.ben, reason=REASON)
    User.objects.filter(pk=cast.ben.pk).update(role=Role.SUPERVISOR)
    ben = User.objects.get(pk=cast.ben.pk)
    assert get(ben, "emergency_review", own.pk).status_code == 200
    assert statuses([ben], "emergency_review", own.pk, **review()) == [403]
    with pytest.raises(PermissionDenied):
        review_emergency(own.pk, actor=ben, verdict=EmergencyVerdict.JUSTIFIED, note=NOTE)
    with pytest.raises(IntegrityError, match="emergency_reviewed_by_another"), transaction.atomic():
        EmergencyOpening.objects.filter(pk=own.pk).update(
            reviewed_by=ben, reviewed_at=clock.now(), verdict="justified", note_sealed=b"x"
        )
    assert statuses([ben], "emergency_review", opening.pk, **review()) == [302]


def test_it_is_reviewed_once(cast: Cast, opening: EmergencyOpening) -> None:
    assert statuses([cast.sami], "emergency_review", opening.pk, **review()) == [302]
    answer = post(cast.aida, "emergency_review", opening.pk, **review(verdict="not_justified"))
    assert answer.status_code == 422
    opening.refresh_from_db()
    assert (opening.verdict, opening.reviewed_by) == ("justified", cast.sami)


@pytest.mark.parametrize("wrong", [{"verdict": ""}, {"verdict": "maybe"}, {"note": ""}, {"note": "Fine."}])
def test_it_needs_a_verdict_and_words(cast: Cast, opening: EmergencyOpening, wrong: dict[str, str]) -> None:
    assert statuses([cast.sami], "emergency_review", opening.pk, **review(**wrong)) == [422]
    opening.refresh_from_db()
    assert opening.reviewed_at is None


def test_it_is_overdue_like_everything_else_for_those_who_review(
    cast: Cast, case: Case, opening: EmergencyOpening, clock_at: ClockHand
) -> None:
    due = clock_of(case, "emergency_review").due_at
    nothing_else_is_due()
    clock_at(due - timedelta(minutes=1))
    deadlines.sweep()
    assert "overdue.emergency_review" not in told(cast.sami)
    clock_at(due + timedelta(minutes=1))
    deadlines.sweep()
    deadlines.sweep()
    for user in (cast.sami, cast.vera, cast.aida):
        assert told(user).count("overdue.emergency_review") == 1
    for user in (cast.ana, cast.omar, cast.ben):
        assert "overdue.emergency_review" not in told(user)
    assert "Review an opening in an emergency" in get(cast.sami, "today", show="late").content.decode()
    assert reverse("emergency_reviews") in get(cast.aida, "today").content.decode()
    assert "late-t" in get(cast.aida, "emergency_reviews").content.decode()


def test_whoever_works_on_the_file_does_not_have_it_to_do(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    nothing_else_is_due()
    clocks.refresh_due(case.pk)
    assert "Review an opening in an emergency" not in get(cast.ana, "today").content.decode()
    assert CaseAccess.objects.get(case=case, basis=Basis.ASSIGNMENT).due is None


def test_it_is_due_whatever_becomes_of_the_case(cast: Cast, case: Case, opening: EmergencyOpening) -> None:
    take_step(case.pk, "find_not_eligible", actor=cast.sami, values={"code": "adult", "signpost": "Graz"})
    assert Case.objects.get(pk=case.pk).state == CaseState.NOT_ELIGIBLE
    assert running(case) == {"emergency_review"}
    assert not CaseAccess.objects.live().filter(case=case, basis=Basis.EMERGENCY).exists()
    assert statuses([cast.sami], "emergency_review", opening.pk, **review()) == [302]
    assert running(case) == set()


@pytest.mark.parametrize("reviewed", [False, True])
def test_a_merge_that_is_undone_asks_only_for_what_is_not_reviewed(
    cast: Cast, case: Case, opening: EmergencyOpening, reviewed: bool
) -> None:
    survivor = files.screened(cast)
    post(cast.sami, "case_step", case.pk, "mark_duplicate", surviving_case=survivor.code)
    assert running(case) == {"emergency_review"}
    if reviewed:
        post(cast.sami, "emergency_review", opening.pk, **review())
    post(cast.sami, "case_step", case.pk, "undo_duplicate", reason="They are sisters.")
    assert Case.objects.get(pk=case.pk).state == CaseState.SCREENING
    assert ("emergency_review" in running(case)) is not reviewed
    assert not CaseAccess.objects.live().filter(case=case, basis=Basis.EMERGENCY).exists()


def test_the_queue_asks_as_often_for_many_as_for_two(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert get(cast.sami, "emergency_reviews").status_code == 200
        return len(queries)

    open_in_emergency(case.code, actor=cast.ben, reason=REASON)
    few = asked()
    for _each in range(4):
        open_in_emergency(files.screened(cast).code, actor=cast.omar, reason=REASON)
    assert asked() == few


def test_nothing_is_erased_before_the_review(cast: Cast, opening: EmergencyOpening) -> None:
    holds = {str(each.sentence): each.holds for each in erasing.conditions(opening.case, "request")}
    assert holds["Every opening in an emergency is reviewed."] is False
    review_emergency(opening.pk, actor=cast.sami, verdict=EmergencyVerdict.JUSTIFIED, note=NOTE)
    holds = {str(each.sentence): each.holds for each in erasing.conditions(opening.case, "request")}
    assert holds["Every opening in an emergency is reviewed."] is True


def test_who_can_see_the_file_says_that_it_was_opened_so(
    cast: Cast, case: Case, opening: EmergencyOpening
) -> None:
    link = reverse("emergency_review", args=[opening.pk])
    for user, may in ((cast.sami, True), (cast.aida, True), (cast.ana, False)):
        page = get(user, "case_access", case.pk).content.decode()
        assert "Opened in an emergency" in page
        assert (link in page) is may


def test_a_country_s_office_reviews_too(cast: Cast, opening: EmergencyOpening) -> None:
    office, abroad = (
        Agency.objects.create(
            code=f"office-{country.lower()}",
            name="Office",
            country=country,
            kind=AgencyKind.DATA_PROTECTION,
            time_zone="Europe/Vienna",
        )
        for country in ("XA", "XB")
    )
    people = [officer(abroad), officer(office)]
    assert statuses(people, "emergency_review", opening.pk, **review()) == [404, 302]
