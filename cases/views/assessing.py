"""Where the child is, what happened to it, and what is best for it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import clock
from accounts.access import Section
from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.assessing import AccountForm, BestInterestsForm, PlacementForm
from cases.models import BestInterestsAssessment, ExploitationAccount, Placement
from cases.models.choices import OPEN_STATES
from cases.models.situation import FACTORS, Control, Exploitation, PlacementKind, Recruitment, Relationship
from cases.services.account import record_account
from cases.services.best_interests import current_draft, finish_best_interests, save_best_interests
from cases.services.placement import record_placement
from cases.views.loading import OpenedCase, opened_case, read_case, reader, write_case
from cases.views.tabs import case_tabs
from vault import keys

EARLIER_PLACES = 20
VERSIONS = 10

Facts = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def placement(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.SHELTER)
    today = clock.today(opened.case.agency.time_zone)
    form = PlacementForm(request.POST if request.method == "POST" else None, initial={"since": today})
    if request.method == "POST":
        require(opened.writes(Section.SHELTER))
        if form.accepted(
            lambda entered: record_placement(case_id, actor=reader(request), place=form.place())
        ):
            messages.success(request, _("Recorded."))
            return redirect("placement", case_id)
    return _placement_page(request, opened, form)


def _placement_page(request: HttpRequest, opened: OpenedCase, form: PlacementForm) -> HttpResponse:
    keys.prefetch([opened.case.pk])
    rows = list(opened.case.placements.select_related("provider", "recorded_by")[: EARLIER_PLACES + 1])
    present = next((row for row in rows if row.until is None), None)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "placement"),
        "present": present,
        "in_detention": present is not None and present.kind == PlacementKind.DETENTION,
        "facts": _placement_facts(present) if present else [],
        "earlier": [(row, _placement_facts(row)) for row in rows if row.until is not None],
        "form": form,
        "may_write": _may_write(opened, Section.SHELTER),
    }
    return render(request, "cases/placement.html", context, status=422 if form.errors else 200)


def _placement_facts(row: Placement) -> Facts:
    facts = [
        (_("Address"), row.address),
        (_("Telephone"), row.telephone or ""),
        (_("Who cares for the child there"), row.provider.name if row.provider else ""),
        (_("Note"), row.note or ""),
        (_("Since"), date_format(row.since, "j E Y")),
        (_("Recorded by"), row.recorded_by.name),
    ]
    return [(label, value) for label, value in facts if value]


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.ACCOUNT)
    keys.prefetch([case_id])
    row = _account_of(opened)
    form = _account_form(request.POST if request.method == "POST" else None, opened, row)
    if request.method == "POST":
        require(opened.writes(Section.ACCOUNT))
        if form.is_valid():
            try:
                record_account(case_id, actor=reader(request), account=form.account(), seen=form.seen_state)
            except Invalid as error:
                form.refuse(error)
            except Meanwhile:
                form = form.written_meanwhile(
                    lambda data: _account_form(data, opened, _account_of(opened)), reader=reader(request)
                )
            else:
                messages.success(request, _("Saved. History keeps what was said before."))
                return redirect("account", case_id)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "account"),
        "account": row,
        "facts": _account_facts(row) if row else [],
        "form": form,
        "may_write": _may_write(opened, Section.ACCOUNT),
    }
    return render(request, "cases/account.html", context, status=422 if form.errors else 200)


def _account_form(data: QueryDict | None, opened: OpenedCase, row: ExploitationAccount | None) -> AccountForm:
    initial = AccountForm.stored_in(row) if row else None
    return AccountForm(data, row=row or ExploitationAccount(case=opened.case), initial=initial)


def _account_of(opened: OpenedCase) -> ExploitationAccount | None:
    return ExploitationAccount.objects.filter(case=opened.case).select_related("recorded_by").first()


def _account_facts(row: ExploitationAccount) -> Facts:
    """For readers who may not write."""
    return [
        (_("Kinds of exploitation"), _labels(Exploitation.choices, row.exploitation)),
        (_("How the child was recruited"), _labels(Recruitment.choices, row.recruitment)),
        (_("How the child was controlled"), _labels(Control.choices, row.control)),
        (_("Who the exploiter was to the child"), _labels(Relationship.choices, [row.relationship])),
        (_("Countries where it happened"), listed(map(country_name, row.countries))),
    ]


def _labels(choices: Iterable[tuple[str, Any]], codes: Iterable[str]) -> str:
    labels = dict(choices)
    return listed(str(labels[code]) for code in codes if code in labels)


@require_http_methods(["GET", "HEAD", "POST"])
def best_interests(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The versions, and the draft of the next one, kept as far as it goes."""
    opened = read_case(request, case_id, Section.RISK)
    data = request.POST if request.method == "POST" else None
    form = BestInterestsForm(data, draft=current_draft(opened.case, reader(request)))
    if request.method == "POST":
        require(opened.writes(Section.RISK))
        if form.is_valid():
            try:
                save_best_interests(case_id, actor=reader(request), argued=form.argued())
            except Invalid as error:
                form.refuse(error)
            except Meanwhile:
                return _best_interests_meanwhile(request, opened, form)
            else:
                messages.success(request, _("The draft is saved. It counts once it is finished."))
                return redirect("best_interests", case_id)
    return _best_interests_page(request, opened, form)


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).sees(Section.RISK):
        raise Http404
    return reverse("best_interests", args=[case_id])


@posted_from(_its_page)
def best_interests_finish(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was typed is kept and made final in one act, so that nothing else is finished than what was read."""
    opened = write_case(request, case_id, Section.RISK)
    form = BestInterestsForm(request.POST, draft=current_draft(opened.case, reader(request)), finishing=True)
    if form.is_valid():
        try:
            finish_best_interests(case_id, actor=reader(request), argued=form.argued())
        except Invalid as error:
            form.refuse(error)
        except Meanwhile:
            return _best_interests_meanwhile(request, opened, form)
        else:
            messages.success(request, _("This version is finished and stays as it is."))
            return redirect("best_interests", case_id)
    return _best_interests_page(request, opened, form)


def _best_interests_meanwhile(
    request: HttpRequest, opened: OpenedCase, form: BestInterestsForm
) -> HttpResponse:
    draft = current_draft(opened.case, reader(request))
    again = form.written_meanwhile(
        lambda data: BestInterestsForm(data, draft=draft, finishing=form.finishing), reader=reader(request)
    )
    return _best_interests_page(request, opened, again)


def _best_interests_page(request: HttpRequest, opened: OpenedCase, form: BestInterestsForm) -> HttpResponse:
    keys.prefetch([opened.case.pk])
    may_write = _may_write(opened, Section.RISK)
    rows = opened.case.best_interests.select_related("author")[:VERSIONS]
    versions = [(row, _argued(row)) for row in rows if row.finished_at or not may_write]
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "best_interests"),
        "versions": versions,
        "draft": form.draft,
        "form": form,
        "finish_url": reverse("best_interests_finish", args=[opened.case.pk]),
        "may_write": may_write,
    }
    return render(request, "cases/best_interests.html", context, status=422 if form.errors else 200)


def _argued(row: BestInterestsAssessment) -> Facts:
    factors = row.factors or {}
    return [
        *((str(label), factors.get(name, "")) for name, label in FACTORS),
        (_("Recommendation"), row.get_recommendation_display()),
        (_("Conclusion"), row.conclusion or ""),
    ]


def _may_write(opened: OpenedCase, section: Section) -> bool:
    return opened.writes(section) and opened.case.state in OPEN_STATES
