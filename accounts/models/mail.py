"""E-mails that say that something is new, and where each of them stands."""

from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User


class MailState(models.TextChoices):
    DUE = "due", _("due")
    SENT = "sent", _("sent")
    # The person looked before it left, or cannot sign in any more.
    NEEDLESS = "needless", _("not needed any more")
    # The server of the address will not take it, now or later.
    REFUSED = "refused", _("refused")


# An entry that is in one of these is in no other.
TOLD = (MailState.DUE, MailState.SENT)


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> Self:
        return self.filter(state=MailState.DUE, next_try_at__lte=clock.now())

    def told(self) -> Self:
        return self.filter(state__in=TOLD)


class Mail(models.Model):
    """One e-mail, about the notifications of a person up to a number. Only how many there are is ever told."""

    # Names it to other servers, too, so it is random.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    upto = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=MailState, default=MailState.DUE)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[MailQuerySet] = MailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [
            models.UniqueConstraint(
                fields=["receiver", "upto"], condition=Q(state__in=TOLD), name="mail_once_per_batch"
            ),
            models.UniqueConstraint(
                fields=["receiver"], condition=Q(state=MailState.DUE), name="mail_due_once"
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=MailState.DUE, ended_at__isnull=True)
                | (~Q(state=MailState.DUE) & Q(ended_at__isnull=False)),
                name="mail_ends_when_not_due",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=MailState.DUE), name="mail_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.upto}"

    @property
    def message_id(self) -> str:
        """The same with each try, so that a server which has it already can drop the second."""
        return f"<{self.pk}@{settings.EMAIL_FROM.rpartition('@')[2]}>"
