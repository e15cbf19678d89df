"""The past stays as it was written: audit and every history table, as the application's role, through every door."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from accounts.models import AuditEvent
from cases.models import Case
from tests.cases import files
from tests.cast import Cast

OURS = {"accounts", "workflow", "cases", "referrals", "repatriation"}
# Rows that are no part of the file's own story: their changes are told by audit and history rows of others.
# The figures of statistics: what they were would lead back to the case that was erased.
FIGURES = {"cases.CaseFigures", "cases.ErasedFigures"}
# What makes a file findable is derived, and must forget.
FINDING = {"cases.NameWord", "cases.SearchTokens"}
WITHOUT_HISTORY = {"cases.CaseUserObjectPermission", *FIGURES, *FINDING}


def kept_for_ever() -> list[type[models.Model]]:
    """Audit and whatever django-simple-history made."""
    histories = [model for model in apps.get_models() if hasattr(model, "instance_type")]
    return [AuditEvent, *histories]


@contextmanager
def looking() -> Iterator[None]:
    yield


@contextmanager
def looking_away() -> Iterator[None]:
    """pgtrigger's switch, and the session setting behind it, which anybody can say."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{any}'")
        yield


def statements(model: type[models.Model]) -> dict[str, str]:
    table, key = model._meta.db_table, model._meta.pk.column
    return {
        "rewrite": f'UPDATE "{table}" SET "{key}" = "{key}"',  # noqa: S608
        "delete": f'DELETE FROM "{table}"',  # noqa: S608
        "truncate": f'TRUNCATE "{table}" CASCADE',
        "replace": f'INSERT INTO "{table}" SELECT * FROM "{table}"'  # noqa: S608
        f' ON CONFLICT ("{key}") DO UPDATE SET "{key}" = EXCLUDED."{key}"',
        "take away": f'DROP TABLE "{table}" CASCADE',
        "silence": f'ALTER TABLE "{table}" DISABLE TRIGGER ALL',
        "lock": f'SELECT * FROM "{table}" FOR UPDATE',  # noqa: S608
    }


def allowed(model: type[models.Model]) -> list[str]:
    """What the application's role is not refused for want of a right, though it should be."""
    found = []
    for door in (looking, looking_away):
        for name, statement in statements(model).items():
            answer = "done"
            try:
                with door(), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except DatabaseError as refused:
                answer = str(refused)
            if not answer.startswith(("permission denied", "must be owner")):
                found.append(f"{name} {door.__name__}: {answer}")
    return found


def test_there_is_a_history_of_every_model_of_the_file() -> None:
    tracked = {model.instance_type for model in apps.get_models() if hasattr(model, "instance_type")}
    own = [
        model for model in apps.get_app_config("cases").get_models() if not hasattr(model, "instance_type")
    ]
    assert {model._meta.label for model in own if model not in tracked} == WITHOUT_HISTORY
    assert {model._meta.app_label for model in kept_for_ever()} <= OURS


@pytest.mark.parametrize("model", kept_for_ever(), ids=lambda model: model.__name__)
def test_nothing_but_adding_is_allowed(db: None, model: type[models.Model]) -> None:
    assert allowed(model) == []


def through_the_model(case: Case) -> dict[str, Callable[[], object]]:
    event = AuditEvent.objects.filter(case_id=case.pk).first()
    row = case.history.first()
    assert event is not None
    return {
        "audit saved": event.save,
        "audit deleted": event.delete,
        "audit updated": lambda: AuditEvent.objects.update(verb="case.nothing"),
        "history saved": row.save,
        "history deleted": row.delete,
        "history updated": lambda: case.history.update(state="closed"),
        "history cleared": lambda: case.history.all().delete(),
    }


@pytest.mark.parametrize("door", [looking, looking_away])
def test_models_open_no_other_door(cast: Cast, door: Callable[[], AbstractContextManager[None]]) -> None:
    case = files.screened(cast)
    told, states = AuditEvent.objects.count(), case.history.count()
    for name, act in through_the_model(case).items():
        with door(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()
        assert (AuditEvent.objects.count(), case.history.count()) == (told, states), name


def test_a_row_of_the_file_is_not_deleted_either(cast: Cast) -> None:
    case = files.screened(cast)
    for model in apps.get_app_config("cases").get_models():
        if getattr(model, "deletable", False):
            continue
        denied = pytest.raises(DatabaseError, match="permission denied")
        with denied, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
    assert files.fresh(case).state == "screening"
