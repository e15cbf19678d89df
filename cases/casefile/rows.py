"""Every row of a file in one statement, as it is now or as it was: a file has more than thirty kinds of rows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from cases.models import Case
from vault.fields import SealedField

OfCase = Callable[[UUID], Q]
Columns = Mapping[str, Any]


def rows_of(
    case_id: UUID, wanted: Mapping[type[Model], OfCase], before: datetime | None
) -> dict[type[Model], list[Any]]:
    """Today's rows, or those that stood just before a moment; sealed values stay sealed until they are asked for."""
    found = _all_at_once(
        case_id,
        {
            model: _today(model, of_case(case_id))
            if before is None
            else _standing(model, of_case(case_id), before)
            for model, of_case in wanted.items()
        },
    )
    return {model: [opened(model, each) for each in found.get(model, ())] for model in wanted}


def _today(model: type[Model], of_case: Q) -> QuerySet[Any]:
    return _base(model).filter(of_case).values(columns_of_row=_columns(model))


def _standing(model: type[Model], of_case: Q, before: datetime) -> QuerySet[Any]:
    """The last that history says of each row up to then. Rows are never deleted, so no last word is a deletion."""
    return (
        _base(history_of(model))
        .filter(of_case, history_date__lt=before)
        .order_by("id", "-history_date", "-history_id")
        .distinct("id")
        .values(columns_of_row=_columns(model))
    )


def changed_in(
    case_id: UUID, wanted: Mapping[type[Model], OfCase], acts: Iterable[UUID]
) -> dict[type[Model], list[tuple[UUID, Any, Any]]]:
    """For each row that one of these writes saved: the write, the row as it was before it (or None), and after."""
    written = list(acts)
    found = _all_at_once(
        case_id, {model: _written(model, of_case(case_id), written) for model, of_case in wanted.items()}
    )
    return {
        model: [
            (
                UUID(each["act"]),
                each["before"] and opened(model, each["before"]),
                opened(model, each["after"]),
            )
            for each in found.get(model, ())
        ]
        for model in wanted
    }


def _written(model: type[Model], of_case: Q, acts: list[UUID]) -> QuerySet[Any]:
    history = _base(history_of(model))
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    return (
        history.filter(of_case, act__in=acts)
        .order_by("history_id")
        .values(
            columns_of_row=JSONObject(
                act="act",
                after=_columns(model),
                before=Subquery(earlier.values(columns_of_row=_columns(model))[:1]),
            )
        )
    )


def _all_at_once(case_id: UUID, queries: Mapping[type[Model], QuerySet[Any]]) -> dict[type[Model], list[Any]]:
    names = {model._meta.model_name: model for model in queries}
    columns = {f"rows_of_{model._meta.model_name}": ArraySubquery(rows) for model, rows in queries.items()}
    found = Case._base_manager.filter(pk=case_id).values_list(*columns.values()).first()
    return {} if found is None else dict(zip(names.values(), found, strict=True))


def history_of(model: type[Model]) -> Any:
    manager: Any = model
    return manager.history.model


def _base(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._base_manager.all()
    return rows


def _kept(model: type[Model]) -> list[Any]:
    """What history keeps of a row: derived columns are not part of the file."""
    left_out = set(history_of(model)._history_excluded_fields)
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def _columns(model: type[Model]) -> JSONObject:
    return JSONObject(**{field.attname: field.name for field in _kept(model)})


def opened(model: type[Model], columns: Columns) -> Any:
    fields = _kept(model)
    return model.from_db(
        "default",
        [field.attname for field in fields],
        [_value(field, columns[field.attname]) for field in fields],
    )


def _value(field: Any, stored: Any) -> Any:
    if stored is None:
        return None
    if isinstance(field, SealedField):
        return bytes.fromhex(stored.removeprefix("\\x"))
    if isinstance(field, ArrayField):
        return [_value(field.base_field, each) for each in stored]
    return field.to_python(stored)
