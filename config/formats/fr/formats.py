"""lundi 2 mars 2026; E would have a capital."""

from config.formats import written

__getattr__ = written({"E": "F", "M": "b"})
