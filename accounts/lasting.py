"""Rows on which the seal of the audit is put: what each of them bears for it."""

from typing import Any

from django.db import models
from django.db.models.expressions import Func

from vault.keyring import ring

# The database's transactions are counted anew in a copy that was loaded from a dump; `accounts.grants` then raises
# what this function answers, so that the numbers below only ever grow.
ERA_FUNCTION = "public.homeward_era()"
MAKE_ERA = "CREATE OR REPLACE FUNCTION {} RETURNS bigint LANGUAGE sql STABLE AS 'SELECT {}::bigint'"


class TransactionNumber(Func):
    """Of the transaction that writes the row. Whatever is below the oldest open one is complete, for ever."""

    template = f"(pg_current_xact_id()::text::bigint + {ERA_FUNCTION})"
    output_field = models.BigIntegerField()


class StampField(models.BinaryField):  # type: ignore[type-arg]  # it takes none when the program runs
    """Made by whoever has the key ring, when the row is added; nobody else can make one.

    So a row that the tables' owner puts in is known, also before it is sealed.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"editable": False, "default": bytes}))

    def pre_save(self, instance: models.Model, add: bool) -> bytes:
        if add:
            setattr(instance, self.attname, ring().sealing.stamp(stamp_kind(type(instance))))
        return bytes(getattr(instance, self.attname))


def stamp_kind(model: type[models.Model]) -> bytes:
    """Rows of one table cannot lend their stamps to another."""
    return model._meta.label_lower.encode()


class LastingRow(models.Model):
    """Sealed by `accounts.sealing` soon after it is committed, and never changed then.

    `may_change` names the columns that are settled later; the seal leaves them out. A model with such columns says
    `append_only = False`.
    """

    append_only = True
    may_change: frozenset[str] = frozenset()

    written_in = models.BigIntegerField(db_default=TransactionNumber(), editable=False, db_index=True)
    stamp = StampField()

    class Meta:
        abstract = True
