"""The plan is looked at again, as often as the risk asks for."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import Section
from accounts.models import User
from cases.models import Case, Note
from tests.cases import files
from tests.cases.asking import browser, clock_of, get, last, post, statuses
from tests.cases.planning import let_read
from tests.cast import Cast
from tests.kept import kept
from workflow import deadlines

FOUND = {"words": "She reads by now; the goal for the language still fits."}


@kept
def active(cast: Cast) -> Case:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana)
    files.look_at_safety(case, cast.ana)
    return files.fresh(case)


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, active: Case, nora: User
) -> None:
    let_read(active, cast.petra, Section.PLAN)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "plan_review", active.pk, **FOUND) == [404] * 5
    assert statuses([cast.petra], "plan_review", active.pk, **FOUND) == [403]
    assert not Note.objects.exists()
    assert statuses([cast.ana, cast.sami], "plan_review", active.pk, **FOUND) == [302] * 2


def test_it_is_kept_as_a_note_of_the_plan(cast: Cast, active: Case) -> None:
    post(cast.ana, "plan_review", active.pk, **FOUND)
    note = Note.objects.get()
    assert (note.section, note.words, note.written_by) == ("plan", FOUND["words"], cast.ana)
    event = last(active.pk, "plan.reviewed")
    assert (event.sections, event.details) == (["plan"], {})
    assert "reviewed the plan" in get(cast.ana, "case_history", active.pk).content.decode()


def test_what_is_due_leads_to_it_and_its_clock_runs_anew(cast: Cast, active: Case, clock_at: Any) -> None:
    deadlines.start(active.pk, "plan_review", active.reported_at, agency=active.agency)
    page = get(cast.ana, "case", active.pk).content.decode()
    assert f'href="/cases/{active.pk}/plan/review/"' in page
    answer = browser(cast.ana).post(f"/cases/{active.pk}/plan/review/", FOUND, follow=True)
    assert "The clock of reviews runs anew." in answer.content.decode()
    due = clock_of(active, "plan_review")
    # By the medium risk, monthly.
    assert timedelta(days=28) <= due.due_at - due.starts_at <= timedelta(days=31)


def test_without_words_it_is_no_review(cast: Cast, active: Case) -> None:
    answer = post(cast.ana, "plan_review", active.pk, words="\u200b ")
    assert answer.status_code == 422
    assert "We need an answer here." in answer.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize(("state", "status"), [("planned", 422), ("monitoring", 302), ("suspended", 302)])
def test_it_is_for_plans_that_are_approved(cast: Cast, state: str, status: int) -> None:
    case = files.in_state(state, cast.ana.agency, worker=cast.ana)
    assert post(cast.ana, "plan_review", case.pk, **FOUND).status_code == status
    link = f'href="/cases/{case.pk}/plan/review/"'
    assert (link in get(cast.ana, "plan", case.pk).content.decode()) == (status == 302)


def test_a_closed_file_takes_none(cast: Cast) -> None:
    case = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    assert post(cast.ana, "plan_review", case.pk, **FOUND).status_code == 422
    assert not Note.objects.exists()
