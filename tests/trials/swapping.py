"""A mutant of a function's body is put into the running process: the live function gets the changed code."""

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

# Set for bodies of functions, not for those of modules and classes, which have run when a test begins.
CO_OPTIMIZED = 1
Functions = dict[str, list[FunctionType]]


def changed_functions(path: str, source: str, mutated: str) -> dict[str, CodeType] | None:
    """New code by the function's name; None when something changes that has run already, such as a constant."""
    before, after = (compile(text, path, "exec", dont_inherit=True) for text in (source, mutated))
    if _print(before, whole=False) != _print(after, whole=False):
        return None
    old, new = dict(_functions(before)), dict(_functions(after))
    names = [name for name, code in new.items() if _print(old[name]) != _print(code)]
    return {name: new[name] for name in names}


def swap(functions: Functions, changed: dict[str, CodeType]) -> bool:
    """Whether each of them could be put into its place."""
    found = {name: functions.get(name, []) for name in changed}
    if any(
        len(live) != 1 or _free(live[0]) != len(changed[name].co_freevars) for name, live in found.items()
    ):
        return False
    for name, code in changed.items():
        found[name][0].__code__ = code
    return True


def _free(function: FunctionType) -> int:
    return len(function.__code__.co_freevars)


def _functions(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """Those of the module and of its classes; what stands inside of a function goes with it."""
    for part in code.co_consts:
        if isinstance(part, CodeType) and part.co_flags & CO_OPTIMIZED:
            yield part.co_qualname, part
        elif isinstance(part, CodeType):
            yield from _functions(part)


def _print(code: CodeType, *, whole: bool = True) -> tuple[Any, ...]:
    """Equal for equal code, wherever it stands. Without the bodies of functions unless it is asked for whole."""
    if not whole and code.co_flags & CO_OPTIMIZED:
        return (code.co_qualname,)
    constants = [
        _print(part, whole=whole) if isinstance(part, CodeType) else (type(part), repr(part))
        for part in code.co_consts
    ]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_code, *names, code.co_exceptiontable, tuple(constants))
