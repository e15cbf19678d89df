"""The parcels' table, made by the database's owner and used by the application's role."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from accounts import grants
from tests.cast import Cast
from tests.workflow.parcels import PARCELS, Parcel
from vault import keys
from workflow import registry


@pytest.fixture(scope="session")
def parcels_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Attaches the machine and makes table and triggers, once for the run."""
    PARCELS.attach(Parcel)
    # pgtrigger's annotations take a model for one of its rows.
    model: Any = Parcel
    built = [trigger for owned, trigger in pgtrigger.registered() if owned is model]
    role = settings.DATABASES["default"]["USER"]
    owner = connections["owner"]
    with django_db_blocker.unblock(), owner.cursor() as cursor:
        with owner.schema_editor() as editor:
            editor.create_model(Parcel)
        for trigger in built:
            cursor.execute(trigger.compile(model).install_sql)
        # Installing a trigger brings pgtrigger's own switch back, so ours is put back, as after any migration.
        grants.settle(owner)
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON test_parcel TO "{role}"')
    yield
    registry.remove(PARCELS)
    for trigger in built:
        trigger.unregister(model)
    with django_db_blocker.unblock(), owner.schema_editor() as editor:
        editor.delete_model(Parcel)
    owner.close()


@pytest.fixture
def parcel(parcels_table: None, cast: Cast) -> Parcel:
    return new_parcel(packer=cast.ana.pk, checker=cast.sami.pk)


def new_parcel(**values: object) -> Parcel:
    made = Parcel.objects.create(**values)
    keys.create(made.pk)
    return made
