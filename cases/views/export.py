"""The whole file that its reader may see, on the screen and on paper, today or as it was on any day."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts.access import Section
from cases.casefile import CaseFile
from cases.casefile import case_file as put_together
from cases.forms.export import AsOfForm
from cases.models import Case
from cases.models.papers import PaperKind
from cases.pdf import case_file_pdf as on_paper
from cases.permissions import notes_visible
from cases.services.papers import keep_case_file, make_paper, new_code
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.papers import as_attachment, proof_of
from cases.views.tabs import case_tabs
from vault import keys

PARTS_OF_DAY = ("year", "month", "day")


@require_safe
def case_file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """`?on=YYYY-MM-DD` shows it as it was at the end of that day where the agency works."""
    opened = read_case(request, case_id, shown=Section)
    form = _form(request, opened)
    if form.is_valid() and any(f"on_{part}" in request.GET for part in PARTS_OF_DAY):
        # The three boxes lead to the one address that can be kept and sent.
        return redirect(_address("case_file", case_id, form.cleaned_data["on"]))
    file = _file(request, opened, form)
    on = form.cleaned_data.get("on")
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "case_file"),
        "form": form,
        "file": file,
        "moment": moment_of(on),
        "pdf_url": _address("case_file_pdf", case_id, on) if opened.may_take_away else "",
    }
    return render(request, "cases/case_file.html", context, status=200 if file else 422)


@require_safe
def case_file_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The same on paper. Its name is the code of the case: a name of a child would lie in every download folder."""
    opened = opened_case(request, case_id)
    if not opened.may_take_away:
        raise Http404
    form = _form(request, opened)
    file = _file(request, opened, form)
    if file is None:
        return redirect(f"{reverse('case_file', args=[case_id])}?{request.GET.urlencode()}")
    read_case(request, case_id, shown=Section, verb="case.exported")
    user, on, code = reader(request), form.cleaned_data["on"], new_code()
    paper = on_paper(file, reader=user.name, moment=moment_of(on), proof=proof_of(request, code))
    # An earlier day is history already, and takes the place of nothing.
    current = _end_of(on, opened.case) is None
    language = get_language() or "en"
    made = make_paper(PaperKind.CASE_FILE, code, paper, by=user, language=language, current=current)
    keep_case_file(case_id, made, actor=user)
    return as_attachment(made.content, f"case-{file.code}.pdf")


def _form(request: HttpRequest, opened: OpenedCase) -> AsOfForm:
    asked = request.GET.copy()
    if "on" in asked:
        for part, value in zip(PARTS_OF_DAY, request.GET["on"].split("-", 2), strict=False):
            asked[f"on_{part}"] = value
    return AsOfForm(asked, today=clock.today(opened.case.agency.time_zone))


def _file(request: HttpRequest, opened: OpenedCase, form: AsOfForm) -> CaseFile | None:
    """Nothing where the day cannot be; the form then says why."""
    if not form.is_valid():
        return None
    keys.prefetch([opened.case.pk])
    at = _end_of(form.cleaned_data["on"], opened.case)
    notes = notes_visible(reader(request), opened.case, opened.grounds).values_list("pk", flat=True)
    try:
        return put_together(
            opened.case.pk,
            opened.sections,
            at,
            for_team=opened.works_on_it,
            own_notes=frozenset(notes),
            conferences=opened.conferences_of(reader(request)) or (),
        )
    except Case.DoesNotExist:
        form.add_error("on", _("The case had not begun on this day."))
        return None


def _end_of(day: date | None, case: Case) -> datetime | None:
    """The first moment that is not of that day any more. The day that is not over yet stands as it is now."""
    zone = case.agency.time_zone
    if day is None or day == clock.today(zone):
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def moment_of(on: date | None) -> str:
    if on is None:
        return _("As of %(moment)s") % {"moment": date_format(localtime(clock.now()), "l j E Y, H:i")}
    return _("As it was at the end of %(day)s") % {"day": date_format(on, "l j E Y")}


def _address(name: str, case_id: UUID, on: date | None) -> str:
    query = f"?{urlencode({'on': on.isoformat()})}" if on else ""
    return f"{reverse(name, args=[case_id])}{query}"
