"""Sealed fields: ciphertext in the row, plain values in hand.

Shaped like a foreign key: `x_sealed` is what the row stores, `x` seals when it is set and opens when it is read.
django-simple-history copies the stored bytes, and the seal is bound to the tracked model, the field and the row's
id, so a history row opens like the row itself. What was opened is not kept on the instance: an instance that is
pickled or logged holds ciphertext only. Renaming a model or a sealed field unbinds its values: it needs a
migration that seals them anew.
"""

import json
from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Never, TypeVar
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models

from vault.errors import SealBroken
from vault.sealing import seal, unseal

# What may be set and what reading gives; the plugin of django-stubs fills both in, with None where null=True.
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    _Field = models.Field
else:

    class _Field(models.Field):
        """Takes the types in brackets, which Django's own class does not at run time."""

        def __class_getitem__(cls, types: object) -> type:
            return cls


class SealedDescriptor:
    """The plain side of a sealed field."""

    def __init__(self, field: "SealedField[Any, Any]") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        sealed = getattr(instance, self.field.attname)
        return None if sealed is None else self.field.open(instance, bytes(sealed))

    def __set__(self, instance: models.Model, value: Any) -> None:
        # A deferred value is not fetched only to be replaced.
        stored = instance.__dict__.get(self.field.attname)
        setattr(instance, self.field.attname, self.field.resealed(instance, value, stored))


class SealedField(_Field[_ST, _GT]):
    """Common to all kinds. `scope` names the instance's attribute that holds the data key's scope (`case_id`).

    There is no default, index or uniqueness: the first would be a value in clear, the others would see only
    ciphertext, which differs each time.
    """

    empty_strings_allowed = False
    # A change of the scope's name alone changes no column.
    non_db_attrs = (*models.Field.non_db_attrs, "scope")

    def __init__(
        self,
        verbose_name: "_StrOrPromise | None" = None,
        *,
        scope: str,
        null: bool = False,
        blank: bool = False,
        help_text: "_StrOrPromise" = "",
        db_column: str | None = None,
    ) -> None:
        self.scope = scope
        super().__init__(verbose_name, null=null, blank=blank, help_text=help_text, db_column=db_column)

    @abstractmethod
    def to_bytes(self, value: Any) -> bytes:
        """Raises TypeError or ValueError for what this kind does not take, without showing it."""

    @abstractmethod
    def from_bytes(self, plain: bytes) -> Any:
        """Raises ValueError for what this kind did not make."""

    def resealed(self, instance: models.Model, value: Any, stored: bytes | None) -> bytes | None:
        """An equal value keeps its bytes, so that saving an untouched form changes nothing in history."""
        if value is None:
            return None
        plain, scope, context = self.to_bytes(value), self._scope_of(instance), self._context_of(instance)
        if stored is not None:
            try:
                if unseal(scope, context, bytes(stored)) == plain:
                    return stored
            except SealBroken:
                pass  # A damaged value can be put right; history keeps the damaged bytes.
        return seal(scope, context, plain)

    def open(self, instance: models.Model, sealed: bytes) -> Any:
        """Raises KeyMissing for an erased case, SealBroken for bytes that were not sealed for this place."""
        plain = unseal(self._scope_of(instance), self._context_of(instance), sealed)
        try:
            return self.from_bytes(plain)
        except ValueError:
            pass  # Such errors hold what was read, so the sentence below must not carry them along.
        raise SealBroken(f"What {self._label} holds is of another kind.")

    @property
    def _label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def _scope_of(self, instance: models.Model) -> UUID:
        name = _tracked(instance)._meta.pk.attname if self.scope == "pk" else self.scope
        scope = getattr(instance, name)
        if scope is None:
            raise ValueError(f"{self._label} is sealed with the key that {name} names; set {name} first.")
        return scope if isinstance(scope, UUID) else UUID(str(scope))

    def _context_of(self, instance: models.Model) -> str:
        meta = _tracked(instance)._meta
        # Through to_python, because an id may have come as text and will be read back as a UUID.
        row = meta.pk.to_python(getattr(instance, meta.pk.attname))
        if row is None:
            raise ValueError(f"{self._label} is sealed for one row, and this row has no id yet.")
        return f"{meta.label_lower}.{self.name}:{row}"

    # What Django asks of a field.

    def get_attname(self) -> str:
        return f"{self.name}_sealed"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.name, SealedDescriptor(self))

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"scope": self.scope}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Ciphertext only: `.update(x=...)` knows no row to seal for, and must not write in clear."""
        if value is None:
            return None
        if not isinstance(value, bytes | memoryview):
            raise FieldError(f"{self._label} is sealed row by row: set it on the instance and save that.")
        return connection.Database.Binary(value)

    def value_to_string(self, obj: models.Model) -> Never:
        raise FieldError(f"{self._label} is sealed; it is not serialised in clear.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self._label} is sealed; only isnull can be asked of it.")
        return super().get_lookup(lookup_name)

    def formfield(self, *args: Any, **options: Any) -> None:
        """Sealed fields are written by services, never by a model form."""
        return None

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        return [*super().check(**options), *self._check_scope()]

    def _check_scope(self) -> list[checks.CheckMessage]:
        if hasattr(self.model, self.scope):
            return []
        return [
            checks.Error(f"scope={self.scope!r} is no attribute of the model.", obj=self, id="vault.E001")
        ]


def _tracked(instance: models.Model) -> type[models.Model]:
    """The model whose row this is or was: simple_history's rows name it in `instance_type`."""
    tracked: type[models.Model] = getattr(type(instance), "instance_type", type(instance))
    return tracked._meta.concrete_model or tracked


class SealedText(SealedField[_ST, _GT]):
    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self._label} takes text, not {type(value).__name__}.")
        return _encoded(value, self._label)

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode()


class SealedDate(SealedField[_ST, _GT]):
    _pyi_private_set_type: date
    _pyi_private_get_type: date

    def to_bytes(self, value: Any) -> bytes:
        # A datetime is a date to Python, and whose day it would be is not known here.
        if type(value) is not date:
            raise TypeError(f"{self._label} takes a date, not {type(value).__name__}.")
        return value.isoformat().encode()

    def from_bytes(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode())


class SealedJSON(SealedField[_ST, _GT]):
    """Reading gives a fresh copy each time: to change a part, set the whole."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return _encoded(json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False), self._label)

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)


def _encoded(text: str, label: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        pass  # The error holds the text itself, so the sentence below must not carry it along.
    raise ValueError(f"{label} holds a character that is not one: half of a surrogate pair.")
