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


def has_part(opened: OpenedReturn) -> bool:
    """Each side reads what is missing for the departure, and whose it is."""
    abroad = opened.is_partner or opened.is_receiver or opened.is_consular or opened.is_escort
    return opened.reads_journey or abroad


def travels(opened: OpenedReturn) -> bool:
    """Who reads when the child leaves and arrives: whoever reads the journey, and those at both of its ends."""
    return opened.reads_journey or opened.is_receiver or opened.is_consular


def _takes_along(opened: OpenedReturn) -> bool:
    return opened.way.facts.journey is not None and (opened.is_escort or opened.works_here)


def _decides(opened: OpenedReturn) -> bool:
    return opened.reads_decision


# In the order in which a child comes by them.
PARTS: tuple[Part, ...] = (
    Part("return", _("Overview"), lambda opened: True),
    Part("return_wish", _("The child’s wish"), _decides),
    Part("return_family", _("The family"), _decides),
    Part("return_partners", _("The partners abroad"), _decides),
    Part("return_care", _("Who would care"), _decides),
    Part("return_study", _("Home study"), lambda opened: opened.reads_decision or opened.is_partner),
    Part("return_input", _("Safety there"), lambda opened: opened.is_partner),
    Part("return_plan", _("The time afterwards"), lambda opened: opened.is_partner or opened.is_receiver),
    Part("return_assessment", _("Risk and security assessment"), _decides),
    Part("panel", _("Panel"), _decides),
    Part("return_request", _("Request to the consulate"), lambda opened: opened.reads_journey),
    Part("consular", _("Consulate"), lambda opened: opened.is_consular),
    Part(
        "return_documents",
        _("Travel documents"),
        lambda opened: opened.reads_journey or opened.is_consular,
    ),
    Part("return_journey", _("Journey"), travels),
    Part("return_ready", _("Ready to depart"), has_part),
    Part("escort", _("For the escort"), _takes_along),
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
