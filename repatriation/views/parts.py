"""The pages of a return: which of them exist for this reader, and where the reader is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.views.tabs import Tabs
from repatriation.views.loading import OpenedReturn

Shown = Callable[[OpenedReturn], bool]
Entry = tuple[str, str, bool, None]


@dataclass(frozen=True)
class Part:
    name: str
    label: StrPromise
    shown: Shown


PARTS: tuple[Part, ...] = (
    Part("return", _("Overview"), lambda opened: True),
    Part("handover", _("Handover"), lambda opened: opened.sees_handover),
    Part("monitoring", _("Visits afterwards"), lambda opened: opened.sees_visits),
)


def part_tabs(opened: OpenedReturn, current: str) -> Tabs:
    """Like the pages of a case; one row of them."""
    shown = [part for part in PARTS if part.shown(opened)]
    entries: list[Entry] = [
        (reverse(part.name, args=[opened.way.pk]), str(part.label), part.name == current, None)
        for part in shown
    ]
    return Tabs(entries, [])
