"""Case files for tests: led there by the services where the services lead there, else inserted as imports do."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

import clock
from accounts.models import Agency, User
from cases.models import Assignment, Case, CaseAccess, Child, Report, SearchTokens
from cases.models.choices import (
    Answer,
    Basis,
    BirthCertainty,
    CaseState,
    Gender,
    GivenBy,
    Purpose,
    Risk,
    Safety,
)
from cases.services.assignment import assign
from cases.services.consents import record_consent
from cases.services.duplicates import run_duplicate_check
from cases.services.grounds import open_ground, open_owner
from cases.services.identity import Identity, record_identity
from cases.services.indexing import index
from cases.services.reports import Told, make_report, take_report
from cases.services.risk import assess_risk
from cases.services.steps import take_step
from cases.services.tracks import open_tracks
from tests.cast import Cast
from vault import keys

WORDS = "She asked the driver for help."
PLACE = "Bus station, platform 4"


def told(**changes: Any) -> Told:
    settled: dict[str, Any] = {
        "words": WORDS,
        "place": PLACE,
        "danger": "yes",
        "details": {"name": "Lirana Vosk", "age": "14", "gender": "Feminine", "languages": "Belmoran"},
    }
    return Told(**(settled | changes))


def reported(cast: Cast, *, by: User | None = None, **changes: Any) -> Report:
    return make_report(told(**changes), actor=by or cast.hotline)


def screened(cast: Cast, *, worker: User | None = None, **changes: Any) -> Case:
    """Taken from the desk by its worker, and in screening."""
    worker = worker or cast.ana
    case = take_report(reported(cast, **changes).pk, actor=worker)
    return take_step(case.pk, "begin_screening", actor=worker)


def satisfy_registration(case: Case, worker: User) -> None:
    """Every guard of `register`, as people satisfy them."""
    for purpose in (Purpose.SERVICES, Purpose.DATA):
        agree(case, worker, purpose)
    record_identity(case.pk, actor=worker, identity=identity())
    run_duplicate_check(case.pk, actor=worker)


def agree(case: Case, worker: User, purpose: Purpose, answer: Answer = Answer.ASSENT) -> None:
    record_consent(
        case.pk,
        actor=worker,
        purpose=purpose,
        answer=answer,
        given_by=GivenBy.CHILD,
        given_on=clock.today(case.agency.time_zone),
    )


def identity(**changes: Any) -> Identity:
    settled: dict[str, Any] = {
        "known_as": "Lirana Vosk",
        "gender": Gender.FEMININE,
        "birth_date": date(clock.now().year - 14, 1, 1),
        "birth_certainty": BirthCertainty.YEAR,
    }
    return Identity(**(settled | changes))


def look_at_safety(case: Case, worker: User, level: Risk = Risk.MEDIUM, *, seen: bool = False) -> None:
    assess_risk(case.pk, actor=worker, level=level, safety=Safety.SAFE, child_seen=seen)


def in_state(
    state: str, agency: Agency, *, worker: User | None = None, taken_over: bool = True, **columns: Any
) -> Case:
    """A file in any state, marked imported (which lets it begin anywhere), with its team and its worker."""
    now = clock.now()
    needed: dict[str, Any] = {}
    if state == CaseState.SUSPENDED:
        needed = {"suspended_from": CaseState.ACTIVE, "suspended_at": now}
    if state == CaseState.DUPLICATE:
        survivor = in_state(CaseState.ACTIVE, agency)
        needed = {"merged_from": CaseState.SCREENING, "surviving_case": survivor}
    case = Case(
        agency=agency,
        state=state,
        imported_at=now,
        taken_over_at=now if taken_over else None,
        **(needed | columns),
    )
    keys.create(case.pk)
    case.save(force_insert=True)
    open_tracks(case)
    child = Child(case=case)
    child.known_as = "Imported child"
    child.save(force_insert=True)
    index(child)
    open_owner(case, agency)
    if worker:
        # Browser tests have no transaction around them, and an assignment locks who covers for the worker.
        with transaction.atomic():
            assign(case, worker, by=worker)
    return fresh(case)


def fresh(case: Case) -> Case:
    """The row as it is now, without facts from before."""
    return Case.objects.select_related("agency").get(pk=case.pk)


def ground(case: Case, basis: Basis, **holder: Any) -> CaseAccess:
    """A ground that a later part of the system, or somebody else's service, would open."""
    if basis == Basis.EMERGENCY:
        holder.setdefault("until", clock.now() + timedelta(hours=1))
    return open_ground(case, basis, uuid4(), **holder)


def worker_of(case: Case) -> User | None:
    found = Assignment.objects.filter(case=case, ended_at__isnull=True).select_related("worker").first()
    return found.worker if found else None


def tokens_of(case: Case) -> list[int]:
    return SearchTokens.objects.get(pk=case.pk).tokens
