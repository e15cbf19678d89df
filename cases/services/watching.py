"""Looks at what accounts read, and tells whoever watches over them of what is out of the usual."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import clock
from accounts import policy
from accounts.acting import write
from accounts.audit import LISTED, record
from accounts.models import Agency, AuditEvent, User
from accounts.notifications import notify
from cases.models.choices import Basis
from cases.permissions import watchers_of
from cases.wording import READS

UNUSUAL = "reading.unusual"
WINDOW_HOURS, MOST_FILES, MOST_FAR_FILES = "reading.window_hours", "reading.files", "reading.far_files"
# Given to this account or its agency for this very file.
NEAR = frozenset(
    {
        Basis.ASSIGNMENT,
        Basis.COVER,
        Basis.REFERRAL,
        Basis.REQUEST,
        Basis.PANEL,
        Basis.ESCORT,
        Basis.PERSONAL,
    }
)
# Open many files, or any file, to whoever wants: each file that is read on nothing else counts, also again.
WIDE = frozenset({Basis.EMERGENCY, Basis.DUTY})
# Officers look at logs, and open no file.
LOGS = "protection"


@dataclass
class Looked:
    """What one account opened within the window: each file once."""

    files: set[UUID] = field(default_factory=set)
    near: set[UUID] = field(default_factory=set)
    wide: set[UUID] = field(default_factory=set)

    def add(self, case_id: UUID, basis: Iterable[str]) -> None:
        held = set(basis)
        self.files.add(case_id)
        if held & NEAR:
            self.near.add(case_id)
        elif held & WIDE:
            self.wide.add(case_id)


def look() -> int:
    """One look at every agency; answers how many accounts were told of. Several at once tell once."""
    return sum(_look_at(agency) for agency in Agency.objects.order_by("code"))


def _look_at(agency: Agency) -> int:
    since = clock.now() - timedelta(hours=policy.get(WINDOW_HOURS, agency=agency))
    most = policy.get(MOST_FILES, agency=agency)
    most_far = policy.get(MOST_FAR_FILES, agency=agency)
    told = 0
    for account_id, looked in _openings(agency, since).items():
        far = len(_far(account_id, looked, since))
        if len(looked.files) > most or far > most_far:
            told += tell(account_id, len(looked.files), far, since, actor=None)
    return told


def _openings(agency: Agency, since: datetime) -> dict[UUID, Looked]:
    rows: Any = (
        AuditEvent.objects.filter(
            actor__agency=agency, at__gt=since, case_id__isnull=False, verb__in=opened()
        )
        .order_by()
        .values_list("actor_id", "case_id", "details__basis")
        .distinct()
    )
    found: dict[UUID, Looked] = {}
    for account_id, case_id, basis in rows:
        if basis != [LOGS]:
            found.setdefault(account_id, Looked()).add(case_id, basis or ())
    return found


def opened() -> list[str]:
    """A list shows a line of each file; here it counts who opened one."""
    return [verb for verb in READS if verb != LISTED]


def _far(account_id: UUID, looked: Looked, since: datetime) -> set[UUID]:
    """Files that are not this account's own work: read on a wide ground, or for the first time without a near one."""
    wide = looked.wide - looked.near
    others = looked.files - looked.near - wide
    earlier = AuditEvent.objects.filter(
        actor=account_id, case_id__in=others, at__lte=since, verb__in=opened()
    )
    return wide | (others - set(earlier.values_list("case_id", flat=True)))


@write
def tell(account_id: UUID, files: int, far: int, since: datetime, *, actor: User | None) -> bool:
    """Once for each account and window; no code of a case, nothing about a child. It leads to the person's page."""
    account = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=account_id)
    if AuditEvent.objects.filter(target_id=account_id, verb=UNUSUAL, at__gt=since).exists():
        return False
    record(actor, UNUSUAL, account, files=files, far=far)
    notify(watchers_of(account), UNUSUAL, account)
    return True
