"""History rows, configured once for every model of the file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from simple_history.models import HistoricalRecords

import clock
from accounts.actor import current_act, current_actor
from accounts.lasting import LastingRow
from vault.fields import SealedField

if TYPE_CHECKING:
    # Every model may keep history, those of accounts too.
    from accounts.models import User


class HistoryRow(LastingRow):
    """What every history model is: rows are added, never changed or taken away."""

    # Which write made this row; its audit events bear the same. Empty outside of services.
    act = models.UUIDField(null=True, editable=False, default=current_act)

    class Meta:
        abstract = True


def _acting_user(**_facts: Any) -> "User | None":
    return current_actor()


class FileHistory(HistoricalRecords):  # type: ignore[misc]  # simple_history has no types
    """`history = FileHistory()` in a model's body keeps every saved state of its rows.

    Who wrote comes from the service that acts, not from the request, so that jobs and commands are covered.
    Rows outlive what they describe, and sealed fields are copied as ciphertext.
    """

    def __init__(self, excluded_fields: Sequence[str] = (), **options: Any) -> None:
        settled: dict[str, Any] = {
            "excluded_fields": list(excluded_fields),
            "get_user": _acting_user,
            "history_id_field": models.BigAutoField(),
            "history_change_reason_field": models.TextField(null=True),
            "cascade_delete_history": False,
            "bases": (HistoryRow,),
        }
        super().__init__(**(settled | options))

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Sealed fields keep their names: the library would name a copy after the column that it is stored in."""
        copies: dict[str, models.Field[Any, Any]] = super().copy_fields(model)
        for field in copies.values():
            if isinstance(field, SealedField):
                field.name = model._meta.get_field(field.name.removesuffix("_sealed")).name
        return {field.name: field for field in copies.values()}

    def create_historical_record(
        self, instance: models.Model, history_type: str, using: str | None = None
    ) -> None:
        """Dated by our clock, not by Django's, so that tests and drills can move it."""
        dated_by_caller = hasattr(instance, "_history_date")
        if not dated_by_caller:
            instance._history_date = clock.now()  # type: ignore[attr-defined]
        try:
            super().create_historical_record(instance, history_type, using=using)
        finally:
            if not dated_by_caller:
                del instance._history_date  # type: ignore[attr-defined]
