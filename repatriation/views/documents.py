"""Travel documents and permits: current and former ones, and whether they hold for the whole journey."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.base import FileForm
from cases.views.loading import reader
from repatriation.forms.consulate import DocumentForm, GrantForm, PermitForm, permit_name
from repatriation.models import TravelDocument, TravelPermit
from repatriation.models.choices import BEFORE_DEPARTURE, PermitKind, TravelDocumentKind
from repatriation.permissions import can_keep_papers
from repatriation.services.papers import (
    HAS_DOCUMENT,
    NEEDS_PERMITS,
    Paper,
    add_permit,
    grant_permit,
    remove_permit,
    replace_document,
)
from repatriation.views.loading import OpenedReturn, found_return
from repatriation.views.parts import part_tabs
from vault import keys

Holds = tuple[str, str]


def open_papers(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    """For whoever reads the journey, and for the post that was asked; the reading is recorded."""
    opened = found_return(request, return_id)
    if not (opened.reads_journey or opened.is_consular):
        raise Http404
    way = opened.way
    keys.prefetch([way.case_id])
    why = [row.basis for row in opened.grounds]
    shown = [Section.RETURN_JOURNEY]
    record_read(reader(request), way, case_id=way.case_id, sections=shown, basis=why, verb="return.read")
    return opened


def write_papers(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = open_papers(request, return_id)
    require(can_keep_papers(reader(request), opened.way) and opened.way.is_open)
    return opened


@require_safe
def return_documents(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_papers(request, return_id)
    way = opened.way
    may = can_keep_papers(reader(request), way) and way.state in BEFORE_DEPARTURE
    documents = [document_row(opened, row) for row in documents_of(opened)]
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_documents"),
        "arrives_on": arrival(opened),
        "current": [row for row in documents if not row["former"]],
        "former": [row for row in documents if row["former"]],
        "permits": [permit_row(opened, row) for row in permits_of(opened)],
        "may": may,
        "may_replace": may and way.state in HAS_DOCUMENT,
        "may_add": may and way.state in NEEDS_PERMITS,
    }
    return render(request, "repatriation/documents.html", context)


def documents_of(opened: OpenedReturn) -> QuerySet[TravelDocument]:
    """A post that reads by its own request alone sees what belongs to requests to it."""
    rows = opened.way.travel_documents.select_related("entered_by__agency", "request")
    if opened.reads_journey:
        return rows
    return rows.filter(request__in=[ground.basis_id for ground in opened.grounds])


def permits_of(opened: OpenedReturn) -> QuerySet[TravelPermit]:
    return opened.way.permits.filter(removed_at__isnull=True)


def arrival(opened: OpenedReturn) -> date | None:
    journey = opened.way.facts.journey
    return journey.arrives_on if journey else None


def document_row(opened: OpenedReturn, row: TravelDocument) -> dict[str, Any]:
    kind, words = holds(opened, row.expires_on)
    return {
        "row": row,
        "number": row.number,
        "zone": row.zone or "",
        "former": row.ended_at is not None,
        "holds": (kind, words),
    }


def permit_row(opened: OpenedReturn, row: TravelPermit) -> dict[str, Any]:
    waiting = ("due", _("Not granted yet"))
    unlimited = ("done", _("Granted, without a last day"))
    until = holds(opened, row.valid_until) if row.valid_until else unlimited
    return {
        "row": row,
        "name": permit_name(row.kind, row.country),
        "holds": until if row.granted_on else waiting,
    }


def holds(opened: OpenedReturn, last_day: date) -> Holds:
    """Whether it holds for the whole journey: until the arrival, or today where no journey is planned yet."""
    arrives = arrival(opened)
    if arrives is None:
        if last_day < clock.today(opened.way.case.agency.time_zone):
            return "late", _("Has expired")
        return "plain", _("Holds today; no journey is planned yet")
    told = {"day": date_format(arrives, "j E Y")}
    if last_day < arrives:
        return "late", _("Ends before the arrival on %(day)s") % told
    return "done", _("Holds until the arrival on %(day)s") % told


@require_http_methods(["GET", "HEAD", "POST"])
def return_document_new(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Another document in place of the one that was issued: it ends too early, it was lost, a passport was found."""
    opened = write_papers(request, return_id)
    if opened.way.state not in HAS_DOCUMENT:
        return _not_now(request, return_id)
    form = DocumentForm(request.POST if request.method == "POST" else None)

    def save(entered: dict[str, Any]) -> object:
        paper = Paper(
            kind=TravelDocumentKind(entered["code"]),
            number=entered["number"],
            issued_on=entered["issued_on"],
            expires_on=entered["expires_on"],
            zone=entered["zone"],
            same_child=entered["same_child"],
        )
        return replace_document(return_id, actor=reader(request), paper=paper)

    title = _("Enter another travel document")
    text = _("It takes the place of the one before, which is kept.")
    return _form_page(request, opened, form, save, title, text, _("Entered. The return rests on it now."))


def _not_now(request: HttpRequest, return_id: UUID) -> HttpResponse:
    messages.warning(request, _("This is not possible as the return stands now."))
    return redirect("return_documents", return_id)


@require_http_methods(["GET", "HEAD", "POST"])
def permit_new(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = write_papers(request, return_id)
    if opened.way.state not in NEEDS_PERMITS:
        return _not_now(request, return_id)
    form = PermitForm(request.POST if request.method == "POST" else None)

    def save(entered: dict[str, Any]) -> object:
        kind = PermitKind(entered["kind"])
        return add_permit(return_id, actor=reader(request), kind=kind, country=entered["country"])

    title, text = _("Note a permit"), _("Nobody departs before it is granted for the whole journey.")
    return _form_page(request, opened, form, save, title, text, _("Noted."))


@require_http_methods(["GET", "HEAD", "POST"])
def permit_granted(request: HttpRequest, return_id: UUID, permit_id: UUID) -> HttpResponse:
    opened = write_papers(request, return_id)
    permit = permits_of(opened).filter(pk=permit_id).first()
    if permit is None:
        raise Http404
    today = clock.today(reader(request).agency.time_zone)

    def anew(data: QueryDict | None) -> GrantForm:
        stored = permits_of(opened).get(pk=permit_id)
        initial = {"granted_on": stored.granted_on or today, "valid_until": stored.valid_until}
        return GrantForm(data, row=stored, initial=initial)

    form = anew(request.POST if request.method == "POST" else None)

    def save(entered: dict[str, Any]) -> object:
        granted, until = entered["granted_on"], entered["valid_until"]
        return grant_permit(
            return_id,
            permit_id,
            actor=reader(request),
            granted_on=granted,
            valid_until=until,
            seen=form.seen_state,
        )

    text, title = permit_name(permit.kind, permit.country), _("The permit is granted")
    try:
        return _form_page(request, opened, form, save, title, text, _("Recorded."))
    except Meanwhile:
        again = form.written_meanwhile(anew, reader=reader(request))
        return _drawn(request, opened, again, title, text)


def _form_page(
    request: HttpRequest,
    opened: OpenedReturn,
    form: FileForm,
    save: Callable[[dict[str, Any]], object],
    title: str,
    text: str,
    done: str,
) -> HttpResponse:
    if request.method == "POST" and form.accepted(save):
        messages.success(request, done)
        return redirect("return_documents", opened.way.pk)
    return _drawn(request, opened, form, title, text)


def _drawn(request: HttpRequest, opened: OpenedReturn, form: FileForm, title: str, text: str) -> HttpResponse:
    context = {"way": opened.way, "form": form, "title": title, "text": text}
    return render(request, "repatriation/papers_form.html", context, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, return_id: UUID, permit_id: UUID) -> str:
    open_papers(request, return_id)
    return reverse("return_documents", args=[return_id])


@posted_from(_its_page)
def permit_remove(request: HttpRequest, return_id: UUID, permit_id: UUID) -> HttpResponse:
    write_papers(request, return_id)
    try:
        remove_permit(return_id, permit_id, actor=reader(request))
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Removed: the journey does not need it."))
    return redirect("return_documents", return_id)
