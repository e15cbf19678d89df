"""Loaded by pytest before Django's settings: joins the embedded services for the length of the run."""

import atexit
import contextlib
import os

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_stack = contextlib.ExitStack()
_stack.enter_context(embedded.joined())
atexit.register(_stack.close)
