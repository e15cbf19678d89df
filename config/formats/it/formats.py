"""lunedì 2 marzo 2026."""

from config.formats import written

__getattr__ = written({"E": "F", "M": "b"})
