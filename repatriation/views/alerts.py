"""What a focal point is told: that there is an alert, since when, and whom to call. Not who the child is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record_read
from accounts.countries import country_name
from accounts.models import Agency
from accounts.permissions import require
from accounts.presenting import in_both_zones, reaching
from cases.views.loading import reader
from repatriation.lists import ALERTS
from repatriation.models import Return
from repatriation.models.choices import ReturnState
from repatriation.services import alarms

# Why a focal point may read it: no ground on the case, which it does not see.
BASIS = "alert"


@require_safe
def return_alerts(request: HttpRequest) -> HttpResponse:
    """All that stand, the latest first; for the focal points of countries."""
    user = reader(request)
    require(alarms.answers_for_country(user))
    tools, signs = ALERTS.asked(request), Q(state=ReturnState.RETRAFFICKING_ALERT)
    found = alarms.standing_for(user).select_related("case__agency")
    if tools.chosen("kind"):
        found = found.filter(signs if tools.chosen("kind") == "signs" else ~signs)
    found = tools.ordered(found, "-state_since", "pk")
    rows = [{"way": way, "kind": _kind(way), "from": _from(way), "to": _to(way)} for way in found]
    return render(request, "repatriation/alerts.html", {"rows": rows, "tools": tools})


@require_safe
def return_alert(request: HttpRequest, return_id: UUID) -> HttpResponse:
    user = reader(request)
    rows = alarms.standing_for(user).select_related("case__agency", "reception__recipient")
    way = rows.filter(pk=return_id).first()
    if way is None:
        raise Http404
    record_read(user, way, case_id=way.case_id, sections=(), basis=[BASIS], verb="return.alert_read")
    context = {
        "way": way,
        "kind": _kind(way),
        "signs": way.state == ReturnState.RETRAFFICKING_ALERT,
        "facts": [
            (_("Reference"), way.reference),
            (_("Since"), in_both_zones(_since(way), way.case.agency, "j E Y, H:i")),
            (_("The child left"), _from(way)),
            (_("It went to"), _to(way)),
        ],
        "agencies": _to_call(way),
    }
    return render(request, "repatriation/alert.html", context)


def _kind(way: Return) -> str:
    if way.state == ReturnState.RETRAFFICKING_ALERT:
        return _("Signs of trafficking after a return")
    return _("Nobody has confirmed that a child was handed over")


def _since(way: Return) -> datetime:
    """From a departure that nobody has confirmed on, the child may be anywhere."""
    if way.state == ReturnState.RETRAFFICKING_ALERT or way.departed_at is None:
        return way.state_since
    return way.departed_at


def _from(way: Return) -> str:
    return country_name(way.case.agency.country.code)


def _to(way: Return) -> str:
    return country_name(way.country)


def _to_call(way: Return) -> list[dict[str, Any]]:
    """First who is near the child. What an agency does not say of itself is left out."""
    receives = [(_("Receives the child"), way.reception.recipient)] if way.reception else []
    return [_entry(role, agency) for role, agency in [*receives, (_("Works on the case"), way.case.agency)]]


def _entry(role: str, agency: Agency) -> dict[str, Any]:
    country = country_name(agency.country.code)
    return {"role": role, "name": agency.name, "country": country, "facts": reaching(agency)}
