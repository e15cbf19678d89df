"""What statistics count of cases that have ended, in codes so coarse that they outlive an erasure. Parts of writes."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from cases.models import Case, CaseFigures, ErasedFigures, ExploitationAccount
from cases.models.choices import Gender
from cases.models.erasure import FIGURES, AgeBand

# The last whole year of each band.
BANDS = ((5, AgeBand.UP_TO_5), (11, AgeBand.UP_TO_11), (14, AgeBand.UP_TO_14), (17, AgeBand.UP_TO_17))
Cell = tuple[Any, ...]


def keep(case: Case) -> None:
    """When a case ends, from what its file says then; again when it ends again. Needs the case's key."""
    CaseFigures.objects.update_or_create(case=case, defaults=_of(case))


def forget(case: Case) -> None:
    """It goes on."""
    CaseFigures.objects.filter(case=case).delete()


def leave_behind(case_id: UUID) -> None:
    """Counts an erased case among those that were, and takes away what was its own. Needs no key."""
    own = CaseFigures.objects.select_for_update().filter(case_id=case_id).first()
    if own is None:
        return
    ErasedFigures.objects.get_or_create(**_values(own))
    ErasedFigures.objects.filter(**_values(own)).update(cases=F("cases") + 1)
    own.delete()


def counted() -> Counter[Cell]:
    """How many cases have which figures, whether they are still there or erased; in the order of `FIGURES`."""
    cells = Counter[Cell]()
    for own in CaseFigures.objects.all():
        cells[_cell(own)] += 1
    for erased in ErasedFigures.objects.all():
        cells[_cell(erased)] += erased.cases
    return cells


def _values(row: CaseFigures | ErasedFigures) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIGURES}


def _cell(row: CaseFigures | ErasedFigures) -> Cell:
    return tuple(tuple(value) if isinstance(value, list) else value for value in _values(row).values())


def _of(case: Case) -> dict[str, Any]:
    child, zone = case.facts.child, case.agency.time_zone
    account = ExploitationAccount.objects.filter(case=case).first()
    return {
        "year": _day(case.state_since, zone).year,
        "country": case.agency.country.code,
        "origin": next(iter(child.citizenships or ()), "") if child else "",
        "gender": child.gender if child else Gender.UNKNOWN,
        "age_band": _band(child.age_on(_day(case.reported_at, zone)) if child else None),
        "exploitation": sorted(set(account.exploitation)) if account else [],
        "months_open": _months(_day(case.reported_at, zone), _day(case.state_since, zone)),
        "outcome": case.durable_solution or case.early_end or case.not_eligible or case.state,
    }


def _band(age: int | None) -> AgeBand:
    if age is None:
        return AgeBand.UNKNOWN
    return next((band for last, band in BANDS if age <= last), AgeBand.GROWN)


def _months(first: date, last: date) -> int:
    """Whole ones."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(months, 0)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
