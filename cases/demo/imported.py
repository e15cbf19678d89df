"""Files of an older system, as an import leaves them: some taken over, most still waiting for it."""

import random
from datetime import date, timedelta

import clock
from accounts.access import Section
from accounts.acting import acting_as
from accounts.audit import record
from accounts.models import User
from cases.demo.names import FAMILY, GIVEN, LANGUAGES
from cases.demo.times import clock_set_back
from cases.models import Case, Child, ImportedRecord, ImportedValues, PersonName
from cases.models.choices import BirthCertainty, CaseState, NameKind, Risk, Safety
from cases.scripts import script_of
from cases.services import grounds, indexing, steps
from cases.services.assignment import assign_worker
from cases.services.risk import assess_risk
from cases.services.tracks import open_tracks
from vault import keys

TAKEN_OVER = (
    *[CaseState.ASSESSED] * 3,
    *[CaseState.PLANNED] * 3,
    *[CaseState.ACTIVE] * 8,
    *[CaseState.MONITORING] * 4,
    *[CaseState.CLOSED] * 3,
    CaseState.REFERRED_OUT,
)


def take_over_caseload(people: dict[str, User]) -> None:
    """Files of an older system, marked imported: what the guards ask is listed as missing, not invented."""
    draw = random.Random(411)  # noqa: S311 - invented people, not secrets
    sami, ana = people["sami"], people["ana"]
    for row, state in enumerate(TAKEN_OVER, start=3):
        key = f"demo-{row}"
        if Case.objects.filter(agency=sami.agency, import_key=key).exists():
            continue
        with clock_set_back(timedelta(days=draw.uniform(20, 60))), acting_as(sami):
            case = _imported(key, row, state, draw, sami)
        if state == CaseState.ACTIVE and row % 2:
            with clock_set_back(timedelta(days=2)):
                assign_worker(case.pk, actor=sami, worker=ana)
                level = draw.choice(list(Risk))
                assess_risk(case.pk, actor=ana, level=level, safety=Safety.SAFE, child_seen=True)
                steps.take_step(case.pk, "take_over", actor=ana)


def _imported(key: str, row: int, state: str, draw: random.Random, by: User) -> Case:
    now = clock.now()
    case = Case(
        agency=by.agency, state=state, imported_at=now, import_key=key, reported_at=now, state_since=now
    )
    keys.create(case.pk)
    case.save(force_insert=True)
    open_tracks(case)
    (given, gender), family = draw.choice(GIVEN), draw.choice(FAMILY)
    child = Child(case=case, gender=gender)
    child.languages = draw.choice(LANGUAGES)
    child.known_as = given
    child.birth_date = date(now.year - draw.randint(9, 16), draw.randint(1, 12), draw.randint(1, 28))
    child.birth_certainty = BirthCertainty.EXACT
    child.save(force_insert=True)
    name = PersonName(child=child, case=case, kind=NameKind.LEGAL, script=script_of(given))
    name.given, name.family = given, family
    name.save(force_insert=True)
    indexing.index(child)
    grounds.open_owner(case, by.agency, by=by)
    ImportedRecord.objects.create(
        case=case,
        profile="demo",
        file_digest="",
        row=row,
        source_status=state,
        content_token=0,
        imported_at=now,
    )
    kept = ImportedValues(case=case, section=Section.LEGAL)
    kept.values = {"vic_TraffickingStatus": "PossibleVictimOfTrafficking"}
    kept.save(force_insert=True)
    record(by, "case.imported", case, case_id=case.pk, sections=[Section.LEGAL], profile="demo", row=row)
    return case
