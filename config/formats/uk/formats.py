"""понеділок, 2 березня 2026."""

from config.formats import written

__getattr__ = written({"l ": "l, ", "D ": "D, ", "M": "b"})
