"""Two people write over the same row: the second sees what the first one stored, and chooses."""

from typing import Any

NOT_STORED = "new"


class Meanwhile(Exception):
    """Somebody else has written since the page was shown: the second of two sees both values and chooses."""


def last_saved(row: Any) -> str:
    """Names the state of a row that a page shows: its latest history row."""
    latest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(latest) if latest else NOT_STORED


def require_unchanged(row: Any, seen: str) -> None:
    """`seen` is what `last_saved` said when the page was shown; empty where there was no page. Raises Meanwhile."""
    if seen and seen != last_saved(row):
        raise Meanwhile
