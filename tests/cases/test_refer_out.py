"""An agency that does not use this installation takes a case on, on paper."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.models import AgencyKind, User
from cases.models import Case, OutsideAcceptance
from cases.models.choices import Basis
from cases.services.steps import take_step
from tests.cases import facts, files
from tests.cases.asking import day, get, last, post, running, statuses, told
from tests.cast import Cast
from tests.kept import kept


@kept
def active(cast: Cast) -> Case:
    return files.in_state("active", cast.ana.agency, worker=cast.ana)


def form(cast: Cast, case: Case, **changes: Any) -> dict[str, Any]:
    settled = {
        "agency": facts.outside_agency().pk,
        "contact": "Ms Orlu, +00 7, mornings",
        "document": facts.document(case, cast.ana).pk,
    }
    return settled | day("accepted_on", clock.today("Europe/Vienna")) | changes


def test_strangers_find_nothing_readers_may_not_and_the_team_may(
    cast: Cast, active: Case, nora: User
) -> None:
    sent = form(cast, active)
    files.ground(active, Basis.PANEL, account=cast.pia)
    files.ground(active, Basis.DUTY, account=cast.ben)
    strangers = [nora, cast.omar, cast.aida, cast.petra, cast.pia]
    assert statuses(strangers, "outside", active.pk, **sent) == [404] * 5
    assert statuses([cast.ben], "outside", active.pk, **sent) == [403]
    assert not OutsideAcceptance.objects.exists()
    assert statuses([cast.ana, cast.sami], "outside", active.pk, **sent) == [302, 302]
    accepted = OutsideAcceptance.objects.first()
    assert accepted
    assert (accepted.contact, accepted.agency.kind) == ("Ms Orlu, +00 7, mornings", "outside")
    assert "outside.accepted" in told(cast.vera)
    assert last(active.pk, "outside.accepted").details == {}


def test_a_supervisor_refers_it_out(cast: Cast, active: Case, nora: User) -> None:
    assert post(cast.sami, "case_step", active.pk, "refer_out").status_code == 409
    facts.accepted_outside(active, cast.ana)
    assert statuses([nora, cast.ben], "case_step", active.pk, "refer_out") == [404] * 2
    assert statuses([cast.ana], "case_step", active.pk, "refer_out") == [403]
    assert statuses([cast.sami], "case_step", active.pk, "refer_out") == [302]
    ended = files.fresh(active)
    assert ended.state == "referred_out"
    assert ended.retain_until is not None
    assert running(active) == set()


@pytest.mark.parametrize("lost", ["removed_at", "quarantined_at"])
def test_a_paper_that_is_gone_shows_nothing(cast: Cast, active: Case, lost: str) -> None:
    facts.accepted_outside(active, cast.ana)
    active.documents.update(**{lost: clock.now()})
    assert post(cast.sami, "case_step", active.pk, "refer_out").status_code == 409


def test_documents_are_those_of_this_file_that_the_reader_may_read(cast: Cast, active: Case) -> None:
    other = files.in_state("active", cast.ana.agency, worker=cast.ana)
    theirs, gone = facts.document(other, cast.ana), facts.document(active, cast.ana)
    gone.removed_at = clock.now()
    gone.save()
    for document in (theirs, gone):
        assert (
            post(cast.ana, "outside", active.pk, **form(cast, active, document=document.pk)).status_code
            == 422
        )
    assert not OutsideAcceptance.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"agency": ""}, "Choose an answer."),
        ({"contact": " \u200b"}, "We need an answer here."),
        ({"document": ""}, "Choose an answer."),
        ({"document": "no-id"}, "no-id"),
        ({"accepted_on_day": "32"}, "There is no such day"),
        ({"accepted_on_year": "2190"}, "future"),
    ],
)
def test_a_wrong_entry_gets_a_sentence_and_saves_nothing(
    cast: Cast, active: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "outside", active.pk, **form(cast, active, **wrong))
    assert answer.status_code == 422
    if says != "no-id":
        assert says in answer.content.decode()
    assert not OutsideAcceptance.objects.exists()


def test_an_agency_of_this_installation_is_not_outside(cast: Cast, active: Case) -> None:
    inside = facts.outside_agency(AgencyKind.SHELTER)
    assert post(cast.ana, "outside", active.pk, **form(cast, active, agency=inside.pk)).status_code == 422


def test_a_missing_childs_file_is_not_handed_on(cast: Cast, active: Case) -> None:
    sent = form(cast, active)
    take_step(active.pk, "suspend", actor=cast.ana)
    answer = post(cast.ana, "outside", active.pk, **sent)
    assert answer.status_code == 422
    assert "the child is missing" in answer.content.decode()


def test_what_was_recorded_is_shown(cast: Cast, active: Case) -> None:
    assert "Nobody outside has taken the case on" in get(cast.ana, "outside", active.pk).content.decode()
    facts.accepted_outside(active, cast.ana)
    page = get(cast.sami, "outside", active.pk).content.decode()
    assert "Elsewhere" in page
    assert "Ms Orlu" in page


def test_nothing_is_due_any_more_and_no_partner_reads_on(cast: Cast, active: Case) -> None:
    ends = clock.now() + timedelta(days=9)
    files.ground(active, Basis.PERSONAL, account=cast.petra, until=ends, sections=["risk"])
    task = facts.task(active, cast.ana)
    facts.accepted_outside(active, cast.ana)
    take_step(active.pk, "refer_out", actor=cast.sami)
    task.refresh_from_db()
    assert task.dropped_at is not None
    assert get(cast.petra, "case_risk", active.pk).status_code == 404
