"""The plan of a journey: what it says, what it runs against, and the two forms that change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Section
from accounts.audit import record_read
from accounts.meanwhile import Meanwhile
from accounts.telephones import dialled
from cases.calendar import as_ics
from cases.models import Document
from cases.models.choices import Gender
from cases.models.papers import PaperKind
from cases.services.calendar import APPOINTMENT, Entry
from cases.views.loading import reader
from repatriation.forms.journey import ArrangeForm, RouteForm, usual_zones
from repatriation.models import CareArrangement, Journey, Leg, Return
from repatriation.planning import conflicts, known, on_the_wall, zones
from repatriation.services.journeys import HERE, PLANNABLE, arrange_journey, plan_route
from repatriation.views.loading import OpenedReturn, found_return, open_return, write_journey
from repatriation.views.offering import papers_of
from repatriation.views.parts import part_tabs, travels

Facts = list[tuple[str, Any]]


@require_safe
def return_journey(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = open_return(request, return_id, Section.RETURN_JOURNEY)
    if not travels(opened):
        raise Http404
    way = opened.way
    journey = way.facts.journey
    plan = known(way) if opened.reads_journey else None
    context = {
        "way": way,
        "opened": opened,
        "tabs": part_tabs(opened, "return_journey"),
        "journey": journey,
        "legs": legs_of(journey),
        "facts": _facts(opened, journey) if journey else [],
        "contacts": contacts_of(journey) if journey and not opened.is_consular else [],
        "carried": journey.to_carry or [] if journey and opened.reads_journey else [],
        "papers": papers_of(opened, PaperKind.PACK, PaperKind.MANDATE),
        "conflicts": conflicts(plan) if plan else [],
        "earlier": list(way.journeys.filter(ended_at__isnull=False)) if opened.reads_journey else [],
        "may_plan": opened.writes_journey and way.state in PLANNABLE,
    }
    return render(request, "repatriation/journey.html", context)


def legs_of(journey: Journey | None) -> list[dict[str, str]]:
    """Each in the times of its own places."""
    return [_leg(leg) for leg in journey.legs.all()] if journey else []


def _leg(leg: Leg) -> dict[str, str]:
    return {
        "start": leg.start,
        "end": leg.end,
        "carrier": leg.carrier or "",
        "departs": on_the_wall(leg.departs_at, leg.departs_zone),
        "arrives": on_the_wall(leg.arrives_at, leg.arrives_zone),
    }


def contacts_of(journey: Journey) -> list[dict[str, str]]:
    return [
        {
            "side": _("Here") if side == HERE else pgettext("end of a journey", "There"),
            "name": name,
            "phone": phone,
            "dial": dialled(phone),
        }
        for side, name, phone in journey.contacts or []
    ]


def _facts(opened: OpenedReturn, journey: Journey) -> Facts:
    """Consulate and receiver learn with whom the child comes; on what paper is for those who plan."""
    escort = journey.escort
    facts: Facts = [(_("Escort"), f"{escort.name} · {escort.agency.name}" if escort else None)]
    if opened.reads_journey:
        facts += _of_the_escort(journey) if escort else []
    if not opened.is_consular:
        facts.append((_("Who receives the child"), receiver_words(journey.receiver, opened)))
    if opened.reads_journey:
        facts += [
            (_("Authorised by"), _authorised(journey)),
            (_("Assistance on the way"), journey.assistance or _("none")),
        ]
    if opened.reads_journey or opened.is_receiver:
        facts.append((_("If something goes wrong"), journey.fallback))
    return facts


def _of_the_escort(journey: Journey) -> Facts:
    gender = dict(Gender.choices).get(journey.escort_gender)
    return [
        (_("Sex of the escort"), gender),
        (_("Vetted on"), _day(journey.escort_vetted_on)),
        (_("The vetting holds until"), _day(journey.vetted_until) or _("no end set")),
        (_("Mandate of the escort"), journey.mandate),
    ]


def _authorised(journey: Journey) -> str:
    if not journey.authorised_by:
        return ""
    words = f"{journey.get_authorised_by_display()}, {_day(journey.authorised_on)}"
    return f"{words} · {journey.authorisation.title}" if journey.authorisation else words


def _day(day: Any) -> str:
    return date_format(day, "j E Y") if day else ""


def receiver_words(receiver: CareArrangement | None, opened: OpenedReturn) -> str:
    """The name for those who read who would care, and for the partner to whom the child comes."""
    if receiver is None:
        return ""
    kind = receiver.get_kind_display()
    if not (opened.reads_decision or opened.is_receiver):
        return kind
    name = receiver.person.name if receiver.person else receiver.agency.name if receiver.agency else ""
    return f"{name} · {kind}"


@require_http_methods(["GET", "HEAD", "POST"])
def return_route(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = write_journey(request, return_id)
    way, journey = opened.way, opened.way.facts.journey
    if way.state not in PLANNABLE:
        return redirect("return_journey", return_id)
    form = _route_form(request.POST if request.method == "POST" else None, way)
    if request.method == "POST":
        try:
            if form.accepted(
                lambda _entered: plan_route(
                    return_id, actor=reader(request), legs=form.stretches, seen=form.seen_state
                )
            ):
                messages.success(request, _("The way is planned. Now say who goes along, and with what."))
                return redirect("return_arrange" if journey is None else "return_journey", return_id)
        except Meanwhile:
            way.facts.__dict__.pop("journey", None)
            form = form.written_meanwhile(lambda data: _route_form(data, way), reader=reader(request))
    context = {"way": way, "form": form, "zones": sorted(zones())}
    return render(request, "repatriation/route.html", context, status=422 if form.errors else 200)


def _route_form(data: QueryDict | None, way: Return) -> RouteForm:
    journey = way.facts.journey
    legs = list(journey.legs.all()) if journey else []
    return RouteForm(data, row=journey or way, legs=legs, usual=usual_zones(way))


@require_http_methods(["GET", "HEAD", "POST"])
def return_arrange(request: HttpRequest, return_id: UUID) -> HttpResponse:
    opened = write_journey(request, return_id)
    way, journey = opened.way, opened.way.facts.journey
    if journey is None or way.state not in PLANNABLE:
        return redirect("return_journey", return_id)
    form = _arrange_form(request.POST if request.method == "POST" else None, opened, journey)
    if request.method == "POST":
        try:
            if form.accepted(
                lambda _entered: arrange_journey(
                    return_id, actor=reader(request), arranged=form.arranged, seen=form.seen_state
                )
            ):
                messages.success(request, _("Saved."))
                return redirect("return_journey", return_id)
        except Meanwhile:
            journey.refresh_from_db()
            form = form.written_meanwhile(
                lambda data: _arrange_form(data, opened, journey), reader=reader(request)
            )
    context = {"way": way, "form": form}
    return render(request, "repatriation/arrange.html", context, status=422 if form.errors else 200)


def _arrange_form(data: QueryDict | None, opened: OpenedReturn, journey: Journey) -> ArrangeForm:
    return ArrangeForm(data, row=journey, papers=_papers(opened), child=opened.way.case.child.gender)


def _papers(opened: OpenedReturn) -> "QuerySet[Document]":
    """Of this file, those that this reader may open."""
    readable = [section.value for section in opened.sections]
    rows = opened.way.case.documents.filter(
        section__in=readable, removed_at__isnull=True, quarantined_at__isnull=True
    )
    return rows.order_by("-added_at")


@require_safe
def return_calendar(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The legs as a calendar file: times, and nothing that says of whom or where."""
    opened = found_return(request, return_id)
    journey = opened.way.facts.journey
    if not (travels(opened) or opened.is_escort) or journey is None:
        raise Http404
    user, way = reader(request), opened.way
    why = [row.basis for row in opened.grounds]
    sections = [Section.RETURN_JOURNEY] if opened.reads_journey else []
    record_read(user, way, case_id=way.case_id, sections=sections, basis=why, verb="return.calendar_taken")
    entries = [Entry(APPOINTMENT, leg.pk, leg.departs_at, leg.arrives_at) for leg in journey.legs.all()]
    # Two people's files of one journey bear no mark in common.
    key = salted_hmac("repatriation.journey", f"{journey.pk} {user.pk}").hexdigest()
    start_page = request.build_absolute_uri(reverse("today"))
    response = HttpResponse(
        as_ics(entries, key=key, start_page=start_page), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="journey.ics"'
    return response
