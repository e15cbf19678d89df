"""The pages of a case, in groups: which of them exist for this reader, and where the reader is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Section
from cases.casefile.case import REPORT_PARTS
from cases.permissions import Hand, note_labels
from cases.views.loading import OpenedCase

Shown = Callable[[OpenedCase], bool]
Entry = tuple[str, str, bool, None]


def _section(*sections: Section) -> Shown:
    return lambda opened: opened.sees_any(sections)


def _everybody(opened: OpenedCase) -> bool:
    return True


def _works(opened: OpenedCase) -> bool:
    return opened.works_on_it


def _has_report(opened: OpenedCase) -> bool:
    return opened.case.imported_at is None and opened.sees_any(REPORT_PARTS)


@dataclass(frozen=True)
class Page:
    name: str
    label: StrPromise
    shown: Shown
    # Whoever begins a note here most likely speaks of this.
    speaks_of: Section | None = None


@dataclass(frozen=True)
class Group:
    label: StrPromise
    pages: tuple[Page, ...]


GROUPS: list[Group] = [
    Group(_("Overview"), (Page("case", _("Overview"), _everybody),)),
    Group(
        _("Child"),
        (
            Page("case_identity", _("Identity"), _section(Section.IDENTITY), Section.IDENTITY),
            Page("people", _("People"), _section(Section.CONTACTS, Section.ACCOUNT)),
            Page("placement", _("Placement"), _section(Section.SHELTER), Section.SHELTER),
            Page("case_report", _("Report"), _has_report),
            Page("account", _("What happened"), _section(Section.ACCOUNT), Section.ACCOUNT),
            Page("case_duplicates", _("Duplicates"), _works),
            Page("links", _("Linked files"), _works),
        ),
    ),
    Group(
        _("Protection"),
        (
            Page("case_risk", _("Risk and safety"), _section(Section.RISK), Section.RISK),
            Page("best_interests", _("Best interests"), _section(Section.RISK), Section.RISK),
            Page("consents", _("Consent"), _section(Section.LEGAL), Section.LEGAL),
            Page("legal", _("Legal protection"), _section(Section.LEGAL), Section.LEGAL),
        ),
    ),
    Group(
        _("Care"),
        (
            Page("medical", _("Medical care"), _section(Section.MEDICAL), Section.MEDICAL),
            Page(
                "rehabilitation",
                _("Rehabilitation"),
                _section(Section.REHABILITATION),
                Section.REHABILITATION,
            ),
        ),
    ),
    Group(
        _("Plan"),
        (
            Page("plan", _("Plan"), _section(Section.PLAN), Section.PLAN),
            Page("voices", _("The child’s voice"), _section(Section.PLAN), Section.PLAN),
            Page("closure", _("Closure"), _works),
        ),
    ),
    Group(
        _("Calendar"),
        (
            Page("case_calendar", _("Calendar"), _everybody),
            Page("conferences", _("Conferences"), _everybody),
        ),
    ),
    Group(_("Notes"), (Page("notes", _("Notes"), _everybody),)),
    Group(_("Documents"), (Page("documents", _("Documents"), _everybody),)),
    Group(
        _("History"),
        (
            Page("case_history", _("History"), lambda opened: opened.reads_history),
            Page("case_file", _("The whole file"), _everybody),
        ),
    ),
    Group(_("Who can see this"), (Page("case_access", _("Who can see this"), _works),)),
]
# History and access stand last, whatever upper rooms add.
LAST = 2


def add_group(group: Group) -> None:
    """Pages of a case that belong to an upper room, added when it starts."""
    GROUPS.insert(len(GROUPS) - LAST, group)


@dataclass(frozen=True)
class Tabs:
    """`groups` stand on every page of the case; `pages` are those of the group in which the reader is."""

    groups: list[Entry]
    pages: list[Entry]
    # Where a note is written, which is done more often than anything else.
    note_url: str = ""


def case_tabs(opened: OpenedCase, current: str) -> Tabs:
    groups, here = list[Entry](), list[Entry]()
    for group in GROUPS:
        pages = [
            (reverse(page.name, args=[opened.case.pk]), str(page.label), page.name == current, None)
            for page in group.pages
            if page.shown(opened)
        ]
        if not pages:
            continue
        is_here = any(page.name == current for page in group.pages)
        groups.append((pages[0][0], str(group.label), is_here, None))
        if is_here and len(pages) > 1:
            here = pages
    return Tabs(groups, here, _note_url(opened, current) if current != "notes" else "")


def _note_url(opened: OpenedCase, current: str) -> str:
    labels = note_labels(opened.grounds)
    if opened.case.has_ended or not labels:
        return ""
    address = reverse("note_new", args=[opened.case.pk])
    about = next((page.speaks_of for group in GROUPS for page in group.pages if page.name == current), None)
    return f"{address}?section={about}" if about in labels else address


def is_shown(name: str, opened: OpenedCase) -> bool:
    """Whether this reader finds the page in the case; one that stands in no group decides for itself."""
    return all(page.shown(opened) for group in GROUPS for page in group.pages if page.name == name)


def _writes(section: Section) -> Shown:
    return lambda opened: opened.writes(section)


def _with(hand: Hand) -> Shown:
    return lambda opened: hand in opened.hands


# Who does something on the pages to which conditions lead. Whose step waits for it is another matter: the worker
# writes the closure for a supervisor's step, a supervisor confirms the durable solution for a worker's.
FILLED: Mapping[str, Shown] = {
    "best_interests": _writes(Section.RISK),
    "case": _works,
    "case_assign": _with(Hand.SUPERVISOR),
    "case_duplicates": _with(Hand.CASE_WORKER),
    "case_identity": _writes(Section.IDENTITY),
    "case_propose_end": _with(Hand.SUPERVISOR),
    "case_risk": _writes(Section.RISK),
    "closure": _with(Hand.CASE_WORKER),
    "consent_new": _writes(Section.LEGAL),
    "durable_solution": _with(Hand.SUPERVISOR),
    "legal": _writes(Section.LEGAL),
    "outside": _works,
    "placement": _writes(Section.SHELTER),
    "plan": _writes(Section.PLAN),
}


def fills(name: str, opened: OpenedCase) -> bool:
    """Whether this reader puts right on that page what it is about."""
    return name in FILLED and FILLED[name](opened)
