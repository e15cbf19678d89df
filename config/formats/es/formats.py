"""lunes 2 de marzo de 2026."""

from config.formats import written

__getattr__ = written({"E": "F", "j F": r"j \d\e F", "F Y": r"F \d\e Y", "M": "b"})
