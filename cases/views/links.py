"""Which other files have to do with this one: for those who work on it, and of the others no more than the code."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.audit import record_listed
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.people import LinkForm
from cases.models import Case, CaseAccess, CaseLink
from cases.models.choices import OPEN_STATES
from cases.permissions import DAY_HANDS, sections_on
from cases.services.links import add_link, links_of, remove_link
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs


@require_safe
def links(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _page(request, _opened(request, case_id), LinkForm())


def _opened(request: HttpRequest, case_id: UUID) -> OpenedCase:
    opened = read_case(request, case_id)
    if not opened.works_on_it:
        raise Http404
    return opened


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).works_on_it:
        raise Http404
    return reverse("links", args=[case_id])


@posted_from(_its_page)
def link_add(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    require(bool(opened.hands & DAY_HANDS))
    form = LinkForm(request.POST)
    if form.accepted(lambda entered: add_link(case_id, actor=reader(request), **entered)):
        messages.success(request, _("The files are linked. Neither opens for the readers of the other."))
        return redirect("links", case_id)
    return _page(request, opened, form)


@posted_from(_its_page)
def link_remove(request: HttpRequest, case_id: UUID, link_id: UUID) -> HttpResponse:
    opened = _opened(request, case_id)
    require(bool(opened.hands & DAY_HANDS))
    try:
        remove_link(case_id, link_id, actor=reader(request))
    except CaseLink.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Removed. History keeps that it was there."))
    return redirect("links", case_id)


def _page(request: HttpRequest, opened: OpenedCase, form: LinkForm) -> HttpResponse:
    case = opened.case
    rows = list(links_of(case).select_related("case", "other", "made_by"))
    others = [link.other if link.case_id == case.pk else link.case for link in rows]
    seen = _listed(reader(request), others)
    context: dict[str, Any] = {
        "case": case,
        "tabs": case_tabs(opened, "links"),
        "rows": [
            {
                "link": link,
                "other": other if other.pk in seen else None,
                "is_of_this_agency": other.agency_id == case.agency_id,
            }
            for link, other in zip(rows, others, strict=True)
        ],
        "form": form,
        "may_write": bool(opened.hands & DAY_HANDS) and case.state in OPEN_STATES,
    }
    return render(request, "cases/links.html", context, status=422 if form.errors else 200)


def _listed(user: User, others: Iterable[Case]) -> set[UUID]:
    """Of these files, those that the reader could open anyway; that they were listed here is recorded."""
    grounds: dict[Case, list[CaseAccess]] = {}
    found = CaseAccess.objects.live_for(user).filter(case__in=others).select_related("case")
    for row in found:
        grounds.setdefault(row.case, []).append(row)
    seen = {case: rows for case, rows in grounds.items() if sections_on(rows)}
    record_listed(user, [(case, [row.basis for row in rows], []) for case, rows in seen.items()])
    return {case.pk for case in seen}
