"""What the application's role is refused, whoever holds its password."""

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from accounts.audit import record
from accounts.grants import APPEND_ONLY, rights_of
from accounts.models import AuditEvent, User
from tests.cast import Cast

DENIED = "permission denied"


def refused(statement: str, says: str = DENIED) -> None:
    """As the application's role."""
    with pytest.raises(ProgrammingError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_tests_run_as_the_applications_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == (
            connection.settings_dict["USER"],
            connections["owner"].settings_dict["NAME"],
        )
    assert connection.settings_dict["USER"] != connections["owner"].settings_dict["USER"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE accounts_auditevent SET verb = 'x'", DENIED),
        ("DELETE FROM accounts_auditevent", DENIED),
        ("TRUNCATE accounts_auditevent", DENIED),
        ("DROP TABLE accounts_auditevent", "must be owner"),
        ("ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL", "must be owner"),
    ],
)
@pytest.mark.parametrize("ignoring", [False, True])
def test_the_past_cannot_be_rewritten(cast: Cast, statement: str, says: str, ignoring: bool) -> None:
    record(cast.ana, "agency.changed", cast.ana.agency)
    look_away = "SET LOCAL pgtrigger.ignore = '{any}'; " if ignoring else ""
    refused(look_away + statement, says)
    assert AuditEvent.objects.count() == 1


def test_every_append_only_table_may_only_be_added_to(db: None) -> None:
    tables = [model._meta.db_table for model in apps.get_models() if rights_of(model) == APPEND_ONLY]
    assert AuditEvent._meta.db_table in tables
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT array_agg(privilege_type::text ORDER BY privilege_type)"
                " FROM information_schema.role_table_grants WHERE grantee = current_user AND table_name = %s",
                [table],
            )
            assert cursor.fetchone() == (["INSERT", "SELECT"],), table


def test_every_history_is_append_only() -> None:
    histories = [model for model in apps.get_models() if hasattr(model, "instance_type")]
    assert all(rights_of(model) == APPEND_ONLY for model in histories)


def test_accounts_are_not_deleted(cast: Cast) -> None:
    refused("DELETE FROM accounts_user")


def test_nothing_can_be_truncated_or_made(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.role_table_grants"
            " WHERE grantee = current_user AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_the_ledger_of_migrations_can_only_be_read(db: None) -> None:
    refused("DELETE FROM django_migrations")
    refused("UPDATE django_migrations SET app = 'x'")


def test_triggers_heed_no_one_who_asks_them_to_look_away(db: None) -> None:
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{any}'")
        cursor.execute("SELECT public._pgtrigger_should_ignore('any')")
        assert cursor.fetchone() == (False,)


def test_the_role_cannot_teach_them_to(db: None) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN"
            " AS $$ SELECT TRUE $$ LANGUAGE sql"
        )


@pytest.mark.django_db(transaction=True)
def test_migrating_again_takes_back_what_was_granted_by_hand() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT UPDATE, TRUNCATE ON accounts_auditevent TO " + connection.settings_dict["USER"])
    call_command("migrate", database="owner", verbosity=0)
    refused("UPDATE accounts_auditevent SET verb = 'x'")
    refused("TRUNCATE accounts_auditevent")


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_rows_behind(cast: Cast) -> None:
    assert User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_which_the_owner_has_flushed_before_the_next() -> None:
    assert not User.objects.exists()
