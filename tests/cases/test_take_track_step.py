"""Steps in legal protection, medical care and rehabilitation: who, what is asked, what follows."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import clock
from accounts import policy
from accounts.access import Section
from accounts.errors import Invalid
from accounts.holidays import add_working_days
from accounts.models import User
from cases.edges.tracks import TRACKS
from cases.guards.lifecycle import REPRESENTATION
from cases.models import Case, Document, LegalProtection, TrackStep
from cases.models.choices import Basis, Risk
from cases.models.documents import DocumentKind
from cases.models.people import Conflict, PersonRole
from cases.permissions import grounds, sections_on
from cases.registry import open_matters
from cases.services.tracks import take_track_step
from cases.settled import unsettled_strands, unsettled_tracks
from cases.views.loading import OpenedCase
from cases.views.tabs import is_shown
from tests.cases import facts, files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told, verbs
from tests.cases.care import give, guardian, step
from tests.cast import Cast
from workflow import deadlines
from workflow.machine import Attempt, WrongState

VIENNA = ZoneInfo("Europe/Vienna")


def today() -> date:
    return clock.today("Europe/Vienna")


def sent(**values: Any) -> dict[str, Any]:
    return day("happened_on", values.pop("on", today())) | values


REQUEST = {"authority": "Guardianship court", "pending_because": "The hearing is on Friday."}


def legal_of(case: Case) -> LegalProtection:
    return LegalProtection.objects.get(case=case)


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
    page = get(cast.ana, "legal", case.pk).content.decode()
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


# Legal protection


def test_a_representative_is_asked_for_within_a_day(cast: Cast, case: Case, clock_at: Any) -> None:
    waits = clock_of(case, "representation")
    assert abs(waits.due_at - clock.now() - timedelta(hours=24)) < timedelta(minutes=5)
    assert "Ask for a guardian" in get(cast.ana, "case", case.pk).content.decode()
    clock_at(waits.due_at + timedelta(seconds=1))
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.sami).count("overdue.representation") == 1
    assert not REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    assert "representation" not in running(case)
    # Asked too late: only the appointment helps now.
    assert not REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_request_written_down_later_counts_from_its_day(cast: Cast, case: Case, clock_at: Any) -> None:
    asked_on = today()
    clock_at.forward(timedelta(days=3))
    step(case, "representation", "request_representative", cast.ana, happened_on=asked_on, **REQUEST)
    assert REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_taken_over_case_has_its_day_for_a_representative(cast: Cast, clock_at: Any) -> None:
    case = files.in_state("active", cast.ana.agency, worker=cast.ana, taken_over=False)
    files.look_at_safety(case, cast.ana)
    clock_at.forward(timedelta(days=30))
    post(cast.ana, "case_step", case.pk, "take_over")
    assert abs(clock_of(case, "representation").due_at - clock.now() - timedelta(hours=24)) < timedelta(
        hours=1
    )
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    assert REPRESENTATION.judge(files.fresh(case), Attempt(actor=cast.ana)).passed


def test_a_conflict_leads_to_another_representative(cast: Cast, case: Case) -> None:
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    person = guardian(case, cast.ana)
    named = {"authority": "Court", "number": "12"}
    step(case, "representation", "appoint_representative", cast.ana, person=person, **named)
    assert "representation" not in unsettled_strands(legal_of(case))
    step(case, "representation", "report_conflict", cast.ana, reason="She knows him.", authority="Court")
    assert "representation" in unsettled_strands(legal_of(case))
    step(case, "representation", "appoint_representative", cast.ana, person=person, **named)
    step(case, "representation", "end_representation", cast.ana, reason="Came of age.")
    step(case, "representation", "need_representative", cast.ana, reason="Not yet.")
    assert "representation" in running(case)
    step(case, "representation", "judge_parents_safe", cast.ana, parents_safe=True, basis="Seen by the team.")
    assert "representation" not in running(case)


def test_identification_is_due_in_five_working_days(cast: Cast, case: Case, clock_at: Any) -> None:
    # The Thursday before a weekend, in the evening; whoever writes it down two days later wins no time.
    clock_at(datetime(2027, 6, 10, 20, 0, tzinfo=VIENNA))
    asked_on = today()
    clock_at(datetime(2027, 6, 12, 9, 0, tzinfo=VIENNA))
    step(
        case,
        "identification",
        "request_identification",
        cast.ana,
        happened_on=asked_on,
        authority="Police",
    )
    end = datetime(2027, 6, 10, 23, 59, 59, tzinfo=VIENNA)
    assert clock_of(case, "identification").due_at == add_working_days(case.agency, end, 5)
    assert clock_of(case, "identification").due_at.astimezone(VIENNA).date() == date(2027, 6, 17)
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    assert "identification" not in running(case)


def test_an_agency_sets_its_own_days(cast: Cast, case: Case) -> None:
    policy.set_value("legal.identification_days", 2, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    due = clock_of(case, "identification").due_at
    assert abs(due - add_working_days(case.agency, clock.now(), 2)) < timedelta(minutes=5)


@pytest.mark.parametrize(("days", "counted"), [(30, 30), (45, 45), (7, 30), (0, 30)])
def test_the_reflection_period_is_never_shorter_than_thirty_days(
    cast: Cast, case: Case, clock_at: Any, days: int, counted: int
) -> None:
    clock_at.forward(timedelta(days=4))
    policy.set_value("legal.reflection_days", days, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    began = today() - timedelta(days=3)
    step(case, "identification", "find_possible_victim", cast.ana, happened_on=began, decided_by="Police")
    legal = legal_of(case)
    assert legal.reflection_from == began
    assert legal.reflection_until == began + timedelta(days=counted)


def test_a_promised_reflection_period_is_not_cut_short(cast: Cast, case: Case) -> None:
    policy.set_value("legal.reflection_days", 90, actor=None, agency=case.agency)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    promised = legal_of(case).reflection_until
    policy.set_value("legal.reflection_days", 30, actor=None, agency=case.agency)
    step(case, "identification", "find_no_victim", cast.ana, decided_by="Police", reason="Doubt.")
    step(case, "identification", "appeal_identification", cast.ana, authority="Court", reason="New facts.")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="CourtOrProsecution")
    assert legal_of(case).reflection_until == promised


def test_the_page_shows_the_last_day_of_the_reflection_period(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at(datetime(2027, 3, 1, 10, 0, tzinfo=VIENNA))
    assert "not begun" in get(cast.ana, "legal", case.pk).content.decode()
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    step(case, "identification", "find_possible_victim", cast.ana, decided_by="Police")
    page = get(cast.ana, "legal", case.pk).content.decode()
    assert "until Wednesday 31 March 2027" in page
    assert "31 days left" in page
    clock_at(datetime(2027, 3, 31, 23, 0, tzinfo=VIENNA))
    assert "1 day left" in get(cast.ana, "legal", case.pk).content.decode()
    clock_at(datetime(2027, 4, 1, 0, 30, tzinfo=VIENNA))
    assert "over" in get(cast.ana, "legal", case.pk).content.decode()


def test_a_permit_that_ends_is_renewed_in_time(cast: Cast, case: Case, clock_at: Any) -> None:
    step(case, "residence", "request_permit", cast.ana, authority="Office", number="F 1")
    ends = today() + timedelta(days=90)
    with pytest.raises(Invalid, match="valid_until"):
        step(
            case,
            "residence",
            "permit_residence",
            cast.ana,
            number="P 1",
            valid_until=today() - timedelta(days=1),
        )
    step(case, "residence", "permit_residence", cast.ana, number="P 1", valid_until=ends)
    due = clock_of(case, "permit_expires").due_at.astimezone(VIENNA)
    assert (due.date(), due.hour) == (ends, 23)
    clock_at.forward(timedelta(days=100))
    deadlines.sweep()
    assert told(cast.sami).count("overdue.permit_expires") == 1
    later = today() + timedelta(days=365)
    step(case, "residence", "renew_permit", cast.ana, number="P 2", valid_until=later)
    assert clock_of(case, "permit_expires").due_at.astimezone(VIENNA).date() == later
    assert legal_of(case).residence == "permitted"
    step(case, "residence", "renew_permit", cast.ana, number="P 3")
    assert "permit_expires" not in running(case)


def test_an_open_legal_deadline_holds_the_closing_up(cast: Cast) -> None:
    case = files.in_state("monitoring", cast.ana.agency, worker=cast.ana)
    assert not open_matters(case)
    step(case, "identification", "request_identification", cast.ana, authority="Police")
    assert open_matters(files.fresh(case))
    step(case, "identification", "find_no_victim", cast.ana, decided_by="Police", reason="No sign.")
    assert not open_matters(files.fresh(case))


SETTLED = {
    "representation": {"not_needed", "appointed", "ended"},
    "identification": {"victim", "not_a_victim"},
    "residence": {"not_applicable", "permitted", "ended"},
    "protection": {"none", "granted", "refused_final", "withdrawn"},
    "proceedings": {"none", "closed"},
    "redress": {"not_sought", "sought", "awarded", "refused"},
}


@pytest.mark.parametrize("strand", SETTLED)
def test_a_strand_is_settled_in_these_states_and_no_others(strand: str) -> None:
    states = TRACKS[strand].machine.states.values
    settled = {
        state for state in states if strand not in unsettled_strands(LegalProtection(**{strand: state}))
    }
    assert settled == SETTLED[strand]


def test_open_proceedings_are_settled_once_testimony_is_arranged() -> None:
    for state, settled in (("open", True), ("paused", False)):
        legal = LegalProtection(proceedings=state, testimony_arranged=True)
        assert ("proceedings" not in unsettled_strands(legal)) is settled


# Rehabilitation


def in_progress(cast: Cast, case: Case) -> None:
    """Past what must hold before: that is another test's question."""
    rows = type(case.rehabilitation)._base_manager.filter(case=case)
    for state in ("needs_assessed", "plan_agreed"):
        rows.update(state=state)
    step(case, "rehabilitation", "begin_rehabilitation", cast.ana)


def test_it_is_reviewed_every_three_months(cast: Cast, case: Case, clock_at: Any) -> None:
    clock_at(datetime(2027, 11, 30, 12, 0, tzinfo=VIENNA))
    in_progress(cast, case)
    due = clock_of(case, "rehabilitation_review").due_at.astimezone(VIENNA)
    assert (due.date(), due.hour) == (date(2028, 2, 29), 12)
    clock_at(due + timedelta(seconds=1))
    deadlines.sweep()
    deadlines.sweep()
    assert told(cast.sami).count("overdue.rehabilitation_review") == 1
    step(case, "rehabilitation", "begin_review", cast.ana)
    assert "rehabilitation_review" not in running(case)
    step(case, "rehabilitation", "continue_after_review", cast.ana, finding="She is back at school.")
    assert clock_of(case, "rehabilitation_review").due_at > clock.now() + timedelta(days=80)


def test_it_is_reviewed_sooner_when_the_risk_changes_and_never_later(
    cast: Cast, case: Case, clock_at: Any
) -> None:
    files.look_at_safety(case, cast.ana, Risk.LOW)
    in_progress(cast, case)
    files.look_at_safety(case, cast.ana, Risk.LOW)
    assert clock_of(case, "rehabilitation_review").due_at > clock.now() + timedelta(days=80)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    soon = clock_of(case, "rehabilitation_review").due_at
    assert abs(soon - clock.now() - timedelta(days=7)) < timedelta(hours=2)
    clock_at.forward(timedelta(days=2))
    files.look_at_safety(case, cast.ana, Risk.MEDIUM)
    assert clock_of(case, "rehabilitation_review").due_at == soon


def test_a_risk_that_changes_asks_for_no_review_of_what_does_not_run(cast: Cast, case: Case) -> None:
    files.look_at_safety(case, cast.ana, Risk.LOW)
    files.look_at_safety(case, cast.ana, Risk.HIGH)
    assert "rehabilitation_review" not in running(case)


def test_a_hold_is_looked_at_again_on_its_day(cast: Cast, case: Case) -> None:
    in_progress(cast, case)
    week = today() + timedelta(days=7)
    step(case, "rehabilitation", "hold", cast.ana, reason="She is ill.", review_on=week)
    assert "rehabilitation_review" not in running(case)
    assert clock_of(case, "rehabilitation_hold").due_at.astimezone(VIENNA).date() == week
    later = today() + timedelta(days=30)
    step(case, "rehabilitation", "prolong_hold", cast.ana, reason="Still ill.", review_on=later)
    assert clock_of(case, "rehabilitation_hold").due_at.astimezone(VIENNA).date() == later
    step(case, "rehabilitation", "go_on", cast.ana)
    assert "rehabilitation_hold" not in running(case)
    assert "rehabilitation_review" in running(case)


@pytest.mark.parametrize(
    ("track", "decline", "confirm", "again", "kind"),
    [
        ("medical", "decline_care", "confirm_refusal_of_care", "accept_care", "care_review"),
        (
            "rehabilitation",
            "decline_rehabilitation",
            "confirm_refusal_of_rehabilitation",
            "assess_needs_again",
            "rehabilitation_declined",
        ),
    ],
)
def test_a_refusal_is_asked_about_again_as_often_as_it_stands(
    cast: Cast, case: Case, clock_at: Any, track: str, decline: str, confirm: str, again: str, kind: str
) -> None:
    said: dict[str, Any] = {"reason": "Not now.", "refused_by": "child"}
    step(case, track, decline, cast.ana, review_on=today() + timedelta(days=7), **said)
    assert kind in running(case)
    clock_at.forward(timedelta(days=9))
    deadlines.sweep()
    assert told(cast.sami).count(f"overdue.{kind}") == 1
    step(case, track, confirm, cast.ana, review_on=today() + timedelta(days=30), **said)
    assert clock_of(case, kind).due_at > clock.now() + timedelta(days=29)
    said |= {"incident": "not_known", "review_on": today() + timedelta(days=5)}
    step(case, track, again, cast.ana, **said)
    assert kind not in running(case)


def test_a_reopened_case_has_the_clocks_of_its_tracks_again(cast: Cast, case: Case) -> None:
    in_progress(cast, case)
    post(cast.sami, "case_propose_end", case.pk, why="declined")
    post(cast.vera, "case_step", case.pk, "end_early")
    assert running(case) == set()
    post(cast.sami, "case_step", case.pk, "reopen", reason="The girl asks for help again.")
    assert {"representation", "rehabilitation_review"} <= running(case)


# Pages


def test_who_may_read_a_track(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL, may_write=False)
    for page in ("legal", "medical", "rehabilitation"):
        assert get(cast.ana, page, case.pk).status_code == 200
        assert get(cast.sami, page, case.pk).status_code == 200
        assert last(case.pk, "case.read").sections == [page]
        for stranger in (cast.omar, cast.ben, cast.aida, cast.hotline):
            assert get(stranger, page, case.pk).status_code == 404
    assert [
        get(cast.petra, page, case.pk).status_code for page in ("legal", "medical", "rehabilitation")
    ] == [
        404,
        200,
        404,
    ]


def test_a_reader_sees_where_it_stands_and_no_step(cast: Cast, case: Case) -> None:
    page = get(cast.sami, "medical", case.pk).content.decode()
    assert "Not started" in page
    assert "/tracks/" not in page
    assert "/tracks/medical/begin_triage/" in get(cast.ana, "medical", case.pk).content.decode()


def test_the_case_page_has_a_lane_for_each_track_that_one_may_see(cast: Cast, case: Case) -> None:
    page = get(cast.ana, "case", case.pk).content.decode()
    for name in ("legal", "medical", "rehabilitation"):
        assert f'<h3><a href="/cases/{case.pk}/{name}/">' in page
    assert "Representation: Needed" in page
    give(case, cast.petra, Section.MEDICAL)
    page = get(cast.petra, "case", case.pk).content.decode()
    assert f'<h3><a href="/cases/{case.pk}/medical/">' in page
    assert f"/cases/{case.pk}/legal/" not in page
    assert "Representation: Needed" not in page


def test_the_lanes_follow_the_tracks(cast: Cast, case: Case) -> None:
    step(case, "medical", "find_no_care_needed", cast.ana, reason="Seen in hospital.")
    page = get(cast.ana, "case", case.pk).content.decode()
    assert '<p class="done-t">Not applicable</p>' in page
    assert '<p class="due-t">Not started</p>' in page
    assert {str(track) for track in unsettled_tracks(files.fresh(case))} == {"legal", "rehabilitation"}


def test_history_tells_the_steps_in_the_words_of_their_machine(cast: Cast, case: Case) -> None:
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    step(case, "medical", "begin_triage", cast.ana, incident="not_known")
    step(case, "medical", "name_incident", cast.ana, incident="longer")
    page = get(cast.ana, "case_history", case.pk).content.decode()
    assert "requested a representative" in page
    assert "Representation: Needed → Requested" in page
    assert "Medical care: Not started → Triage" in page
    assert "Medical care: Triage</p>" in page
    give(case, cast.petra, Section.LEGAL)
    page = get(cast.petra, "case_history", case.pk).content.decode()
    assert "requested a representative" in page
    assert "triage" not in page.lower()


def test_the_service_asks_too_where_the_file_is_closed_to_the_actor(cast: Cast, case: Case) -> None:
    with pytest.raises(Case.DoesNotExist):
        take_track_step(case.pk, "medical", "begin_triage", actor=cast.omar)


def test_what_a_child_is_owed_runs_from_no_day_before_the_report(cast: Cast, case: Case) -> None:
    """Else a day long past would have asked in time, and ended the days of reflection before they began."""
    past = day("happened_on", date(1999, 5, 4))
    asked = {"authority": "Court", "pending_because": "It hears it soon."}
    answer = post(
        cast.ana, "track_step", case.pk, "representation", "request_representative", **past, **asked
    )
    assert answer.status_code == 422
    assert "before the child was reported" in answer.content.decode()
