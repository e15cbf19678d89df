"""A child comes to an agency that keeps files: it opens one of its own, and sees there where the return stands."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.audit import record_read
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models import Case
from cases.models.choices import Basis
from cases.views.loading import OpenedCase, reader
from referrals.fields import field_of
from referrals.models import Referral
from referrals.registry import Lead
from repatriation.edges.aside import ASIDE
from repatriation.edges.returns import RETURN
from repatriation.models import OwnFile, Return
from repatriation.models.choices import ReturnState
from repatriation.permissions import can_open_own_file
from repatriation.services.inbound import (
    Standing,
    given,
    open_own_file,
    own_file_of,
    referrals_held,
    standing_of,
)
from repatriation.views.loading import OpenedReturn, open_return
from repatriation.views.parts import part_tabs
from vault import keys

_ASIDE = frozenset(edge.name for edge in ASIDE)
_SETBACKS = frozenset({ReturnState.HANDOVER_FAILED, ReturnState.RETRAFFICKING_ALERT})


@require_http_methods(["GET", "HEAD", "POST"])
def own_file(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """For who has a part abroad; whoever works on the return here learns on its page that there is one."""
    opened = open_return(request, return_id)
    if not (opened.is_partner or opened.is_receiver):
        raise Http404
    user, way = reader(request), opened.way
    require(can_open_own_file(user, way))
    wrong = ""
    if request.method == "POST":
        try:
            return _led(request, way, open_own_file(return_id, actor=user))
        except Invalid as error:
            wrong = error.sentence
    keys.prefetch([way.case_id])
    own = own_file_of(way, user)
    context = {
        "way": way,
        "tabs": part_tabs(opened, "own_file"),
        "own": own,
        "case_url": _case_url(own, user),
        "wrong": wrong,
        "given": [str(field_of(row.field).label) for row in given(referrals_held(way, user))],
    }
    return render(request, "repatriation/own_file.html", context, status=422 if wrong else 200)


def _led(request: HttpRequest, way: Return, own: OwnFile) -> HttpResponse:
    messages.success(request, _("Your agency has a file of its own. A supervisor names who works on it."))
    url = _case_url(own, reader(request))
    return redirect(url or reverse("own_file", args=[way.pk]))


def _case_url(own: OwnFile | None, user: User) -> str:
    """Nothing for a partner: it goes on with its referral, and who works on the file goes on with the file."""
    seen = own is not None and Case.objects.visible_to(user).filter(pk=own.case_id).exists()
    return reverse("case", args=[own.case_id]) if own is not None and seen else ""


def leads(referral: Referral, user: User) -> list[Lead]:
    """On the page of a referral by which a child comes here."""
    named = Q(partner=referral) | Q(reception=referral)
    way = Return.objects.filter(named).order_by("-opened_at").select_related("case", "panel").first()
    return leads_on(way, user) if way is not None else []


def leads_on(way: Return, user: User) -> list[Lead]:
    """For whoever has a part abroad: to the file that the agency has opened, or can open."""
    if not can_open_own_file(user, way):
        return []
    url = reverse("own_file", args=[way.pk])
    if own_file_of(way, user):
        return [Lead(_("Your agency has opened a file of its own for this child."), url, _("Look at it"))]
    if not way.is_open:
        return []
    return [Lead(_("This child comes to your country."), url, _("Open a file of our own"))]


def own_files_told(opened: OpenedReturn) -> list[OwnFile]:
    """That there are such files, and of whom; never which."""
    if not (opened.reads_decision or opened.reads_journey):
        return []
    return list(opened.way.own_files.select_related("agency").order_by("opened_at"))


@dataclass(frozen=True)
class Card:
    """Where the return stands by which the child of a file comes here."""

    country: str
    state: str
    is_live: bool
    arrives_on: date | None
    visit_on: date | None
    # What lies in the hands of this agency now.
    steps: list[str]


def comes_home(opened: OpenedCase, user: User) -> Card | None:
    """For those who work on the file; the look is recorded in the log of the file in the other country, too."""
    if not opened.works_on_it:
        return None
    own = OwnFile.objects.filter(case=opened.case).select_related("case", "way__case__agency").first()
    if own is None:
        return None
    found, way = standing_of(own), own.way
    record_read(user, way, case_id=way.case_id, sections=[], basis=[Basis.REFERRAL], verb="return.read")
    return Card(
        country=country_name(way.case.agency.country.code),
        state=str(ReturnState(found.state).label) if found.state else "",
        is_live=bool(found.hands),
        arrives_on=found.arrives_on,
        visit_on=found.visit_on,
        steps=_steps_of(found),
    )


def _steps_of(found: Standing) -> list[str]:
    """Those that lead on: nobody plans an alert or a failure."""
    edges = [edge for edge in RETURN.edges_from(found.state) if edge.name not in _ASIDE]
    mine = [edge for edge in edges if edge.who & found.hands and _SETBACKS.isdisjoint(edge.targets)]
    return [str(edge.label) for edge in mine]
