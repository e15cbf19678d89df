"""Poppler, as whom it is that most people read a PDF: this machine's own, else Debian's. `python -m tests.poppler`."""

import shutil
import subprocess
import sys

from tests.debian import install

NONE = (
    "The tests of papers need poppler, and it could not be installed. Install it, for example with "
    "`apt-get install poppler-utils`, and run `make test` again."
)


def text_of(content: bytes) -> str:
    """All pages, as poppler reads them; it may not complain of anything."""
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True, timeout=30)
    assert not done.stderr, done.stderr
    return done.stdout.decode()


if __name__ == "__main__":
    if shutil.which("pdftotext") is None:
        install("poppler-utils")
    if shutil.which("pdftotext") is None:
        sys.exit(NONE)
