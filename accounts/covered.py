"""Which rows the seal of the audit covers, and what it takes of each: SQL for whoever seals and whoever verifies.

Digests are computed where the rows lie, of the text of the columns: sealing and verifying a million rows must not
carry them away. What the database says of its rows has to be believed in any case.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from accounts.lasting import LastingRow
from vault.keyring import STAMP_BYTES

UUID_BYTES, INTEGER_BYTES = 16, 8
_STAMP = (
    # Of one length, whatever somebody may have put there.
    f"CASE WHEN octet_length(stamp) = {STAMP_BYTES} THEN stamp ELSE decode(repeat('00', {STAMP_BYTES}), 'hex') END"
)
# How values are written decides their digests, so nobody's session may decide it.
_WRITTEN_SO = {"TimeZone": "UTC", "DateStyle": "ISO, YMD", "bytea_output": "hex", "extra_float_digits": "1"}


@cache
def lasting_models() -> dict[str, type[LastingRow]]:
    """By their labels, in the order in which a seal names them."""
    found = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, LastingRow)}
    return dict(sorted(found.items()))


@cache
def tracked_models() -> dict[str, tuple[type[models.Model], type[models.Model]]]:
    """Each model of the file and the model of its history, by the label of the first."""
    histories = [model for model in apps.get_models() if hasattr(model, "instance_type")]
    return {model.instance_type._meta.label_lower: (model.instance_type, model) for model in histories}


@cache
def columns_of(model: type[LastingRow]) -> tuple[str, ...]:
    sealed = (field for field in model._meta.concrete_fields if field.name not in model.may_change)
    return tuple(str(field.column) for field in sealed)


def write_so(cursor: CursorWrapper) -> None:
    """For the rest of the transaction."""
    settings = ", ".join("set_config(%s, %s, true)" for _name in _WRITTEN_SO)
    cursor.execute(f"SELECT {settings}", [part for pair in _WRITTEN_SO.items() for part in pair])


def quoted(name: str) -> str:
    return str(connections["default"].ops.quote_name(name))


def table_of(model: type[models.Model]) -> str:
    return quoted(model._meta.db_table)


def key_of(model: type[models.Model]) -> str:
    return quoted(str(model._meta.pk.column))


def digest_sql(columns: Iterable[str]) -> str:
    """Of one row. The text of a row quotes what it must, so no two rows of different values read the same."""
    return f"sha256(convert_to(ROW({', '.join(map(quoted, columns))})::text, 'UTF8'))"


def id_sql(model: type[models.Model]) -> str:
    return f"{'uuid_send' if _is_uuid(model) else 'int8send'}({key_of(model)})"


def gathered_sql(model: type[LastingRow], columns: Sequence[str], bucket: str = "0") -> str:
    """One line for each bucket: ids, digests and stamps one behind the other. Takes two transaction numbers."""
    return (
        f"WITH found AS MATERIALIZED (SELECT {bucket} AS bucket, {key_of(model)} AS key,"
        f" {id_sql(model)} AS id, {digest_sql(columns)} AS digest, {_STAMP} AS stamp"
        f" FROM {table_of(model)} WHERE written_in >= %s AND written_in < %s)"
        " SELECT bucket, string_agg(id, ''::bytea ORDER BY key), string_agg(digest, ''::bytea ORDER BY key),"
        " string_agg(stamp, ''::bytea ORDER BY key) FROM found GROUP BY bucket"
    )


def ids_of(model: type[models.Model], packed: bytes) -> list[str]:
    """As people write them."""
    width = UUID_BYTES if _is_uuid(model) else INTEGER_BYTES
    pieces = [packed[start : start + width] for start in range(0, len(packed), width)]
    if _is_uuid(model):
        return [str(UUID(bytes=piece)) for piece in pieces]
    return [str(int.from_bytes(piece, "big", signed=True)) for piece in pieces]


def union(select: str, wanted: Iterable[type[LastingRow]]) -> str:
    """The same question to many tables. `{label}` and `{table}` are filled in."""
    return " UNION ALL ".join(
        f"({select.format(label=model._meta.label_lower, table=table_of(model))})" for model in wanted
    )


def _is_uuid(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.UUIDField)
