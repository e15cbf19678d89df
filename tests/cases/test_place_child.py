"""Where the child is: one place at a time, never called safe when it is a cell."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import clock
from accounts.models import User
from cases.models import Case, Placement
from cases.models.choices import Basis
from cases.services.placement import Place, record_placement
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cases.test_record_person import closed
from tests.cast import Cast
from workflow import deadlines
from workflow.models import Deadline


def today() -> date:
    return clock.today("Europe/Vienna")


def form(since: date | None = None, **changes: Any) -> dict[str, Any]:
    settled = {"kind": "shelter", "is_safe": "yes", "address": "Heron Street 4"}
    return settled | day("since", since or today()) | changes


def placed(case: Case, by: User, kind: str = "shelter", *, is_safe: bool = True, **changes: Any) -> Placement:
    settled: dict[str, Any] = {"address": f"The {kind}", "since": today()}
    return record_placement(case.pk, actor=by, place=Place(kind=kind, is_safe=is_safe, **(settled | changes)))


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "placement", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami], "placement", case.pk, **form()) == [403]
    assert not Placement.objects.exists()
    assert statuses([cast.ana], "placement", case.pk, **form()) == [302]
    assert Placement.objects.get().recorded_by == cast.ana


@pytest.mark.parametrize("basis", [Basis.PANEL, Basis.REQUEST])
def test_the_address_is_no_part_of_what_a_panel_or_a_post_sees(cast: Cast, case: Case, basis: Basis) -> None:
    placed(case, cast.ana, address="Heron Street 4")
    viewer = cast.pia if basis == Basis.PANEL else cast.konsul
    files.ground(case, basis, account=viewer)
    assert get(viewer, "placement", case.pk).status_code == 404
    for page in ("case", "case_history"):
        assert "Heron" not in get(viewer, page, case.pk).content.decode()


def test_a_reader_sees_the_present_one_and_the_earlier_ones(cast: Cast, case: Case) -> None:
    placed(case, cast.ana, "hospital", address="Ward 3", provider=cast.petra.agency, telephone="+00 3")
    placed(case, cast.ana, "foster", address="Mill Lane", note="Ask for Mrs Tarn.")
    page = get(cast.sami, "placement", case.pk).content.decode()
    for words in ("Foster family", "Mill Lane", "Ask for Mrs Tarn.", "Hospital", "Ward 3", "+00 3"):
        assert words in page
    assert "Earlier placements" in page
    assert 'name="address"' not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"kind": "barn"}, "barn"),
        ({"is_safe": ""}, "Choose an answer."),
        ({"address": " "}, "We need an answer here."),
        ({"since_day": 31, "since_month": 2}, "There is no such day"),
        ({"since_day": "", "since_month": "", "since_year": ""}, "We need an answer here."),
        ({"telephone": "9" * 61}, "60"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.ana, "placement", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Placement.objects.exists()


def test_a_day_to_come_and_a_day_before_the_present_one_began_are_refused(cast: Cast, case: Case) -> None:
    placed(case, cast.ana, since=today() - timedelta(days=5))
    for since, says in ((today() + timedelta(days=1), "future"), (today() - timedelta(days=6), "before the")):
        answer = post(cast.ana, "placement", case.pk, **form(since, kind="foster"))
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert Placement.objects.count() == 1


def test_the_old_one_ends_on_the_day_on_which_the_new_one_begins(cast: Cast, case: Case) -> None:
    first = placed(case, cast.ana, since=today() - timedelta(days=5))
    moved = today() - timedelta(days=2)
    assert post(cast.ana, "placement", case.pk, **form(moved, kind="foster")).status_code == 302
    first.refresh_from_db()
    assert first.until == moved
    assert Placement.objects.get(until__isnull=True).kind == "foster"
    assert first.history.count() == 2


def test_a_second_click_records_nothing_more(cast: Cast, case: Case) -> None:
    for _click in range(2):
        assert post(cast.ana, "placement", case.pk, **form()).status_code == 302
    assert Placement.objects.count() == 1


def test_detention_is_never_safe_and_everybody_hears_of_it(cast: Cast, case: Case, clock_at: Any) -> None:
    assert "never a safe placement" in get(cast.ana, "placement", case.pk).content.decode()
    assert post(cast.ana, "placement", case.pk, **form(kind="detention", is_safe="yes")).status_code == 302
    assert Placement.objects.get().is_safe is False
    for supervisor in (cast.sami, cast.vera):
        assert told(supervisor).count("placement.detention") == 1
    assert {"leave_detention", "safe_placement"} <= running(case)
    assert clock_of(case, "leave_detention").due_at <= clock.now()
    assert "The child is in detention." in get(cast.ana, "placement", case.pk).content.decode()
    clock_at.forward(timedelta(minutes=1))
    deadlines.sweep()
    assert told(cast.sami).count("overdue.leave_detention") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.update(is_safe=True)


def test_detention_stays_a_task_until_the_child_is_somewhere_else(cast: Cast, case: Case) -> None:
    placed(case, cast.ana, "detention")
    since = clock_of(case, "leave_detention").starts_at
    placed(case, cast.ana, "detention", address="Another cell")
    assert clock_of(case, "leave_detention").starts_at == since
    placed(case, cast.ana, "group_home", is_safe=False)
    assert "leave_detention" not in running(case)
    assert "safe_placement" in running(case)


def test_a_place_that_is_not_safe_gives_a_day_to_find_another(cast: Cast, case: Case, clock_at: Any) -> None:
    placed(case, cast.ana, "parents", is_safe=False)
    due = clock_of(case, "safe_placement")
    assert abs(due.due_at - clock.now() - timedelta(hours=24)) < timedelta(minutes=1)
    clock_at.forward(timedelta(hours=20))
    placed(case, cast.ana, "kinship", is_safe=False)
    assert clock_of(case, "safe_placement").due_at == due.due_at
    clock_at.forward(timedelta(hours=5))
    deadlines.sweep()
    assert told(cast.sami).count("overdue.safe_placement") == 1
    placed(case, cast.ana, "foster")
    assert "safe_placement" not in running(case)
    assert Deadline.objects.get(case_id=case.pk, kind="safe_placement").met_at


def test_a_safe_place_starts_no_clock_and_tells_nobody(cast: Cast, case: Case) -> None:
    before = running(case)
    placed(case, cast.ana)
    assert running(case) == before
    assert "placement.detention" not in told(cast.sami)


def test_a_safe_place_is_the_evidence_that_an_imported_file_lacked(cast: Cast) -> None:
    case = files.in_state("assessed", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    take_step(case.pk, "take_over", actor=cast.ana)
    waiting = Deadline.objects.open().filter(case_id=case.pk, params={"guard": "placement"})
    placed(case, cast.ana, is_safe=False)
    assert waiting.exists()
    placed(case, cast.ana)
    assert not waiting.exists()


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    placed(case, cast.ana)
    event = last(case.pk, "placement.recorded")
    assert event.details == {"placement_kind": "shelter", "is_safe": True}
    assert event.sections == ["shelter"]
    assert "Heron" not in str(Placement.objects.values().get())


def test_a_file_that_is_not_open_takes_no_placement(cast: Cast, case: Case) -> None:
    closed(case, cast)
    answer = post(cast.ana, "placement", case.pk, **form())
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    assert not Placement.objects.exists()
