"""A file with a row of every kind, and in every section a word that stands nowhere else."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Model

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.models import Agency, User
from cases.models import (
    AgendaPoint,
    Appointment,
    BestInterestsAssessment,
    Case,
    CaseLink,
    Child,
    ChildView,
    Closure,
    Conference,
    ConferenceDecision,
    Consent,
    Document,
    DuplicateCandidate,
    DuplicateCheck,
    Examination,
    ExploitationAccount,
    FormerOwner,
    Goal,
    HealthRecord,
    IdNumber,
    ImportedRecord,
    ImportedValues,
    Interview,
    Invitation,
    MinuteAddendum,
    Need,
    Note,
    OutsideAcceptance,
    Person,
    PersonName,
    Placement,
    PlanAgreement,
    RiskAssessment,
    Task,
    TrackStep,
    TravelFitness,
    Visit,
    Voice,
)
from tests.cases import files

# The second word of each is in a script that runs from right to left, or in Cyrillic.
WORDS: Mapping[str, tuple[str, ...]] = {
    "identity": ("Oriolanda", "אלמוגית"),
    "contacts": ("aunt-with-a-wren", "Журавлёва"),
    "shelter": ("house-behind-the-heron", "شارع"),
    "account": ("man-with-the-magpie", "Сорокин"),
    "risk": ("threats-by-a-buzzard",),
    "legal": ("court-of-the-plover",),
    "medical": ("fever-of-the-finch",),
    "rehabilitation": ("school-of-the-starling",),
    "plan": ("visit-the-lapwing",),
    "team": ("closing-with-a-cuckoo",),
}
# No note is about documents as such.
NOTES: Mapping[str, str] = {
    section.value: f"note-on-{section.value}" for section in Section if section != Section.DOCUMENTS
}
DOCUMENTS: Mapping[str, str] = {section.value: f"paper-on-{section.value}" for section in Section}
TAKEN_OVER: Mapping[str, str] = {section.value: f"source-on-{section.value}" for section in Section}


def said(section: str) -> str:
    return " ".join(WORDS[section])


def put(model: type[Model], case: Case, **values: Any) -> Any:
    """A row with its sealed values, which are set and not given to the constructor."""
    row: Any = model(case=case)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def fill(case: Case, by: User, other: Agency) -> None:
    with acting_as(by):
        _child(case, by)
        _situation(case, by)
        _care(case, by)
        _plan(case, by)
        _meetings(case, by)
        _words(case, by)
        _around(case, by, other)


def _child(case: Case, by: User) -> None:
    child = Child.objects.get(case=case)
    child.known_as, child.birth_date, child.gender = said("identity"), date(2012, 3, 4), "Feminine"
    child.citizenships, child.languages = ["XB", "XA"], "Belmoran, Русский"
    child.save()
    put(PersonName, case, child=child, kind="legal", script="Hebr", given="אלמוגית", family="כהן")
    put(PersonName, case, child=child, kind="alias", given="REMOVED", removed_at=clock.now())
    put(IdNumber, case, child=child, kind="passport", country="XB", number="B77-OSPREY")
    put(Person, case, role="mother", name=said("contacts"), telephone="+373 22 123", added_by=by)
    put(Person, case, role="suspect", name=said("account"), note="Two lines\nof words", added_by=by)
    put(Person, case, role="father", name="REMOVED", added_by=by, removed_at=clock.now())


def _situation(case: Case, by: User) -> None:
    today, now = clock.today("Europe/Vienna"), clock.now()
    put(
        Placement,
        case,
        kind="shelter",
        is_safe=True,
        address=said("shelter"),
        since=today,
        recorded_by=by,
    )
    put(
        ExploitationAccount,
        case,
        exploitation=["SexualExploitation"],
        control=["Threats"],
        countries=["XB"],
        words=said("account"),
        recorded_by=by,
    )
    put(
        RiskAssessment,
        case,
        level="high",
        safety="safe",
        note=said("risk"),
        assessed_by=by,
        assessed_at=now,
    )
    put(
        BestInterestsAssessment,
        case,
        version=1,
        factors={"views": said("risk"), "care": "Fed & <b>warm</b>"},
        recommendation="care_here",
        conclusion=said("risk"),
        author=by,
    )
    put(
        Consent,
        case,
        purpose="services",
        answer="assent",
        given_by="child",
        given_on=today,
        explained=said("legal"),
        recorded_by=by,
        recorded_at=now,
    )


def _care(case: Case, by: User) -> None:
    today = clock.today("Europe/Vienna")
    step = {"happened_on": today, "made_by": by}
    put(
        TrackStep,
        case,
        track="representation",
        edge="judge_parents_safe",
        before="needed",
        after="not_needed",
        coded={"parents_safe": True},
        words={"basis": said("legal")},
        **step,
    )
    put(
        TrackStep,
        case,
        track="medical",
        edge="begin_triage",
        before="not_started",
        after="triage",
        reason=said("medical"),
        **step,
    )
    put(
        TrackStep,
        case,
        track="rehabilitation",
        edge="hold",
        before="in_progress",
        after="on_hold",
        reason=said("rehabilitation"),
        **step,
    )
    put(
        Interview,
        case,
        number=1,
        held_on=today,
        authority=said("legal"),
        interviewer="Inspector",
        interviewer_trained=True,
        entered_by=by,
    )
    put(
        Examination,
        case,
        kind="general",
        consent_by="child",
        child_assents=True,
        held_on=today,
        findings=said("medical"),
        entered_by=by,
    )
    put(HealthRecord, case, kind="medication", words=said("medical"), entered_by=by)
    put(TravelFitness, case, is_fit=True, certified_on=today, conditions=said("medical"), certified_by=by)
    put(Need, case, domain="schooling", words=said("rehabilitation"), entered_by=by)


def _plan(case: Case, by: User) -> None:
    today = clock.today("Europe/Vienna")
    for track in ("legal", "medical", "rehabilitation"):
        words = f"goal-of-{track}"
        goal = put(Goal, case, track=track, service_type="Legal", words=words, set_by=by)
    put(Task, case, goal=goal, words=said("plan"), assignee=by, due_on=today, made_by=by)
    put(Visit, case, kind="home", planned_on=today, visitor=by, planned_by=by, observations=said("plan"))
    put(ChildView, case, heard_on=today, means="play", words=said("plan"), recorded_by=by)
    put(PlanAgreement, case, given_by="guardian", agrees=True, given_on=today, recorded_by=by)
    put(Voice, case, kind="wish", words=said("plan"), said_on=today, recorded_by=by)


def _meetings(case: Case, by: User) -> None:
    """Nobody is invited who does not work on the case, so only the team reads of it."""
    now = clock.now()
    conference = put(Conference, case, starts_at=now, minutes=60, place=said("team"), called_by=by)
    put(Invitation, case, conference=conference, account=by, invited_by=by)
    of_it = {"conference": conference, "section": "plan", "words": said("team")}
    point = put(AgendaPoint, case, **of_it, minute=said("team"), added_by=by)
    put(AgendaPoint, case, **(of_it | {"words": "REMOVED"}), added_by=by, removed_at=now)
    task = put(Task, case, words=said("plan"), assignee=by, due_on=clock.today("Europe/Vienna"), made_by=by)
    put(ConferenceDecision, case, **of_it, point=point, task=task, recorded_by=by)
    put(MinuteAddendum, case, **of_it, point=point, written_by=by)
    put(
        Appointment,
        case,
        kind="hearing",
        section="legal",
        starts_at=now + timedelta(days=1),
        place=said("legal"),
        made_by=by,
    )


def _words(case: Case, by: User) -> None:
    for section in Section:
        if section in NOTES:
            put(Note, case, section=section, words=NOTES[section], written_by=by, agency=by.agency)
        document(case, by, section, title=DOCUMENTS[section])
        put(ImportedValues, case, section=section.value, values={"word": TAKEN_OVER[section]})
    document(case, by, Section.LEGAL, title="REMOVED", removed_at=clock.now())
    locked = document(case, by, Section.ACCOUNT, title="QUARANTINED")
    locked.quarantined_at, locked.quarantined_by = clock.now(), by
    locked.police_reference = "police-reference-of-a-kite"
    locked.save()


def document(case: Case, by: User, section: Section, **values: Any) -> Any:
    settled = {"kind": "letter", "media_type": "application/pdf", "size": 2048, "added_by": by}
    return put(
        Document,
        case,
        section=section,
        filename=f"{values['title']}.pdf",
        digest="digest",
        **(settled | values),
    )


def _around(case: Case, by: User, other: Agency) -> None:
    today = clock.today("Europe/Vienna")
    twin = files.in_state("active", by.agency)
    put(CaseLink, case, other=twin, kind="sibling", made_by=by)
    put(FormerOwner, case, agency=other, successor=by.agency, taken_by=by, transfer=uuid4())
    put(DuplicateCheck, case, run_by=by, run_at=clock.now(), identity_digest="")
    put(DuplicateCandidate, case, other=twin, other_agency=other, reasons=["name"], note=said("team"))
    put(
        Closure,
        case,
        summary=said("team"),
        child_informed_on=today,
        guardian_informed_on=today - timedelta(days=1),
        written_by=by,
    )
    paper = Document.objects.filter(case=case, removed_at__isnull=True, quarantined_at__isnull=True)[0]
    put(
        OutsideAcceptance,
        case,
        agency=other,
        accepted_on=today,
        contact=said("team"),
        document=paper,
        recorded_by=by,
    )
    put(
        ImportedRecord,
        case,
        profile="htcds",
        file_digest="0" * 64,
        row=7,
        source_status="Open",
        content_token=1,
        imported_at=clock.now(),
    )
