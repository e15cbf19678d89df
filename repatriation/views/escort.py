"""The journey pack: what an escort needs on the way, on a phone, and nothing else of the case."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import Section
from accounts.audit import record_read
from accounts.telephones import dialled
from cases.models import Case
from cases.models.choices import NameKind, Script
from cases.models.papers import PaperKind
from cases.models.registers import HealthRecordKind
from cases.views.loading import reader
from repatriation.models import Journey, Return
from repatriation.views.journey import contacts_of, legs_of
from repatriation.views.loading import OpenedReturn, found_return
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs
from repatriation.views.returns import steps_of
from vault import keys

# What the pack is made of, by the sections of the file from which it is taken.
PACK = (Section.IDENTITY, Section.MEDICAL, Section.RETURN_JOURNEY)
_NAMES = (NameKind.USED, NameKind.LEGAL)


@require_safe
def escort(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Of the escort of the journey that stands, and of those who plan it: they see what it sees."""
    opened = found_return(request, return_id)
    way = opened.way
    journey = way.facts.journey
    if journey is None or not (opened.is_escort or opened.works_here):
        raise Http404
    why = [row.basis for row in opened.grounds]
    record_read(reader(request), way, case_id=way.case_id, sections=PACK, basis=why, verb="return.pack_read")
    keys.prefetch([way.case_id])
    context = {
        "way": way,
        "tabs": part_tabs(opened, "escort"),
        "previewed": not opened.is_escort,
        "steps": _steps(opened),
        "papers": papers_of(opened, PaperKind.PACK, PaperKind.MANDATE),
        "contacts": contacts_of(journey) + on_duty(way),
    }
    context |= pack_of(way, journey)
    return render(request, "repatriation/escort.html", context)


def _steps(opened: OpenedReturn) -> list[Any]:
    return [step for step in steps_of(opened) if step[2]] if opened.is_escort else []


def on_duty(way: Return) -> list[dict[str, str]]:
    """At any hour: the agency that knows the child."""
    agency = way.case.agency
    if not agency.duty_phone:
        return []
    phone = agency.duty_phone
    return [{"side": _("At night too"), "name": agency.name, "phone": phone, "dial": dialled(phone)}]


def pack_of(way: Return, journey: Journey) -> dict[str, Any]:
    case = way.case
    medication = case.health_records.filter(kind=HealthRecordKind.MEDICATION).first()
    document = way.facts.document
    return {
        "facts": [
            (_("First name"), first_name(case)),
            (_("Speaks"), case.child.languages),
            (_("Medication"), medication.words if medication else None),
            (_("Travel document"), document.get_kind_display() if document else None),
        ],
        "legs": legs_of(journey),
        "carried": journey.to_carry or [],
        "assistance": journey.assistance or "",
        "fallback": journey.fallback or "",
    }


def first_name(case: Case) -> str:
    """The name that the child uses, else that of its documents; of a name that is known as a whole, its beginning."""
    names = [name for name in case.child.names.filter(removed_at__isnull=True) if name.given]
    for kind in _NAMES:
        given = [name for name in names if name.kind == kind]
        given.sort(key=lambda name: name.script != Script.LATIN)
        if given:
            return given[0].given or ""
    return (case.child.known_as or "").partition(" ")[0]
