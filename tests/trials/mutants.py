"""Makes mutants of source files: `.trials/bin/python tests/trials/mutants.py FILE …` prints them as JSON.

Run by the environment that has mutmut and nothing of ours. mutmut itself changes only bodies of functions that bear no
decorator; here its operators go over the whole file, because the table of access and the lengths of keys stand outside.
"""

import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

# Words for people, which a translator changes as well; mutmut leaves f"…" alone in the same way.
SPEAKING_CALLS = {"_", "gettext", "gettext_lazy"}
SPEAKING_NAMES = {"help", "description", "metavar"}


def _once(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """A string is changed once: in capitals and in small letters as well it would only count three times."""
    yield from list(operator_string(node))[:1]


OPERATORS = [(kind, _once if kind is cst.BaseString else operator) for kind, operator in mutation_operators]


class Visitor(MutationVisitor):  # type: ignore[misc]
    """mutmut's, in decorated functions too, and in anything but words for people and what only a type checker reads."""

    sentences: set[int] = set()

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Raise):
            self.sentences = {id(part) for part in _strings(node)}
        if id(node) in self.sentences or _is_for_people(node) or _is_for_types(node):
            return True
        if isinstance(node, cst.FunctionDef):
            return False
        return bool(super()._skip_node_and_children(node))


def _is_for_people(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Call):
        return _name(node.func) in SPEAKING_CALLS
    if isinstance(node, cst.Arg):
        return _name(node.keyword) in SPEAKING_NAMES
    return isinstance(node, cst.Assign) and _name(node.targets[0].target) in SPEAKING_NAMES


def _is_for_types(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.If):
        return _name(node.test) == "TYPE_CHECKING"
    return isinstance(node, cst.Call) and _name(node.func) == "TypeVar"


def _name(node: cst.CSTNode | None) -> str:
    return node.value if isinstance(node, cst.Name) else ""


def _strings(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.SimpleString):
        yield node
    for child in node.children:
        yield from _strings(child)


def mutants(path: str) -> Iterator[dict[str, Any]]:
    source = Path(path).read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = Visitor(OPERATORS, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    for mutation in visitor.mutations:
        yield _described(path, source, wrapper.module, mutation, places[mutation.original_node].start.line)


def _described(path: str, source: str, module: cst.Module, mutation: Mutation, line: int) -> dict[str, Any]:
    changed = deep_replace(module, mutation.original_node, mutation.mutated_node)
    assert isinstance(changed, cst.Module)
    lines = list(difflib.unified_diff(source.splitlines(), changed.code.splitlines(), lineterm="", n=0))[3:]
    return {
        "path": path,
        "line": line,
        "before": " ".join(each[1:].strip() for each in lines if each[0] == "-"),
        "after": " ".join(each[1:].strip() for each in lines if each[0] == "+"),
        "source": changed.code,
    }


if __name__ == "__main__":
    json.dump([mutant for path in sys.argv[1:] for mutant in mutants(path)], sys.stdout)
