"""Montag, 2. März 2026."""

from config.formats import written

__getattr__ = written({"j": "j.", "l ": "l, ", "D ": "D., ", "M": "N"})
