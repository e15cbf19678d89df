"""Two people write over the same row: the second sees what the first one stored, and chooses."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format

if TYPE_CHECKING:
    from accounts.models import User

NOT_STORED = "new"


class Meanwhile(Exception):
    """Somebody else has written since the page was shown: the second of two sees both values and chooses."""


def last_saved(row: Any) -> str:
    """Names the state of a row that a page shows: its latest history row."""
    latest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(latest) if latest else NOT_STORED


def require_unchanged(row: Any, seen: str, *columns: str) -> None:
    """`seen` is what `last_saved` said when the page was shown; empty where there was no page. Raises Meanwhile.

    Where a page shows a few columns of a row on which much else is written, `columns` names those that must be the
    same still; `row` then is as it is stored.
    """
    if not seen or seen == last_saved(row):
        return
    number = _number(seen)
    shown = row.history.filter(history_id=number).first() if columns and number else None
    if shown is None or any(getattr(shown, name) != getattr(row, name) for name in columns):
        raise Meanwhile


def saved_since(rows: Iterable[Any], seen: str, *, reader: "User") -> str:
    """Who saved after the state that a page showed, and when: colleagues by name, others by their agency."""
    before = dict(enumerate(seen.split()))
    saved = [each for place, row in enumerate(rows) for each in _states_after(row, before.get(place, ""))]
    who = dict.fromkeys(_named(each.history_user, reader) for each in saved if each.history_user)
    if not saved:
        return ""
    at = timezone.localtime(max(each.history_date for each in saved))
    return " · ".join([*who, date_format(at, "j E Y, H:i")])


def _states_after(row: Any, seen: str) -> list[Any]:
    later = row.history.select_related("history_user__agency").order_by("history_id")
    number = _number(seen)
    return list(later.filter(history_id__gt=number) if number else later)


def _number(seen: str) -> int | None:
    """What comes from a page may be anything; and no row has a number of more digits."""
    return int(seen) if seen.isdecimal() and len(seen) <= 18 else None


def _named(writer: "User", reader: "User") -> str:
    return writer.name if writer.agency_id == reader.agency_id else writer.agency.name
