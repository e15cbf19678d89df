"""In the case: its returns, contact with countries, the first question, and the proposal to end."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.permissions import require
from cases.models.choices import RUNNING_STATES
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from repatriation.edges.clearance import CLEARANCE
from repatriation.forms.opening import ClearForm, ConsiderForm, EndReturnForm, RevokeForm
from repatriation.models import ContactClearance, Return
from repatriation.models.choices import ClearanceState, EndReason
from repatriation.permissions import can_clear_contact, can_consider, can_propose_end, sees_returns
from repatriation.services.clearing import take_clearance_step
from repatriation.services.moving import has_open
from repatriation.services.opening import consider_return, propose_end
from repatriation.views.loading import open_return
from repatriation.views.own_file import comes_home
from workflow.machine import Attempt, Refused
from workflow.services import judge


@require_safe
def case_returns(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = _returns_of(request, case_id)
    case = opened.case
    rows = Return.objects.filter(case=case).order_by("-opened_at")
    may = can_consider(reader(request), case) and case.state in RUNNING_STATES
    context = {
        "case": case,
        "tabs": case_tabs(opened, "case_returns"),
        "rows": [(row, country_name(row.country)) for row in rows],
        "may_consider": may and not has_open(case),
        "works": opened.works_on_it,
        "comes_home": comes_home(opened, reader(request)),
    }
    return render(request, "repatriation/case.html", context)


def _returns_of(request: HttpRequest, case_id: UUID) -> OpenedCase:
    opened = read_case(request, case_id)
    if not sees_returns(opened):
        raise Http404
    return opened


@require_http_methods(["GET", "HEAD", "POST"])
def return_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = _returns_of(request, case_id)
    user, case = reader(request), opened.case
    require(can_consider(user, case))
    form = ConsiderForm(
        request.POST if request.method == "POST" else None, case=case, initial={"country": _likely(opened)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            way = consider_return(case_id, actor=user, country=form.cleaned_data["country"])
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect("return", way.pk)
    context = {"case": case, "form": form}
    return render(request, "repatriation/new.html", context, status=422 if form.errors else 200)


def _likely(opened: OpenedCase) -> str:
    """The country of which the child is a national, where the file knows exactly one that is not this."""
    here = opened.case.agency.country.code
    others = [code for code in (opened.case.child.citizenships or ()) if code != here]
    return others[0] if len(others) == 1 else ""


@require_http_methods(["GET", "HEAD", "POST"])
def clearances(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Contact with each country of origin: cleared or not, by whom and why; a supervisor decides here."""
    opened = read_case(request, case_id)
    user, case = reader(request), opened.case
    require(opened.works_on_it)
    decides = can_clear_contact(user, case)
    form = ClearForm(request.POST if request.method == "POST" else None, case=case) if decides else None
    if request.method == "POST":
        require(decides)
    failing: list[str] = []
    if request.method == "POST" and form is not None and form.is_valid():
        country, reason = form.cleaned_data["country"], form.cleaned_data["reason"]
        try:
            take_clearance_step(case_id, country, "clear", actor=user, reason=reason)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            failing = refusal.sentences
        else:
            messages.success(request, _("Contact is cleared."))
            return redirect("clearances", case_id)
    context = {
        "case": case,
        "rows": [_cleared(row) for row in case.clearances.select_related("decided_by").order_by("country")],
        "form": form,
        "failing": failing or _against(case, user),
        "decides": decides,
    }
    wrong = failing if request.method == "POST" else []
    return render(
        request,
        "repatriation/clearances.html",
        context,
        status=422 if wrong or (form and form.errors) else 200,
    )


def _against(case: object, user: object) -> list[str]:
    """What forbids contact with any country now, before anybody has typed a reason."""
    draft = ContactClearance(case=case)  # type: ignore[misc]
    results = judge(CLEARANCE, "clear", draft, Attempt(actor=user))  # type: ignore[arg-type]
    return [result.sentence for result in results if result.blocks]


def _cleared(row: ContactClearance) -> dict[str, object]:
    cleared = row.state == ClearanceState.CLEARED
    return {
        "row": row,
        "country": country_name(row.country),
        "kind": "done" if cleared else "late",
        "revoke": reverse("clearance_revoke", args=[row.case_id, row.country]) if cleared else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def clearance_revoke(request: HttpRequest, case_id: UUID, country: str) -> HttpResponse:
    opened = read_case(request, case_id)
    require(can_clear_contact(reader(request), opened.case))
    row = opened.case.clearances.filter(country=country, state=ClearanceState.CLEARED).first()
    if row is None:
        raise Http404
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            take_clearance_step(case_id, country, "revoke", actor=reader(request), reason=reason)
        except Invalid as error:
            form.refuse(error)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.sentences))
        else:
            messages.success(request, _("The clearance is revoked. What it carried stands still."))
            return redirect("clearances", case_id)
    context = {"case": opened.case, "form": form, "country": country_name(country)}
    return render(request, "repatriation/revoke.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def return_propose_end(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_return(request, return_id)
    user = reader(request)
    require(can_propose_end(user, opened.way))
    form = EndReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_end(return_id, actor=user, why=EndReason(form.cleaned_data["why"]))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Another supervisor has to confirm it."))
            return redirect("return", return_id)
    context = {"way": opened.way, "form": form}
    return render(request, "repatriation/propose_end.html", context, status=422 if form.errors else 200)
