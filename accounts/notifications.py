"""Telling people that something waits for them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction
from django.db.models import OuterRef
from django.db.models.functions import Coalesce

import clock
from accounts.audit import check_code
from accounts.live import hint_accounts
from accounts.models import Notification, User

# So long what was marked as seen can be put back.
PUT_BACK_FOR = timedelta(minutes=10)


@transaction.atomic
def notify(
    receivers: Iterable[User], kind: str, target: models.Model, *, case_id: UUID | None = None
) -> list[Notification]:
    """One numbered row for each receiver whose account is active, in the caller's transaction.

    `kind` is a code which is put into words in the reader's language; `target` is where it leads.
    """
    check_code(kind)
    wanted = {receiver.pk for receiver in receivers}
    # In one order: two services that notify the same people must not wait for each other in a ring.
    # The lock leaves rows that merely refer to the account (audit, sessions) free.
    locked = list(
        User.objects.select_for_update(no_key=True).filter(pk__in=wanted, is_active=True).order_by("pk")
    )
    for receiver in locked:
        receiver.notification_count += 1
    User.objects.bulk_update(locked, ["notification_count"])
    hint_accounts(locked)
    return Notification.objects.bulk_create(
        Notification(
            receiver=receiver,
            number=receiver.notification_count,
            kind=kind,
            target_label=target._meta.label_lower,
            target_id=target.pk,
            case_id=case_id,
        )
        for receiver in locked
    )


def keep_looked(reader: User, *, upto: int) -> None:
    """A page was asked for, and every page says what is new: up to the number that its reader's row had, no further."""
    if upto > reader.looked_upto:
        User.objects.filter(pk=reader.pk, looked_upto__lt=upto).update(looked_upto=upto)


def mark_read(
    receiver: User, *, upto: int, kinds: Collection[str] | None = None, at: datetime | None = None
) -> int:
    """Everything up to that number has been seen, or those of some kinds; answers how many were new.

    What came since stays new. By `at` they can be put back.
    """
    chosen = unseen(receiver).filter(number__lte=upto)
    if kinds is not None:
        chosen = chosen.filter(kind__in=kinds)
    count = chosen.update(read_at=at or clock.now())
    if count:
        # Another window of the same person still shows them as new.
        hint_accounts([receiver])
    return count


def put_back(receiver: User, at: datetime) -> int:
    """What was marked at that moment is new again; answers how much. Nobody is told twice: each keeps its number."""
    if at <= clock.now() - PUT_BACK_FOR:
        return 0
    count = Notification.objects.filter(receiver=receiver, read_at=at).update(read_at=None)
    if count:
        hint_accounts([receiver])
    return count


def counting_unseen(accounts: models.QuerySet[User]) -> models.QuerySet[User]:
    """With `unseen`, how many wait for each: in the statement that brings the account, because every page shows it."""
    waiting = unseen(OuterRef("pk")).order_by().values("receiver")
    number = waiting.annotate(number=models.Count("pk")).values("number")
    return accounts.annotate(unseen=Coalesce(models.Subquery(number), 0))


def unseen(receiver: User | OuterRef) -> models.QuerySet[Notification]:
    return Notification.objects.filter(receiver=receiver, read_at__isnull=True)
