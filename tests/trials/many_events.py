"""As many audit events as a busy country writes in years, put in as quickly as the database takes them."""

from typing import Any

from django.db import connection, transaction

import clock
from accounts.lasting import stamp_kind
from accounts.models import AuditEvent, User
from vault.keyring import ring

# Readings of one page of a list.
IN_ONE_TRANSACTION = 500
COPY = (
    "COPY accounts_auditevent (stamp, at, actor_id, actor_role, agency_id, verb, target_label, target_id, case_id,"
    " sections, details, act) FROM STDIN"
)


def write_events(number: int, reader: User) -> None:
    for start in range(0, number, IN_ONE_TRANSACTION):
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for place in range(start, min(start + IN_ONE_TRANSACTION, number)):
                copy.write_row(_event(place, reader))


def _event(place: int, reader: User) -> tuple[Any, ...]:
    case = f"00000000-0000-4000-8000-{place % 50_000:012x}"
    return (
        ring().sealing.stamp(stamp_kind(AuditEvent)),
        clock.now(),
        reader.pk,
        reader.role,
        reader.agency_id,
        "case.read",
        "cases.case",
        case,
        case,
        ["identity", "risk", "shelter"],
        '{"basis": ["assignment"]}',
        None,
    )
