"""What the child says to the plan, and in which way it was heard (CRC 12)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, ChildView
from cases.models.plan import Means
from cases.services.plan import record_view
from tests.cases import files
from tests.cases.asking import day, get, last, post, statuses
from tests.cases.planning import let_read, today
from tests.cast import Cast
from workflow.models import Deadline


def form(**changes: Any) -> dict[str, Any]:
    return {"means": "drawing", "words": "I want to see the sea."} | day("heard_on", today()) | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "view_new", case.pk, **form()) == [404] * 5
    assert statuses([cast.petra], "view_new", case.pk, **form()) == [403]
    assert not ChildView.objects.exists()
    assert statuses([cast.ana], "view_new", case.pk, **form()) == [302]
    view = ChildView.objects.get()
    assert (view.means, view.words, view.recorded_by) == ("drawing", "I want to see the sea.", cast.ana)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"means": ""}, "Choose an answer."),
        ({"means": "guessing"}, "guessing"),
        ({"words": ""}, "We need an answer here."),
        ({"means": "impossible"}, "We need an answer here."),
        ({"means": "impossible", "observed": "Silent."}, "We need an answer here."),
        ({"means": "impossible", "impossible_because": "A baby."}, "We need an answer here."),
        (day("heard_on", today() + timedelta(days=1)), "future"),
        ({"heard_on_year": "2001"}, "before the child was reported"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "view_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ChildView.objects.exists()


def test_a_child_that_cannot_be_heard_is_explained_and_observed(cast: Cast, case: Case) -> None:
    sent = form(means="impossible", words="", impossible_because="She is two.", observed="Clings to Petra.")
    assert post(cast.ana, "view_new", case.pk, **sent).status_code == 302
    view = ChildView.objects.get()
    assert (view.means, view.words) == ("", None)
    assert (view.impossible_because, view.observed) == ("She is two.", "Clings to Petra.")
    assert files.fresh(case).facts.marks.was_heard
    page = get(cast.sami, "plan", case.pk).content.decode()
    assert "She is two." in page
    assert "Clings to Petra." in page


def test_the_service_asks_for_the_same_as_the_form(cast: Cast, case: Case) -> None:
    for means, words, reason in ((Means.TALK, "", ""), (None, "w", ""), (None, "", "r")):
        with pytest.raises(Invalid):
            record_view(
                case.pk,
                actor=cast.ana,
                heard_on=today(),
                means=means,
                words=words,
                impossible_because=reason,
            )


def test_what_was_said_earlier_stays_below_what_was_said_last(cast: Cast, case: Case) -> None:
    post(cast.ana, "view_new", case.pk, **form(words="First the sea."))
    post(cast.ana, "view_new", case.pk, **form(words="Now the mountains."))
    page = get(cast.ana, "plan", case.pk).content.decode()
    assert 0 < page.index("Now the mountains.") < page.index("First the sea.")
    assert "In drawing" in page


def test_a_closed_file_hears_nobody(cast: Cast) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    assert post(cast.ana, "view_new", closed.pk, **form()).status_code == 422
    assert not ChildView.objects.exists()


def test_a_case_that_came_without_it_is_settled_by_it(cast: Cast) -> None:
    case = files.in_state("planned", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    post(cast.ana, "case_step", case.pk, "take_over")
    missing = Deadline.objects.open().filter(case_id=case.pk, params={"guard": "child_heard"})
    assert missing.exists()
    post(cast.ana, "view_new", case.pk, **form())
    assert not missing.exists()


def test_the_audit_has_codes_and_no_word_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "view_new", case.pk, **form(words="the-words-of-the-wagtail"))
    event = last(case.pk, "plan.child_heard")
    assert (event.details, event.sections) == ({"heard_by": "drawing"}, ["plan"])
    assert "wagtail" not in str(list(AuditEvent.objects.filter(case_id=case.pk).values()))
