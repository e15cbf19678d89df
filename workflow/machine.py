"""Guarded state machines as data: one table of edges per machine, from which everything else is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, State, transition
from django_stubs_ext import StrPromise

from workflow import registry, triggers

if TYPE_CHECKING:
    from accounts.models import User

Words = str | StrPromise
Check = Callable[[Any, "Attempt"], bool | Mapping[str, str | int]]
# Given the codes of failed guards that may be overridden: code -> id of the override that counts.
Overrides = Callable[[frozenset[str]], Mapping[str, UUID]]

# The hand of every move that nobody makes: a deadline passed, a fact lapsed.
CLOCK = "clock"


class Override(Enum):
    """Who may set a failed guard aside."""

    NONE = "none"
    SUPERVISOR = "supervisor"
    NEVER = "never"

    @property
    def mark(self) -> str:
        return {Override.NONE: "", Override.SUPERVISOR: "⚠", Override.NEVER: "✖"}[self]


@dataclass(frozen=True)
class Attempt:
    """Somebody wants to take an edge; `actor` is None when the clock does."""

    actor: User | None
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, eq=False)
class Guard:
    """One condition of an edge.

    `check` answers True (holds), False (fails), or the parameters of the failure: codes and numbers, never
    anything about a child. A check that raises is a bug and is let through.

    `limits` gives the numbers that the sentence names whether it holds or not, such as the days of a policy.

    `remedy` is the page that puts it right; `hint` says what to do where no page can. `why` says in plain words why it
    is asked, where the rule that `source` names says less.

    `violation` is SQL over OLD and NEW, true when the database must refuse the change. It is asked only when
    the row makes one of the steps on which the guard stands (at every update where such an edge keeps the
    state), and an unknown answer (NULL) refuses too. Needed for NEVER, senseless for SUPERVISOR.
    """

    code: str
    sentence: Words
    source: tuple[str, ...]
    check: Check
    override: Override = Override.NONE
    remedy: str = ""
    remedy_label: Words = ""
    violation: str = ""
    hint: Words = ""
    why: Words = ""
    limits: Callable[[Any], Mapping[str, int]] | None = None

    def __post_init__(self) -> None:
        if self.override is Override.NEVER and not self.violation:
            raise ValueError(f"guard {self.code}: what nobody can override the database must refuse too")
        if self.override is Override.SUPERVISOR and self.violation:
            raise ValueError(f"guard {self.code}: the database would refuse what a supervisor may allow")

    def judge(self, subject: Any, attempt: Attempt) -> Result:
        answer = self.check(subject, attempt)
        limits = self.limits(subject) if self.limits else {}
        if isinstance(answer, bool):
            return Result(self.code, limits, answer, guard=self)
        if isinstance(answer, Mapping):
            return Result(self.code, {**limits, **answer}, False, guard=self)
        raise TypeError(f"guard {self.code} answered neither yes, no, nor parameters")


# Kinds of entries: words, one code of a list, yes, a day, a country, or a row of the file that the room looks up.
WORDS, CODE, YES, DAY, COUNTRY = "text", "code", "yes", "day", "country"
ROWS = frozenset({"case", "person", "document", "worker"})


@dataclass(frozen=True)
class Field:
    """What a person must enter to take an edge; arrives in `Attempt.values` under its name."""

    name: str
    kind: str
    label: Words
    choices: Sequence[tuple[str, Words]] = ()
    required: bool = True
    min_length: int = 0
    # Where the column that keeps the words has a bound.
    max_length: int | None = None
    hint: Words = ""

    def __post_init__(self) -> None:
        if self.kind not in {WORDS, CODE, YES, DAY, COUNTRY, *ROWS}:
            raise ValueError(f"field {self.name}: unknown kind {self.kind}")

    @cached_property
    def guard(self) -> Guard:
        """The entry itself as a condition, so that a move that skips the form is refused as well."""
        sentence = format_lazy(_("Still to be entered: {label}"), label=self.label)
        return Guard(f"entered_{self.name}", sentence, (), lambda _subject, attempt: self.is_entered(attempt))

    def is_entered(self, attempt: Attempt) -> bool:
        value = attempt.values.get(self.name)
        if value is None and self.name == "reason":
            value = attempt.reason
        if value is None or value == "":
            return not self.required
        if self.kind == WORDS:
            fits = self.max_length is None or len(str(value)) <= self.max_length
            return fits and visible_length(str(value)) >= max(self.min_length, 1)
        if self.kind == CODE:
            return value in {code for code, _label in self.choices}
        if self.kind == DAY:
            return isinstance(value, date)
        if self.kind == COUNTRY:
            return isinstance(value, str) and len(value) == len("XA")
        return self.kind in ROWS or value is True or not self.required


@dataclass(frozen=True, eq=False)
class Edge:
    """One way from states to states. `stays` keeps the state; `choose` picks among several targets."""

    name: str
    label: Words
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    who: frozenset[str]
    guards: tuple[Guard, ...] = ()
    inputs: tuple[Field, ...] = ()
    choose: Callable[[Any, Attempt], str] | None = None
    stays: bool = False
    automatic: bool = False
    # How the step reads once it is taken: "appointed a representative". The label where it is empty.
    happened: Words = ""

    def __post_init__(self) -> None:
        if self.stays and not set(self.targets) <= set(self.sources):
            raise ValueError(f"edge {self.name}: keeps the state, so it leads nowhere else")
        if not self.stays and not self.targets:
            raise ValueError(f"edge {self.name}: leads nowhere")
        if len(self.targets) > 1 and not self.stays and self.choose is None:
            raise ValueError(f"edge {self.name}: several targets and nothing that chooses")
        if not self.who and not self.automatic:
            raise ValueError(f"edge {self.name}: in nobody's hand")

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Every (from, to) this edge can make."""
        if self.stays:
            return tuple((source, source) for source in self.sources)
        return tuple((source, target) for source in self.sources for target in self.targets)


@dataclass(frozen=True)
class Result:
    """How one guard was judged. Stored as codes; put into words in the reader's language."""

    code: str
    params: Mapping[str, str | int]
    passed: bool
    overridden_by: UUID | None = None
    guard: Guard = field(kw_only=True, repr=False, compare=False)

    @property
    def blocks(self) -> bool:
        return not self.passed and self.overridden_by is None

    @property
    def sentence(self) -> str:
        """The guard's sentence in the reader's language; an ellipsis stands for what is not known."""
        words = str(self.guard.sentence)
        return words % _Params(self.params) if "%(" in words else words

    def stored(self) -> dict[str, Any]:
        by = self.overridden_by
        return {
            "code": self.code,
            "params": dict(self.params),
            "passed": self.passed,
            "overridden_by": str(by) if by else None,
        }


class _Params(dict[str, str | int]):
    def __missing__(self, name: str) -> str:
        return "…"


class Refused(Exception):
    """Not every guard holds. Carries all results, not only the first failure."""

    def __init__(self, edge: Edge, results: Sequence[Result]) -> None:
        self.edge = edge
        self.results = list(results)
        super().__init__(f"{edge.name}: {', '.join(result.code for result in self.failures)}")

    @property
    def failures(self) -> list[Result]:
        return [result for result in self.results if result.blocks]

    @property
    def sentences(self) -> list[str]:
        return [result.sentence for result in self.failures]


class WrongState(Refused):
    """The step does not start from where the row stands: somebody else moved it, or memory is stale."""

    def __init__(self, edge: Edge) -> None:
        super().__init__(edge, [Result(MOVED_ON.code, {}, False, guard=MOVED_ON)])


class NotInHand(PermissionDenied):
    """This person may not take this edge, whatever the guards say."""


class NotOverridable(PermissionDenied):
    """This guard may be set aside by nobody."""


MOVED_ON = Guard(
    "moved_on",
    _("This has moved on since the page was opened. Open it again to see where it stands now."),
    (),
    lambda _subject, _attempt: False,
)


@dataclass(frozen=True)
class Verdict:
    """What a taken edge answers: how its guards were judged, and where it leads."""

    results: tuple[Result, ...]
    target: str


class _Chosen(State):
    """django-fsm's target for edges whose body chooses it."""

    def __init__(self, targets: tuple[str, ...]) -> None:
        self.allowed_states = targets

    def get_state(
        self, model: Any, transition: Any, result: Verdict, args: Any = None, kwargs: Any = None
    ) -> str:
        return result.target


def no_overrides(_codes: frozenset[str]) -> Mapping[str, UUID]:
    return {}


def visible_length(text: str) -> int:
    """Characters that somebody can read: runs of white space count once, invisible characters never."""
    return sum(character.isprintable() for character in " ".join(text.split()))


@dataclass(eq=False)
class Machine:
    """One table of edges over one state field. An edge that is not in it does not exist anywhere.

    `hands` tells which hand codes a person has on a subject. `final` states may be left only by edges that
    the table names all the same (reopening, undoing). `imported_field` names the column which, when it is
    set, lets a row be inserted in any state. A person with one of `override_hands` may set ⚠ guards aside.
    """

    name: str
    field: str
    states: type[TextChoices]
    initial: str
    edges: tuple[Edge, ...]
    final: frozenset[str]
    hands: Callable[[User, Any], frozenset[str]]
    hand_labels: Mapping[str, Words]
    imported_field: str | None = None
    override_hands: frozenset[str] = frozenset({"supervisor"})

    def __post_init__(self) -> None:
        self.model: type[Model] | None = None
        self._by_name = {edge.name: edge for edge in self.edges}
        self._guards: dict[str, Guard] = {}
        faults = [*self._edge_faults(), *self._guard_faults(), *self._path_faults()]
        if faults:
            raise ImproperlyConfigured(f"machine {self.name}: {'; '.join(faults)}")

    def _edge_faults(self) -> list[str]:
        faults = []
        if len(self._by_name) < len(self.edges):
            faults.append("two edges with one name")
        named = {self.initial, *self.final} - set(self.states.values)
        faults += [f"unknown state {state}" for state in sorted(named)]
        for edge in self.edges:
            unknown = {*edge.sources, *edge.targets} - set(self.states.values)
            faults += [f"edge {edge.name}: unknown state {state}" for state in sorted(unknown)]
            unlabelled = edge.who - {CLOCK} - set(self.hand_labels)
            faults += [f"edge {edge.name}: unknown hand {hand}" for hand in sorted(unlabelled)]
        return faults

    def _guard_faults(self) -> list[str]:
        faults = []
        for edge in self.edges:
            for guard in edge.guards:
                if self._guards.setdefault(guard.code, guard) is not guard:
                    faults.append(f"two guards with the code {guard.code}")
        return faults

    def _path_faults(self) -> list[str]:
        """No state is a dead end unless it is listed as final, and none is out of reach."""
        steps = {step for edge in self.edges for step in edge.steps if not edge.stays}
        leaving = {source for source, _target in steps}
        reached, frontier = {self.initial}, {self.initial}
        while frontier:
            frontier = {target for source, target in steps if source in frontier} - reached
            reached |= frontier
        every = set(self.states.values)
        faults = [f"{state} is a dead end" for state in sorted(every - leaving - self.final)]
        return faults + [f"{state} cannot be reached" for state in sorted(every - reached)]

    def __str__(self) -> str:
        return self.name

    @property
    def guards(self) -> tuple[Guard, ...]:
        """Every guard once, in the order of the table."""
        return tuple(self._guards.values())

    def edge(self, name: str) -> Edge:
        return self._by_name[name]

    def guard(self, code: str) -> Guard:
        return self._guards[code]

    def edges_from(self, state: str) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.edges if state in edge.sources)

    def state_of(self, subject: Any) -> str:
        return str(getattr(subject, self.field))

    def restore(self, stored: Mapping[str, Any]) -> Result:
        """A stored result, ready to be put into words. A guard that no longer exists keeps its code."""
        code = stored["code"]
        guard = self._guards.get(code) or Guard(code, code, (), lambda _subject, _attempt: False)
        by = stored["overridden_by"]
        return Result(code, stored["params"], stored["passed"], UUID(by) if by else None, guard=guard)

    def in_hand(self, edge: Edge, subject: Any, actor: User | None) -> bool:
        if actor is None:
            return edge.automatic or CLOCK in edge.who
        return bool(edge.who & (self.hands(actor, subject) - {CLOCK}))

    def require_hand(self, edge: Edge, subject: Any, actor: User | None) -> None:
        if not self.in_hand(edge, subject, actor):
            raise NotInHand(f"{self.name}.{edge.name}")

    def judge(
        self, edge: Edge, subject: Any, attempt: Attempt, overrides: Overrides = no_overrides
    ) -> list[Result]:
        """All guards of an edge, in order. Overrides are looked up only for failures that allow one."""
        results = [guard.judge(subject, attempt) for guard in edge.guards]
        open_to = frozenset(
            result.code
            for result in results
            if not result.passed and result.guard.override is Override.SUPERVISOR
        )
        found = overrides(open_to) if open_to else {}
        return [
            replace(result, overridden_by=found.get(result.code)) if result.code in open_to else result
            for result in results
        ]

    def take(
        self, edge: Edge, subject: Any, attempt: Attempt, overrides: Overrides = no_overrides
    ) -> Verdict:
        """The body of every transition: hand, all guards, all entries, then the target."""
        self.require_hand(edge, subject, attempt.actor)
        results = self.judge(edge, subject, attempt, overrides)
        entries = [entry.guard.judge(subject, attempt) for entry in edge.inputs]
        results += [entry for entry in entries if not entry.passed]
        if any(result.blocks for result in results):
            raise Refused(edge, results)
        return Verdict(tuple(results), self._target(edge, subject, attempt))

    def _target(self, edge: Edge, subject: Any, attempt: Attempt) -> str:
        if edge.stays:
            return self.state_of(subject)
        target = str(edge.choose(subject, attempt)) if edge.choose else edge.targets[0]
        if target not in edge.targets:
            raise ValueError(f"{self.name}.{edge.name} does not lead to {target}")
        return target

    def attach(self, model: type[Model]) -> None:
        """Give the model a django-fsm transition per edge and its table the triggers of this machine."""
        state = model._meta.get_field(self.field)
        if not isinstance(state, FSMField) or not state.protected:
            raise ImproperlyConfigured(f"{model._meta.label}.{self.field} is not a protected FSMField")
        self.model = model
        registry.add(self)
        for edge in self.edges:
            if hasattr(model, edge.name):
                raise ImproperlyConfigured(f"{model._meta.label} already has {edge.name}")
            method = self._transition(model, edge)
            setattr(model, edge.name, method)
            # django-fsm collects methods when a class is made; these come later.
            method._django_fsm.field = state
            state.transitions[model][edge.name] = method
        triggers.register(self, model)

    def _transition(self, model: type[Model], edge: Edge) -> Any:
        def take(subject: Any, attempt: Attempt, overrides: Overrides = no_overrides) -> Verdict:
            return self.take(edge, subject, attempt, overrides)

        take.__name__ = edge.name
        take.__qualname__ = f"{model.__qualname__}.{edge.name}"
        target = None if edge.stays else _Chosen(edge.targets)
        return transition(field=self.field, source=list(edge.sources), target=target)(take)
