from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Ability, Section, can
from accounts.alphabets import listed
from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms.team import AssignForm, GrantForm
from cases.models import Case, CaseAccess, Cover, DutyShift
from cases.models.choices import OPEN_STATES, Basis
from cases.permissions import Hand, can_review_emergencies, cases_of_officer
from cases.services.access import end_access, grant_personally
from cases.services.assignment import assign_worker
from cases.services.clocks import end_of_day, on_duty_now
from cases.timeline import readings
from cases.views.case import row_number
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs

READINGS = 100


@require_safe
def case_access(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who can see this file and why, and who did. For a data-protection officer it is the only page of the case."""
    if can(reader(request), Ability.SEE_CASE_LOG):
        return _log_for_officer(request, case_id)
    opened = read_case(request, case_id)
    if not opened.works_on_it:
        raise Http404
    return _page(request, opened, GrantForm())


def _log_for_officer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    case = get_object_or_404(cases_of_officer(reader(request)).select_related("agency"), pk=case_id)
    record_read(reader(request), case, case_id=case_id, sections=[], basis=["protection"])
    return render(request, "cases/access.html", {"case": case, **_lists(request, case)})


def _page(request: HttpRequest, opened: OpenedCase, form: GrantForm, status: int = 200) -> HttpResponse:
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_access"),
        "may_end": Hand.SUPERVISOR in opened.hands,
        "form": form,
        **_lists(request, opened.case),
    }
    return render(request, "cases/access.html", context, status=status)


def _lists(request: HttpRequest, case: Case) -> dict[str, object]:
    rows = list(
        CaseAccess.objects.live()
        .filter(case=case)
        .select_related("account__agency", "agency", "granted_by")
        .order_by("since")
    )
    covers = Cover.objects.filter(pk__in=[row.basis_id for row in rows if row.basis == Basis.COVER])
    covered = {cover.pk: cover.worker.name for cover in covers.select_related("worker")}
    entries = [_entry(case, row, covered) for row in rows if not row.stands_by]
    # Instead of the agency's standing ground, whoever has a shift now.
    if case.state in OPEN_STATES and any(row.stands_by for row in rows):
        entries += map(_entry_on_duty, on_duty_now(case.agency))
    opened, older = readings(case.pk, limit=READINGS, before=row_number(request.GET.get("before", "")))
    return {
        "rows": entries,
        "readings": opened,
        "older": older,
        "emergencies": case.emergency_openings.select_related("opened_by__agency"),
        "may_review": can_review_emergencies(reader(request)),
    }


def _entry(case: Case, row: CaseAccess, covered: Mapping[UUID, str]) -> dict[str, object]:
    labels = dict(Section.choices)
    may_be_ended = row.basis != Basis.TEAM
    return {
        "account": row.account,
        "agency": row.agency,
        "why": Basis(row.basis).label,
        "covered": covered.get(row.basis_id, ""),
        "sections": listed(str(labels[section]) for section in row.sections),
        "may_write": bool(row.sections) and row.may_write,
        "since": row.since,
        "until": row.until,
        "given_by": row.granted_by,
        "end_url": reverse("access_end", args=[case.pk, row.pk]) if may_be_ended else "",
    }


def _entry_on_duty(shift: DutyShift) -> dict[str, object]:
    return {
        "account": shift.worker,
        "why": Basis.DUTY.label,
        "since": shift.starts_at,
        "until": shift.ends_at,
        "given_by": shift.planned_by,
        "end_url": reverse("duty_cancel", args=[shift.pk]),
    }


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if can(reader(request), Ability.SEE_CASE_LOG):
        get_object_or_404(cases_of_officer(reader(request)), pk=case_id)
    elif not opened_case(request, case_id).works_on_it:
        raise Http404
    return reverse("case_access", args=[case_id])


@posted_from(_its_page)
def access_end(request: HttpRequest, case_id: UUID, access_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    try:
        end_access(case_id, access_id, actor=reader(request))
    except CaseAccess.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The access has ended."))
    return redirect("case_access", case_id)


@posted_from(_its_page)
def access_grant(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    form = GrantForm(request.POST)
    if form.accepted(
        lambda entered: grant_personally(
            case_id,
            actor=reader(request),
            account=entered["account"],
            sections=[Section(section) for section in entered["sections"]],
            may_write=entered["may_write"],
            until=end_of_day(entered["until"], opened.case.agency),
            reason=entered["reason"],
        )
    ):
        messages.success(request, _("The access is given, and its holder is told."))
        return redirect("case_access", case_id)
    return _page(request, opened, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def case_assign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id)
    require(Hand.SUPERVISOR in opened.hands)
    form = AssignForm(request.POST or None, agency=opened.case.agency)
    if request.method == "POST" and form.accepted(
        lambda entered: assign_worker(case_id, actor=reader(request), worker=entered["worker"])
    ):
        messages.success(request, _("Assigned."))
        return redirect("case", case_id)
    context = {"case": opened.case, "form": form, "assignment": opened.case.facts.assignment}
    return render(request, "cases/assign.html", context, status=422 if form.errors else 200)
