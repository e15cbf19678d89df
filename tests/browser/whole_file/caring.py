"""The clinic, the law and rehabilitation, each in its own track; no partner sees the other's."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from accounts.access import Section
from cases.edges.medical import Incident
from cases.guards import lifecycle as guards
from cases.guards import tracks as track_guards
from cases.models.choices import GivenBy
from cases.models.plan import Outcome
from cases.models.registers import ExaminationKind, HealthRecordKind
from tests.browser.whole_file.steps import Act, Person

WRITTEN = {
    track_guards.TREATMENT_PLAN: HealthRecordKind.TREATMENT_PLAN,
    track_guards.MEDICATION_LIST: HealthRecordKind.MEDICATION,
    track_guards.MENTAL_HEALTH_SCREENED: HealthRecordKind.MENTAL_HEALTH,
}


def monitoring_waits_for_the_tracks(act: Act) -> None:
    ana = act.by("ana")
    ana.is_refused("begin_monitoring", guards.TRACKS_SETTLED, guards.DURABLE_SOLUTION)
    # On the page of the case they stand as lanes, with what each still waits for.
    ana.goes_where_it_says(guards.TRACKS_SETTLED)
    expect(ana.at.page.locator(".lane .due-t")).to_have_count(2)


def dr_mila_treats(act: Act) -> None:
    mila = act.by("dr-mila")
    mila.takes_track_step("medical", "begin_triage", incident=Incident.LONGER_AGO)
    mila.is_refused_in("medical", "begin_assessment", track_guards.EXAMINATION_CONSENTED)
    mila.goes_where_it_says(track_guards.EXAMINATION_CONSENTED)
    _examines(mila)
    mila.takes_track_step("medical", "begin_assessment")
    mila.is_refused_in("medical", "begin_treatment", *WRITTEN)
    for guard, kind in WRITTEN.items():
        mila.goes_where_it_says(guard)
        _writes(mila, kind)
        mila.opens_track_step("medical", "begin_treatment")
    mila.at.follow("Back without this step")
    mila.takes_track_step("medical", "begin_treatment")
    mila.takes_track_step("medical", "find_stable")
    certifies_fitness(mila)
    _closed(mila, Section.LEGAL)


def _examines(mila: Person) -> None:
    mila.at.choose("Kind of examination", ExaminationKind.GENERAL.label)
    mila.at.choose("Who gave informed consent to this examination?", GivenBy.GUARDIAN.label)
    mila.at.tick("The child itself agrees")
    mila.at.fill("Findings", "Underweight, no injuries.")
    mila.at.press("Save")
    mila.at.sees("Recorded.")


def _writes(mila: Person, kind: HealthRecordKind) -> None:
    mila.at.choose("What is written down?", kind.label)
    mila.at.fill("In words", "None.")
    mila.at.press("Save")
    mila.at.sees("Recorded.")


def certifies_fitness(mila: Person) -> None:
    mila.opens_track("Medical care")
    mila.at.follow("Certify fitness to travel")
    mila.at.choose("Is the child fit to travel?", "Fit to travel")
    mila.at.fill("Medication for how many days goes along", "14")
    mila.at.press("Save")
    expect(mila.at.page.locator("#fitness .chip")).to_have_text(mila.at.say("Fit to travel"))


def _closed(partner: Person, *sections: Section) -> None:
    """What was not given does not exist: neither the page nor a way to it."""
    for section in sections:
        answer = partner.at.page.goto(reverse(section.value, args=[partner.case.pk]))
        assert answer
        assert answer.status == 404
    partner.opens_file()
    for section in sections:
        expect(partner.at.main.get_by_role("link", name=partner.at.say(section.label))).to_have_count(0)


def lex_protects(act: Act) -> None:
    lex = act.by("lex")
    lex.takes_track_step("identification", "request_identification", authority="Criminal police")
    lex.takes_track_step("identification", "find_possible_victim", decided_by="Police")
    _sees_the_reflection_period(act, lex)
    lex.takes_track_step("identification", "find_victim", decided_by="Police", number="7/26")
    lex.takes_track_step("residence", "request_permit", authority="Aliens’ office", number="R 81")
    lex.takes_track_step(
        "residence", "permit_residence", number="R 81", valid_until=act.today + timedelta(days=365)
    )
    lex.takes_track_step("proceedings", "open_proceedings", authority="Regional court", number="4 Hv 12/26")
    _records_the_interview(lex)
    _arranges_testimony(lex)
    _closed(lex, Section.MEDICAL)


def _sees_the_reflection_period(act: Act, lex: Person) -> None:
    """Thirty whole days, and what is left of this one (CETS197 13)."""
    first, last = act.row.legal.reflection_from, act.row.legal.reflection_until
    assert (first, last) == (act.today, act.today + timedelta(days=30))
    words = lex.at.say_number("%(count)s day left", "%(count)s days left", 31, count=31)
    expect(lex.at.main).to_contain_text(words)


def _records_the_interview(lex: Person) -> None:
    lex.at.follow("Record an interview")
    lex.at.fill("Authority that asked", "Regional court")
    lex.at.fill("Interviewer", "Ines Karr")
    lex.at.choose("Is the interviewer trained to interview children?", "Yes")
    lex.at.fill("Interpreter", "Pavel Dorn")
    lex.at.fill("Adult at the child’s side", "Greta Halm")
    lex.at.press("Save")
    lex.at.sees("Interview %(number)s", number=1)


def _arranges_testimony(lex: Person) -> None:
    """Until then proceedings keep the track from coming to rest."""
    lex.at.choose(
        "Can the child testify without being here?", "Arranged: by video, in writing, or it was taken already"
    )
    lex.at.press("Save")
    lex.at.sees("arranged")


def rehabilitation_is_reviewed(act: Act) -> None:
    ana = act.by("ana")
    ana.takes_track_step("rehabilitation", "begin_review")
    said = {"own_words": "I like the school."}
    ana.is_refused_in("rehabilitation", "find_achieved", track_guards.OUTCOMES_RECORDED, **said)
    ana.goes_where_it_says(track_guards.OUTCOMES_RECORDED)
    _records_the_outcome(ana)
    ana.takes_track_step("rehabilitation", "find_achieved", **said)


def _records_the_outcome(ana: Person) -> None:
    goals = ana.at.main.get_by_role("link", name=ana.at.begins("Outcome"))
    expect(goals).to_have_count(3)
    ana.at.hands.click(goals.nth(2))
    ana.at.choose("Outcome", Outcome.ACHIEVED.label)
    ana.at.fill("What came of it", "She goes to school every day.")
    ana.at.press("Record the outcome")
    ana.at.sees("The outcome is recorded.")
