"""The lists of this room: what each can be sorted and filtered by (`accounts/lists.py`)."""

from datetime import timedelta
from functools import partial

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

import clock
from accounts.access import Ability, Role, Section, can
from accounts.lists import Choice, List, Options, Sort, in_order_of
from cases.models import Assignment
from cases.models.choices import WORKING, CaseState, Risk
from cases.models.documents import DocumentKind
from cases.models.people import Contact, PersonRole
from cases.models.report import DANGER_WORDS
from cases.permissions import can_review_emergencies
from cases.wording import DUE

NOT_ASSESSED = "unset"
# From the greatest danger on; without an assessment the child may be in it.
BY_DANGER = (Risk.HIGH, "", Risk.MEDIUM, Risk.LOW)
LATE, SOON, WEEK, NOTHING = "late", "soon", "week", "none"
RISKS = (*Risk.choices, (NOT_ASSESSED, _("Not assessed")))

_worker = Assignment.objects.filter(case=OuterRef("case_id"), ended_at__isnull=True).values("worker__name")

sees_cases = partial(can, ability=Ability.SEE_CASES)
works_at_desk = partial(can, ability=Ability.WORK_DESK)
supervises = partial(can, ability=Ability.ASSIGN_WORKER)

# Of the grounds on which a reader sees cases. Risk and deadlines tell even by a place in a list, so only those who work
# on a case are ordered by them.
CASES = List(
    name="cases",
    title=_("Cases"),
    may=sees_cases,
    page="case_list",
    first="due",
    sorts=(
        Sort("code", _("Case"), "case__code"),
        Sort("stage", _("Stage"), in_order_of("case__state", CaseState.values)),
        Sort("risk", _("Risk"), in_order_of("case__risk", BY_DANGER, basis__in=WORKING)),
        Sort("worker", _("Worker"), Subquery(_worker[:1])),
        Sort("due", _("Next deadline"), "due"),
    ),
    choices=(
        Choice("state", _("Stage"), (*CaseState.choices, ("all", _("All"))), every=_("All open")),
        Choice("risk", _("Risk"), RISKS),
        Choice(
            "due",
            _("Next deadline"),
            ((LATE, _("Late")), (WEEK, _("Within a week")), (NOTHING, _("nothing due"))),
        ),
        Choice("worker", _("Worker")),
        Choice("unassigned", _("Without a worker"), (("1", _("Without a worker")),), apart=True),
        Choice("proposed", _("End proposed"), (("1", _("End proposed")),), apart=True),
    ),
)


def _kinds() -> Options:
    return [(kind, words.title) for kind, words in DUE.items()]


# Its order is that of what hurts most, and no other: whoever begins a day begins there.
TODAY = List(
    name="today",
    title=_("Today"),
    may=sees_cases,
    page="today",
    is_kept=False,
    choices=(
        Choice("show", _("Show"), ((LATE, _("Late")), (SOON, _("Coming"))), apart=True),
        Choice("kind", _("What"), _kinds),
        Choice("risk", _("Risk"), RISKS),
    ),
)


# Danger first by itself: no column says in which order.
DESK = List(
    name="desk",
    title=_("Report desk"),
    may=works_at_desk,
    page="desk",
    sorts=(
        Sort("waiting", _("Waiting"), "received_at"),
        Sort("from", _("Agency"), "made_by__agency__name"),
    ),
    choices=(Choice("danger", _("Danger"), tuple(DANGER_WORDS.items())),),
)

DOCUMENTS = List(
    name="documents",
    title=_("Documents"),
    may=sees_cases,
    first="-added",
    sorts=(
        Sort("added", _("Added"), "added_at", falls=True),
        Sort("kind", _("Kind"), in_order_of("kind", DocumentKind.values)),
        Sort("section", _("Part of the file"), in_order_of("section", Section.values)),
        Sort("by", _("Added by"), "added_by__name"),
    ),
    choices=(
        Choice("section", _("Part of the file"), Section.choices),
        Choice("kind", _("Kind"), DocumentKind.choices),
    ),
)

NOTES = List(
    name="notes",
    title=_("Notes"),
    may=sees_cases,
    first="-written",
    sorts=(
        Sort("written", _("Written"), "written_at", falls=True),
        Sort("section", _("Part of the file"), in_order_of("section", Section.values)),
        Sort("by", _("Written by"), "written_by__name"),
    ),
    choices=(
        Choice("section", _("Part of the file"), Section.choices),
        Choice("person", _("Written by"), every=_("Everybody")),
    ),
)

PEOPLE = List(
    name="people",
    title=_("People"),
    may=sees_cases,
    sorts=(
        Sort("role", _("Who is this to the child?"), in_order_of("role", PersonRole.values)),
        Sort("contact", _("Contact"), in_order_of("contact", Contact.values)),
    ),
    choices=(
        Choice("role", _("Who is this to the child?"), PersonRole.choices),
        Choice("contact", _("Contact"), Contact.choices),
    ),
)

# Its order is that of time, page by page; it is looked into, and nobody comes back to the same part each day.
HISTORY = List(
    name="history",
    title=_("History"),
    may=sees_cases,
    is_kept=False,
    choices=(
        Choice("section", _("Section"), Section.choices, every=_("All sections")),
        Choice("by", _("Person"), every=_("Everybody")),
    ),
)

# Of whoever watches: a supervisor, or who protects data.
EMERGENCIES = List(
    name="emergencies",
    title=_("Openings in an emergency"),
    may=can_review_emergencies,
    page="emergency_reviews",
    first="due",
    sorts=(
        Sort("who", _("Who"), "opening.opened_by.name"),
        Sort("file", _("File"), "opening.case.code"),
        Sort("opened", _("Opened"), "opening.opened_at", falls=True),
        Sort("pages", _("Pages read"), "pages", falls=True),
        Sort("due", _("Due"), "due_at"),
    ),
    choices=(Choice("when", _("Due"), ((LATE, _("Late")),)),),
)

READERS = List(
    name="readers",
    title=_("What people read"),
    may=can_review_emergencies,
    page="people_access",
    first="who",
    sorts=(
        Sort("who", _("Who"), "name"),
        Sort("role", _("Role"), in_order_of("role", Role.values)),
        Sort("agency", _("Agency"), "agency__name"),
        Sort("files", _("Files"), "files", falls=True),
    ),
    choices=(
        Choice("role", _("Role"), Role.choices),
        Choice("unusual", _("Reading"), (("1", _("unusual")),)),
    ),
)

# One table of a desk that shows six other things: a view of the page would say little.
LOADS = List(
    name="loads",
    title=_("Files by worker"),
    may=supervises,
    page="team",
    is_kept=False,
    first="-files",
    sorts=(
        Sort("worker", _("Worker"), "folded_name"),
        Sort("files", _("Files"), "files", falls=True),
        *(Sort(risk, label, risk, falls=True) for risk, label in RISKS),
        Sort("late", _("Overdue"), "late", falls=True),
    ),
)

DUTIES = List(
    name="duties",
    title=_("Planned duties"),
    may=works_at_desk,
    page="duty",
    first="starts",
    sorts=(
        Sort("starts", _("Begins"), "starts_at"),
        Sort("worker", _("Worker"), "worker__name"),
    ),
    choices=(Choice("worker", _("Worker"), every=_("Everybody")),),
)


def is_due(when: str) -> Q:
    """Of grounds, by their next deadline."""
    now = clock.now()
    return {
        LATE: Q(due__lte=now),
        WEEK: Q(due__gt=now, due__lte=now + timedelta(days=7)),
        NOTHING: Q(due__isnull=True),
    }[when]


def of_risk(risk: str) -> Q:
    return Q(case__risk="" if risk == NOT_ASSESSED else risk)


LISTS = (
    CASES,
    TODAY,
    DESK,
    DOCUMENTS,
    NOTES,
    PEOPLE,
    HISTORY,
    EMERGENCIES,
    READERS,
    LOADS,
    DUTIES,
)
