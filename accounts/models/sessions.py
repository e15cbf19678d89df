"""A browser that is signed in: whose it is, what was proved in it, and until when."""

from collections.abc import Mapping
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User


class SessionQuerySet(models.QuerySet["Session"]):
    def going_on(self) -> "SessionQuerySet":
        """Django's own end is by the real time, ours by the one clock, which a drill may have moved."""
        return self.filter(expire_date__gt=Now()).filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()))

    def over(self) -> "SessionQuerySet":
        return self.filter(Q(expire_date__lte=Now()) | Q(ends_at__lte=clock.now()))


class Session(AbstractBaseSession):
    """Django's session, with columns for what must not be lost when two requests store their data at once.

    They are written by `accounts.sessions` alone, each in one statement, and never by the store.
    """

    deletable = True

    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # From here on by the one clock. The absolute end, whatever happens in between.
    ends_at = models.DateTimeField(null=True)
    second_factor_at = models.DateTimeField(null=True)
    # When it was last proved who sits there.
    proved_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    FACTS = ("account_id", "ends_at", "second_factor_at", "proved_at", "active_at", "locked_at")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(ends_at__isnull=False, active_at__isnull=False),
                name="session_of_account_has_an_end",
            ),
        ]

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore

    def save(self, *, force_update: bool = False, update_fields: Any = None, **options: Any) -> None:
        if force_update:
            update_fields = ["session_data", "expire_date"]
        super().save(force_update=force_update, update_fields=update_fields, **options)

    def facts(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in self.FACTS}


class SessionStore(DatabaseStore):
    """What SESSION_ENGINE names. `row` is the session as it was when the request began."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        self.row = Session.objects.going_on().filter(session_key=self.session_key).first()
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    def cycle_key(self) -> None:
        """A new number for the same browser, after a change of the password for example: what was proved stays."""
        before = self.row
        super().cycle_key()
        if before is not None:
            Session.objects.filter(pk=self.session_key).update(**before.facts())
            self.row = Session.objects.get(pk=self.session_key)

    def flush(self) -> None:
        super().flush()
        self.row = None
