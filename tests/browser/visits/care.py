"""Pages of the tracks, full and empty, with every form and its mistakes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, Person
from cases.models.choices import GivenBy
from cases.models.people import PersonRole
from cases.models.registers import ExaminationKind, HealthRecordKind, NeedDomain
from cases.services import access, registers
from cases.services.tracks import take_track_step

if TYPE_CHECKING:
    from tests.browser.visits.base import House, Visit

LONG = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenpension"
WORDS = "She sleeps badly, and asks every evening when her sister will come; the night nurse sat with her until two."


def furnish(case: Case, people: dict[str, User]) -> None:
    """Something in every register, a step in every strand, and clocks that run."""
    ana, sami = people["ana"], people["sami"]
    until = clock.now() + timedelta(days=20)
    for username, section in (("dr-mila", Section.MEDICAL), ("lex", Section.LEGAL)):
        access.grant_personally(
            case.pk,
            actor=sami,
            account=people[username],
            sections=[section],
            may_write=True,
            until=until,
            reason="Treats or represents the child.",
        )
    _legal(case, ana, people["lex"])
    _medical(case, ana, people["dr-mila"])
    for domain in (NeedDomain.SCHOOLING, NeedDomain.SCHOOLING, NeedDomain.FAMILY):
        registers.record_need(case.pk, actor=ana, domain=domain, words=f"{LONG} {WORDS}")
    _step(case, "rehabilitation", "assess_needs", ana)


def _legal(case: Case, ana: User, lex: User) -> None:
    today = clock.today("Europe/Vienna")
    guardian = Person(case=case, role=PersonRole.GUARDIAN, added_by=ana)
    guardian.name = f"Greta {LONG}"
    guardian.save(force_insert=True)
    _step(
        case,
        "representation",
        "request_representative",
        ana,
        authority="Guardianship court, Lindau",
        pending_because=WORDS,
    )
    _step(
        case,
        "representation",
        "appoint_representative",
        lex,
        person=guardian,
        authority="Guardianship court, Lindau",
        number="7 P 412/26",
    )
    _step(case, "identification", "request_identification", lex, authority="Criminal police")
    _step(case, "identification", "find_possible_victim", lex, decided_by="Police")
    _step(case, "residence", "request_permit", lex, authority="Office for migration", number=LONG)
    _step(case, "proceedings", "open_proceedings", lex, authority="Regional court", number="4 Hv 12/26")
    for trained in (True, False):
        held = registers.Held(
            held_on=today,
            authority="Criminal police",
            interviewer=f"Inspector {LONG}",
            interviewer_trained=trained,
            interpreter="Mr Siskin",
            accompanied_by="Greta Halm, guardian",
            recorded_on_video=trained,
            note=WORDS,
        )
        registers.record_interview(case.pk, actor=lex, held=held)


def _medical(case: Case, ana: User, clinic: User) -> None:
    today = clock.today("Europe/Vienna")
    _step(case, "medical", "begin_triage", ana, incident="within_72", incident_on=today)
    for kind, assents in ((ExaminationKind.FORENSIC, True), (ExaminationKind.GENERAL, False)):
        registers.record_examination(
            case.pk,
            actor=clinic,
            kind=kind,
            held_on=today,
            consent_by=GivenBy.GUARDIAN,
            child_assents=assents,
            purpose=WORDS,
            findings=f"{LONG} {WORDS}",
        )
    medication, plan = HealthRecordKind.MEDICATION, HealthRecordKind.TREATMENT_PLAN
    for written in (medication, medication, plan):
        registers.record_health(case.pk, actor=clinic, kind=written, words=f"{WORDS}\n{LONG}")
    for is_fit, days in ((True, 0), (False, 0), (True, 30)):
        registers.certify_fitness(
            case.pk,
            actor=clinic,
            is_fit=is_fit,
            certified_on=today - timedelta(days=days),
            supply_days=14,
            conditions=WORDS,
        )


def _step(case: Case, track: str, edge: str, actor: User, **values: Any) -> None:
    settled = {"happened_on": clock.today("Europe/Vienna")} | values
    take_track_step(case.pk, track, edge, actor=actor, values=settled)


def visits(house: "House") -> Iterator["Visit"]:
    from tests.browser.visits.base import Visit, send  # noqa: PLC0415 - these pages are joined into that module

    ana, sami, clinic = (house.people[name] for name in ("ana", "sami", "dr-mila"))
    full = [house.full.pk]
    for page in ("legal", "medical", "rehabilitation"):
        for user in (ana, sami):
            yield Visit(f"{page} {user.username}", user, reverse(page, args=full))
    yield Visit("medical clinic", clinic, reverse("medical", args=full))
    empty = house.case(state="screening", consents__isnull=True, duplicate_checks__isnull=True)
    for page in ("legal", "medical", "rehabilitation"):
        yield Visit(f"{page} empty", house.worker(empty), reverse(page, args=[empty.pk]))
    forms = (
        ("interview_new", ana),
        ("examination_new", ana),
        ("health_record_new", ana),
        ("travel_fitness_new", clinic),
        ("need_new", ana),
    )
    for name, user in forms:
        yield Visit(name, user, reverse(name, args=full))
        yield Visit(f"{name} wrong", user, reverse(name, args=full), send())
    steps = (
        ("representation", "report_conflict", ana),
        ("identification", "find_victim", ana),
        ("residence", "permit_residence", ana),
        ("protection", "claim_protection", ana),
        ("medical", "name_incident", clinic),
        ("rehabilitation", "agree_plan", ana),
    )
    for track, edge, user in steps:
        address = reverse("track_step", args=[*full, track, edge])
        yield Visit(f"track_step {edge}", user, address)
        yield Visit(f"track_step {edge} wrong", user, address, send())
    # Nothing is missing for this one, so a form that is sent as it comes would take the step.
    yield Visit(
        "track_step ready", clinic, reverse("track_step", args=[*full, "medical", "begin_assessment"])
    )
    yield Visit("testimony", ana, reverse("legal", args=full), send("#testimony"))
