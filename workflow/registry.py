"""Which machines there are: pages, documents and tests ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from workflow.machine import Machine

_machines: dict[str, Machine] = {}


def add(machine: Machine) -> None:
    if machine.name in _machines:
        raise ImproperlyConfigured(f"two machines are called {machine.name}")
    _machines[machine.name] = machine


def remove(machine: Machine) -> None:
    """For tests that attach a machine of their own."""
    _machines.pop(machine.name, None)


def machines() -> tuple[Machine, ...]:
    return tuple(_machines[name] for name in sorted(_machines))


def machine(name: str) -> Machine:
    return _machines[name]
