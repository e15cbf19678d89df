"""Loaded by pytest before Django's settings: joins the embedded services for the length of the run."""

import atexit
import contextlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_stack = contextlib.ExitStack()
_stack.enter_context(embedded.joined())
# Servers that a test starts find the same files; those of a demo beside them are another folder's.
os.environ["FILES_ROOT"] = _stack.enter_context(TemporaryDirectory(prefix="homeward-files-"))
_roots = _stack.enter_context(TemporaryDirectory(prefix="homeward-roots-"))
os.environ["SIGNATURE_ROOTS"] = str(Path(_roots, "roots.pem"))
Path(os.environ["SIGNATURE_ROOTS"]).touch()
atexit.register(_stack.close)
