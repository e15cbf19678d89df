"""What an imported file said, as the case page shows it."""

from collections.abc import Container, Mapping
from typing import Any

from accounts.access import Section
from cases.importing import htcds
from cases.models import Case


def imported_rows(case: Case, visible: Container[Section]) -> list[Mapping[str, Any]]:
    """One block for each section that the file filled and the reader may see."""
    if case.imported_at is None:
        return []
    labels = {column.name: column.label for column in htcds.COLUMNS}
    return [
        {
            "label": Section(kept.section).label,
            "facts": [(labels.get(name, name), _words(value)) for name, value in kept.values.items()],
        }
        for kept in case.imported_values.order_by("section")
        if Section(kept.section) in visible
    ]


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
