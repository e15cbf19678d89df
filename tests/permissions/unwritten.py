"""What is answered while nothing can be written down."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts.models import AuditEvent
from tests.undone import undone

REFUSAL = "Every look at a file is written down first"
# Pages of no case and no child: a desk says who reported when, a box of referrals which service is asked for.
NO_READING = frozenset(
    {
        "agency",
        "agency_list",
        "calendar_settings",
        "design",
        "desk",
        "duty",
        "emergency",
        "referrals",
        "report_new",
        "verify",
    }
    # One's own account, and what is shown to everybody of a role.
    | {"tour", "prove", "saved_views", "second_factor", "second_factor_app", "second_factor_passkey"}
    # Before anything is asked; what is found is sent for, and recorded.
    | {"case_search"}
)


def events_of(client: Client, url: str) -> int:
    """How many events a look adds; it is undone."""
    before = AuditEvent.objects.count()
    with undone():
        client.get(url)
        return AuditEvent.objects.count() - before


def write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no event can be added, as on a full disk."""

    def fails(*_args: Any, **_options: Any) -> None:
        raise DatabaseError("could not extend file")

    monkeypatch.setattr(AuditEvent, "save", fails)
    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fails)


def is_refused(client: Client, url: str, **headers: str) -> bool:
    """503 with our words alone, also for what leaves as a file."""
    with undone():
        answer: Any = client.get(url, headers=headers)
        return bool(answer.status_code == 503 and not answer.streaming and REFUSAL in answer.content.decode())
