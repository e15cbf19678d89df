"""When something was or will be, on pages that people of two countries read."""

from datetime import datetime

from django.template import Library
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import Agency
from accounts.presenting import in_both_zones

register = Library()
WRITTEN = "j E Y, H:i"


@register.filter
def and_at(at: datetime | None, agency: Agency | None) -> str:
    """The reader's own time; beside it the hour at `agency`, which did it or waits for it, if it has another one.

    Nobody did what a clock did: then the reader's own time is all there is to say.
    """
    if at is None or agency is None:
        return date_format(localtime(at), WRITTEN) if at else ""
    return in_both_zones(at, agency, WRITTEN)
