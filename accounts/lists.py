"""What a list can be sorted and filtered by, and what its address says of that.

Whoever wants another order or fewer rows has it in the address: it can be kept, sent to a colleague and gone back
to. So it holds codes and ids, never a word that somebody typed. What it says and the list does not know is ignored;
the list as it stands by itself has no query at all. Sealed values cannot be compared in SQL, so no list is ordered by
them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import SavedView, User
from vault import keys
from vault.errors import VaultError

Rows = TypeVar("Rows", bound="QuerySet[Any, Any]")
Row = TypeVar("Row")
Options = Sequence[tuple[str, StrOrPromise]]

ALL = gettext_lazy("All")
SORT = "sort"
FALLING = "-"


@dataclass(frozen=True)
class Sort:
    """One order. `by` is a column or an expression of the rows; of rows in memory, the name of an attribute.

    `falls` where the greatest is what people look for first.
    """

    name: str
    label: StrOrPromise
    by: Any
    falls: bool = False


@dataclass(frozen=True)
class Choice:
    """One filter: its name in the address, and the codes that it knows. Without any it knows ids, as offered.

    `codes` is called where upper rooms bring some of them.
    `default` is the code that stands in no address. What is drawn `apart` has tabs or chips on the page itself.
    """

    name: str
    label: StrOrPromise
    codes: Options | Callable[[], Options] | None = None
    every: StrOrPromise = ALL
    default: str = ""
    apart: bool = False

    def cleaned(self, value: str) -> str:
        """As it stands in an address; empty for what this filter does not know, and for its default."""
        if self.codes is None:
            return _id(value)
        known = value != self.default and any(value == code for code, _words in self.options())
        return value if known else ""

    def options(self) -> Options:
        return self.codes() if callable(self.codes) else self.codes or ()


def _id(value: str) -> str:
    with suppress(ValueError):
        return str(UUID(value))
    return ""


@dataclass(frozen=True)
class List:
    """`first` is the order in which the list stands by itself, where it is one of `sorts`; falling with a minus.

    `page` is its address, where it has one of its own; a list of one case has as many as there are cases.
    """

    name: str
    title: StrOrPromise
    may: Callable[[User], bool]
    sorts: Sequence[Sort] = ()
    choices: Sequence[Choice] = ()
    first: str = ""
    page: str = ""
    # Whether people can keep views of it.
    is_kept: bool = True

    def cleaned(self, said: Mapping[str, str]) -> dict[str, str]:
        """What of an address, or of what was saved, this list knows and does not do by itself."""
        found = {choice.name: choice.cleaned(str(said.get(choice.name, ""))) for choice in self.choices}
        sort = str(said.get(SORT, ""))
        known = sort != self.first and any(sort.removeprefix(FALLING) == each.name for each in self.sorts)
        found[SORT] = sort if known else ""
        return {name: value for name, value in found.items() if value}

    def asked(
        self,
        request: HttpRequest,
        *,
        offered: Mapping[str, Options] | None = None,
        without: Collection[str] = (),
        carried: Mapping[str, str] | None = None,
    ) -> "Asked":
        """`offered` are the options of this reader, `without` the sorts and filters that this reader has not.

        `carried` stands in the address as well, and is no part of a saved view: the month that is looked at.
        """
        return Asked(self, request, offered or {}, without, carried or {})


@dataclass(frozen=True)
class Head:
    """Of a column: where a click leads, and how the list stands by it."""

    url: str
    direction: str


@dataclass(frozen=True)
class View:
    """A saved view, opened for its owner. `query` is what the address says of it."""

    row: SavedView
    name: str
    query: str
    is_current: bool


class Asked:
    """What one reader wants of a list, and all that its tools show (`components/tools.html`)."""

    def __init__(
        self,
        of: List,
        request: HttpRequest,
        offered: Mapping[str, Options],
        without: Collection[str],
        carried: Mapping[str, str],
    ) -> None:
        self.of, self.path, self.carried = of, request.path, carried
        self.user = cast(User, request.user)
        self.sorts = {each.name: each for each in of.sorts if each.name not in without}
        self._options = {
            each.name: offered[each.name] if each.name in offered else each.options()
            for each in of.choices
            if each.name not in without
        }
        self._ids = {each.name for each in of.choices if each.codes is None and each.name in offered}
        self.state = {
            name: value for name, value in of.cleaned(request.GET.dict()).items() if self._has(name, value)
        }

    def _has(self, name: str, value: str) -> bool:
        if name == SORT:
            return value.removeprefix(FALLING) in self.sorts
        # An id that nobody offered fits no row.
        is_id = name in self._ids
        return is_id or any(value == str(code) for code, _words in self._options.get(name, ()))

    def chosen(self, name: str) -> str:
        """The code that was chosen, or the one that needs no choosing."""
        defaults = {choice.name: choice.default for choice in self.of.choices}
        return self.state.get(name, defaults[name])

    # What the rows are asked.

    def ordered(self, rows: Rows, *otherwise: Any, tie: str = "pk") -> Rows:
        """In the order that was asked for, else in `otherwise`, or as they come. `tie` is unique: pages have no gap.

        What has no value comes last in both directions.
        """
        sort = self._sort
        if sort is None:
            return rows.order_by(*otherwise) if otherwise else rows
        by = F(sort.by) if isinstance(sort.by, str) else sort.by
        return rows.order_by(by.desc(nulls_last=True) if self._falls else by.asc(nulls_last=True), tie)

    def arranged(self, rows: Iterable[Row], *, tie: Callable[[Row], Any]) -> list[Row]:
        """The same for rows that are in memory as a whole, because they were counted together."""
        found, sort = list(rows), self._sort
        if sort is None:
            return found
        value = attrgetter(sort.by)
        known = [row for row in sorted(found, key=tie) if value(row) not in (None, "")]
        return [
            *sorted(known, key=value, reverse=self._falls),
            *(row for row in sorted(found, key=tie) if value(row) in (None, "")),
        ]

    @property
    def _sort(self) -> Sort | None:
        return self.sorts.get(self.state.get(SORT, "").removeprefix(FALLING))

    @property
    def _falls(self) -> bool:
        return self.state.get(SORT, "").startswith(FALLING)

    # What its address says.

    def address(self, **changes: str) -> str:
        """Of the same list with these changes; it begins at the first page again."""
        query = self._query_of({**self.state, **changes})
        return f"{self.path}?{query}" if query else self.path

    def only(self, **choices: str) -> str:
        """Of the same list, in the same order, filtered by these alone."""
        return self.address(**{**dict.fromkeys(self._options, ""), **choices})

    def is_only(self, **choices: str) -> bool:
        return {name: value for name, value in self.state.items() if name != SORT} == choices

    def _query_of(self, said: Mapping[str, str]) -> str:
        return urlencode({**self.carried, **self.of.cleaned(said)})

    @property
    def query(self) -> str:
        """For links that add to it, as those to other pages."""
        query = self._query_of(self.state)
        return f"{query}&" if query else ""

    @property
    def saved_as(self) -> str:
        return urlencode(self.state)

    # What the tools show.

    @property
    def cleared(self) -> str:
        """Where what is drawn apart stays as it is."""
        kept = {each.name: self.state.get(each.name, "") for each in self.of.choices if each.apart}
        query = self._query_of(kept)
        return f"{self.path}?{query}" if query else self.path

    @property
    def count(self) -> int:
        """How much of what is folded away is not as it stands by itself."""
        apart = {each.name for each in self.of.choices if each.apart}
        return len(self.state.keys() - apart)

    @property
    def fields(self) -> list[tuple[str, StrOrPromise, list[tuple[str, StrOrPromise, bool]]]]:
        """Name, label and options of each filter that has a choice for this reader."""
        drawn = [each for each in self.of.choices if not each.apart and self._options.get(each.name)]
        return [(each.name, each.label, self._drawn(each)) for each in drawn]

    def _drawn(self, choice: Choice) -> list[tuple[str, StrOrPromise, bool]]:
        chosen = self.chosen(choice.name)
        options = [(str(code), words) for code, words in self._options[choice.name]]
        if not choice.default:
            options.insert(0, ("", choice.every))
        if chosen not in dict(options):
            options.append((chosen, "–"))
        return [(code, words, code == chosen) for code, words in options]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form must not lose."""
        apart = [(each.name, self.state.get(each.name, "")) for each in self.of.choices if each.apart]
        return [*self.carried.items(), *(pair for pair in apart if pair[1])]

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """Each order both ways; the first is the list's own."""
        now = self.state.get(SORT, "")
        found = []
        for sort in self.sorts.values():
            up = _("%(column)s, ascending") % {"column": sort.label}
            down = _("%(column)s, descending") % {"column": sort.label}
            found += [(sort.name, up), (f"{FALLING}{sort.name}", down)]
        both = [(code, words) for code, words in found if code != self.of.first]
        own = dict(found).get(self.of.first, _("Usual order"))
        return [("", own, not now), *((code, words, code == now) for code, words in both)]

    def head(self, name: str) -> Head | None:
        """None for a column by which this reader cannot sort."""
        sort = self.sorts.get(name)
        if sort is None:
            return None
        now = self.state.get(SORT, self.of.first)
        rising, falling = name, f"{FALLING}{name}"
        direction = {rising: "ascending", falling: "descending"}.get(now, "")
        first, second = (falling, rising) if sort.falls else (rising, falling)
        return Head(self.address(sort=second if now == first else first), direction)

    @cached_property
    def views(self) -> list[View]:
        """Two queries, whatever their number; none where the reader may not see such a list at all."""
        rows = list(SavedView.objects.kept_by(self.user, self.of.name))
        keys.prefetch([row.pk for row in rows])
        return [self._view(row) for row in rows]

    def _view(self, row: SavedView) -> View:
        state = self.of.cleaned(row.state)
        query = urlencode({**self.carried, **state})
        return View(row, name_of(row), query, state == self.state)


def name_of(row: SavedView) -> str:
    """A name that does not open any more must not close the list on which it stands."""
    with suppress(VaultError):
        return row.name
    return "–"


def in_order_of(column: str, codes: Iterable[str], **only: Any) -> models.Case:
    """Codes in the order in which people count them, not in that of their letters. `only` where it may be known."""
    places = [When(**{column: code}, **only, then=Value(place)) for place, code in enumerate(codes)]
    return Case(*places, output_field=IntegerField(null=True))


_known: dict[str, List] = {}


def register(*lists: List) -> None:
    """Rooms name theirs when they start."""
    for each in lists:
        _known[each.name] = each


def known() -> Mapping[str, List]:
    return _known
