"""What time it is. Every room asks here, so that one hand can move the clock for all of them."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

# A file with a number of seconds, shared by every process of a test or a drill: server, worker, test.
# Settings refuse to start with it anywhere else, because who moves the clock moves every deadline.
OFFSET_FILE_VARIABLE = "CLOCK_OFFSET_FILE"


def now() -> datetime:
    """The present moment in UTC, with the offset that a test has set."""
    return datetime.now(UTC) + _offset()


def today(zone: str) -> date:
    """The date where an agency works: a day is the agency's own day, not UTC's."""
    return now().astimezone(ZoneInfo(zone)).date()


def _offset() -> timedelta:
    path = os.environ.get(OFFSET_FILE_VARIABLE)
    if not path:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(path).read_text() or 0))
    except FileNotFoundError:
        return timedelta()
