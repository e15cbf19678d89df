"""Where a reader is among the pages of a case or a return."""

from collections.abc import Iterable

from django import template

register = template.Library()


@register.filter
def current_words(items: Iterable[tuple[str, str, bool, int | None]]) -> str:
    """Of the page that is open; empty where none of these is."""
    return next((words for _url, words, current, _count in items if current), "")
