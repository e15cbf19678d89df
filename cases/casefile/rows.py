"""Every row of a file in one statement, as it is now or as it was: a file has more than thirty kinds of rows.

Written in SQL, because the ORM needs longer to put such a statement together than the database to answer it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Model
from psycopg import sql

from vault.fields import SealedField

# Which columns of a model name its case.
Wanted = Mapping[type[Model], Sequence[str]]

_TODAY = sql.SQL("SELECT to_jsonb(r) FROM {rows} r WHERE {of_case}")
# The last that history says of each row up to then. Rows are never deleted, so no last word is a deletion.
_STANDING = sql.SQL(
    "SELECT to_jsonb(r) FROM (SELECT DISTINCT ON (r.id) r.* FROM {history} r WHERE ({of_case})"
    " AND r.history_date < %(before)s ORDER BY r.id, r.history_date DESC, r.history_id DESC) r"
)
_WRITTEN = sql.SQL(
    "SELECT jsonb_build_object('act', r.act, 'after', to_jsonb(r), 'before', (SELECT to_jsonb(e)"
    " FROM {history} e WHERE e.id = r.id AND e.history_id < r.history_id ORDER BY e.history_id DESC LIMIT 1))"
    " FROM {history} r WHERE ({of_case}) AND r.act = ANY(%(acts)s) ORDER BY r.history_id"
)


def rows_of(case_id: UUID, wanted: Wanted, before: datetime | None) -> dict[type[Model], list[Any]]:
    """Today's rows, or those that stood just before a moment; what is sealed stays so until somebody asks for it."""
    found = _all_at_once(_TODAY if before is None else _STANDING, wanted, case=case_id, before=before)
    return {model: [_opened(model, row) for row in rows] for model, rows in found.items()}


def changed_in(
    case_id: UUID, wanted: Wanted, acts: Iterable[UUID]
) -> dict[type[Model], list[tuple[UUID, Any, Any]]]:
    """For each row that one of these writes saved: the write, the row as it was before it (or None), and after."""
    found = _all_at_once(_WRITTEN, wanted, case=case_id, acts=list(acts))
    return {
        model: [
            (UUID(row["act"]), row["before"] and _opened(model, row["before"]), _opened(model, row["after"]))
            for row in rows
        ]
        for model, rows in found.items()
    }


def _all_at_once(query: sql.SQL, wanted: Wanted, **values: Any) -> dict[type[Model], list[Any]]:
    arrays = [
        sql.SQL("ARRAY({})").format(
            query.format(rows=_table(model), history=_table(history_of(model)), of_case=_of_case(columns))
        )
        for model, columns in wanted.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(arrays)), values)
        (answer,) = cursor.fetchall()
    # Django's connections hand JSON over as text.
    return {model: [json.loads(row) for row in rows] for model, rows in zip(wanted, answer, strict=True)}


def history_of(model: type[Model]) -> Any:
    tracked: Any = model
    return tracked.history.model


def _table(model: type[Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _of_case(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(" OR ").join(sql.SQL("r.{} = %(case)s").format(sql.Identifier(name)) for name in columns)


def _opened(model: type[Model], row: Mapping[str, Any]) -> Any:
    """What history leaves out (derived columns) is no part of the file, and deferred."""
    left_out = set(history_of(model)._history_excluded_fields)
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.name not in left_out]
    values = [_value(field, row[field.column]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)


def _value(field: Any, stored: Any) -> Any:
    if stored is None:
        return None
    if isinstance(field, SealedField):
        return bytes.fromhex(stored.removeprefix("\\x"))
    if isinstance(field, ArrayField):
        return [_value(field.base_field, each) for each in stored]
    return field.to_python(stored)
