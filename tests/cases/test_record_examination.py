"""Examinations, each with its own informed consent."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.edges.medical import MEDICAL
from cases.guards.tracks import EXAMINATION_CONSENTED
from cases.models import Case, Examination
from cases.models.choices import Basis, GivenBy
from cases.models.registers import ExaminationKind
from cases.services.registers import record_examination
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses
from tests.cases.care import give, step
from tests.cast import Cast
from workflow.machine import Attempt


def form(**changes: Any) -> dict[str, Any]:
    settled = {
        "kind": "general",
        "consent_by": "guardian",
        "child_assents": "on",
        "purpose": "",
        "findings": "Bruises on the left arm.",
    }
    return settled | day("held_on", clock.today("Europe/Vienna")) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    give(case, cast.tomas, Section.MEDICAL, may_write=False)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "examination_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami, cast.tomas], "examination_new", case.pk, **form()) == [403, 403]
    assert not Examination.objects.exists()
    assert statuses([cast.ana], "examination_new", case.pk, **form()) == [302]
    found = Examination.objects.get()
    assert (found.kind, found.consent_by, found.child_assents) == ("general", "guardian", True)
    assert (found.findings, found.purpose) == ("Bruises on the left arm.", None)


def test_the_clinic_records_one_too(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL)
    give(case, cast.tomas, Section.LEGAL)
    assert statuses([cast.petra, cast.tomas], "examination_new", case.pk, **form()) == [302, 404]


@pytest.mark.parametrize("kind", ["forensic", "age"])
def test_what_is_done_to_prove_something_names_its_purpose(cast: Cast, case: Case, kind: str) -> None:
    answer = post(cast.ana, "examination_new", case.pk, **form(kind=kind, purpose=" \u200b"))
    assert answer.status_code == 422
    assert "Name the purpose" in answer.content.decode()
    assert (
        post(cast.ana, "examination_new", case.pk, **form(kind=kind, purpose="For court.")).status_code == 302
    )
    assert Examination.objects.get().purpose == "For court."


def test_the_service_asks_for_the_purpose_too(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid, match="purpose"):
        record_examination(
            case.pk,
            actor=cast.ana,
            kind=ExaminationKind.FORENSIC,
            held_on=clock.today("Europe/Vienna"),
            consent_by=GivenBy.GUARDIAN,
            child_assents=True,
        )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "forensic", "purpose": "For court."}, 422),
        ({"kind": "age", "purpose": "For the office."}, 422),
        ({"consent_by": "child"}, 422),
        ({"kind": "general"}, 302),
    ],
)
def test_without_the_childs_agreement_nothing_is_proven_and_nobody_consents_against_itself(
    cast: Cast, case: Case, changes: dict[str, str], status: int
) -> None:
    sent = form(**changes)
    del sent["child_assents"]
    answer = post(cast.ana, "examination_new", case.pk, **sent)
    assert answer.status_code == status
    if status == 302:
        assert "Child not asked" in get(cast.ana, "medical", case.pk).content.decode()
    else:
        assert "does not take place" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"kind": "x-ray"}, "x-ray"),
        ({"consent_by": ""}, "Choose an answer."),
        ({"held_on_day": "", "held_on_month": "", "held_on_year": ""}, "We need an answer here."),
        ({"findings": "x" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "examination_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Examination.objects.exists()


def test_it_was_not_held_tomorrow(cast: Cast, case: Case) -> None:
    tomorrow = day("held_on", clock.today("Europe/Vienna") + timedelta(days=1))
    answer = post(cast.ana, "examination_new", case.pk, **form(**tomorrow))
    assert (answer.status_code, "future" in answer.content.decode()) == (422, True)


def test_it_opens_the_assessment_and_every_time_anew(cast: Cast, case: Case, clock_at: Any) -> None:
    def holds() -> bool:
        return EXAMINATION_CONSENTED.judge(files.fresh(case).medical, Attempt(actor=cast.ana)).passed

    step(case, "medical", "begin_triage", cast.ana, incident="not_known")
    assert not holds()
    post(cast.ana, "examination_new", case.pk, **form())
    assert holds()
    rows = MEDICAL.model._base_manager.filter(case=case)  # type: ignore[union-attr]
    for state in ("assessment", "completed"):
        rows.update(state=state)
    give(case, cast.petra, Section.MEDICAL)
    clock_at.forward(timedelta(days=2))
    step(case, "medical", "start_care_again", cast.petra, incident="not_known", reason="A new complaint.")
    assert not holds()
    post(cast.ana, "examination_new", case.pk, **form())
    assert holds()


@pytest.mark.parametrize("state", ["closed", "duplicate"])
def test_nothing_is_added_to_a_file_that_is_not_open(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    answer = post(cast.ana, "examination_new", case.pk, **form())
    assert (answer.status_code, "Reopen it first." in answer.content.decode()) == (422, True)


def test_the_audit_has_codes_and_no_finding(cast: Cast, case: Case) -> None:
    post(cast.ana, "examination_new", case.pk, **form())
    event = last(case.pk, "examination.recorded")
    assert event.details == {"examination": "general", "given_by": "guardian", "assent": True}
    assert event.sections == ["medical"]
    page = get(cast.ana, "case_history", case.pk).content.decode()
    assert "recorded an examination" in page
    assert "General examination" in page
    give(case, cast.petra, Section.LEGAL)
    assert "recorded an examination" not in get(cast.petra, "case_history", case.pk).content.decode()
