"""The rules on which something rests, for `components/help.html`."""

from collections.abc import Iterable

from django.template import Library

from cases.wording.rules import Rule, in_words

register = Library()


@register.filter
def rules(sources: Iterable[str] | str) -> list[Rule]:
    """Short names as a guard has them, or as a template writes them: `"CRC 12; IACM"`."""
    names = sources.split(";") if isinstance(sources, str) else sources
    return list(in_words(filter(None, map(str.strip, names))))
