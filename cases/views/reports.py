from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrPromise

import clock
from accounts.access import Ability, Section, can
from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.lists import in_order_of
from accounts.models import User
from accounts.permissions import require
from accounts.posting import posted_from
from cases.casefile.case import REPORT_PARTS
from cases.forms.reports import ReportForm
from cases.lists import DESK
from cases.matching.facts import facts_from
from cases.models import Report
from cases.models.choices import Danger, Gender
from cases.presenting import CaseRow, listed_rows
from cases.services.duplicates import alike
from cases.services.reports import make_report, take_report
from cases.views.loading import read_case, reader
from cases.views.tabs import case_tabs
from cases.wording import REASONS
from vault import keys

# The likeliest; more would be a list of common names.
ALIKE_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Emergency intake: three answers are enough."""
    user = reader(request)
    require(can(user, Ability.REPORT_CHILD))
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = make_report(form.told(), actor=user)
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect("receipt", report.pk)
    more_open = any(form.data.get(name) or name in form.errors for name in form.optional)
    context = {"form": form, "more_open": more_open}
    return render(request, "cases/report_new.html", context, status=422 if form.errors else 200)


@require_safe
def receipt(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """All that a reporter sees afterwards: that it arrived, where, and whether somebody took it."""
    report = Report.objects.made_by(reader(request)).select_related("desk").filter(pk=report_id).first()
    if report is None:
        raise Http404
    facts = [
        (_("Received"), date_format(localtime(report.received_at), "l j E, H:i")),
        (_("Desk"), report.desk.name),
        (_("Telephone on duty"), report.desk.duty_phone),
    ]
    return render(request, "cases/receipt.html", {"report": report, "facts": facts})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Reports that nobody has taken yet: those in danger first, then the oldest."""
    user = reader(request)
    require(can(user, Ability.WORK_DESK))
    tools = DESK.asked(request)
    waiting = Report.objects.waiting_at_desk_of(user).select_related("made_by__agency")
    if tools.chosen("danger"):
        waiting = waiting.filter(danger=tools.chosen("danger"))
    by_danger = in_order_of("danger", (Danger.YES, Danger.UNKNOWN, Danger.NO))
    context = {
        "reports": list(tools.ordered(waiting, by_danger, "received_at", "pk")),
        "tools": tools,
        "now": clock.now(),
    }
    return render(request, "cases/desk.html", context)


@require_safe
def desk_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The words of one waiting report, for those who work at its desk."""
    user = reader(request)
    report = (
        Report.objects.waiting_at_desk_of(user).select_related("made_by__agency").filter(pk=report_id).first()
    )
    if report is None:
        return _taken(request, report_id)
    shown = [Section.IDENTITY, Section.ACCOUNT, Section.SHELTER, Section.CONTACTS]
    record_read(user, report, case_id=report.case_key, sections=shown, basis=["desk"], verb="report.read")
    keys.prefetch([report.case_key])
    context = {"report": report, "facts": _facts(report), "now": clock.now(), "alike": _alike(user, report)}
    return render(request, "cases/desk_report.html", context)


@dataclass(frozen=True)
class Alike:
    """A file that may be the child's of whom a report tells. `row` is None where its reader may not see the file."""

    row: CaseRow | None
    agency: str
    reasons: list[StrPromise]


def _alike(user: User, report: Report) -> list[Alike]:
    """Asked before a case is opened; that was compared is recorded, and the reading of each file that is shown."""
    details = report.details or {}
    found = alike(facts_from([details.get("name", "")], gender=details.get("gender", "")))[:ALIKE_SHOWN]
    if not found:
        return []
    record_read(
        user,
        report,
        case_id=report.case_key,
        sections=[Section.IDENTITY],
        basis=["desk"],
        verb="report.compared",
    )
    seen = {row.case.pk: row for row in listed_rows(user, [each.case.pk for each in found])}
    rows = {pk: row for pk, row in seen.items() if row.sees_identity}
    return [
        Alike(
            rows.get(each.case.pk),
            each.case.agency.name,
            [REASONS[reason] for reason in each.likeness.reasons],
        )
        for each in found
    ]


def _report_address(request: HttpRequest, report_id: UUID) -> str:
    """Where the form below stands, for those who may open it; a report that was taken is led on from there."""
    user = reader(request)
    at_desk = Report.objects.waiting_at_desk_of(user) | Report.objects.taken_at_desk_of(user)
    if not at_desk.filter(pk=report_id).exists():
        raise Http404
    return reverse("desk_report", args=[report_id])


@posted_from(_report_address)
def desk_take(request: HttpRequest, report_id: UUID) -> HttpResponse:
    try:
        case = take_report(report_id, actor=reader(request))
    except Report.DoesNotExist:
        return _taken(request, report_id)
    messages.success(request, _("The case is open. Its clocks run from the moment the report came in."))
    return redirect("case", case.pk)


def _taken(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report waits no more. Whoever took it is led to the case, also by a second click; others to the desk."""
    user = reader(request)
    report = Report.objects.taken_at_desk_of(user).filter(pk=report_id).first()
    if report is None:
        raise Http404
    if report.taken_by_id == user.pk and report.case_id:
        return redirect("case", report.case_id)
    messages.info(request, _("Somebody else has taken this report."))
    return redirect("desk")


@require_safe
def case_report(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was told at the beginning, cut to the sections of the reader: each part belongs to one."""
    opened = read_case(request, case_id, shown=REPORT_PARTS)
    report = Report.objects.filter(case=opened.case).first()
    if report is None or not opened.sees_any(REPORT_PARTS):
        raise Http404
    keys.prefetch([case_id])
    facts = _facts(report)
    shown = facts[:-1] if opened.sees(Section.IDENTITY) else []
    shown += facts[-1:] if opened.sees(Section.CONTACTS) else []
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_report"),
        "report": report,
        "sees_words": opened.sees(Section.ACCOUNT),
        "sees_place": opened.sees(Section.SHELTER),
        "facts": shown,
    }
    return render(request, "cases/report.html", context)


def _facts(report: Report) -> list[tuple[str, str]]:
    details = report.details or {}
    genders = {value: str(label) for value, label in Gender.choices}
    return [
        (_("Name"), details.get("name", "")),
        (_("Age, or a guess"), details.get("age", "")),
        (_("Gender"), genders.get(details.get("gender", ""), "")),
        (_("Languages"), details.get("languages", "")),
        (_("Call back"), details.get("reporter", "")),
    ]
