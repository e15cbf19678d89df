"""import-linter holds the order of the rooms; it cannot hold a single module, so clock.py is held here."""

import ast
import sys
from pathlib import Path

import clock


def test_the_clock_imports_no_room() -> None:
    tree = ast.parse(Path(clock.__file__).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
