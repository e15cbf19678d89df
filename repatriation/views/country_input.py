"""What the partner abroad says about safety there, on its own page. Who decides reads it beside the assessment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.countries import country_name
from accounts.permissions import require
from cases.views.loading import reader
from repatriation.forms.visiting import InputForm
from repatriation.models import CountryInput
from repatriation.models.choices import Likelihood, RiskFactor
from repatriation.services.beginning import may_answer
from repatriation.services.inputs import NOT_KNOWN, give_input
from repatriation.views.loading import open_return
from repatriation.views.parts import part_tabs

# Factor → how likely, in words, and the sources.
Said = dict[str, tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def return_input(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_return(request, return_id)
    if not opened.is_partner:
        raise Http404
    way, user = opened.way, reader(request)
    answers = way.is_open and may_answer(way, user)
    rows = list(way.inputs.filter(agency=user.agency_id).select_related("written_by"))
    form = InputForm(
        request.POST if request.method == "POST" else None, initial=_stored(rows[0]) if rows else None
    )
    if request.method == "POST":
        require(answers)
        if form.accepted(lambda _entered: give_input(return_id, actor=user, known=form.known())):
            messages.success(
                request, _("Saved. It stands beside the assessment, and both countries see that it came.")
            )
            return redirect("return_input", return_id)
    context = {
        "way": way,
        "tabs": part_tabs(opened, "return_input"),
        "country": country_name(user.agency.country.code),
        "form": form if answers else None,
        "must_wait": way.is_open and not answers,
        "inputs": [(row, _facts(row)) for row in rows],
    }
    return render(request, "repatriation/input.html", context, status=422 if form.errors else 200)


def _stored(row: CountryInput) -> dict[str, str]:
    """The next one begins as a copy of the last."""
    stored = dict[str, str]()
    for each in row.factors or []:
        stored[f"{each['factor']}_likelihood"] = each["likelihood"]
        stored[f"{each['factor']}_sources"] = each["sources"]
    return stored


def said(row: CountryInput | None) -> Said:
    return {
        each["factor"]: (likelihood_words(each["likelihood"]), each["sources"])
        for each in (row.factors if row else None) or []
    }


def likelihood_words(code: str) -> str:
    if code == NOT_KNOWN:
        return _("Not known to us")
    return str(dict(Likelihood.choices).get(code, code))


def _facts(row: CountryInput) -> list[tuple[str, str, str]]:
    known = said(row)
    return [(str(factor.label), *known.get(factor.value, ("", ""))) for factor in RiskFactor]
