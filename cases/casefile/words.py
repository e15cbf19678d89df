"""Values put into words, for the page and the PDF alike."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.alphabets import listed
from accounts.countries import country_name
from cases.casefile.shape import Fact, Look, Part, Told
from cases.importing.htcds import COLUMNS

_STANDARD = {code: label for column in COLUMNS for code, label in column.values.items()}


def day(value: date | None) -> str:
    return date_format(value, "j E Y") if value else ""


def moment(value: datetime | None) -> str:
    return date_format(localtime(value), "j E Y, H:i") if value else ""


def yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def countries(codes: Iterable[str] | None) -> str:
    return listed(map(country_name, codes or ()))


def coded(kind: type[TextChoices], values: Iterable[str]) -> str:
    """Codes of the Human Trafficking Case Data Standard in the words of the form; an import may have brought others."""
    labels = dict(kind.choices)
    return listed(str(labels.get(value) or _(_STANDARD.get(value, value))) for value in values)


def said(value: Any) -> str:
    """What lies in a sealed structure, whatever its form."""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, Mapping):
        return "\n".join(filter(None, map(said, value.values())))
    if isinstance(value, list | tuple):
        return listed(filter(None, map(said, value)))
    return "" if value is None else str(value)


def account(look: Look, pk: UUID | None) -> str:
    return look.accounts.get(pk, "") if pk else ""


def agency(look: Look, pk: UUID | None) -> str:
    return look.agencies.get(pk, "") if pk else ""


def told(facts: Told) -> tuple[Fact, ...]:
    """Only what is known: an empty line in a whole file says nothing."""
    return tuple(Fact(str(label), str(value)) for label, value in facts if value not in (None, ""))


def stamped(part: Part, row: Any, look: Look) -> tuple[Fact, ...]:
    """Who wrote the row and when."""
    if part.stamp is None:
        return ()
    by, at = part.stamp
    words = [account(look, getattr(row, f"{by}_id")) if by else "", moment(getattr(row, at)) if at else ""]
    return told([(_("Recorded"), listed(filter(None, words)))])
