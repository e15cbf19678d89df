"""Treatment plan, medication, mental health, summary: the latest of each counts."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import Section
from accounts.models import User
from cases.edges.medical import MEDICAL
from cases.guards import tracks as guards
from cases.models import Case, HealthRecord
from cases.models.choices import Basis
from cases.models.registers import HealthRecordKind
from cases.services.registers import record_health
from tests.cases import files
from tests.cases.asking import get, last, post, statuses
from tests.cases.care import give, step
from tests.cast import Cast
from workflow.machine import Attempt, Guard


def form(**changes: Any) -> dict[str, Any]:
    return {"kind": "medication", "words": "Doxycycline, twice a day."} | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    give(case, cast.tomas, Section.MEDICAL, may_write=False)
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "health_record_new", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami, cast.tomas], "health_record_new", case.pk, **form()) == [403, 403]
    assert not HealthRecord.objects.exists()
    assert statuses([cast.ana], "health_record_new", case.pk, **form()) == [302]
    written = HealthRecord.objects.get()
    assert (written.kind, written.words, written.entered_by) == (
        "medication",
        "Doxycycline, twice a day.",
        cast.ana,
    )


def test_the_clinic_writes_one_too(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL)
    assert post(cast.petra, "health_record_new", case.pk, **form()).status_code == 302


def test_the_latest_of_each_kind_counts_and_earlier_ones_stay_readable(cast: Cast, case: Case) -> None:
    assert "Nothing is written yet." in get(cast.ana, "medical", case.pk).content.decode()
    for words in ("Ibuprofen.", "None any more."):
        post(cast.ana, "health_record_new", case.pk, **form(words=words))
    page = get(cast.sami, "medical", case.pk).content.decode()
    assert page.index("None any more.") < page.index("1 earlier one") < page.index("Ibuprofen.")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"kind": "diary"}, "diary"),
        ({"words": "\u200b"}, "We need an answer here."),
        ({"words": "x" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "health_record_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not HealthRecord.objects.exists()


KINDS = [
    (guards.TREATMENT_PLAN, HealthRecordKind.TREATMENT_PLAN),
    (guards.MEDICATION_LIST, HealthRecordKind.MEDICATION),
    (guards.MENTAL_HEALTH_SCREENED, HealthRecordKind.MENTAL_HEALTH),
    (guards.MEDICAL_SUMMARY, HealthRecordKind.SUMMARY),
]


@pytest.mark.parametrize(("guard", "kind"), KINDS)
def test_what_was_written_before_care_began_anew_does_not_count(
    cast: Cast, case: Case, clock_at: Any, guard: Guard, kind: HealthRecordKind
) -> None:
    def holds() -> bool:
        return guard.judge(files.fresh(case).medical, Attempt(actor=cast.ana)).passed

    give(case, cast.petra, Section.MEDICAL)
    assert not holds()
    record_health(case.pk, actor=cast.petra, kind=kind, words="None.")
    assert holds()
    for state in ("triage", "assessment", "completed"):
        MEDICAL.model._base_manager.filter(case=case).update(state=state)  # type: ignore[union-attr]
    clock_at.forward(timedelta(hours=1))
    step(case, "medical", "start_care_again", cast.petra, incident="not_known", reason="A new complaint.")
    assert not holds()
    record_health(case.pk, actor=cast.petra, kind=kind, words="None.")
    assert holds()


@pytest.mark.parametrize("state", ["closed", "duplicate"])
def test_nothing_is_added_to_a_file_that_is_not_open(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    answer = post(cast.ana, "health_record_new", case.pk, **form())
    assert (answer.status_code, "Reopen it first." in answer.content.decode()) == (422, True)


def test_markup_is_shown_as_it_was_typed(cast: Cast, case: Case) -> None:
    post(cast.ana, "health_record_new", case.pk, **form(words="<b>2 > 1</b>\nEvening"))
    page = get(cast.ana, "medical", case.pk).content.decode()
    assert "&lt;b&gt;2 &gt; 1&lt;/b&gt;<br>Evening" in page


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "health_record_new", case.pk, **form())
    event = last(case.pk, "health.recorded")
    assert (event.details, event.sections) == ({"health_record": "medication"}, ["medical"])
    assert "Medication list" in get(cast.ana, "case_history", case.pk).content.decode()
