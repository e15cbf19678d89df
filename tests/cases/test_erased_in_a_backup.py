"""Last night's dump of the application's database comes back after an erasure, and the key ring is at hand."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connections, models

from accounts import sealing
from accounts.verifying import verify
from cases.matching.facts import Facts
from cases.models import Case, NameWord, SearchTokens
from cases.services import erased, erasing, figures, indexing, searching
from config import embedded
from tests.accounts.records import remember_agencies
from tests.cases import ended, files
from tests.cast import Cast
from vault import keys
from vault.errors import KeyErased, VaultError
from vault.fields import SealedField
from vault.models import DataKey

RESTORED = "restored"


def program(name: str, *arguments: str) -> None:
    settings = connections["owner"].settings_dict
    subprocess.run(
        [
            str(embedded.program(name)),
            f"--host={settings['HOST']}",
            f"--port={settings['PORT']}",
            f"--username={settings['USER']}",
            *arguments,
        ],
        env=os.environ | {"PGPASSWORD": settings["PASSWORD"]},
        capture_output=True,
        check=True,
    )


def last_night(folder: Path) -> Path:
    """As `compose/` makes it, but with the rights of the owner."""
    settings = connections["owner"].settings_dict
    names = {
        "PGHOST": "HOST",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
        "PGPORT": "PORT",
    }
    subprocess.run(
        ["sh", str(django_settings.BASE_DIR / "compose/database/back-up.sh"), "database", "once"],
        env={name: str(settings[key]) for name, key in names.items() if settings[key]}
        | {"PATH": f"{embedded.program('pg_dump').parent}:{os.environ['PATH']}", "BACKUPS": str(folder)},
        capture_output=True,
        check=True,
    )
    (dump,) = folder.iterdir()
    return dump


@contextmanager
def restored(dump: Path) -> Iterator[None]:
    """In a database of its own, which the application takes for its own until the end."""
    name = f"{connections['owner'].settings_dict['NAME']}_{RESTORED}"
    program("createdb", name)
    own = connections["default"].settings_dict["NAME"]
    try:
        program("pg_restore", "--exit-on-error", f"--dbname={name}", str(dump))
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        keys.forget_cached()
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = own
        program("dropdb", name)


def readable(case_id: UUID) -> Counter[str]:
    """How many sealed values open, of rows and of their history, in whichever room they lie."""
    found = Counter[str]()
    for model in apps.get_models():
        sealed = [field for field in model._meta.get_fields() if isinstance(field, SealedField)]
        for field in sealed:
            for row in rows_of(model, field, case_id):
                found["values"] += 1
                try:
                    getattr(row, field.name)
                    found["opened"] += 1
                except VaultError:
                    pass
    return found


def rows_of(
    model: type[models.Model], field: "SealedField[object, object]", case_id: UUID
) -> list[models.Model]:
    scope = "pk" if field.scope == "pk" else field.scope
    rows = model._default_manager.filter(**{scope: case_id, f"{field.name}__isnull": False})
    return list(rows)


@pytest.mark.usefixtures("own_horizon")
@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_opens_and_statistics_are_the_same(cast: Cast, tmp_path: Path) -> None:
    remember_agencies()
    case, other = ended.closed(cast), ended.closed(cast)
    ended.exported(case, cast)
    before, opened, tokens = figures.counted(), readable(case.pk), files.tokens_of(case)
    assert opened["opened"] == opened["values"] > 8
    assert tokens
    dump = last_night(tmp_path)

    erasing.confirm_erasure(case.pk, actor=cast.vera)
    assert_gone(case.pk, tokens, 1)
    assert figures.counted() == before
    # What an erasure takes away looks to nobody like tampering.
    sealing.seal_all()
    assert verify().broken is None

    with restored(dump):
        assert files.fresh(case).erased_at is None
        assert readable(case.pk) == Counter(values=opened["values"])
        assert readable(other.pk)["opened"] > 8
        assert figures.counted() == before
        # Nothing by which a name could be tried out, before anything is done about it.
        assert not SearchTokens.objects.exists()
        assert not NameWord.objects.exists()
        with pytest.raises(KeyErased):
            indexing.identity_digest(case.pk, Facts())
        # The key store is restored after the database: what does not open yet is left for the next time.
        row = DataKey.objects.get(pk=other.pk)
        DataKey.objects.filter(pk=other.pk).delete()
        keys.forget_cached()
        with pytest.raises(CommandError, match="cannot be found: 1"):
            call_command("after_restore")
        row.save(force_insert=True)
        call_command("after_restore")
        assert files.fresh(case).erased_at is not None
        assert_gone(case.pk, tokens, 1)
        assert searching.search(cast.sami, f"{ended.GIVEN} {ended.FAMILY} ") == [other.pk]
        assert figures.counted() == before
        assert erased.carry_out_again() == (0, 0)
        assert list(indexing.make_what_is_missing()) == []


def assert_gone(case_id: UUID, tokens: list[int], others: int) -> None:
    """Whoever has the ring can make the tokens of the name; they lead to others that bear it, and not to this case."""
    assert readable(case_id)["opened"] == 0
    found = SearchTokens.objects.filter(tokens__overlap=tokens)
    assert found.count() == others
    assert not found.filter(case=case_id).exists()
    assert Case.objects.filter(pk=case_id).exists()
