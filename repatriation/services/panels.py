"""What a decision does to the panel that made it; parts of steps."""

import clock
from repatriation.models import Return
from repatriation.services import access


def dissolve_unfinished(way: Return) -> None:
    """Whoever sat reads the dossier no more; a panel that has not signed its minute has decided nothing."""
    for panel in way.panels.all():
        access.close_for_panel(panel)
        if panel.is_open:
            panel.dissolved_at = clock.now()
            panel.save(update_fields=["dissolved_at"])
