"""What a supervisor's desk counts: who has how much, what waits, what is late. As many queries for any number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, FilteredRelation, Min, OuterRef, Q, Value, When
from django.urls import reverse

import clock
from accounts.access import Role
from accounts.models import User
from cases.edges.lifecycle import LIFECYCLE
from cases.lists import NOT_ASSESSED
from cases.models import Assignment, CaseAccess
from cases.models.access import CaseAccessQuerySet
from cases.models.choices import OPEN_STATES, RUNNING_STATES, Basis, CaseState, Risk
from cases.presenting import CaseRow, listed_rows, when_words
from cases.wording import DUE
from workflow.models import Deadline

# Rows of the desk's lists together; what is beyond is counted, and stands in the list of cases.
ROWS = 50
# A bar of so many units is the heaviest load of the team.
BAR = 1000
LEVELS: tuple[str, ...] = (*Risk.values, NOT_ASSESSED)


def team_grounds(user: User) -> CaseAccessQuerySet:
    return CaseAccess.objects.live_for(user).filter(basis=Basis.TEAM, case__state__in=OPEN_STATES)


def workers_with_files(user: User) -> Sequence[User]:
    """Workers whose files can be given to somebody else, those who left the agency included."""
    held = Assignment.objects.filter(ended_at__isnull=True, case_id__in=team_grounds(user).values("case_id"))
    return list(User.objects.filter(pk__in=held.values("worker_id")).order_by("name", "pk"))


@dataclass
class Load:
    """The open files of one worker, by risk; `parts` are the bars as (class, from, width)."""

    worker_id: UUID
    name: str
    is_here: bool
    by_risk: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    late: int = 0
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    late_width: int = 0

    @property
    def files(self) -> int:
        return sum(self.by_risk.values())

    @property
    def folded_name(self) -> str:
        return self.name.casefold()

    @property
    def high(self) -> int:
        return self.by_risk[Risk.HIGH]

    @property
    def medium(self) -> int:
        return self.by_risk[Risk.MEDIUM]

    @property
    def low(self) -> int:
        return self.by_risk[Risk.LOW]

    @property
    def unset(self) -> int:
        return self.by_risk[NOT_ASSESSED]

    @property
    def cells(self) -> list[int]:
        return [self.by_risk[level] for level in LEVELS]

    @property
    def url(self) -> str:
        return f"{reverse('team_reassign')}?worker={self.worker_id}"


@dataclass(frozen=True)
class Caseload:
    workers: list[Load]
    unassigned: int


def caseload(user: User) -> Caseload:
    """Every worker of the agency, and whoever else has files of it: somebody who left must not keep them unseen."""
    rows = (
        team_grounds(user)
        .annotate(
            held=FilteredRelation("case__assignments", condition=Q(case__assignments__ended_at__isnull=True))
        )
        .order_by()
        .values(
            "held__worker_id",
            "held__worker__name",
            "held__worker__agency_id",
            "held__worker__is_active",
            "case__risk",
        )
        .annotate(files=Count("pk"), overdue=Count("pk", filter=Q(due__lte=clock.now())))
    )
    loads, unassigned = _of_agency(user), 0
    for row in rows:
        worker_id = row["held__worker_id"]
        if worker_id is None:
            unassigned += row["files"]
            continue
        is_here = row["held__worker__is_active"] and row["held__worker__agency_id"] == user.agency_id
        load = loads.setdefault(worker_id, Load(worker_id, row["held__worker__name"], is_here))
        load.by_risk[row["case__risk"] or NOT_ASSESSED] += row["files"]
        load.late += row["overdue"]
    return Caseload(_drawn(list(loads.values())), unassigned)


def _of_agency(user: User) -> dict[UUID, Load]:
    workers = User.objects.filter(agency=user.agency_id, role=Role.CASE_WORKER, is_active=True)
    return {pk: Load(pk, name, True) for pk, name in workers.values_list("pk", "name")}


def _drawn(loads: list[Load]) -> list[Load]:
    """Heaviest first, each with its bars beside the heaviest."""
    loads.sort(key=lambda load: (-load.files, load.name.casefold()))
    heaviest = max((load.files for load in loads), default=0) or 1
    for load in loads:
        start = 0
        for level in LEVELS:
            width = load.by_risk[level] * BAR // heaviest
            if width:
                load.parts.append((level, start, width))
            start += width
        load.late_width = load.late * BAR // heaviest
    return loads


@dataclass(frozen=True)
class Approval:
    row: CaseRow
    title: str
    author: str
    url: str


@dataclass(frozen=True)
class Waiting:
    approvals: list[Approval]
    unassigned: list[CaseRow]


def waiting(user: User) -> Waiting:
    """What waits for this supervisor's word, and files without a worker; the reading of each is recorded."""
    free = ~Exists(Assignment.objects.filter(case=OuterRef("case_id"), ended_at__isnull=True))
    found = (
        team_grounds(user)
        .annotate(step=_step_for(user), free=free)
        .filter(~Q(step="") | Q(free=True))
        .order_by(models.Case(When(step="", then=1), default=0), "due", "case_id")
        .values("case_id", "step", "free", "case__plan_author__name", "case__closure_author__name")[:ROWS]
    )
    entries = list(found)
    ids = [entry["case_id"] for entry in entries]
    rows = {row.case.pk: row for row in listed_rows(user, ids, with_workers=False)}
    return Waiting(
        [_approval(entry, rows[entry["case_id"]]) for entry in entries if entry["step"]],
        [rows[entry["case_id"]] for entry in entries if entry["free"]],
    )


def _step_for(user: User) -> models.Case:
    """The step that waits for another person than the one who wrote the plan, the closure or the proposal."""
    plan = Q(case__state=CaseState.PLANNED, case__plan_author__isnull=False) & ~Q(case__plan_author=user)
    proposed = Q(case__closure_author__isnull=False) & ~Q(case__closure_author=user)
    early = proposed & ~Q(case__early_end="") & Q(case__state__in=RUNNING_STATES)
    closure = proposed & Q(case__early_end="", case__state=CaseState.MONITORING)
    return models.Case(
        When(plan, then=Value("activate")),
        When(early, then=Value("end_early")),
        When(closure, then=Value("close")),
        default=Value(""),
        output_field=models.CharField(),
    )


def _approval(entry: Mapping[str, Any], row: CaseRow) -> Approval:
    step = entry["step"]
    author = "case__plan_author__name" if step == "activate" else "case__closure_author__name"
    return Approval(
        row=row,
        title=str(LIFECYCLE.edge(step).label),
        author=entry[author],
        url=reverse("case_step", args=[row.case.pk, step]),
    )


@dataclass(frozen=True)
class Overdue:
    title: str
    number: int
    cases: int
    oldest: datetime

    @property
    def since(self) -> str:
        return when_words(self.oldest)


def overdue_by_kind(user: User) -> Sequence[Overdue]:
    """What is late in the team's files, the most frequent first."""
    late = (
        Deadline.objects.open()
        .filter(case_id__in=team_grounds(user).values("case_id"), due_at__lte=clock.now())
        .values("kind")
        .annotate(number=Count("pk"), cases=Count("case_id", distinct=True), oldest=Min("due_at"))
        .order_by("-number", "kind")
    )
    return [
        Overdue(str(DUE[each["kind"]].title), each["number"], each["cases"], each["oldest"]) for each in late
    ]
