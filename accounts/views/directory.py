"""The directory of agencies. It holds nothing about a child, so looking at it is not recorded."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts import presenting
from accounts.access import Ability, can
from accounts.directory import AGENCIES, found
from accounts.forms.directory import DirectoryForm, EntryForm, PlacesForm
from accounts.meanwhile import Meanwhile
from accounts.models import Agency, User
from accounts.permissions import can_keep_entry, require
from accounts.posting import posted_from
from accounts.services import ENTRY, keep_entry, say_free_places

PAGE = 25


@require_safe
def agency_list(request: HttpRequest) -> HttpResponse:
    user, now = _reader(request), clock.now()
    form = DirectoryForm(request.GET)
    agencies = found(form.wanted(now), near=user.agency) if form.is_valid() else Agency.objects.none()
    tools = AGENCIES.asked(request)
    page = Paginator(tools.ordered(agencies), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "rows": [presenting.row(agency, now) for agency in page.object_list],
        "page": page,
        "tools": tools,
        "is_filtered": any(form.data.get(name) for name in form.fields),
        "own": user.agency if can_keep_entry(user, user.agency) else None,
    }
    return render(request, "accounts/agency_list.html", context, status=422 if form.errors else 200)


@require_safe
def agency(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    user, entry = _opened(request, agency_id)
    form = _places_form(user, entry)
    return _entry_page(request, entry, form)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_edit(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    user, entry = _opened(request, agency_id)
    require(can_keep_entry(user, entry))
    form = _entry_form(request.POST if request.method == "POST" else None, entry)
    try:
        if request.method == "POST" and form.accepted(
            lambda told: keep_entry(agency_id, actor=user, told=told, seen=form.seen_state)
        ):
            messages.success(request, _("Saved. All of it counts as said today."))
            return redirect("agency", agency_id)
    except Meanwhile:
        entry = Agency.objects.get(pk=agency_id)
        form = form.written_meanwhile(lambda data: _entry_form(data, entry), reader=user)
    context = {"agency": entry, "form": form}
    return render(request, "accounts/agency_edit.html", context, status=422 if form.errors else 200)


def _entry_form(data: QueryDict | None, entry: Agency) -> EntryForm:
    return EntryForm(data, row=entry, initial={name: getattr(entry, name) for name in ENTRY})


def _page_of_places(request: HttpRequest, agency_id: UUID) -> str:
    _opened(request, agency_id)
    return reverse("agency", args=[agency_id])


@posted_from(_page_of_places)
def agency_places(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    user, entry = _opened(request, agency_id)
    require(can_keep_entry(user, entry))
    form = _form_of_places(request.POST, entry)
    try:
        if form.accepted(
            lambda told: say_free_places(
                agency_id, actor=user, places_free=told["places_free"], seen=form.seen_state
            )
        ):
            messages.success(request, _("Saved as of today."))
            return redirect("agency", agency_id)
    except Meanwhile:
        entry = Agency.objects.get(pk=agency_id)
        form = form.written_meanwhile(lambda data: _form_of_places(data, entry), reader=user)
    return _entry_page(request, entry, form)


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    require(can(user, Ability.SEE_DIRECTORY))
    return user


def _opened(request: HttpRequest, agency_id: UUID) -> tuple[User, Agency]:
    return _reader(request), get_object_or_404(Agency.objects.listed(), pk=agency_id)


def _places_form(user: User, entry: Agency) -> PlacesForm | None:
    """Where children stay, for who may say how many more could."""
    if entry.places is None or not can_keep_entry(user, entry):
        return None
    return _form_of_places(None, entry)


def _form_of_places(data: QueryDict | None, entry: Agency) -> PlacesForm:
    return PlacesForm(data, row=entry, initial=PlacesForm.stored_in(entry))


def _entry_page(request: HttpRequest, entry: Agency, form: PlacesForm | None) -> HttpResponse:
    user, now = cast(User, request.user), clock.now()
    context = {
        "agency": entry,
        "row": presenting.row(entry, now),
        "open_words": presenting.open_words(entry, now),
        "reaching": presenting.reaching(entry),
        "offering": presenting.offering(entry),
        "opening": presenting.opening(entry) if entry.opening_hours else [],
        "time_there": presenting.time_there(entry, now) if entry.time_zone != user.agency.time_zone else "",
        "places_said": presenting.places_said(entry),
        "form": form,
        "may_keep": can_keep_entry(user, entry),
    }
    return render(request, "accounts/agency.html", context, status=422 if form and form.errors else 200)
