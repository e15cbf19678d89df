"""Python loads this by itself into every process of the installation: what is thrown away is kept for the search.

A temporary file is gone before anybody can look into it. So each file that is removed or replaced gets a second name
first, and each path that is opened for writing is noted.
"""

import itertools
import os
import sys
from contextlib import suppress
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR
_folder = os.environ["CANARY_KEPT"]
_notes = os.open(os.path.join(_folder, f"written-{os.getpid()}"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)  # noqa: PTH118
_numbers = itertools.count()


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        # A number is a file that is open already. One that never has a name (O_TMPFILE) is noted under its folder.
        if not isinstance(arguments[0], int):
            os.write(_notes, f"{arguments[0]}\n".encode("utf-8", "surrogateescape"))
    elif event == "os.remove" or event == "os.rename":
        with suppress(OSError):
            os.link(arguments[0], os.path.join(_folder, f"{os.getpid()}-{next(_numbers)}"))  # noqa: PTH118


sys.addaudithook(_watch)
