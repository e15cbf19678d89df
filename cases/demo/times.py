"""When a story happened: the clock of this process is set back while it is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import NamedTemporaryFile

import clock


@contextmanager
def clock_set_back(by: timedelta) -> Iterator[None]:
    """Only for this process, and only while a story is told."""
    before = os.environ.get(clock.OFFSET_FILE_VARIABLE)
    with NamedTemporaryFile("w") as offset:
        # From where the clock stands now: a test may have moved it already.
        offset.write(str((clock.now() - by - datetime.now(UTC)).total_seconds()))
        offset.flush()
        os.environ[clock.OFFSET_FILE_VARIABLE] = offset.name
        try:
            yield
        finally:
            os.environ.pop(clock.OFFSET_FILE_VARIABLE)
            if before is not None:
                os.environ[clock.OFFSET_FILE_VARIABLE] = before
