"""What every write of a file asks of it: that it is open, and that nobody else has written meanwhile."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from cases.models import Case
from cases.models.choices import OPEN_STATES

NOT_STORED = "new"


class Meanwhile(Exception):
    """Somebody else has written since the page was shown: the second of two sees both values and chooses."""


def require_open(case: Case) -> None:
    """What is written about a child belongs to an open file. Raises Invalid, beside no field in particular."""
    if case.state not in OPEN_STATES:
        raise Invalid("", _("The case is not open. Reopen it first."))


def last_saved(row: Any) -> str:
    """Names the state of a row that a page shows: its latest history row."""
    latest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(latest) if latest else NOT_STORED


def require_unchanged(row: Any, seen: str) -> None:
    """`seen` is what `last_saved` said when the page was shown; empty where there was no page. Raises Meanwhile."""
    if seen and seen != last_saved(row):
        raise Meanwhile
