"""понедельник, 2 марта 2026."""

from config.formats import written

__getattr__ = written({"l ": "l, ", "D ": "D, ", "M": "b"})
