"""Whole files, driven by everybody at once while the clock moves; the rules of `workflows.md` hold after each step.

A Hypothesis state machine over the real services and the real PostgreSQL. One run is one agency with a handful of
files; whatever happens in it never happened once the run is over. `make trials` drives it for long
and writes down how that went; `make test` drives it for a short while.
"""

from tests.trials.lifecycle import Lifecycle
from tests.trials.passing_time import PassingTime
from tests.trials.seeing import Seeing
from tests.trials.what_holds import WhatHolds
from tests.trials.writing import Writing


class WholeFiles(Lifecycle, Writing, Seeing, PassingTime, WhatHolds):
    """All rules at once; `cast` and `clock_at` are set by whoever runs it."""
