"""The child's own questions, wishes and complaints, and the answers; and the leaflet that it may keep."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import Section
from cases.forms.voices import AnswerForm, VoiceForm
from cases.leaflet import Band, band_of, sheet_in
from cases.models.choices import OPEN_STATES
from cases.models.notes import VoiceKind
from cases.services.voices import answer_voice, record_voice
from cases.views.filling import Sheet, fill, sent
from cases.views.languages import chosen_language
from cases.views.loading import OpenedCase, read_case, reader, write_case
from cases.views.moved import moved_on
from cases.views.tabs import case_tabs
from vault import keys

ROWS = 50


@require_safe
def voices(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id, Section.PLAN)
    keys.prefetch([case_id])
    rows = opened.case.voices.select_related("recorded_by", "answered_by")
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "voices"),
        # What waits for an answer longest comes first, then what was answered last.
        "waiting": list(rows.filter(answered_on__isnull=True).order_by("said_on", "recorded_at")),
        "answered": list(rows.filter(answered_on__isnull=False).order_by(F("answered_on").desc())[:ROWS]),
        "may_write": opened.writes(Section.PLAN) and opened.case.state in OPEN_STATES,
    }
    return render(request, "cases/voices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def voice_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    form = VoiceForm(sent(request), initial={"said_on": clock.today(opened.case.agency.time_zone)})
    sheet = Sheet(
        title=_("A question, wish or complaint of the child"),
        text=_(
            "The supervisors hear of a complaint at once. A question and a complaint have a day for the answer."
        ),
        action=_("Save"),
        done=_("Saved. The child has a right to an answer."),
        back=reverse("voices", args=[case_id]),
    )

    def save(data: dict[str, Any]) -> None:
        record_voice(case_id, actor=reader(request), **data | {"kind": VoiceKind(data["kind"])})

    return fill(request, opened, form, sheet, save)


@require_http_methods(["GET", "HEAD", "POST"])
def voice_answer(request: HttpRequest, case_id: UUID, voice_id: UUID) -> HttpResponse:
    opened = write_case(request, case_id, Section.PLAN)
    voice = get_object_or_404(opened.case.voices, pk=voice_id)
    form = AnswerForm(sent(request), initial={"answered_on": clock.today(opened.case.agency.time_zone)})
    if voice.answered_on is not None:
        page, sentence = reverse("voices", args=[case_id]), _("The child has this answer already.")
        return moved_on(request, opened.case, [sentence], page=page, form=form)
    said_on = date_format(voice.said_on, "j E Y")
    sheet = Sheet(
        title=_("Answer the child"),
        action=_("Save the answer"),
        done=_("The answer is recorded."),
        back=reverse("voices", args=[case_id]),
        about=[(f"{voice.get_kind_display()} · {said_on}", voice.words)],
    )

    def save(data: dict[str, Any]) -> None:
        answer_voice(case_id, voice_id, actor=reader(request), **data)

    return fill(request, opened, form, sheet, save)


@require_safe
def leaflet(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """For the child to read and keep. It names the agency and its telephone, and nothing of the case."""
    opened = read_case(request, case_id, shown=[Section.IDENTITY])
    language = chosen_language(request)
    asked = request.GET.get("age", "")
    band = Band(asked) if asked in Band.values else band_of(_age(opened))
    context = {
        "case": opened.case,
        "leaflet": sheet_in(language.code, band),
        "language": language,
        "bands": [(each.value, each.label, each == band) for each in Band],
        "agency": opened.case.agency,
    }
    return render(request, "cases/leaflet.html", context)


def _age(opened: OpenedCase) -> int | None:
    """Known only to those who see who the child is."""
    child = opened.case.facts.child
    if child is None or not opened.sees(Section.IDENTITY):
        return None
    return child.age_on(clock.today(opened.case.agency.time_zone))
