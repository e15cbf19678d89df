"""A fresh run of pytest in which one module is a mutant, in a process of its own.

For what has run when a test begins (constants, tables, fields of models). The databases are those of the run that asks
for this one.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest


class Planted(SourceFileLoader):
    def __init__(self, name: str, source: Path) -> None:
        super().__init__(name, name.replace(".", "/") + ".py")
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source.read_text(encoding="utf-8"), self.path, "exec", dont_inherit=True)


class Finder:
    """Stands before all others, and knows one module."""

    def __init__(self, module: str, source: Path) -> None:
        self._module, self._source = module, source

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._module:
            return None
        loader = Planted(name, self._source)
        return spec_from_file_location(name, loader.path, loader=loader)


class Databases:
    """Neither made nor dropped here."""

    def pytest_collection(self) -> None:
        # The conftest is there by now; imported by this module it would be there too early.
        conftest: Any = sys.modules["tests.conftest"]
        conftest.setup_databases = _join
        conftest.teardown_databases = lambda _made, **_options: None


def _join(**_options: object) -> None:
    from django.db import connections  # noqa: PLC0415 - settings are there only now

    for alias in ("owner", "keys"):
        connections[alias].settings_dict["NAME"] = connections[alias].settings_dict["TEST"]["NAME"]
    connections["default"].creation.set_as_test_mirror(connections["owner"].settings_dict)


def run(module: str, source: str, tests: list[str], out: str) -> None:
    """Stops when one test fails; what pytest says goes into a file."""
    os.setsid()
    descriptor = os.open(out, os.O_WRONLY | os.O_TRUNC)
    for said in (sys.stdout, sys.stderr):
        os.dup2(descriptor, said.fileno())
    sys.meta_path.insert(0, Finder(module, Path(source)))
    sys.exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests], plugins=[Databases()])))
