"""Rows as pages show them: a case with what its reader may know of the child, a deadline with its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts.access import Section
from accounts.audit import record_listed
from accounts.models import User
from cases.edges import LIFECYCLE
from cases.models import Case, CaseAccess, Child
from cases.models.choices import BirthCertainty, Risk
from cases.permissions import sections_on
from cases.services.clocks import TELL_POLICE
from cases.wording import DUE, DueWords
from vault import keys
from workflow import deadlines
from workflow.models import Deadline

# A case and a kind of deadline: what a page shows in one row.
Task = tuple[UUID, str]

RISK_CHIP: dict[str, str] = {Risk.HIGH: "late", Risk.MEDIUM: "due", Risk.LOW: "plain"}


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. `child` and `age` are empty for a reader without the identity section."""

    case: Case
    child: str
    age: str
    worker: str
    due: datetime | None
    basis: tuple[str, ...] = ()
    # Empty for a reader without the section.
    risk: str = ""
    sections: frozenset[Section] = frozenset()

    @property
    def sees_identity(self) -> bool:
        return Section.IDENTITY in self.sections

    @property
    def sees_risk(self) -> bool:
        return Section.RISK in self.sections

    @property
    def due_kind(self) -> str:
        return "late" if self.due and self.due <= clock.now() else "due"

    @property
    def due_words(self) -> str:
        return when_words(self.due) if self.due else ""

    @property
    def risk_chip(self) -> str:
        return RISK_CHIP.get(self.risk, "plain")

    @property
    def risk_words(self) -> str:
        return str(Risk(self.risk).label) if self.risk else ""


@dataclass(frozen=True)
class DueRow:
    case: Case
    title: str
    why: str
    when: str
    kind: str
    child: str
    age: str
    url: str
    action: str
    risk_chip: str
    risk_words: str


def age_words(child: Child) -> str:
    """`14`, `about 14`, `14, presumed`, or empty when nothing is known."""
    day = clock.today(child.case.agency.time_zone)
    age = child.age_on(day)
    if age is None:
        return _("age unknown, presumed a child") if child.presumed_because else ""
    if child.birth_certainty == BirthCertainty.EXACT:
        return str(age)
    if child.presumed_because:
        return _("about %(age)s, presumed") % {"age": age}
    return _("about %(age)s") % {"age": age}


def case_rows(user: User, case_ids: Sequence[UUID]) -> list[CaseRow]:
    """In the order of `case_ids`: one query for grounds, cases and children, one for workers, one for keys."""
    grounds: dict[UUID, list[CaseAccess]] = {}
    rows = CaseAccess.objects.live_for(user).filter(case_id__in=case_ids)
    for row in rows.select_related("case__agency", "case__child"):
        grounds.setdefault(row.case_id, []).append(row)
    workers = _workers(case_ids)
    keys.prefetch(case_ids)
    readable = {case_id for case_id, rows in grounds.items() if sections_on(rows)}
    return [_case_row(grounds[case_id], workers) for case_id in case_ids if case_id in readable]


def listed_rows(user: User, case_ids: Sequence[UUID]) -> list[CaseRow]:
    """The same, and the reading recorded: for pages that list cases."""
    rows = case_rows(user, case_ids)
    shown = [(row.case, row.basis, [Section.IDENTITY] if row.child or row.age else []) for row in rows]
    record_listed(user, shown)
    return rows


def _case_row(rows: list[CaseAccess], workers: Mapping[UUID, str]) -> CaseRow:
    case = rows[0].case
    sections = sections_on(rows)
    child = case.facts.child if Section.IDENTITY in sections else None
    if child is not None:
        child.case = case
    return CaseRow(
        case=case,
        child=(child.known_as or "") if child else "",
        age=age_words(child) if child else "",
        worker=workers.get(case.pk, ""),
        due=min((row.due for row in rows if row.due), default=None),
        basis=tuple(row.basis for row in rows),
        risk=case.risk if Section.RISK in sections else "",
        sections=frozenset(sections),
    )


def _workers(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(
        Case.objects.filter(pk__in=case_ids, assignments__ended_at__isnull=True).values_list(
            "pk", "assignments__worker__name"
        )
    )


def due_rows(user: User, tasks: Sequence[Task]) -> list[DueRow]:
    """In the order of `tasks`, and the reading of their cases recorded."""
    case_ids = list(dict.fromkeys(case_id for case_id, _kind in tasks))
    found = {row.case.pk: row for row in listed_rows(user, case_ids)}
    groups = _by_task(deadlines.open_for(case_ids))
    return [_group_row(groups[task], found[task[0]]) for task in tasks if task in groups and task[0] in found]


def case_due_rows(row: CaseRow) -> list[DueRow]:
    """Everything that is due in one case: the police of a missing child before all else, then the soonest."""
    groups = _by_task(deadlines.open_for([row.case.pk]))
    tasks = sorted(groups, key=lambda task: task[1] != TELL_POLICE)
    return [_group_row(groups[task], row) for task in tasks]


def _by_task(rows: Iterable[Deadline]) -> dict[Task, list[Deadline]]:
    groups: dict[Task, list[Deadline]] = {}
    for deadline in rows:
        groups.setdefault((deadline.case_id, deadline.kind), []).append(deadline)
    return groups


def _group_row(group: Sequence[Deadline], row: CaseRow) -> DueRow:
    return due_row(group[0], row, count=len(group))


def due_row(deadline: Deadline, row: CaseRow, *, count: int = 1) -> DueRow:
    words = DUE[deadline.kind]
    late = deadline.due_at <= clock.now()
    return DueRow(
        case=row.case,
        title=str(words.title),
        why=_why(deadline, words, count),
        when=when_words(deadline.due_at),
        kind="late" if late else "due",
        child=row.child,
        age=row.age,
        url=reverse(words.page, args=[row.case.pk]),
        action=str(words.action),
        risk_chip=row.risk_chip,
        risk_words=row.risk_words,
    )


def _why(deadline: Deadline, words: DueWords, count: int) -> str:
    if count > 1:
        return ngettext("%(count)s point", "%(count)s points", count) % {"count": count}
    guard = deadline.params.get("guard")
    return str(LIFECYCLE.guard(guard).sentence) if guard else str(words.why)


def when_words(moment: datetime) -> str:
    now = clock.now()
    if moment <= now:
        return _("%(time)s late") % {"time": timesince(moment, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(moment, now, depth=1)}


def case_codes(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "code"))
