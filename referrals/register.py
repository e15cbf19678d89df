"""The register of one agency: what it shared and what it holds or held, by referral, field, time and ground.

No line says who a child is. A case's code is the page's business, for those who see that case anyway.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

import clock
from accounts.models import Agency, User
from referrals.fields import field_of
from referrals.models import Disclosure, Referral
from referrals.permissions import HANDED_OVER, held_in_sight, shared_in_sight

SHARED, HELD = "shared", "held"
OPEN, ENDED = "open", "ended"
# So many referrals are read at once for the file.
AT_ONCE = 500
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty is everything."""

    side: str = ""
    state: str = ""
    agency: UUID | None = None
    service: str = ""


@dataclass(frozen=True)
class Line:
    """What went together from one agency to another, on one ground."""

    referral: Referral
    is_held: bool
    other: Agency
    # One for each field that was given; several documents are called the same.
    labels: tuple[str, ...]
    basis: str
    given_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None = None

    @property
    def fields(self) -> list[str]:
        return list(dict.fromkeys(self.labels))


def _in_sight(user: User) -> tuple[Q, Q]:
    """Shared: offers too. Held: only what was opened; of an offer the recipient knows no field."""
    opened = Disclosure.objects.filter(referral=OuterRef("pk"), opened_at__isnull=False)
    return shared_in_sight(user), held_in_sight(user) & (Q(Exists(opened)) | HANDED_OVER)


def found(user: User, wanted: Wanted) -> QuerySet[Referral]:
    """Newest first; whatever is wanted, never more than this person may see."""
    shared, held = _in_sight(user)
    which = {SHARED: shared, HELD: held}.get(wanted.side, shared | held)
    rows = Referral.objects.filter(which)
    if wanted.agency:
        rows = rows.filter(_with(wanted.agency))
    if wanted.service:
        rows = rows.filter(service=wanted.service)
    running = Q(Exists(_given().filter(_still_open()))) | HANDED_OVER
    if wanted.state in (OPEN, ENDED):
        rows = rows.filter(running if wanted.state == OPEN else ~running)
    given = Disclosure.objects.defer("value").select_related("giver").order_by("given_at", "field")
    rows = rows.select_related("sender", "recipient").defer("summary", "request", "basis_words", "feedback")
    return rows.prefetch_related(Prefetch("disclosures", given)).order_by("-sent_at", "pk")


def _given() -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(referral=OuterRef("pk"))


def _with(agency: UUID) -> Q:
    given = Q(Exists(_given().filter(giver=agency)))
    return Q(recipient=agency) | given | (HANDED_OVER & Q(sender=agency))


def _still_open() -> Q:
    return Q(closed_at__isnull=True) | Q(closed_at__gt=clock.now())


def partners(user: User) -> list[Agency]:
    """Whom the register names, for its filter."""
    shared, held = _in_sight(user)
    received = Referral.objects.filter(held)
    others = (
        Referral.objects.filter(shared).values("recipient"),
        Disclosure.objects.filter(referral__in=received, opened_at__isnull=False).values("giver"),
        received.filter(HANDED_OVER).values("sender"),
    )
    named = Q(pk__in=others[0]) | Q(pk__in=others[1]) | Q(pk__in=others[2])
    return list(Agency.objects.filter(named).order_by("name"))


def lines(referrals: Iterable[Referral], user: User, wanted: Wanted) -> Iterator[Line]:
    for referral in referrals:
        is_held = referral.recipient_id == user.agency_id
        found = _handed_over(referral, is_held) if referral.transfer else _fields(referral, user, is_held)
        yield from (line for line in found if wanted.agency in (None, line.other.pk))


def _handed_over(referral: Referral, is_held: bool) -> Iterator[Line]:
    yield Line(
        referral,
        is_held,
        referral.sender if is_held else referral.recipient,
        (_("The whole file"),),
        str(referral.get_legal_basis_display()),
        referral.completed_at,
        referral.completed_at,
    )


def _fields(referral: Referral, user: User, is_held: bool) -> Iterator[Line]:
    """Of what others gave in the same referral, before or after, the own register of what was shared says nothing."""
    rows = [
        row
        for row in referral.disclosures.all()
        if (row.opened_at if is_held else row.giver_id == user.agency_id)
    ]
    for _key, run in groupby(rows, key=_together):
        together = list(run)
        first = together[0]
        yield Line(
            referral,
            is_held,
            first.giver if is_held else referral.recipient,
            tuple(str(field_of(row.field).label) for row in together),
            str(first.get_basis_display()),
            first.given_at,
            first.opened_at,
            first.closed_at,
        )


def _together(row: Disclosure) -> tuple[object, ...]:
    """One sending is one line, though each of its fields has a moment of its own."""
    return localtime(row.given_at).date(), row.opened_at, row.closed_at, row.basis, row.giver_id


def as_csv(user: User, wanted: Wanted) -> Iterator[str]:
    """One row for each field that was given, without a case, in the reader's language."""
    head = [
        _("Direction"),
        _("Agency"),
        _("Country"),
        _("Service"),
        _("Data"),
        _("Ground"),
        _("Given on"),
        _("Since"),
        _("Until"),
    ]
    yield "\ufeff" + _row(head)
    rows = found(user, wanted).iterator(chunk_size=AT_ONCE)
    for line in lines(rows, user, wanted):
        for label in line.labels:
            yield _row(_cells(line, label))


def _cells(line: Line, label: str) -> list[str]:
    return [
        _("held by us") if line.is_held else _("shared by us"),
        line.other.name,
        line.other.country.code,
        str(line.referral.title),
        label,
        line.basis,
        *(
            localtime(day).date().isoformat() if day else ""
            for day in (line.given_at, line.opened_at, line.closed_at)
        ),
    ]


def _row(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(map(harmless, cells))
    return out.getvalue()


def harmless(cell: str) -> str:
    """A name that begins like a formula stays a name in whatever program opens the file."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
