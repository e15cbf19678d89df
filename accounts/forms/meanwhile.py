"""Forms over what somebody else may be writing too: whoever saves second sees both values, field by field.

A page carries the state that it showed (`seen`) and a mark of each value in it (`shown`). Where somebody else saved
meanwhile, what only they changed is taken over, what only this reader changed stays, and what both changed is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.forms.base import PlainForm, words_of
from accounts.meanwhile import last_saved, saved_since
from accounts.models import User
from accounts.widgets import put

THEIRS, MINE = "theirs", "mine"
# What the page carries besides the answers: fields between which is to be chosen, and who saved meanwhile.
BETWEEN, SAVED = "between", "saved"
CARRIED = ("seen", "shown")
LENGTH = 8


@dataclass(frozen=True)
class Part:
    """What is chosen as one: a field, or several that mean nothing without each other. The first one names it."""

    label: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def choice(self) -> str:
        return f"choice-{self.name}"


@dataclass(frozen=True)
class Difference:
    """One part as the page asks for it; `chosen` is empty until somebody has."""

    part: Part
    theirs: str
    mine: str
    chosen: str


class EditForm(PlainForm):
    """`row` is what the form changes, or a list where it changes several; None where nothing is stored yet."""

    # A number for each of a few rows.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1_000)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    # Fields that only make sense with each other, and what they are called together.
    TOGETHER: Sequence[tuple[str | Promise, tuple[str, ...]]] = ()

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: list[Any] = row if isinstance(row, list) else [row] if row else []
        self.initial["seen"] = " ".join(map(last_saved, self.rows))
        self.seen_state = ""
        # What was taken over from somebody else, and what has no place any more, for the page that says so.
        self.taken = list[tuple[str, str]]()
        self.gone = list[tuple[str, str]]()

    @classmethod
    def stored_in(cls, row: Any) -> dict[str, Any]:
        """The initial values where fields and columns have the same names."""
        return {name: getattr(row, name) for name in cls.base_fields if name not in CARRIED}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """The marks are made when the page is drawn: a form may add its fields late."""
        if field_name != "shown":
            return super().get_initial_for_field(field, field_name)
        return " ".join(f"{part.name}:{_mark(part, self._stored(part))}" for part in self.parts())

    def full_clean(self) -> None:
        """With what was chosen; what was typed stays, so that a page with another mistake shows it again."""
        typed = self.data
        if self.is_bound:
            self.data = self._as_chosen()
        super().full_clean()
        self.data = typed
        if not self.is_bound:
            return
        carried = {name: self.cleaned_data.pop(name, "") for name in CARRIED}
        self.seen_state = str(carried["seen"])
        if any(not each.chosen for each in self.differences):
            self.add_error(None, _ask())

    # What is compared.

    def parts(self) -> list[Part]:
        found = {name: Part(str(label), names) for label, names in self.together() for name in names}
        for bound in (each for each in self.visible_fields() if not each.field.disabled):
            found.setdefault(bound.name, Part(str(bound.label), (bound.name,)))
        return list({part.name: part for part in found.values()}.values())

    def together(self) -> Iterable[tuple[str | Promise, tuple[str, ...]]]:
        return self.TOGETHER

    def saying(self, names: Sequence[str], value_of: Callable[[str], Any]) -> list[str]:
        """Of a part, the fields that say something; all of them where the form does not know better."""
        return [name for name in names if name in self.fields]

    def _stored(self, part: Part) -> str:
        return self._held(part, self._initial_of)

    def _typed(self, part: Part, data: Mapping[str, Any]) -> str:
        return self._held(part, lambda name: self._raw(name, data))

    def _held(self, part: Part, value_of: Callable[[str], Any]) -> str:
        names = self.saying(part.names, value_of)
        return "\n".join(f"{_plain(self.fields[name], value_of(name))}" for name in names).strip("\n")

    def _initial_of(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _raw(self, name: str, data: Mapping[str, Any]) -> Any:
        return self.fields[name].widget.value_from_datadict(data, self.files, self.add_prefix(name))

    # What is shown.

    @property
    def differences(self) -> list[Difference]:
        """Between which the reader has to choose."""
        asked = _several(self.data, BETWEEN)
        return [self._difference(part) for part in self.parts() if part.name in asked]

    @property
    def saved(self) -> str:
        return str(self.data.get(SAVED, ""))

    def _difference(self, part: Part) -> Difference:
        chosen = self.data.get(part.choice)
        return Difference(
            part,
            theirs=self._words(part, self._initial_of),
            mine=self._words(part, lambda name: self._raw(name, self.data)),
            chosen=chosen if chosen in (THEIRS, MINE) else "",
        )

    def _words(self, part: Part, value_of: Callable[[str], Any]) -> str:
        told = [
            (str(self.fields[name].label), _in_words(self.fields[name], value_of(name)))
            for name in self.saying(part.names, value_of)
        ]
        if len(part.names) == 1:
            return told[0][1] if told else ""
        return "\n".join(f"{label}: {words}" for label, words in told if words)

    # What somebody else saved.

    def written_meanwhile(self, anew: Callable[[QueryDict | None], Self], *, reader: User) -> Self:
        """The form over what is stored now, which `anew` makes, with what was typed, and the choice where both differ.

        Saving it once more is a choice too: it carries the state that it shows.
        """
        stored, data = anew(None), self._as_chosen()
        shown = dict(each.rsplit(":", 1) for each in str(data.get("shown", "")).split() if ":" in each)
        taken, between = list[Part](), list[Part]()
        for part in stored.parts():
            theirs, mine = stored._stored(part), stored._typed(part, data)
            before = shown.get(part.name)
            if theirs == mine or before == _mark(part, theirs):
                continue
            untouched = before == _mark(part, mine) or (shown and before is None)
            (taken if untouched else between).append(part)
        for part in taken:
            stored._put(part, data)
        self._tell(data, stored, between, reader)
        form = anew(data)
        form.taken = [(part.label, stored._words(part, stored._initial_of)) for part in taken]
        form.gone = self._without_place(stored)
        if not between:
            form.add_error(None, _look())
        return form

    def _tell(self, data: QueryDict, stored: Self, between: Iterable[Part], reader: User) -> None:
        seen = str(data.get("seen", ""))
        for part in [*self.parts(), *stored.parts()]:
            data.pop(part.choice, None)
        data[SAVED] = saved_since(stored.rows, seen, reader=reader)
        data["seen"], data["shown"] = stored["seen"].value(), stored["shown"].value()
        data.setlist(BETWEEN, [part.name for part in between])

    def _without_place(self, stored: Self) -> list[tuple[str, str]]:
        """What was typed into fields that are not there any more."""
        kept = {name for part in stored.parts() for name in part.names}
        lost = [part for part in self.parts() if part.name not in kept]
        told = [(part.label, self._words(part, lambda name: self._raw(name, self.data))) for part in lost]
        return [(label, words) for label, words in told if words]

    def _as_chosen(self) -> QueryDict:
        """What was typed, and in its place what somebody else stored wherever that was chosen."""
        data = cast(QueryDict, self.data).copy()
        asked = _several(data, BETWEEN)
        for part in self.parts():
            if part.name in asked and data.get(part.choice) == THEIRS:
                self._put(part, data)
        return data

    def _put(self, part: Part, data: QueryDict) -> None:
        for name in part.names:
            if name in self.fields:
                field = self.fields[name]
                put(data, field.widget, self.add_prefix(name), field.prepare_value(self._initial_of(name)))


def _ask() -> str:
    return _(
        "Somebody else has saved this meanwhile. Choose what is right where both of you have changed something, then "
        "save again."
    )


def _look() -> str:
    return _(
        "Somebody else has saved this meanwhile. Nothing of it contradicts what you typed: look at it once more, then "
        "save again."
    )


def _several(data: Any, name: str) -> list[str]:
    return data.getlist(name) if isinstance(data, QueryDict) else []


def _mark(part: Part, held: str) -> str:
    """Tells whether a value has changed, and not what it was."""
    return salted_hmac("accounts.meanwhile", f"{part.name}\n{held}").hexdigest()[:LENGTH]


def _plain(field: forms.Field, value: Any) -> str:
    """One text for one answer, whether it is stored or was typed."""
    value = _python(field, value)
    several = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    return _flat(sorted(map(str, value)) if several and value else value)


def _python(field: forms.Field, value: Any) -> Any:
    value = field.prepare_value(value)
    if isinstance(field, forms.ModelChoiceField):
        return value
    try:
        return field.to_python(value)
    except ValidationError:
        return value


def _flat(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple):
        told = [_flat(each) for each in value]
        return " ".join(told) if any(told) else ""
    return str(value).replace("\r\n", "\n").strip()


def _in_words(field: forms.Field, value: Any) -> str:
    value = _python(field, value)
    if isinstance(field, forms.ModelChoiceField) and value:
        try:
            value = field.to_python(value)
        except ValidationError:
            value = None
    return words_of(field, value) if value else ""
