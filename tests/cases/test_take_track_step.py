"""Steps in legal protection, medical care and rehabilitation: who takes them, and what is asked."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Document, TrackStep
from cases.models.choices import Basis
from cases.models.documents import DocumentKind
from cases.models.people import Conflict, PersonRole
from cases.permissions import grounds, sections_on
from cases.services.tracks import take_track_step
from cases.views.loading import OpenedCase
from cases.views.tabs import is_shown
from tests.cases import facts, files
from tests.cases.asking import day, get, last, main_of, post, statuses, verbs
from tests.cases.care import REQUEST, give, guardian, legal_of, step, today
from tests.cast import Cast
from workflow.machine import WrongState


def sent(**values: Any) -> dict[str, Any]:
    return day("happened_on", values.pop("on", today())) | values


def document(case: Case, by: User, section: Section = Section.LEGAL, title: str = "Decree") -> Document:
    made = Document(
        case=case, section=section, kind=DocumentKind.DECISION, media_type="text/plain", size=1, added_by=by
    )
    made.title, made.filename, made.digest = title, "decree.txt", "00"
    made.save(force_insert=True)
    return made


# Who


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    args = ("track_step", case.pk, "representation", "request_representative")
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, *args, **sent(**REQUEST)) == [404] * 6
    assert statuses([cast.sami], *args, **sent(**REQUEST)) == [403]
    assert legal_of(case).representation == "needed"
    assert statuses([cast.ana], *args, **sent(**REQUEST)) == [302]
    assert legal_of(case).representation == "requested"


def test_a_partner_acts_in_the_section_it_was_given_to_write(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.LEGAL)
    give(case, cast.tomas, Section.LEGAL, may_write=False)
    give(case, cast.fokus, Section.MEDICAL)
    args = ("track_step", case.pk, "representation", "request_representative")
    assert statuses([cast.fokus, cast.tomas], *args, **sent(**REQUEST)) == [404, 403]
    assert statuses([cast.petra], *args, **sent(**REQUEST)) == [302]
    triage = ("track_step", case.pk, "medical", "begin_triage")
    assert statuses([cast.petra, cast.fokus], *triage, **sent(incident="not_known")) == [404, 302]


def test_what_only_the_clinic_may_the_worker_may_not(cast: Cast, case: Case) -> None:
    step(case, "medical", "begin_triage", cast.ana, incident="not_known")
    files.ground(case, Basis.DUTY, account=cast.ben)
    for edge in ("begin_treatment", "complete_care", "find_stable"):
        assert get(cast.ana, "track_step", case.pk, "medical", edge).status_code == 403
        assert get(cast.ben, "track_step", case.pk, "medical", edge).status_code == 403


def test_an_unknown_step_or_track_does_not_exist(cast: Cast, case: Case) -> None:
    for names in (("medical", "vanish"), ("nothing", "begin_triage"), ("medical", "request_permit")):
        assert get(cast.ana, "track_step", case.pk, *names).status_code == 404


def test_a_second_click_takes_no_second_step(cast: Cast, case: Case) -> None:
    args = ("track_step", case.pk, "representation", "request_representative")
    assert statuses([cast.ana, cast.ana], *args, **sent(**REQUEST)) == [302, 409]
    assert TrackStep.objects.filter(case=case).count() == 1
    with pytest.raises(WrongState):
        step(case, "representation", "request_representative", cast.ana, **REQUEST)


@pytest.mark.parametrize("state", ["closed", "not_eligible", "referred_out", "duplicate"])
def test_nothing_is_done_in_a_file_that_is_not_open(cast: Cast, state: str) -> None:
    case = files.in_state(state, cast.ana.agency)
    files.ground(case, Basis.ASSIGNMENT, account=cast.ana)
    page = get(cast.ana, "legal", case.pk).content.decode()
    assert "/tracks/" not in page
    assert post(cast.ana, "track_step", case.pk, "medical", "begin_triage").status_code == 302
    with pytest.raises(Invalid):
        step(case, "medical", "begin_triage", cast.ana, incident="not_known")


def test_the_service_asks_too_where_the_file_is_closed_to_the_actor(cast: Cast, case: Case) -> None:
    with pytest.raises(Case.DoesNotExist):
        take_track_step(case.pk, "medical", "begin_triage", actor=cast.omar)


# What is asked


def test_what_is_wrong_gets_a_sentence_and_nothing_is_saved(cast: Cast, case: Case) -> None:
    wrong = [
        (sent(**REQUEST | {"authority": ""}), "We need an answer here."),
        (sent(**REQUEST | {"authority": "\u200b"}), "We need an answer here."),
        (sent(**REQUEST, on=today() + timedelta(days=1)), "The day cannot be in the future."),
        (REQUEST, "We need an answer here."),
        (sent(**REQUEST | {"document": "nonsense"}), "valid"),
    ]
    for data, says in wrong:
        answer = post(cast.ana, "track_step", case.pk, "representation", "request_representative", **data)
        assert answer.status_code == 422, data
        assert says in answer.content.decode()
    assert not TrackStep.objects.exists()
    assert "representation.request_representative" not in verbs(case.pk)


def test_a_review_is_in_the_future(cast: Cast, case: Case) -> None:
    refused = sent(refused_by="child", reason="She is tired.") | day("review_on", today())
    answer = post(cast.ana, "track_step", case.pk, "medical", "decline_care", **refused)
    assert (answer.status_code, "in the future" in answer.content.decode()) == (422, True)


def test_it_names_only_people_and_documents_of_this_file_that_one_may_open(cast: Cast, case: Case) -> None:
    other = files.screened(cast)
    stranger, foreign = guardian(other, cast.ana), document(other, cast.ana)
    hidden = document(case, cast.ana, Section.MEDICAL)
    give(case, cast.petra, Section.LEGAL)
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    named = {"authority": "Court", "number": "12"}
    for wrong in (
        {"person": stranger},
        {"person": guardian(case, cast.ana, removed_at=clock.now())},
        {"document": foreign, "person": guardian(case, cast.ana)},
        {"document": hidden, "person": guardian(case, cast.ana)},
    ):
        with pytest.raises(Invalid):
            step(case, "representation", "appoint_representative", cast.petra, **named | wrong)
    page = get(cast.petra, "track_step", case.pk, "representation", "appoint_representative")
    assert str(stranger.pk) not in page.content.decode()
    assert str(hidden.pk) not in page.content.decode()


def test_the_lawyer_names_the_guardian_without_seeing_the_other_people(cast: Cast, case: Case) -> None:
    person = guardian(case, cast.ana)
    guardian(case, cast.ana, role=PersonRole.SUSPECT, name="Rook the driver")
    guardian(case, cast.ana, role=PersonRole.MOTHER, name="Mother Wren")
    give(case, cast.petra, Section.LEGAL)
    step(case, "representation", "request_representative", cast.petra, **REQUEST)
    page = get(cast.petra, "track_step", case.pk, "representation", "appoint_representative")
    words = page.content.decode()
    assert "Greta Halm" in words
    assert "Rook" not in words
    assert "Wren" not in words
    data = sent(person=person.pk, authority="Court", number="A 12")
    args = (case.pk, "representation", "appoint_representative")
    assert post(cast.petra, "track_step", *args, **data).status_code == 302
    assert "Greta Halm" in get(cast.petra, "legal", case.pk).content.decode()


def test_a_representative_with_a_conflict_of_interest_is_refused_with_all_reasons(
    cast: Cast, case: Case
) -> None:
    person = guardian(case, cast.ana, conflict=Conflict.FAMILY_OF_SUSPECT)
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    before = get(cast.ana, "track_step", case.pk, "representation", "appoint_representative")
    assert "EU2011/36 14(2)" in before.content.decode()
    data = sent(person=person.pk, authority="Court", number="A 12")
    args = (case.pk, "representation", "appoint_representative")
    answer = post(cast.ana, "track_step", *args, **data)
    assert answer.status_code == 409
    assert "without a conflict of interest" in answer.content.decode()
    assert legal_of(case).representation == "requested"


def test_what_is_missing_is_shown_to_the_clinic_with_a_way_that_it_can_go(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL)
    step(case, "medical", "begin_triage", cast.petra, incident="not_known")
    page = get(cast.petra, "track_step", case.pk, "medical", "begin_assessment").content.decode()
    assert "informed consent" in page
    assert f"/cases/{case.pk}/medical/examinations/new/" in page


def test_a_partner_is_not_led_to_pages_that_it_may_not_see(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.LEGAL)
    step(case, "representation", "request_representative", cast.petra, **REQUEST)
    page = get(cast.petra, "track_step", case.pk, "representation", "appoint_representative").content.decode()
    assert "People around the child" not in page
    assert "The worker of this case does this, on a page that is not open to you." in page
    held = grounds(cast.petra, case)
    opened = OpenedCase(case, held, sections_on(held), frozenset())
    assert not is_shown("people", opened)
    assert is_shown("legal", opened)


def test_the_next_thing_about_live_proceedings_is_testimony_and_not_to_pause_them(
    cast: Cast, case: Case
) -> None:
    facts.settled_tracks(case, cast.ana)
    step(case, "proceedings", "open_proceedings", cast.ana, authority="Court", number="4")
    page = main_of(cast.ana, "legal", case.pk)
    assert "Record that proceedings are paused" in page
    (following,) = re.findall(r'class="btn main"[^>]*>([^<]*)', page)
    assert following == "Save"


def test_it_keeps_what_was_entered_sealed_with_its_day_and_document(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    clock_at.forward(timedelta(days=4))
    shown = document(case, cast.ana)
    earlier = today() - timedelta(days=2)
    step(
        case,
        "representation",
        "request_representative",
        cast.ana,
        happened_on=earlier,
        document=shown,
        **REQUEST,
    )
    taken = TrackStep.objects.get(case=case)
    assert (taken.before, taken.after, taken.happened_on) == ("needed", "requested", earlier)
    assert taken.words == REQUEST
    assert taken.evidence == [shown.pk]
    assert taken.coded == {"document": str(shown.pk)}
    event = last(case.pk, "representation.request_representative")
    assert (event.details["from"], event.details["to"]) == ("needed", "requested")
    assert (event.details["evidence"], event.sections) == ([str(shown.pk)], ["legal"])
    assert "hearing" not in str(event.details)
    page = get(cast.sami, "legal", case.pk).content.decode()
    assert "The hearing is on Friday." in page
    assert "Decree" in page


def test_what_a_child_is_owed_runs_from_no_day_before_the_report(cast: Cast, case: Case) -> None:
    """Else a day long past would have asked in time, and ended the days of reflection before they began."""
    past = day("happened_on", date(1999, 5, 4))
    asked = {"authority": "Court", "pending_because": "It hears it soon."}
    answer = post(
        cast.ana, "track_step", case.pk, "representation", "request_representative", **past, **asked
    )
    assert answer.status_code == 422
    assert "before the child was reported" in answer.content.decode()
