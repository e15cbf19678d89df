"""The tables of the vault are those that its migrations made."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """Raises SystemExit where a model says something else; of words alone that is another model's matter."""
    call_command("makemigrations", "vault", "cases", check=True, dry_run=True, verbosity=0)
