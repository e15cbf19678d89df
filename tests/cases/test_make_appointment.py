"""Days in court, at the doctor's, at an office: made, moved, taken place, cancelled."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Appointment, Case
from cases.models.choices import Basis
from cases.services.access import end_access
from cases.services.appointments import cancel_appointment
from cases.services.assignment import assign_worker
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cases.meetings import an_appointment, at_eight
from tests.cases.planning import let_read, today
from tests.cast import Cast
from workflow import deadlines


def form(**changes: Any) -> dict[str, Any]:
    settled = {"kind": "hearing", "section": "legal", "at": "09:30", "place": "Court", "words": "w"}
    return settled | day("on", today() + timedelta(days=3)) | changes


def test_strangers_find_nothing_readers_may_not_and_writers_may(cast: Cast, case: Case, nora: User) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.LEGAL, may_write=True)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "appointment_new", case.pk, **form()) == [404] * 5
    assert statuses([cast.petra], "appointment_new", case.pk, **form()) == [403]
    # A supervisor reads the legal part, and writes the plan.
    assert statuses([cast.sami], "appointment_new", case.pk, **form()) == [422]
    assert statuses([cast.sami], "appointment_new", case.pk, **form(section="plan")) == [302]
    assert statuses([cast.tomas], "appointment_new", case.pk, **form(section="medical")) == [422]
    assert statuses([cast.ana, cast.tomas], "appointment_new", case.pk, **form()) == [302] * 2
    made = Appointment.objects.get(made_by=cast.tomas)
    assert (made.kind, made.section, made.place) == ("hearing", "legal", "Court")
    assert made.starts_at == at_eight(3) + timedelta(hours=1, minutes=30)
    with pytest.raises(PermissionDenied):
        an_appointment(case, cast.sami)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"section": ""}, "Choose an answer."),
        ({"on_year": "2001"}, "has passed"),
        ({"on_day": "31", "on_month": "2"}, "There is no such day"),
        ({"at": "noon"}, "noon"),
        ({"companion": str(uuid4())}, "Choose one of the answers"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.ana, "appointment_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("page", ["appointment_done", "appointment_cancel", "appointment_move"])
def test_the_same_holds_for_what_becomes_of_it(cast: Cast, case: Case, page: str) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.MEDICAL, may_write=True)
    made = an_appointment(case, cast.ana, days=0)
    sent = form(outcome="o", reason="r")
    assert statuses([cast.omar, cast.ben, cast.tomas], page, case.pk, made.pk, **sent) == [404] * 3
    assert statuses([cast.petra, cast.sami], page, case.pk, made.pk, **sent) == [403] * 2
    assert statuses([cast.ana], page, case.pk, made.pk, **sent) == [302]
    mine = files.screened(cast)
    assert post(cast.ana, page, mine.pk, made.pk, **sent).status_code == 404


def test_it_is_read_with_its_part_of_the_file_and_lies_sealed(cast: Cast, case: Case) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.MEDICAL, Section.PLAN)
    an_appointment(case, cast.ana)
    for page in ("case_calendar", "case_file"):
        assert "court-of-the-crane" in get(cast.petra, page, case.pk).content.decode(), page
        shown = get(cast.tomas, page, case.pk).content.decode()
        assert "crane" not in shown, page
        assert "Court hearing" not in shown, page
    assert "made an appointment" in get(cast.petra, "case_history", case.pk).content.decode()
    assert "made an appointment" not in get(cast.tomas, "case_history", case.pk).content.decode()
    for model in (Appointment, Appointment.history.model):
        assert "crane" not in str(list(model.objects.values()))


def test_whoever_goes_along_reads_that_part_and_is_told(cast: Cast, case: Case, clock_at: Any) -> None:
    let_read(case, cast.petra, Section.LEGAL)
    let_read(case, cast.tomas, Section.MEDICAL)
    for nobody in (cast.tomas, cast.omar):
        with pytest.raises(Invalid):
            an_appointment(case, cast.ana, companion=nobody)
    answer = post(cast.ana, "appointment_new", case.pk, **form(companion=cast.tomas.pk))
    assert "This person may not read that part of the file." in answer.content.decode()
    made = an_appointment(case, cast.ana, companion=cast.petra)
    assert told(cast.petra) == ["appointment.made"]
    assert post(cast.ana, "appointment_move", case.pk, made.pk, **form(at="11:00")).status_code == 302
    assert told(cast.petra)[-1] == "appointment.moved"
    clock_at.forward(timedelta(days=4))
    deadlines.sweep()
    assert "overdue.appointment" in told(cast.petra)
    assert "overdue.appointment" in told(cast.ana)


def test_it_stands_on_today_until_it_is_recorded(cast: Cast, case: Case) -> None:
    made = an_appointment(case, cast.ana, days=0)
    assert clock_of(case, "appointment").params == {"appointment": str(made.pk)}
    assert "Court hearing" in get(cast.ana, "today").content.decode()
    assert post(cast.ana, "appointment_done", case.pk, made.pk, outcome="Adjourned.").status_code == 302
    assert Appointment.objects.get().outcome == "Adjourned."
    assert "appointment" not in running(case)
    assert "Court hearing" not in get(cast.ana, "today").content.decode()
    assert "Adjourned." in get(cast.sami, "case_calendar", case.pk).content.decode()


def test_it_is_not_recorded_before_it_took_place(cast: Cast, case: Case) -> None:
    made = an_appointment(case, cast.ana, days=1)
    assert post(cast.ana, "appointment_done", case.pk, made.pk, outcome="o").status_code == 409
    assert Appointment.objects.get().is_open


def test_cancelling_needs_a_reason_which_the_audit_keeps_sealed(cast: Cast, case: Case) -> None:
    made = an_appointment(case, cast.ana)
    assert post(cast.ana, "appointment_cancel", case.pk, made.pk, reason="").status_code == 422
    assert post(cast.ana, "appointment_cancel", case.pk, made.pk, reason="ill-as-a-rook").status_code == 302
    event = last(case.pk, "appointment.cancelled")
    assert (event.reason, event.sections, event.details) == (
        "ill-as-a-rook",
        ["legal"],
        {"appointment": "hearing"},
    )
    assert "rook" not in str(AuditEvent.objects.filter(pk=event.pk).values())
    for page in ("appointment_done", "appointment_cancel", "appointment_move"):
        assert get(cast.ana, page, case.pk, made.pk).status_code == 302
    with pytest.raises(Invalid):
        cancel_appointment(case.pk, made.pk, actor=cast.ana, reason="r")


def test_leaving_the_open_states_cancels_it_and_undoing_a_merge_brings_it_back(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    made = an_appointment(case, cast.ana)
    survivor = files.in_state("active", cast.ana.agency, worker=cast.ana)
    take_step(case.pk, "mark_duplicate", actor=cast.sami, values={"surviving_case": survivor})
    assert Appointment.objects.get().cancelled_at is not None
    clock_at.forward(timedelta(hours=1))
    take_step(case.pk, "undo_duplicate", actor=cast.sami, reason="Two sisters.")
    assert Appointment.objects.get(pk=made.pk).is_open
    assert "appointment" in running(case)


def test_a_new_worker_goes_along_in_place_of_the_old_one(cast: Cast, case: Case) -> None:
    an_appointment(case, cast.ana, companion=cast.ana)
    assign_worker(case.pk, actor=cast.sami, worker=cast.ben)
    assert Appointment.objects.get().companion == cast.ben


def test_who_lost_the_case_hears_nothing_more(cast: Cast, case: Case) -> None:
    grant = let_read(case, cast.petra, Section.LEGAL)
    made = an_appointment(case, cast.ana, companion=cast.petra)
    end_access(case.pk, grant.pk, actor=cast.sami)
    before = told(cast.petra)
    cancel_appointment(case.pk, made.pk, actor=cast.ana, reason="r")
    assert told(cast.petra) == before


def test_in_an_emergency_it_is_read_and_not_written(cast: Cast, case: Case) -> None:
    files.ground(case, Basis.EMERGENCY, account=cast.omar)
    an_appointment(case, cast.ana, section=Section.MEDICAL, kind="medical")
    assert "Medical appointment" in get(cast.omar, "case_calendar", case.pk).content.decode()
    assert statuses([cast.omar], "appointment_new", case.pk, **form(section="medical")) == [403]
