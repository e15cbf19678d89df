"""After a test that commits, every table is emptied but those that only migrations fill.

Row by row, where there are any: to truncate all tables makes a thousand files anew, and later somebody waits until the
disk has them. Django's own `flush` does that.
"""

from django.db import DatabaseError, connections, transaction

FILLED_BY_MIGRATIONS = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def empty() -> None:
    """As the owner: the application may not."""
    for alias in ("owner", "keys"):
        try:
            _empty(alias)
        except DatabaseError:
            # A server beside the test was answering a page of a window that is closed by now, and went first.
            _empty(alias)


def _empty(alias: str) -> None:
    connection = connections[alias]
    names = sorted(set(connection.introspection.table_names()) - FILLED_BY_MIGRATIONS)
    tables = [connection.ops.quote_name(name) for name in names]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        any_row = (f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)  # noqa: S608 - our own tables
        cursor.execute(" UNION ALL ".join(any_row))
        # References between rows are looked at when all are gone.
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
