"""What the application's role may do with each table, settled anew after every migration.

The role owns nothing. It reads and writes our tables, deletes only where a model says so, and only adds to
what is append-only: audit and history. So a stolen application password rewrites no past.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from accounts.lasting import ERA_FUNCTION, MAKE_ERA, LastingRow

READ_ONLY = ("SELECT",)
APPEND_ONLY = ("SELECT", "INSERT")
KEEP = ("SELECT", "INSERT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")

OUR_APPS = frozenset({"accounts", "workflow", "cases", "referrals", "repatriation"})

# Anyone may say SET pgtrigger.ignore; the triggers ask this function whether to heed it, and it says no.
# pgtrigger writes its own version whenever it installs a trigger, so ours is put back after every migration.
NEVER_IGNORE = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
AS $$ SELECT FALSE $$ LANGUAGE sql IMMUTABLE
"""


def after_migrate(using: str, **_signal: Any) -> None:
    if using == "owner":
        settle(connections[using])


def settle(owner: BaseDatabaseWrapper) -> None:
    """Idempotent. One transaction: no other connection ever sees a table with too many or too few rights."""
    role = settings.DATABASES["default"]["USER"]
    if role == owner.settings_dict["USER"]:
        raise ImproperlyConfigured(
            "DATABASE_URL and DATABASE_OWNER_URL name the same role; the application owns nothing."
        )
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        # Two migrations at once would trip over each other's grants.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('homeward.grants'))")
        cursor.execute(NEVER_IGNORE)
        _go_on_counting(cursor)
        app = sql.Identifier(role)
        everything = sql.SQL("TABLES IN SCHEMA public")
        cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        cursor.execute(sql.SQL("REVOKE ALL ON ALL {} FROM {}").format(everything, app))
        for rights, tables in _tables_by_rights(_existing(cursor)).items():
            _grant(cursor, rights, tables, app)
        cursor.execute(sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(app))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(app))


def _go_on_counting(cursor: CursorWrapper) -> None:
    """A dump that was loaded into another server brings numbers of transactions that are still to come there.

    Rows that are written from now on get higher ones, so that none is taken for one that was put in (decision 59).
    """
    existing = set(_existing(cursor))
    columns = [("accounts_seal", "upto")] if "accounts_seal" in existing else []
    lasting = [model for model in apps.get_models() if issubclass(model, LastingRow)]
    columns += [(model._meta.db_table, "written_in") for model in lasting if model._meta.db_table in existing]
    maxima = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT max({}) AS number FROM {})").format(sql.Identifier(column), sql.Identifier(table))
        for table, column in columns
    )
    if not columns:
        return
    now = "pg_current_xact_id()::text::bigint"
    cursor.execute(
        sql.SQL("SELECT max(number), {}, {} FROM ({}) AS numbers").format(
            sql.SQL(now), sql.SQL(ERA_FUNCTION), maxima
        )
    )
    highest, number, era = cursor.fetchone()
    if highest is not None and highest >= number + era:
        cursor.execute(MAKE_ERA.format(ERA_FUNCTION, highest + 1 - number))


def rights_of(model: type[models.Model]) -> tuple[str, ...]:
    """What the application's role may do with a model's table."""
    if model._meta.app_label not in OUR_APPS:
        return ALL
    if getattr(model, "append_only", False) or hasattr(model, "instance_type"):
        return APPEND_ONLY
    return ALL if getattr(model, "deletable", False) else KEEP


def _tables_by_rights(existing: Iterable[str]) -> dict[tuple[str, ...], list[str]]:
    known = {model._meta.db_table: rights_of(model) for model in apps.get_models(include_auto_created=True)}
    # A table without a model: the migration ledger, or one left behind. Nobody writes either.
    by_rights: dict[tuple[str, ...], list[str]] = {}
    for table in existing:
        by_rights.setdefault(known.get(table, READ_ONLY), []).append(table)
    return by_rights


def _existing(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
    )
    return [table for (table,) in cursor.fetchall()]


def _grant(cursor: CursorWrapper, rights: Iterable[str], tables: Iterable[str], app: sql.Identifier) -> None:
    statement = sql.SQL("GRANT {} ON {} TO {}")
    cursor.execute(
        statement.format(
            sql.SQL(", ").join(map(sql.SQL, rights)),
            sql.SQL(", ").join(sql.Identifier("public", table) for table in tables),
            app,
        )
    )
