"""A file that has ended and may be erased: a child with a name, a document in the storage, a summary."""

from datetime import date
from typing import Any

from django.core.files.storage import default_storage

import clock
from cases.models import Case, Closure, Document, ExploitationAccount, PersonName
from cases.models.choices import BirthCertainty, CaseState, Gender
from cases.models.erasure import ErasureGround
from cases.models.situation import Exploitation
from cases.services import erasing, figures
from cases.services.indexing import index
from tests.cases import facts, files
from tests.cast import Cast
from vault import files as storage

GIVEN, FAMILY = "Mirelia", "Quastenova"
BYTES = b"%PDF-1.4 what she drew"


def closed(cast: Cast, *, retain_until: date = date(2025, 12, 31), **columns: Any) -> Case:
    state = columns.pop("state", CaseState.CLOSED)
    case = files.in_state(state, cast.ana.agency, worker=cast.ana, retain_until=retain_until, **columns)
    child = case.child
    child.known_as, child.gender, child.citizenships = GIVEN, Gender.FEMININE, ["XB"]
    child.birth_date, child.birth_certainty = date(2012, 3, 4), BirthCertainty.EXACT
    child.save()
    name = PersonName(child=child, case=case)
    name.given, name.family = GIVEN, FAMILY
    name.save(force_insert=True)
    index(child)
    ExploitationAccount.objects.create(
        case=case, exploitation=[Exploitation.SEXUAL], countries=["XA"], recorded_by=cast.ana
    )
    closure = Closure(
        case=case,
        child_informed_on=date(2026, 1, 2),
        guardian_informed_on=date(2026, 1, 2),
        written_by=cast.ana,
    )
    closure.summary = f"{GIVEN} lives with her aunt."
    closure.save(force_insert=True)
    document(case, cast)
    figures.keep(files.fresh(case))
    return files.fresh(case)


def document(case: Case, cast: Cast) -> Document:
    kept = facts.document(case, cast.ana)
    put_back(kept)
    return kept


def put_back(kept: Document) -> None:
    """What a test deleted from the storage is not brought back with the rows."""
    if not default_storage.exists(kept.storage_name):
        storage.store(kept.case_id, kept.storage_name, BYTES)


def asked(case: Case, cast: Cast, ground: ErasureGround = ErasureGround.RETENTION) -> None:
    erasing.ask_for_erasure(case.pk, actor=cast.sami, ground=ground, reason="Her letter of 2 May.")


def exported(case: Case, cast: Cast) -> None:
    asked(case, cast)
    export(case, cast)


def export(case: Case, cast: Cast) -> None:
    erasing.finish_export(erasing.begin_export(case.pk, actor=cast.sami), actor=cast.sami)


def today(case: Case) -> date:
    return clock.today(case.agency.time_zone)
