"""What somebody typed into a form and has not sent."""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User
from vault import keys
from vault.fields import SealedJSON


class DraftQuerySet(models.QuerySet["Draft"]):
    def drop(self) -> int:
        """How many there were. A key that was made for one of them alone goes with it."""
        found = list(self.values_list("pk", "scope"))
        self.filter(pk__in=[pk for pk, _scope in found]).delete()
        own = [pk for pk, scope in found if pk == scope]
        if own:
            transaction.on_commit(partial(_erase, own))
        return len(found)


def _erase(scopes: Iterable[UUID]) -> None:
    for scope in scopes:
        keys.erase(scope)


class Draft(models.Model):
    """One form as it stood a moment ago, by its number (`{% once %}`): sending it ends the draft.

    `scope` names the key: that of the case on whose pages the form stands, so that an erased case takes it along; else
    one of its own.
    """

    deletable = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    number = models.UUIDField()
    # The path of the page on which the form stands, and the address to which it is sent.
    page = models.CharField(max_length=300)
    action = models.CharField(max_length=300)
    scope = models.UUIDField(db_index=True)
    # {"title": of the page, "query": of its address, "fields": [[name, value], …] in the order of the form,
    # "turn": [which opened page kept it, how often before]}
    typed = SealedJSON[Any, Any](scope="scope")
    saved_at = models.DateTimeField(default=clock.now, db_index=True)

    objects: ClassVar[Any] = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="draft_of_one_form")]
        indexes = [models.Index(fields=["account", "-saved_at"], name="draft_newest_first")]

    def __str__(self) -> str:
        return str(self.number)
