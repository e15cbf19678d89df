"""Every row of a case as plain text, of every room, as it is and as it was before: what the file in its own order
leaves out.

No kind of row is picked by hand, so none that is new can be forgotten; labels are the names of the fields. As text,
because paper has no form for some characters.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BinaryField, ForeignKey, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.alphabets import listed
from accounts.models import Agency, AuditEvent, Notification, User
from cases.casefile.rows import history_of
from cases.casefile.words import day, moment, yes_no
from cases.models import Case, CaseFigures, CaseUserObjectPermission, SearchTokens
from cases.models.documents import SealedFile
from vault.errors import SealBroken
from vault.fields import SealedField

NOT_TOLD: Mapping[type[Model], str] = {
    SearchTokens: "made from the names, for the search",
    CaseFigures: "made from the file, for statistics, which stay",
    CaseUserObjectPermission: "the same as the grounds of access, for a library",
    Notification: "that somebody was told of something; it holds no words",
}
# By what a person or another file is known; any other row by its id, which stands over that row.
NAMED_BY: Mapping[type[Model], str] = {User: "name", Agency: "name", Case: "code"}
# What a file that was reported as showing abuse has no more.
NAMES_OF_FILES = frozenset({"filename", "title", "digest"})
TECHNICAL = frozenset({"written_in"})
INDENT = "    "


def pages_of(case: Case) -> Iterator[tuple[str, str]]:
    """One page for each room that has rows of the case: the room's name, and the text."""
    teller = _Teller(case)
    for room, of_room in groupby(kinds().items(), key=lambda kind: kind[0]._meta.app_label):
        told = [line for model, way in of_room for line in teller.told(model, way)]
        if told:
            yield room, "\n".join([*_head(case, room), *told, ""])


def kinds() -> dict[type[Model], str]:
    """Each kind of row that belongs to a case, and the way from it to the case's id."""
    models = [
        model for model in apps.get_models() if not hasattr(model, "instance_type") and model not in NOT_TOLD
    ]
    direct = {model: way for model in models if (way := _to_case(model))}
    ways = {model: direct.get(model) or _through_another(model, direct) for model in models}
    return {model: way for model, way in ways.items() if way}


def _to_case(model: type[Model]) -> str:
    if model is Case:
        return "pk"
    return "case_id" if {"case", "case_id"} & {field.name for field in model._meta.concrete_fields} else ""


def _through_another(model: type[Model], direct: Mapping[type[Model], str]) -> str:
    """A signature names its handover alone, an event its referral."""
    for field in model._meta.concrete_fields:
        other = field.related_model
        if other and other is not Case and other in direct:
            return f"{field.name}__{direct[other]}"
    return ""


def rows_of(model: type[Model], way: str, case_id: UUID) -> Iterable[Model]:
    rows = model._base_manager.filter(**{way: case_id}).order_by(*model._meta.ordering or (), "pk")
    # The audit itself stays; what people gave as a reason is sealed with the case's key, and goes with it.
    return rows.filter(reason__isnull=False) if model is AuditEvent else rows


def _head(case: Case, room: str) -> list[str]:
    return [
        _("Case %(code)s: every row of “%(room)s”, as it is and as it was before")
        % {"code": case.code, "room": room},
        left_out(),
        "",
    ]


def left_out() -> str:
    """Said wherever somebody might believe that the export has it."""
    return _(
        "Not in it: files that were removed, or reported as showing abuse, and the names of the latter; the codes of "
        "other agencies’ files; how members of a panel voted before its chair closed the vote; values that are "
        "damaged; who did and who read what, which stays in the audit; what is "
        "only made from the file (words for the search, figures for statistics); notifications, which hold no words."
    )


class _Teller:
    """Puts rows of one case into lines, and remembers the names behind ids."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._names: dict[tuple[type[Model], Any], str] = {}

    def told(self, model: type[Model], way: str) -> Iterator[str]:
        fields = _fields(model)
        for row in rows_of(model, way, self._case.pk):
            hidden = _hidden(row)
            shown = [field for field in fields if field.name not in hidden]
            yield f"{capfirst(str(model._meta.verbose_name))} {row.pk}"
            yield from _lines({**self._facts(row, shown), **self._many(row)}, empty=False)
            yield from self._as_it_was(row, shown)
            yield ""

    def _facts(self, row: Model, fields: Iterable[Any]) -> dict[str, str]:
        return {str(field.verbose_name): self._value(row, field) for field in fields}

    def _value(self, row: Model, field: Any) -> str:
        if isinstance(field, SealedField):
            try:
                return in_words(getattr(row, field.name))
            except SealBroken:
                return _("Damaged: it does not open.")
        value = getattr(row, field.attname)
        if isinstance(field, ForeignKey):
            return self._name(field.related_model, value)
        chosen = getattr(field, "base_field", field).flatchoices
        return in_words(_chosen(value, dict(chosen)))

    def _many(self, row: Model) -> dict[str, str]:
        return {
            str(field.verbose_name): listed(
                self._name(field.related_model, other.pk) for other in getattr(row, field.name).all()
            )
            for field in row._meta.many_to_many
        }

    def _name(self, model: Any, pk: Any) -> str:
        if pk is None or model not in NAMED_BY:
            return in_words(pk)
        if (model, pk) not in self._names:
            found = model._base_manager.get(pk=pk)
            self._names[model, pk] = self._code(found) if model is Case else getattr(found, NAMED_BY[model])
        return self._names[model, pk]

    def _code(self, other: Case) -> str:
        """Whoever knows the code of a file can open it in an emergency; the pages do not tell another agency's."""
        return other.code if other.agency_id == self._case.agency_id else _("a file of another agency")

    def _as_it_was(self, row: Model, fields: Iterable[Any]) -> Iterator[str]:
        """Each saved state after the first with what it changed; of a row that was saved once, nothing."""
        if not hasattr(row, "history"):
            return
        history = history_of(type(row))
        # What a row tells only as it stands: a model says so where its past is nobody's to read.
        left_out = {*history._history_excluded_fields, *getattr(row, "told_as_it_stands", ())}
        kept = [field for field in fields if field.name not in left_out]
        states = list(history.objects.filter(**{row._meta.pk.attname: row.pk}).order_by("history_id"))
        before: dict[str, str] = {}
        for state in states if len(states) > 1 else ():
            facts = self._facts(state, kept)
            yield INDENT + self._saved(state)
            changed = {label: value for label, value in facts.items() if value != before.get(label, "")}
            yield from _lines(changed, empty=True, indent=2 * INDENT)
            before = facts

    def _saved(self, state: Any) -> str:
        who = self._name(User, state.history_user_id) or _("by itself")
        return _("Saved %(when)s, %(who)s:") % {"when": moment(state.history_date), "who": who}


def _hidden(row: Model) -> frozenset[str]:
    """Of files that were reported the names; of others what the row itself says that nobody may read."""
    if isinstance(row, SealedFile) and row.is_reported:
        return NAMES_OF_FILES
    secret: frozenset[str] = getattr(row, "told_to_nobody", frozenset())
    return secret


def _fields(model: type[Model]) -> list[Any]:
    """What people wrote or chose. The case stands over the page, the id over the row; bytes say nothing."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or isinstance(field, BinaryField))
        and field.name not in {"case", "case_id", *TECHNICAL}
    ]


def _chosen(value: Any, labels: Mapping[Any, Any]) -> Any:
    if isinstance(value, list):
        return [_chosen(each, labels) for each in value]
    return str(labels.get(value, value)) if isinstance(value, str) else value


def _lines(facts: Mapping[str, str], *, empty: bool, indent: str = INDENT) -> Iterator[str]:
    for label, value in facts.items():
        if value or empty:
            yield f"{indent}{capfirst(label)}: {value or '–'}".replace("\n", f"\n{indent}{INDENT}")


def in_words(value: Any) -> str:
    """Whatever lies in a field, with the names under which it lies there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {in_words(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        apart = "\n" if any(isinstance(each, Mapping | list | tuple) for each in value) else ", "
        return apart.join(map(in_words, value))
    return str(value)
