"""A step that somebody else took first: nothing is changed, and nothing that was typed is lost."""

import clock
from accounts.models import User
from cases.models import Case
from cases.models.choices import Basis
from cases.services.steps import take_step
from tests.cases import files
from tests.cases.asking import day, get, post, statuses
from tests.cases.care import step
from tests.cast import Cast
from tests.kept import kept

TYPED = "She was last seen at the bus station."


@kept
def missing(cast: Cast, case: Case) -> Case:
    return take_step(case.pk, "suspend", actor=cast.sami)


def test_strangers_find_nothing_and_other_readers_may_not(cast: Cast, missing: Case, nora: User) -> None:
    files.ground(missing, Basis.PANEL, account=cast.pia)
    asked = ("case_step", missing.pk, "suspend")
    assert statuses([nora, cast.omar, cast.aida], *asked, reason=TYPED) == [404] * 3
    assert statuses([cast.pia], *asked, reason=TYPED) == [403]


def test_what_was_typed_is_shown_with_where_the_file_stands(cast: Cast, missing: Case) -> None:
    answer = post(cast.ana, "case_step", missing.pk, "suspend", reason=TYPED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This was not saved" in page
    assert TYPED in page
    assert f'href="/cases/{missing.pk}/"' in page
    assert "moved on" in page


def test_without_anything_typed_it_leads_to_the_file(cast: Cast, missing: Case) -> None:
    asked = ("case_step", missing.pk, "suspend")
    for answer in (post(cast.ana, *asked), get(cast.ana, *asked)):
        assert answer.status_code == 302
        assert answer["Location"] == f"/cases/{missing.pk}/"


def test_a_step_of_a_track_shows_its_answers_in_words(cast: Cast, case: Case) -> None:
    entered = {"authority": "Guardianship court", "pending_because": "The hearing is on Friday."}
    step(case, "representation", "request_representative", cast.ana, **entered)
    sent = day("happened_on", clock.today("Europe/Vienna")) | entered
    answer = post(cast.ana, "track_step", case.pk, "representation", "request_representative", **sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Guardianship court" in page
    assert "The hearing is on Friday." in page
    assert "What you entered" in page


def test_an_answer_that_was_chosen_is_shown_by_its_label(cast: Cast, case: Case) -> None:
    step(case, "medical", "begin_triage", cast.ana, incident="not_known")
    answer = post(cast.ana, "track_step", case.pk, "medical", "begin_triage", incident="not_known")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "not_known" not in page


def test_so_is_what_the_police_were_told(cast: Cast, case: Case) -> None:
    """The child was found before the worker had typed the reference."""
    late = post(cast.ana, "case_police", case.pk, reference="AZ 8")
    assert late.status_code == 409
    assert "AZ 8" in late.content.decode()
