"""Rows as pages show them: a case with what its reader may know of the child, a deadline with its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timesince import timesince, timeuntil
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts.access import Section
from accounts.audit import record_listed
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.models import Appointment, Case, CaseAccess, Child, Conference, Task, Visit
from cases.models.choices import BirthCertainty, Risk
from cases.models.conferences import AppointmentKind
from cases.models.plan import VisitKind
from cases.permissions import sections_on
from cases.services import appointments, conferences
from cases.services.clocks import OF_THEIR_OWN, TELL_POLICE
from cases.wording import DUE, DueWords
from vault import keys
from workflow import deadlines
from workflow.models import Deadline, DeadlineQuerySet

# The column of a task's words; setting `words` itself would seal them.
SEALED_WORDS = "words_sealed"
# A case, a kind of deadline, and the deadline itself where it is a thing of its own.
DueKey = tuple[UUID, str, UUID | None]
# Words of a task in a row; the whole stands on its page.
TASK_SHOWN = 140


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
    # Of what was searched for: what agreed, and whether that says little.
    why: str = ""
    is_weak: bool = False

    @property
    def sees_identity(self) -> bool:
        return Section.IDENTITY in self.sections

    @property
    def sees_risk(self) -> bool:
        return Section.RISK in self.sections

    @property
    def sees_plan(self) -> bool:
        """Whether this reader may know what the tasks and visits of the plan are."""
        return Section.PLAN in self.sections

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
class Doing:
    """What is to be done behind a deadline of its own: in words, by whom, and where it is recorded."""

    title: str
    why: str
    url: str
    action: str = ""


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


def case_rows(user: User, case_ids: Sequence[UUID], *, with_workers: bool = True) -> list[CaseRow]:
    """In the order of `case_ids`: one query for grounds, cases and children, one for workers, one for keys."""
    grounds: dict[UUID, list[CaseAccess]] = {}
    rows = CaseAccess.objects.live_for(user).filter(case_id__in=case_ids)
    for row in rows.select_related("case__agency", "case__child"):
        grounds.setdefault(row.case_id, []).append(row)
    workers = _workers(case_ids) if with_workers else {}
    keys.prefetch(case_ids)
    readable = {case_id for case_id, rows in grounds.items() if sections_on(rows)}
    return [_case_row(grounds[case_id], workers) for case_id in case_ids if case_id in readable]


def listed_rows(user: User, case_ids: Sequence[UUID], *, with_workers: bool = True) -> list[CaseRow]:
    """The same, and the reading recorded: for pages that list cases."""
    rows = case_rows(user, case_ids, with_workers=with_workers)
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


def due_rows(user: User, wanted: Sequence[DueKey]) -> list[DueRow]:
    """In the order of `wanted`, and the reading of their cases recorded."""
    case_ids = list(dict.fromkeys(case_id for case_id, _kind, _own in wanted))
    found = {row.case.pk: row for row in listed_rows(user, case_ids, with_workers=False)}
    groups = _by_key(with_plan(deadlines.open_for(case_ids)))
    return [
        _group_row(groups[key], found[key[0]], user) for key in wanted if key in groups and key[0] in found
    ]


def case_due_rows(running: DeadlineQuerySet, row: CaseRow, user: User) -> list[DueRow]:
    """Everything that is due in one case: the police of a missing child before all else, then the soonest."""
    groups = _by_key(with_plan(running))
    keys_in_order = sorted(groups, key=lambda key: key[1] != TELL_POLICE)
    return [_group_row(groups[key], row, user) for key in keys_in_order]


def _by_key(rows: Iterable[Deadline]) -> dict[DueKey, list[Deadline]]:
    """Ten pieces of evidence missing in one file are one thing to do; a task or a visit is one of its own."""
    groups: dict[DueKey, list[Deadline]] = {}
    for deadline in rows:
        own = deadline.pk if deadline.kind in OF_THEIR_OWN else None
        groups.setdefault((deadline.case_id, deadline.kind, own), []).append(deadline)
    return groups


def _group_row(group: Sequence[Deadline], row: CaseRow, user: User) -> DueRow:
    return due_row(group[0], row, count=len(group), doing=_doing(group[0], row, user))


def with_plan(rows: DeadlineQuerySet) -> DeadlineQuerySet:
    """Deadlines with what lies behind those that are things of their own, in one query; words stay sealed in it."""
    task = Task.objects.filter(pk=_named("task"))
    visit = Visit.objects.filter(pk=_named("visit"))
    conference = Conference.objects.filter(pk=_named("conference"))
    appointment = Appointment.objects.filter(pk=_named("appointment"))
    return rows.annotate(
        task_words=Subquery(task.values("words")),
        task_for=Subquery(task.values("assignee")),
        visit_kind=Subquery(visit.values("kind")),
        planned_for=Coalesce(
            Subquery(task.values("assignee__name")), Subquery(visit.values("visitor__name"))
        ),
        meets_at=Coalesce(
            Subquery(conference.values("starts_at")), Subquery(appointment.values("starts_at"))
        ),
        appointment_kind=Subquery(appointment.values("kind")),
        appointment_section=Subquery(appointment.values("section")),
    )


def _named(what: str) -> Cast:
    """The id that a deadline's params hold under this name."""
    return Cast(KeyTextTransform(what, OuterRef("params")), UUIDField())


def _doing(deadline: Deadline, row: CaseRow, user: User) -> Doing | None:
    """None where there is no task or visit, where this reader may not know it, or nobody asked `with_plan`."""
    who = {"name": getattr(deadline, "planned_for", None)}
    sealed, place = getattr(deadline, "task_words", None), getattr(deadline, "visit_kind", None)
    # Whoever is to do a task reads it, even without the rest of the plan.
    if sealed and (row.sees_plan or deadline.task_for == user.pk):  # type: ignore[attr-defined]
        task = Task(pk=UUID(deadline.params["task"]), case_id=deadline.case_id)
        setattr(task, SEALED_WORDS, bytes(sealed))
        return Doing(
            title=Truncator(" ".join(task.words.split())).chars(TASK_SHOWN),
            why=_("given to %(name)s") % who,
            url=reverse("task_done", args=[deadline.case_id, task.pk]),
        )
    if place and row.sees_plan:
        return Doing(
            title=_("Visit the child · %(place)s") % {"place": VisitKind(place).label},
            why=_("planned for %(name)s") % who,
            url=reverse("visit_done", args=[deadline.case_id, deadline.params["visit"]]),
        )
    return _meeting(deadline, row)


def _meeting(deadline: Deadline, row: CaseRow) -> Doing | None:
    """A conference, of which only those know whose deadline it is; an appointment, for readers of its section."""
    at: datetime | None = getattr(deadline, "meets_at", None)
    if at is None:
        return None
    moment = date_format(localtime(at), "l j E, H:i")
    if deadline.kind == conferences.KIND and row.sees_plan:
        begun = at <= clock.now()
        return Doing(
            title=_("Write the minute of the case conference") if begun else _("Case conference"),
            why=moment,
            url=reverse("conference", args=[deadline.case_id, deadline.params["conference"]]),
            action=_("Open"),
        )
    if deadline.kind == appointments.KIND and deadline.appointment_section in row.sections:  # type: ignore[attr-defined]
        return Doing(
            title=str(AppointmentKind(deadline.appointment_kind).label),  # type: ignore[attr-defined]
            why=moment,
            url=reverse("case_calendar", args=[deadline.case_id]) + "#appointments",
            action=_("Open"),
        )
    return None


def due_row(deadline: Deadline, row: CaseRow, *, count: int = 1, doing: Doing | None = None) -> DueRow:
    words = DUE[deadline.kind]
    late = deadline.due_at <= clock.now()
    return DueRow(
        case=row.case,
        title=doing.title if doing else str(words.title),
        why=doing.why if doing else _why(deadline, words, count),
        when=when_words(deadline.due_at),
        kind="late" if late else "due",
        child=row.child,
        age=row.age,
        url=doing.url if doing else reverse(words.page, args=[row.case.pk]),
        action=(doing.action or _("Record")) if doing else str(words.action),
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
    if abs(moment - now) < timedelta(minutes=1):
        return _("due now")
    if moment <= now:
        return _("%(time)s late") % {"time": timesince(moment, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(moment, now, depth=1)}


def case_codes(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Case.objects.filter(pk__in=case_ids).values_list("pk", "code"))
