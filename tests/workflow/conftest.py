"""The parcels' table, made by the database's owner and used by the application's role."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from accounts import grants
from tests.cast import Cast, assemble
from tests.workflow.parcels import PARCELS, Parcel
from vault import keys
from workflow import registry


@pytest.fixture
def cast(db: None) -> Cast:
    """Of each test: people who are kept would be in the way of a table that refers to them."""
    return assemble()


@pytest.fixture(scope="module")
def parcels_table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Machine, table and triggers are there for one file of tests, so that no other test meets them."""
    PARCELS.attach(Parcel)
    # pgtrigger's annotations take a model for one of its rows.
    model: Any = Parcel
    built = [trigger for owned, trigger in pgtrigger.registered() if owned is model]
    owner = connections["owner"]
    with django_db_blocker.unblock(), owner.cursor() as cursor:
        with owner.schema_editor() as editor:
            editor.create_model(Parcel)
        for trigger in built:
            cursor.execute(trigger.compile(model).install_sql)
        # Installing a trigger brings pgtrigger's own switch back, so ours is put back, as after any migration.
        grants.settle(owner)
        _grant()
    yield
    registry.remove(PARCELS)
    for edge in PARCELS.edges:
        delattr(Parcel, edge.name)
    for trigger in built:
        trigger.unregister(model)
    with django_db_blocker.unblock(), owner.schema_editor() as editor:
        editor.delete_model(Parcel)
    owner.close()


def _grant(**_signal: Any) -> None:
    role = settings.DATABASES["default"]["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON test_parcel TO "{role}"')


@pytest.fixture
def parcel(parcels_table: None, cast: Cast) -> Parcel:
    return new_parcel(packer=cast.ana.pk, checker=cast.sami.pk)


def new_parcel(**values: object) -> Parcel:
    made = Parcel.objects.create(**values)
    keys.create(made.pk)
    return made
