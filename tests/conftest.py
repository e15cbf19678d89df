"""What every test stands on: the real services, the application's role, one cast of people."""

import os

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """TEST_NAME keeps two runs on one machine apart."""
    suffix = os.environ.get("TEST_NAME", "")
    for alias in ("owner", "keys"):
        test = settings.DATABASES[alias]["TEST"]
        test["NAME"] = f"test_{settings.DATABASES[alias]['NAME']}{suffix and '_' + suffix}"
