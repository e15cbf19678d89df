"""The registers that the tracks keep: one page for each new entry, and testimony."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrPromise

import clock
from accounts.access import Section
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from accounts.posting import posted_from
from cases.forms import care as forms
from cases.permissions import Hand
from cases.services import registers
from cases.views.loading import OpenedCase, opened_case, reader, write_case
from cases.views.tabs import case_tabs
from cases.views.tracks import legal_page, testimony_form

EntryForm = (
    forms.InterviewForm | forms.ExaminationForm | forms.HealthRecordForm | forms.FitnessForm | forms.NeedForm
)


@dataclass(frozen=True)
class Register:
    """One kind of entry: the page that it belongs to and returns to, its form, its service."""

    page: str
    section: Section
    form: type[EntryForm]
    save: Callable[..., object]
    title: StrPromise
    text: StrPromise
    # The day that the form begins with is today.
    day: str = ""
    clinic_only: bool = False


INTERVIEW = Register(
    "legal",
    Section.LEGAL,
    forms.InterviewForm,
    registers.record_interview,
    gettext_lazy("Record an interview"),
    gettext_lazy("As few as possible, each by somebody trained, never alone. Help does not depend on it."),
    day="held_on",
)
EXAMINATION = Register(
    "medical",
    Section.MEDICAL,
    forms.ExaminationForm,
    registers.record_examination,
    gettext_lazy("Record an examination"),
    gettext_lazy("Each examination has its own informed consent, in a language that the child knows."),
    day="held_on",
)
HEALTH_RECORD = Register(
    "medical",
    Section.MEDICAL,
    forms.HealthRecordForm,
    registers.record_health,
    gettext_lazy("Write a health record"),
    gettext_lazy("The latest of each kind counts; earlier ones stay readable."),
)
FITNESS = Register(
    "medical",
    Section.MEDICAL,
    forms.FitnessForm,
    registers.certify_fitness,
    gettext_lazy("Certify fitness to travel"),
    gettext_lazy("For one journey soon: a certificate grows old within days."),
    day="certified_on",
    clinic_only=True,
)
NEED = Register(
    "rehabilitation",
    Section.REHABILITATION,
    forms.NeedForm,
    registers.record_need,
    gettext_lazy("Record a need"),
    gettext_lazy("Part of life by part of life; the latest word on each counts."),
)


@require_http_methods(["GET", "HEAD", "POST"])
def interview_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _entry(request, case_id, INTERVIEW)


@require_http_methods(["GET", "HEAD", "POST"])
def examination_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _entry(request, case_id, EXAMINATION)


@require_http_methods(["GET", "HEAD", "POST"])
def health_record_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _entry(request, case_id, HEALTH_RECORD)


@require_http_methods(["GET", "HEAD", "POST"])
def travel_fitness_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _entry(request, case_id, FITNESS)


@require_http_methods(["GET", "HEAD", "POST"])
def need_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _entry(request, case_id, NEED)


def _entry(request: HttpRequest, case_id: UUID, register: Register) -> HttpResponse:
    opened = write_case(request, case_id, register.section)
    require(not register.clinic_only or Hand.CLINIC in opened.hands_in(register.section))
    today = clock.today(opened.case.agency.time_zone)
    initial = {register.day: today} if register.day else {}
    form = register.form(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.accepted(
        lambda entered: register.save(case_id, actor=reader(request), **form.entered())
    ):
        messages.success(request, _("Recorded."))
        return redirect(register.page, case_id)
    return _form_page(request, opened, register, form)


def _form_page(request: HttpRequest, opened: OpenedCase, register: Register, form: EntryForm) -> HttpResponse:
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, register.page),
        "register": register,
        "form": form,
    }
    return render(request, "cases/register_new.html", context, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, case_id: UUID, **_part: UUID) -> str:
    """Where the forms below stand, for those who may open it."""
    if not opened_case(request, case_id).sees(Section.LEGAL):
        raise Http404
    return reverse("legal", args=[case_id])


@posted_from(_its_page)
def testimony(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whether the child can testify without being here; asked beside the proceedings."""
    opened = write_case(request, case_id, Section.LEGAL)
    form = testimony_form(request.POST, opened.case.legal)
    if form.is_valid():
        try:
            registers.arrange_testimony(
                case_id,
                actor=reader(request),
                arranged=form.cleaned_data["arranged"],
                seen=form.seen_state,
            )
        except Invalid as error:
            messages.warning(request, error.sentence)
        except Meanwhile:
            opened.case.legal.refresh_from_db()
            form = form.written_meanwhile(
                lambda data: testimony_form(data, opened.case.legal), reader=reader(request)
            )
            return legal_page(request, opened, form)
        else:
            messages.success(request, _("Recorded."))
        return redirect("legal", case_id)
    return legal_page(request, opened, form)
