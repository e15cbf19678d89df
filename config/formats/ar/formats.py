"""الاثنين، 2 مارس 2026، with the comma of the script."""

from config.formats import written

__getattr__ = written({"l ": "l، ", "D ": "D، ", ",": "،"})
