"""Lists as people like to see them: what they filter and sort by, under a name."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User
from vault.fields import SealedText


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def kept_by(self, account: User, of_list: str) -> Self:
        return self.filter(account=account, list_name=of_list, removed_at__isnull=True).order_by(
            "made_at", "pk"
        )


class SavedView(models.Model):
    """One account's own view of one list. `state` is the address of the list: codes and ids, no typed word.

    The name is typed, and may tell of a child. It is sealed with a key of this row alone, which is erased with it,
    so that no backup tells it any more. `name_digest` is keyed: it finds the same name again, and tells none.
    """

    deletable = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    list_name = models.CharField(max_length=40)
    name = SealedText(scope="pk")
    name_digest = models.CharField(max_length=64)
    state = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "list_name", "name_digest"],
                condition=Q(removed_at__isnull=True),
                name="saved_view_name_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
