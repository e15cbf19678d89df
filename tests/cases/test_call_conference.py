"""A case conference: called, its invited and its agenda changed, moved, cancelled."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, User
from cases.models import AgendaPoint, Case, Conference, Invitation
from cases.models.choices import Basis
from cases.permissions import conferences_visible, invited_to
from cases.services.access import end_access
from cases.services.conferences import add_point, change_invited, move_conference, remove_point
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cases.meetings import a_conference, a_point, at_eight, closed, fresh, meeting
from tests.cases.planning import let_read, today
from tests.cast import Cast
from workflow.models import Deadline


def form(*invited: User, **changes: Any) -> dict[str, Any]:
    settled = {
        "at": "10:15",
        "minutes": "60",
        "place": "Room 2",
        "invited": [person.pk for person in invited],
        "section": "plan",
        "words": "What comes next.",
    }
    return settled | day("on", today() + timedelta(days=3)) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN, may_write=True)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "conference_new", case.pk, **form()) == [404] * 5
    # To write the plan is not to work on the case.
    assert statuses([cast.petra], "conference_new", case.pk, **form()) == [403]
    assert not Conference.objects.exists()
    assert statuses([cast.ana, cast.sami], "conference_new", case.pk, **form()) == [302] * 2
    conference = Conference.objects.get(called_by=cast.ana)
    assert conference.starts_at == at_eight(3) + timedelta(hours=2, minutes=15)
    assert (conference.minutes, conference.place) == (60, "Room 2")
    point = conference.points.get()
    assert (point.section, point.words, point.added_by) == ("plan", "What comes next.", cast.ana)


def test_a_duty_worker_calls_one_too(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    assert statuses([cast.ben], "conference_new", case.pk, **form()) == [302]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"on_day": "32"}, "There is no such day"),
        ({"on_year": "2001"}, "has passed"),
        ({"on_year": "2040"}, "more than five years away"),
        ({"at": "25:00"}, "25:00"),
        ({"minutes": "7"}, "Choose one of the answers"),
        ({"place": "\u200b"}, "We need an answer here."),
        ({"words": ""}, "We need an answer here."),
        ({"section": ""}, "Choose an answer."),
        ({"section": "documents"}, "documents"),
        ({"invited": [str(uuid4())]}, "Choose one of the answers"),
        ({"invited": ["nobody"]}, "nobody"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.ana, "conference_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Conference.objects.exists()


def test_only_who_has_access_now_is_invited_and_each_is_told_without_a_word_of_it(
    cast: Cast, case: Case
) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    page = get(cast.ana, "conference_new", case.pk).content.decode()
    assert "Petra" in page
    assert "Omar" not in page
    assert post(cast.ana, "conference_new", case.pk, **form(cast.omar)).status_code == 422
    with pytest.raises(Invalid):
        a_conference(case, cast.ana, cast.omar)
    conference = a_conference(case, cast.ana, cast.petra, cast.sami)
    assert {each.account for each in invited_to(conference)} == {cast.ana, cast.petra, cast.sami}
    assert told(cast.petra) == ["conference.called"]
    assert "conference.called" not in told(cast.ana)
    notice = Notification.objects.get(receiver=cast.petra)
    assert (notice.target_id, notice.case_id) == (conference.pk, case.pk)
    assert "You are invited to a case conference." in get(cast.petra, "today").content.decode()


def test_a_supervisor_puts_points_of_the_plan_on_the_agenda_and_no_others(cast: Cast, case: Case) -> None:
    assert post(cast.sami, "conference_new", case.pk, **form(section="medical")).status_code == 422
    with pytest.raises(PermissionDenied):
        a_conference(case, cast.sami, section=Section.MEDICAL)
    assert not Conference.objects.exists()


def test_nothing_of_it_lies_in_clear_but_when_and_for_how_long(cast: Cast, case: Case) -> None:
    a_conference(case, cast.ana, words="word-of-the-wagtail")
    for model in (Conference, AgendaPoint, Conference.history.model, AgendaPoint.history.model):
        assert "raven" not in str(list(model.objects.values()))
        assert "wagtail" not in str(list(model.objects.values()))
    assert "wagtail" not in str(list(AuditEvent.objects.filter(case_id=case.pk).values()))


def test_an_invited_person_sees_the_points_of_its_own_parts_only(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra, words="point-of-the-plan")
    for section in (Section.LEGAL, Section.MEDICAL):
        a_point(conference, cast.ana, section, f"point-of-{section}")
    for page in ("conference", "case_file", "case_history"):
        args = [case.pk, conference.pk] if page == "conference" else [case.pk]
        shown = get(cast.petra, page, *args).content.decode()
        found = {
            word for word in ("plan", "legal", "medical") if f"point-of-{word}" in shown.replace("the-", "")
        }
        assert found == {"legal"}, page
        own = get(cast.ana, page, *args).content.decode()
        assert all(word in own for word in ("point-of-the-plan", "point-of-legal", "point-of-medical")), page


def test_who_reads_the_section_and_is_not_invited_learns_of_no_conference(cast: Cast, case: Case) -> None:
    let_read(case, cast.tomas, Section.LEGAL, Section.PLAN)
    conference = a_conference(case, cast.ana, section=Section.LEGAL, words="point-of-legal")
    assert get(cast.tomas, "conference", case.pk, conference.pk).status_code == 404
    for page in ("conferences", "case_calendar", "case_file", "case_history", "case"):
        shown = get(cast.tomas, page, case.pk).content.decode()
        assert "point-of-legal" not in shown, page
        assert "called a case conference" not in shown, page
        assert "room-of-the-raven" not in shown, page


@pytest.mark.parametrize(
    "page", ["conference", "point_new", "conference_move", "conference_cancel", "conference_invited"]
)
def test_access_that_ends_takes_the_invitation_with_it(cast: Cast, case: Case, page: str) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL, may_write=True)
    conference = a_conference(case, cast.ana, cast.petra)
    before = 200 if page in ("conference", "point_new") else 403
    assert get(cast.petra, page, case.pk, conference.pk).status_code == before
    end_access(case.pk, grant.pk, actor=cast.sami)
    assert get(cast.petra, page, case.pk, conference.pk).status_code == 404
    assert {each.account for each in invited_to(conference)} == {cast.ana}
    assert "Petra" not in get(cast.ana, "conference", case.pk, conference.pk).content.decode()


def test_whoever_is_let_in_anew_is_invited_anew(cast: Cast, case: Case, clock_at: Any) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra)
    end_access(case.pk, grant.pk, actor=cast.sami)
    clock_at.forward(timedelta(hours=1))
    let_read(case, cast.petra, Section.LEGAL)
    assert get(cast.petra, "conference", case.pk, conference.pk).status_code == 404
    change_invited(case.pk, conference.pk, actor=cast.ana, invited=[cast.petra])
    assert get(cast.petra, "conference", case.pk, conference.pk).status_code == 200


def test_partners_are_not_told_of_each_other(cast: Cast, case: Case) -> None:
    for partner in (cast.petra, cast.tomas):
        let_read(case, partner, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra, cast.tomas)
    page = get(cast.petra, "conference", case.pk, conference.pk).content.decode()
    assert "Ana" in page
    assert "Tomas" not in page
    assert "Tomas" not in get(cast.petra, "case_file", case.pk).content.decode()


def test_invited_partners_add_points_in_parts_that_they_write(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    let_read(case, cast.tomas, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra, cast.tomas)
    sent = {"section": "legal", "words": "The hearing."}
    outsider = [cast.omar]
    assert statuses(outsider, "point_new", case.pk, conference.pk, **sent) == [404]
    assert statuses([cast.tomas], "point_new", case.pk, conference.pk, **sent) == [403]
    assert statuses([cast.petra], "point_new", case.pk, conference.pk, **sent | {"section": "medical"}) == [
        422
    ]
    assert statuses([cast.petra], "point_new", case.pk, conference.pk, **sent | {"words": ""}) == [422]
    assert statuses([cast.petra], "point_new", case.pk, conference.pk, **sent) == [302]
    point = AgendaPoint.objects.get(added_by=cast.petra)
    assert (point.section, point.words) == ("legal", "The hearing.")
    event = last(case.pk, "conference.point_added")
    assert (event.sections, event.details["label"]) == (["legal"], "legal")
    with pytest.raises(PermissionDenied):
        a_point(conference, cast.petra, Section.MEDICAL)
    with pytest.raises(Conference.DoesNotExist):
        add_point(
            case.pk, a_conference(case, cast.ana).pk, actor=cast.petra, section=Section.LEGAL, words="w"
        )


def test_a_point_is_taken_off_by_whoever_added_it_or_chairs(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL, may_write=True)
    let_read(case, cast.tomas, Section.LEGAL, may_write=True)
    conference = a_conference(case, cast.ana, cast.petra, cast.tomas)
    mine, other = (a_point(conference, cast.petra, Section.LEGAL) for _number in range(2))
    assert statuses([cast.omar], "point_remove", case.pk, conference.pk, mine.pk) == [404]
    assert statuses([cast.tomas], "point_remove", case.pk, conference.pk, mine.pk) == [403]
    assert statuses([cast.petra], "point_remove", case.pk, conference.pk, mine.pk) == [302]
    assert statuses([cast.sami], "point_remove", case.pk, conference.pk, other.pk) == [302]
    assert AgendaPoint.objects.filter(removed_at__isnull=False).count() == 2
    answer = get(cast.petra, "point_remove", case.pk, conference.pk, mine.pk)
    assert answer.status_code == 302
    hidden = conference.points.get(section="plan")
    assert statuses([cast.petra], "point_remove", case.pk, conference.pk, hidden.pk) == [404]


def test_a_point_to_which_something_was_said_stays(cast: Cast, case: Case) -> None:
    conference = a_conference(case, cast.ana, days=0)
    point = conference.points.get()
    point.minute = "m"
    point.save()
    with pytest.raises(Invalid):
        remove_point(case.pk, conference.pk, point.pk, actor=cast.ana)
    assert statuses([cast.ana], "point_remove", case.pk, conference.pk, point.pk) == [302]
    assert AgendaPoint.objects.get(pk=point.pk).removed_at is None


def test_the_invited_are_changed_and_each_who_comes_or_goes_is_told(cast: Cast, case: Case) -> None:
    for partner in (cast.petra, cast.tomas):
        let_read(case, partner, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra)
    sent = {"invited": [cast.tomas.pk]}
    assert statuses([cast.petra], "conference_invited", case.pk, conference.pk, **sent) == [403]
    assert (
        statuses([cast.omar, cast.tomas], "conference_invited", case.pk, conference.pk, **sent) == [404] * 2
    )
    assert statuses([cast.sami], "conference_invited", case.pk, conference.pk, **sent) == [302]
    assert {each.account for each in invited_to(conference)} == {cast.ana, cast.tomas}
    assert (told(cast.petra)[-1], told(cast.tomas)) == ("conference.uninvited", ["conference.called"])
    assert get(cast.petra, "conference", case.pk, conference.pk).status_code == 404
    assert (
        post(cast.ana, "conference_invited", case.pk, conference.pk, invited=[cast.omar.pk]).status_code
        == 422
    )


def test_it_moves_with_its_clock_and_the_invited_hear_of_it(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra)
    assert clock_of(case, "minute").due_at.date() == today() + timedelta(days=6)
    sent = form(at="16:00", place="By telephone")
    assert statuses([cast.omar, cast.petra], "conference_move", case.pk, conference.pk, **sent) == [404, 403]
    assert (
        post(cast.ana, "conference_move", case.pk, conference.pk, **sent | {"on_day": "40"}).status_code
        == 422
    )
    sent |= day("on", today() + timedelta(days=9))
    assert statuses([cast.ana], "conference_move", case.pk, conference.pk, **sent) == [302]
    assert fresh(conference).starts_at == at_eight(9) + timedelta(hours=8)
    assert clock_of(case, "minute").due_at.date() == today() + timedelta(days=12)
    assert told(cast.petra)[-1] == "conference.moved"


def test_cancelling_needs_a_reason_which_the_audit_keeps_sealed(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra)
    page = ("conference_cancel", case.pk, conference.pk)
    assert statuses([cast.omar, cast.petra], *page, reason="r") == [404, 403]
    assert statuses([cast.ana], *page, reason="") == [422]
    assert statuses([cast.ana], *page, reason="ill-as-a-rook") == [302]
    event = last(case.pk, "conference.cancelled")
    assert event.reason == "ill-as-a-rook"
    assert "rook" not in str(AuditEvent.objects.filter(pk=event.pk).values())
    assert "minute" not in running(case)
    assert told(cast.petra)[-1] == "conference.cancelled"


def test_what_is_cancelled_or_closed_is_left_alone(cast: Cast, case: Case) -> None:
    over = closed(a_conference(case, cast.ana, days=0), cast.ana)
    for page in ("conference_move", "conference_cancel", "conference_invited", "point_new"):
        assert get(cast.ana, page, case.pk, over.pk).status_code == 302
        answer = post(cast.ana, page, case.pk, over.pk, **form(reason="ill-as-a-rook"))
        # Whatever was typed is not lost.
        assert answer.status_code == (302 if page == "conference_invited" else 409), page
    with pytest.raises(Invalid):
        move_conference(case.pk, over.pk, actor=cast.ana, meeting=meeting(5))
    assert fresh(over).starts_at == at_eight(0)


def test_one_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case) -> None:
    mine, conference = files.screened(cast), a_conference(case, cast.ana)
    for page in ("conference_move", "conference_cancel", "conference_invited", "point_new"):
        assert post(cast.ana, page, mine.pk, conference.pk, **form(reason="r")).status_code == 404
    assert get(cast.ana, "conference", mine.pk, conference.pk).status_code == 404


def test_leaving_the_open_states_cancels_it_and_undoing_a_merge_brings_it_back(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    conference = a_conference(case, cast.ana, cast.petra, days=5)
    begun = a_conference(case, cast.ana, days=0)
    clock_at.forward(timedelta(minutes=1))
    survivor = files.in_state("active", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert fresh(conference).cancelled_at is not None
    assert fresh(begun).cancelled_at is None
    assert running(case) == set()
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Two sisters.")
    assert fresh(conference).is_open
    assert Deadline.objects.open().filter(case_id=case.pk, kind="minute").count() == 2
    # The grant is a new one; the invitation came back with it.
    assert get(cast.petra, "conference", case.pk, conference.pk).status_code == 200


def test_nobody_is_invited_twice(cast: Cast, case: Case) -> None:
    conference = a_conference(case, cast.ana, cast.sami, cast.ana)
    assert conference.invitations.count() == 2
    change_invited(case.pk, conference.pk, actor=cast.ana, invited=[cast.sami])
    assert Invitation.objects.count() == 2


def test_an_escort_sees_no_conference(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.ESCORT, account=cast.eskort)
    a_conference(case, cast.ana)
    assert not conferences_visible(cast.eskort, case).exists()
