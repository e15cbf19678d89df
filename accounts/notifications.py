"""Telling people that something waits for them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.db.models import OuterRef
from django.db.models.functions import Coalesce

import clock
from accounts.audit import check_code
from accounts.live import hint_accounts
from accounts.models import Notification, User


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


def mark_read(receiver: User, *, upto: int) -> int:
    """Everything up to that number has been seen; answers how many were new. What came since stays new."""
    count = unseen(receiver).filter(number__lte=upto).update(read_at=clock.now())
    if count:
        # Another window of the same person still shows them as new.
        hint_accounts([receiver])
    return count


def counting_unseen(accounts: models.QuerySet[User]) -> models.QuerySet[User]:
    """With `unseen`, how many wait for each: in the statement that brings the account, because every page shows it."""
    waiting = unseen(OuterRef("pk")).order_by().values("receiver")
    number = waiting.annotate(number=models.Count("pk")).values("number")
    return accounts.annotate(unseen=Coalesce(models.Subquery(number), 0))


def unseen(receiver: User | OuterRef) -> models.QuerySet[Notification]:
    return Notification.objects.filter(receiver=receiver, read_at__isnull=True)
