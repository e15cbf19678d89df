"""Who would care for the child, what was agreed with them, and where that stands."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Section
from accounts.countries import country_name
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.views.loading import reader
from repatriation.forms.finding import AgreementForm, CareForm, named
from repatriation.models import CareArrangement
from repatriation.models.finding import is_implicated
from repatriation.services.beginning import may_answer
from repatriation.services.care import name_care, record_agreement
from repatriation.services.families import people_around
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.papers import case_page, paper_link
from repatriation.views.parts import part_tabs


@require_http_methods(["GET", "HEAD", "POST"])
def return_care(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = _opened(request, return_id)
    way = opened.way
    form = CareForm(request.POST if request.method == "POST" else None, way=way)
    if request.method == "POST":
        require(opened.writes_decision)
        if form.accepted(lambda _entered: name_care(return_id, actor=reader(request), care=form.care())):
            messages.success(request, _("Saved. What was arranged before has ended and stays below."))
            return redirect("return_care", return_id)
    rows = [_shown(opened, row) for row in _arrangements(opened)]
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_care"),
        "standing": [row for row in rows if row["row"].ended_at is None],
        "earlier": [row for row in rows if row["row"].ended_at is not None],
        "excluded": [
            named(each)
            for each in people_around(way.case)
            if is_implicated(each) and each.section in opened.sections
        ],
        "form": form if opened.writes_decision else None,
        "people_url": case_page(opened, "people"),
    }
    return render(request, "repatriation/care.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, return_id: UUID) -> OpenedReturn:
    opened = open_return(request, return_id, Section.RETURN_DECISION, Section.CONTACTS, Section.ACCOUNT)
    if not opened.reads_decision:
        raise Http404
    return opened


def _arrangements(opened: OpenedReturn) -> list[CareArrangement]:
    rows = opened.way.arrangements.select_related("person", "agency", "agreement", "made_by", "approved_by")
    return list(rows.order_by("alternate", "-made_at"))


def _shown(opened: OpenedReturn, row: CareArrangement) -> dict[str, Any]:
    """What a decision needs of it, each as it is now."""
    free = not row.is_implicated
    studied = row.studies.exists()
    return {
        "row": row,
        "carer": row.carer,
        "country": country_name(row.country),
        "checks": [
            (free, _("Had no part in what happened.")),
            (
                row.is_able,
                _("The home study says that this place is suitable.")
                if row.is_able or not studied
                else _("The home study says that this place is not suitable."),
            ),
            (row.agreed_on is not None, _("Has agreed in writing.")),
            *(
                [(row.approved_by_id is not None, _("The panel has approved this alternate."))]
                if row.alternate
                else []
            ),
        ],
        "paper": paper_link(opened, row.agreement),
        "agreement_url": _agreement_url(opened, row),
    }


def _agreement_url(opened: OpenedReturn, row: CareArrangement) -> str:
    if row.ended_at is not None or row.is_implicated or not opened.writes_decision:
        return ""
    return reverse("return_agreement", args=[opened.way.pk, row.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def return_agreement(request: HttpRequest, return_id: UUID, arrangement_id: UUID) -> HttpResponse:
    """The signed paper: brought by the partner abroad, or by the worker where nobody is there yet."""
    opened = open_return(request, return_id, Section.RETURN_DECISION, Section.CONTACTS)
    row = _standing(opened, arrangement_id)
    way, user = opened.way, reader(request)
    require(opened.writes_decision or (opened.is_partner and way.is_open and may_answer(way, user)))
    sent = request.method == "POST"
    form = _agreement_form(request.POST if sent else None, request, row)
    back = "return_care" if opened.writes_decision else "return_study"
    try:
        if sent and form.accepted(
            lambda entered: record_agreement(
                return_id, arrangement_id, actor=user, **entered, seen=form.seen_state
            )
        ):
            messages.success(request, _("The agreement is recorded, and its paper is in the file."))
            return redirect(back, return_id)
    except Meanwhile:
        fresh = _standing(opened, arrangement_id)
        form = form.written_meanwhile(lambda data: _agreement_form(data, request, fresh), reader=user)
    context = {
        "way": way,
        "carer": row.carer,
        "form": form,
        "back_url": reverse(back, args=[return_id]),
    }
    return render(request, "repatriation/agreement.html", context, status=422 if form.errors else 200)


def _agreement_form(data: QueryDict | None, request: HttpRequest, row: CareArrangement) -> AgreementForm:
    files = None if data is None else request.FILES
    return AgreementForm(data, files, row=row, initial={"terms": row.terms})


def _standing(opened: OpenedReturn, arrangement_id: UUID) -> CareArrangement:
    """One that stands, for who reads the decision, or for the partner in whose country it is."""
    if not (opened.reads_decision or opened.is_partner):
        raise Http404
    rows = opened.way.arrangements.filter(ended_at__isnull=True).select_related("person", "agency")
    row = rows.filter(pk=arrangement_id).first()
    if row is None or not (opened.reads_decision or is_for_partner(opened, row)):
        raise Http404
    return row


def is_for_partner(opened: OpenedReturn, row: CareArrangement) -> bool:
    """In its own country. Whoever had a part in what happened is not visited, and the partner is not told why."""
    partner = opened.way.partner
    in_its_country = partner is not None and partner.recipient.country.code == row.country
    return in_its_country and not row.is_implicated
