"""One run of pytest, set up once, of which each mutant gets a copy of its own (a fork): that takes half a second.

First every test is run once as it is, to know which functions it calls and how long it takes; a mutant is then shown
to those tests only that call what it changes, the shortest first, until one fails. What has run when a test begins
(a constant, a table) is planted in a fresh process instead.
"""

import gc
import importlib
import multiprocessing
import os
import pickle
import resource
import select
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, TypeGuard

import pytest

from tests.trials import planted
from tests.trials.swapping import Functions, changed_functions, swap

ROOT = Path(__file__).resolve().parents[2]
# Whoever takes three times as long and ten seconds more does not come to an end.
TIMES, SECONDS = 3, 10
MOST_MEMORY = 4 * 1024**3
# Modules that can be imported a second time, beside all that goes on with the first, and the tests that must tell what
# they then are: these are imported again as well, and those of them run that need no fixture of a conftest.
FORMATS = "tests/vault/test_formats.py"
READ_ANEW = {
    "accounts/access.py": ("tests/accounts/test_access_table.py",),
    "vault/files.py": (FORMATS, "tests/vault/test_sealed_files.py"),
    "vault/heads.py": (FORMATS, "tests/vault/test_heads.py"),
    "vault/keyring.py": (FORMATS, "tests/vault/test_keyring.py"),
    "vault/management/commands/split_root.py": ("tests/vault/test_split_root.py",),
    "vault/sealing.py": (FORMATS, "tests/vault/test_seal.py"),
    "vault/shares.py": (FORMATS, "tests/vault/test_split_root.py"),
    "vault/tokens.py": (FORMATS, "tests/vault/test_tokens.py"),
}
Place = tuple[str, str]
# Begins its processes with all that is large and not ours.
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.trials.beforehand"])


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    before: str
    after: str
    source: str
    is_cell: bool = False


@dataclass(frozen=True)
class Fate:
    """`by` is the test that failed, or nothing for a survivor. `seconds` of a processor for one that timed out."""

    mutant: Mutant
    by: str
    timed_out: bool = False
    seconds: float = 0


class Calls:
    """Which of our functions are called while it watches."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._names = {str(ROOT / path): path for path in paths}
        self.seen: set[Place] = set()

    def __call__(self, frame: FrameType, event: str, _argument: object, /) -> None:
        if event == "call" and frame.f_code.co_filename in self._names:
            # What stands inside of a function goes with it.
            function = frame.f_code.co_qualname.split(".<locals>")[0]
            self.seen.add((self._names[frame.f_code.co_filename], function))

    def watch(self, *, on: bool) -> None:
        sys.setprofile(self if on else None)
        threading.setprofile(self if on else None)


class Hunt:
    """A plugin: instead of running the tests once it runs them for each mutant."""

    def __init__(
        self, mutants: Callable[[], list[Mutant]], paths: set[str], tell: Callable[[Fate], None]
    ) -> None:
        self._mutants, self._paths, self._tell = mutants, paths, tell
        self._sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in self._paths}
        self._live: dict[str, Functions] = defaultdict(lambda: defaultdict(list))
        self._failed = ""
        self.at_import = Calls(self._paths)
        self.tests_of: dict[Place, list[int]] = defaultdict(list)
        self.took: list[float] = []
        self._hold_again: dict[str, set[str]] = {}

    # What pytest tells.

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Before the collector of garbage is told to forget them."""
        if self._live:
            return
        # Commands are imported only when they are called.
        for path in self._paths:
            importlib.import_module(_module(path))
        self.at_import.watch(on=False)
        names = {str(ROOT / path): path for path in self._paths}
        for each in gc.get_objects():
            if type(each) is FunctionType and each.__code__.co_filename in names:
                self._live[names[each.__code__.co_filename]][each.__code__.co_qualname].append(each)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._failed = f"{report.nodeid} (it cannot be read)"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = self._failed or report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self._failed:
            raise pytest.UsageError(self._failed)
        self._items = session.items
        mutants, later = self._mutants(), []
        self._set_up()
        self._look_on()
        self._prove()
        for mutant in mutants:
            if fate := self._fate(mutant):
                self._tell(fate)
            else:
                later.append(mutant)
        # These take longest.
        for mutant in later:
            self._tell(self._fresh(mutant))
        return True

    # Setting up, and what is known before.

    def _set_up(self) -> None:
        """The databases are made for the first test that needs them, and stay."""
        first = next(item for item in self._items if item.get_closest_marker("django_db"))
        self._run(first, self._elsewhere(first))
        if self._failed:
            raise pytest.UsageError(f"{self._failed} fails without a mutant.")
        from django.core.cache import caches  # noqa: PLC0415 - settings are there only now
        from django.db import connections  # noqa: PLC0415

        # A copy of this process opens its own.
        connections.close_all()
        caches["default"].close()
        gc.collect()
        gc.freeze()

    def _elsewhere(self, item: pytest.Item) -> pytest.Item:
        return next(other for other in self._items if other.path != item.path)

    def _run(self, item: pytest.Item, following: pytest.Item) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _look_on(self) -> None:
        """All tests once, as they are."""

        def looked() -> Any:
            found = []
            for number, item in enumerate(self._items):
                following = (
                    self._items[number + 1] if number + 1 < len(self._items) else self._elsewhere(item)
                )
                calls, began = Calls(self._paths), time.monotonic()
                calls.watch(on=True)
                self._run(item, following)
                calls.watch(on=False)
                found.append((calls.seen, time.monotonic() - began))
            return found

        found, failed, _seconds = self._in_a_copy(looked, 1200)
        if failed or found is None:
            raise pytest.UsageError(f"{failed or 'Something'} fails without a mutant.")
        self.took = [seconds for _seen, seconds in found]
        for number in sorted(range(len(found)), key=self.took.__getitem__):
            for place in found[number][0]:
                self.tests_of[place].append(number)

    def _prove(self) -> None:
        """A mutant that is none survives a fresh process; what is imported again is shown to tests that hold then."""
        path = sorted(self._paths)[-1]
        fate = self._fresh(Mutant(path, 0, "", "", self._sources[path]))
        if fate.by:
            raise pytest.UsageError(f"{fate.by} fails without a mutant.")
        for path in sorted(self._paths & READ_ANEW.keys()):
            self._prove_again(Mutant(path, 0, "", "", self._sources[path]))

    def _prove_again(self, none: Mutant) -> None:
        def proven() -> list[str]:
            good = []
            for item in self._collected_again(none):
                self._failed = ""
                self._run(item, self._elsewhere(item))
                good += [] if self._failed else [item.nodeid]
            self._failed = ""
            return good

        found, failed, _seconds = self._in_a_copy(proven, 600)
        if failed or not found:
            raise pytest.UsageError(f"{none.path} cannot be imported again. {failed}")
        self._hold_again[none.path] = set(found)

    # One mutant.

    def _fate(self, mutant: Mutant) -> Fate | None:
        """None where only a fresh process can tell."""
        changed = changed_functions(str(ROOT / mutant.path), self._sources[mutant.path], mutant.source)
        if mutant.path in READ_ANEW and changed is None:
            return self._read_anew(mutant)
        if changed is None or any(len(self._live[mutant.path][name]) != 1 for name in changed):
            return None
        places = {(mutant.path, name) for name in changed}
        numbers = {number for place in places for number in self.tests_of[place]}
        tests = [self._items[number] for number in sorted(numbers, key=self.took.__getitem__)]
        fate = self._shown(mutant, tests, lambda: swap(self._live[mutant.path], changed))
        # What it changes has run before: nothing that was made then has the change.
        return fate if fate.by or not places & self.at_import.seen else None

    def _shown(self, mutant: Mutant, tests: list[pytest.Item], plant: Callable[[], Any]) -> Fate:
        longest = SECONDS + TIMES * sum(self.took[self._items.index(item)] for item in tests)

        def shown() -> None:
            if plant() is False:
                raise RuntimeError("The mutant could not be planted.")
            self._until_one_fails(tests)

        _nothing, failed, seconds = self._in_a_copy(shown, longest)
        return Fate(mutant, failed, timed_out=failed == TIMED_OUT, seconds=seconds)

    def _until_one_fails(self, tests: list[pytest.Item]) -> None:
        for number, item in enumerate(tests):
            self._run(item, tests[number + 1] if number + 1 < len(tests) else self._elsewhere(item))
            if self._failed:
                return

    def _read_anew(self, mutant: Mutant) -> Fate | None:
        """Shown to the files of tests that must tell it; None where they do not."""
        again = [ROOT / path for path in READ_ANEW[mutant.path]]

        def shown() -> None:
            items = self._collected_again(mutant)
            if not self._failed:
                good = self._hold_again[mutant.path]
                self._until_one_fails([item for item in items if item.nodeid in good])

        took = [seconds for item, seconds in zip(self._items, self.took, strict=True) if item.path in again]
        _nothing, failed, seconds = self._in_a_copy(shown, SECONDS * TIMES + TIMES * sum(took))
        return Fate(mutant, failed, timed_out=failed == TIMED_OUT, seconds=seconds) if failed else None

    def _collected_again(self, mutant: Mutant) -> list[pytest.Item]:
        """The mutant as a module of its own, and the files of tests that must tell it, imported again beside it."""
        try:
            _imported(mutant)
        except Exception as error:
            self._failed = f"import: {type(error).__name__}"
            return []
        for path in READ_ANEW[mutant.path]:
            sys.modules.pop(_module(path))
        session = self._items[0].session
        # Nothing is thrown away in a process that lives for a moment.
        gc.collect = _not_now
        collected = session.perform_collect([str(ROOT / path) for path in READ_ANEW[mutant.path]])
        # Folders are collected anew as well; of those that were set up only the whole run goes on.
        stack = session._setupstate.stack
        while len(stack) > 1:
            stack.popitem()
        return [item for item in collected if _stands_alone(item)]

    def _fresh(self, mutant: Mutant) -> Fate:
        """In a process that begins with the mutant: the files of tests that call its module, the shortest first."""
        called = {
            number for place, found in self.tests_of.items() if place[0] == mutant.path for number in found
        }
        wanted = {self._items[number].path for number in called} or {item.path for item in self._items}
        files: dict[str, float] = defaultdict(float)
        for item, took in zip(self._items, self.took, strict=True):
            if item.path in wanted:
                files[str(item.path.relative_to(ROOT))] += took
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "mutant.py")
            source.write_text(mutant.source, encoding="utf-8")
            left_out = [f"--deselect={name}" for name in self._items[0].config.getoption("deselect") or ()]
            tests = [*left_out, *sorted(files, key=files.__getitem__)]
            return _fresh_fate(mutant, source, tests, sum(files.values()))

    def _in_a_copy(self, work: Callable[[], Any], longest: float) -> tuple[Any, str, float]:
        """What the work gives, the first test that failed, and the seconds of a processor that it took."""
        with tempfile.TemporaryFile() as answer:
            process = os.fork()
            if not process:
                self._as_a_copy(work, answer.fileno())
            in_time = _ended(process, longest)
            _pid, _status, used = os.wait4(process, 0)
            answer.seek(0)
            said = answer.read()
        seconds = used.ru_utime + used.ru_stime
        if not in_time:
            return None, TIMED_OUT, seconds
        made, failed = pickle.loads(said) if said else (None, "the process died")  # noqa: S301 - our own words
        return made, failed, seconds

    def _as_a_copy(self, work: Callable[[], Any], answer: int) -> None:
        """Never returns."""
        made = None
        try:
            os.setsid()
            self._items[0].config.pluginmanager.unregister(name="terminalreporter")
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            self._failed = ""
            made = work()
        except BaseException as error:
            self._failed = self._failed or f"{type(error).__name__}: {error}"
        finally:
            os.write(answer, pickle.dumps((made, self._failed)))
            os._exit(0)


TIMED_OUT = "timed out"


def _ended(process: int, longest: float) -> bool:
    """Whether it ended by itself; it and what it started are killed otherwise."""
    descriptor = os.pidfd_open(process)
    try:
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        ended = bool(waiting.poll(longest * 1000))
    finally:
        os.close(descriptor)
    if not ended:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
    return ended


def _fresh_fate(mutant: Mutant, source: Path, tests: list[str], took: float) -> Fate:
    out = source.with_name("out")
    out.touch()
    process = FRESH.Process(target=planted.run, args=(_module(mutant.path), str(source), tests, str(out)))
    process.start()
    process.join(3 * SECONDS + TIMES * took)
    if process.exitcode is None and process.pid:
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return Fate(mutant, TIMED_OUT, timed_out=True)
    said = out.read_text(encoding="utf-8")
    failed = [line.split(" - ")[0] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return Fate(mutant, "" if process.exitcode == 0 else (failed or ["it does not start"])[0])


def _not_now(generation: int = 2) -> int:
    return 0


def _stands_alone(item: object) -> TypeGuard[pytest.Item]:
    """Whether it needs no fixture of a conftest, none of which is known to what is collected again."""
    if not isinstance(item, pytest.Function):
        return False
    needed = item._fixtureinfo
    return set(needed.argnames) <= needed.name2fixturedefs.keys() | {"request"} | set(_params(item))


def _params(item: pytest.Function) -> Iterable[str]:
    return item.callspec.params if hasattr(item, "callspec") else ()


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _imported(mutant: Mutant) -> None:
    name = _module(mutant.path)
    module = ModuleType(name)
    module.__file__ = str(ROOT / mutant.path)
    package, _dot, own = name.rpartition(".")
    sys.modules[name] = module
    setattr(sys.modules[package], own, module)
    exec(compile(mutant.source, module.__file__, "exec", dont_inherit=True), module.__dict__)  # noqa: S102


def hunt(
    mutants: Callable[[], list[Mutant]], paths: set[str], tests: list[str], tell: Callable[[Fate], None]
) -> int:
    """Tells the fate of each, which are asked for when Django is ready. The exit code of pytest."""
    plugin = Hunt(mutants, paths, tell)
    plugin.at_import.watch(on=True)
    return int(pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[plugin]))
