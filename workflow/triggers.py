"""A machine as database triggers, so that no door past Python leads anywhere."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

if TYPE_CHECKING:
    from workflow.machine import Guard, Machine

# PostgreSQL cuts names at 63 characters; django-pgtrigger puts 10 before and 6 behind, and we keep a margin.
MAX_NAME = 43


def register(machine: Machine, model: type[Model]) -> None:
    """Hand the triggers to django-pgtrigger, which shows them to `makemigrations` as Meta.triggers."""
    pgtrigger.register(*build(machine, model))(model)


def build(machine: Machine, model: type[Model]) -> list[pgtrigger.Trigger]:
    never = [_never(machine, model, guard) for guard in machine.guards if guard.violation]
    return [_edges(machine), _first_state(machine, model), *never]


def _edges(machine: Machine) -> pgtrigger.Trigger:
    steps = {step for edge in machine.edges if not edge.stays for step in edge.steps}
    return pgtrigger.FSM(name=_name(machine, "edges"), field=machine.field, transitions=sorted(steps))


def _first_state(machine: Machine, model: type[Model]) -> pgtrigger.Trigger:
    """A row begins at the beginning; only what was imported may begin elsewhere."""
    elsewhere = f"NEW.{_column(model, machine.field)} IS DISTINCT FROM {_text(machine.initial)}"
    if machine.imported_field:
        elsewhere += f" AND NEW.{_column(model, machine.imported_field)} IS NULL"
    return pgtrigger.Trigger(
        name=_name(machine, "first_state"),
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(f"({elsewhere})"),
        func=_raise(f"{machine.name}: a row begins in the first state"),
    )


def _never(machine: Machine, model: type[Model], guard: Guard) -> pgtrigger.Trigger:
    if "$$" in guard.violation:
        raise ImproperlyConfigured(f"guard {guard.code}: $$ would end the trigger's body")
    scope = _scope(machine, _column(model, machine.field), guard)
    # A condition in WHEN may not look at other tables, one in the body may.
    refused = _raise(f"{machine.name}: {guard.code} can never be overridden")
    return pgtrigger.Trigger(
        name=_name(machine, f"never_{guard.code}"),
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(scope) if scope else None,
        func=f"IF COALESCE(({guard.violation}), TRUE) THEN {refused} END IF; RETURN NEW;",
    )


def _scope(machine: Machine, column: str, guard: Guard) -> str:
    """The steps on which the guard stands; empty (every update) where one of its edges keeps the state."""
    edges = [edge for edge in machine.edges if guard in edge.guards]
    if any(edge.stays for edge in edges):
        return ""
    steps = sorted({step for edge in edges for step in edge.steps if step[0] != step[1]})
    pairs = ", ".join(f"({_text(source)}, {_text(target)})" for source, target in steps)
    return f"((OLD.{column}, NEW.{column}) IN ({pairs}))"


def _raise(words: str) -> str:
    # A check violation reaches Python as IntegrityError, like any other constraint.
    return f"RAISE EXCEPTION USING MESSAGE = {_text(words)}, ERRCODE = 'check_violation';"


def _name(machine: Machine, suffix: str) -> str:
    """Stable and short: what is too long keeps its beginning and gets a digest of the whole."""
    name = re.sub(r"[^a-z0-9_]", "_", f"{machine.name}_{suffix}".lower())
    if len(name) <= MAX_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_NAME - 9]}_{digest}"


def _column(model: type[Model], name: str) -> str:
    column = getattr(model._meta.get_field(name), "column", None)
    if column is None:
        raise ImproperlyConfigured(f"{model._meta.label}.{name} is no column")
    return f'"{column}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
