"""Heads of columns by which a list can be sorted (`accounts/lists.py`)."""

from typing import Any

from django.template import Library

from accounts.lists import Asked

register = Library()


@register.inclusion_tag("components/sort_head.html")
def sort_head(tools: Any, name: str, label: str) -> dict[str, Any]:
    """A plain head where the page has no tools, or where this reader cannot sort by the column."""
    return {"head": tools.head(name) if isinstance(tools, Asked) else None, "label": label}
