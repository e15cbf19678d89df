"""The register of one agency: what it shared and what it holds or held, by referral, field, time and ground.

No line says who a child is. A case's code is the page's business, for those who see that case anyway.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from referrals.permissions import held_in_sight, shared_in_sight

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


@dataclass(frozen=True)
class Line:
    """What went together from one agency to another, on one ground."""

    referral: Referral
    is_held: bool
    other: Agency
    disclosures: tuple[Disclosure, ...]

    @property
    def first(self) -> Disclosure:
        return self.disclosures[0]

    @property
    def fields(self) -> list[str]:
        return list(dict.fromkeys(str(field_of(row.field).label) for row in self.disclosures))

    @property
    def is_open(self) -> bool:
        return self.first.closed_at is None or self.first.closed_at > clock.now()


def _in_sight(user: User) -> tuple[Q, Q]:
    """Shared: offers too. Held: only what was opened; of an offer the recipient knows no field."""
    given = Disclosure.objects.filter(referral=OuterRef("pk"))
    shared = shared_in_sight(user) & Q(Exists(given))
    return shared, held_in_sight(user) & Q(Exists(given.filter(opened_at__isnull=False)))


def found(user: User, wanted: Wanted) -> QuerySet[Referral]:
    """Newest first; whatever is wanted, never more than this person may see."""
    shared, held = _in_sight(user)
    which = {SHARED: shared, HELD: held}.get(wanted.side, shared | held)
    rows = Referral.objects.filter(which)
    if wanted.agency:
        rows = rows.filter(Q(sender=wanted.agency) | Q(recipient=wanted.agency))
    running = Disclosure.objects.filter(referral=OuterRef("pk")).filter(_still_open())
    if wanted.state in (OPEN, ENDED):
        rows = rows.filter(Exists(running) if wanted.state == OPEN else ~Exists(running))
    given = Disclosure.objects.defer("value").order_by("given_at", "field")
    rows = rows.select_related("sender", "recipient").defer("summary", "request", "basis_words", "feedback")
    return rows.prefetch_related(Prefetch("disclosures", given)).order_by("-sent_at", "pk")


def _still_open() -> Q:
    return Q(closed_at__isnull=True) | Q(closed_at__gt=clock.now())


def partners(user: User) -> list[Agency]:
    """Whom the register names, for its filter."""
    shared, held = _in_sight(user)
    receivers = Referral.objects.filter(shared).values("recipient")
    senders = Referral.objects.filter(held).values("sender")
    return list(Agency.objects.filter(Q(pk__in=receivers) | Q(pk__in=senders)).order_by("name"))


def lines(referrals: Iterable[Referral], user: User) -> Iterator[Line]:
    for referral in referrals:
        is_held = referral.recipient_id == user.agency_id
        rows = [row for row in referral.disclosures.all() if row.opened_at or not is_held]
        other = referral.sender if is_held else referral.recipient
        for _key, run in groupby(rows, key=_together):
            yield Line(referral, is_held, other, tuple(run))


def _together(row: Disclosure) -> tuple[object, ...]:
    """One sending is one line, though each of its fields has a moment of its own."""
    return localtime(row.given_at).date(), row.opened_at, row.closed_at, row.basis


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
    for line in lines(rows, user):
        for disclosure in line.disclosures:
            yield _row(_cells(line, disclosure))


def _cells(line: Line, row: Disclosure) -> list[str]:
    return [
        _("held by us") if line.is_held else _("shared by us"),
        line.other.name,
        line.other.country.code,
        str(line.referral.get_service_display()),
        str(field_of(row.field).label),
        str(row.get_basis_display()),
        *(
            localtime(day).date().isoformat() if day else ""
            for day in (row.given_at, row.opened_at, row.closed_at)
        ),
    ]


def _row(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(map(harmless, cells))
    return out.getvalue()


def harmless(cell: str) -> str:
    """A name that begins like a formula stays a name in whatever program opens the file."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
