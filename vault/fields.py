"""Sealed fields: ciphertext in the row, plain values in hand.

Shaped like a foreign key: `x_sealed` is what the row stores, `x` seals when it is set and opens when it is read.
django-simple-history copies the stored bytes, and the seal is bound to the tracked model, the field and the row's
id, so a history row opens like the row itself. What was opened is not kept on the instance: an instance that is
pickled or logged holds ciphertext only.
"""

import json
from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models

from vault.sealing import seal, unseal

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class SealedDescriptor:
    """The plain side of a sealed field."""

    def __init__(self, field: "SealedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        sealed = getattr(instance, self.field.attname)
        return None if sealed is None else self.field.open(instance, bytes(sealed))

    def __set__(self, instance: models.Model, value: Any) -> None:
        """An equal value keeps its bytes, so that saving an untouched form changes nothing in history."""
        stored = instance.__dict__.get(self.field.attname)
        if value is None:
            sealed = None
        elif stored is not None and self.field.open(instance, bytes(stored)) == value:
            sealed = stored
        else:
            sealed = self.field.close(instance, value)
        setattr(instance, self.field.attname, sealed)


class SealedField(_Field):
    """Common to all kinds. `scope` names the instance's attribute that holds the data key's scope (`case_id`)."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, scope: str, **options: Any) -> None:
        self.scope = scope
        super().__init__(*args, **options)

    @abstractmethod
    def to_bytes(self, value: Any) -> bytes: ...

    @abstractmethod
    def from_bytes(self, plain: bytes) -> Any: ...

    def close(self, instance: models.Model, value: Any) -> bytes:
        return seal(self._scope_of(instance), self._context_of(instance), self.to_bytes(value))

    def open(self, instance: models.Model, sealed: bytes) -> Any:
        return self.from_bytes(unseal(self._scope_of(instance), self._context_of(instance), sealed))

    def _scope_of(self, instance: models.Model) -> UUID:
        scope = getattr(instance, self.scope)
        if scope is None:
            raise ValueError(f"{instance._meta.label}.{self.name} needs {self.scope} before it can be sealed.")
        return scope if isinstance(scope, UUID) else UUID(str(scope))

    def _context_of(self, instance: models.Model) -> str:
        tracked = getattr(type(instance), "instance_type", type(instance))
        row = getattr(instance, tracked._meta.pk.attname)
        if row is None:
            raise ValueError(f"{instance._meta.label}.{self.name} needs the row's id before it can be sealed.")
        return f"{tracked._meta.label_lower}.{self.name}:{row}"

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
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(value)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.model._meta.label}.{self.name} is sealed; it is not serialised in clear.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.model._meta.label}.{self.name} is sealed; it cannot be searched or sorted.")
        return super().get_lookup(lookup_name)

    def formfield(self, *args: Any, **options: Any) -> None:  # type: ignore[override]
        """Sealed fields are written by services, never by a model form."""
        return None

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        return [*super().check(**options), *self._check_scope()]

    def _check_scope(self) -> list[checks.CheckMessage]:
        if hasattr(self.model, self.scope):
            return []
        return [checks.Error(f"scope={self.scope!r} is no attribute of the model.", obj=self, id="vault.E001")]


class SealedText(SealedField):
    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def to_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text.")
        return value.encode()

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode()


class SealedDate(SealedField):
    _pyi_private_set_type: date
    _pyi_private_get_type: date

    def to_bytes(self, value: Any) -> bytes:
        if type(value) is not date:
            raise TypeError(f"{self.name} takes a date.")
        return value.isoformat().encode()

    def from_bytes(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode())


class SealedJSON(SealedField):
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)
