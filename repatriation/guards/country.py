"""Which country a condition is about."""

from repatriation.models import Return
from repatriation.models.choices import Option, ReturnState


def country_of(way: Return) -> str:
    """That for which the panel has voted, until its decision is taken; then the return's own."""
    panel = way.facts.panel
    if way.state != ReturnState.PANEL_PENDING or panel is None:
        return way.country
    return panel.third_country if panel.outcome == Option.THIRD_COUNTRY else panel.country
