"""Case notes, newest first, and the page on which one is written or corrected."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Section
from accounts.lists import Asked
from accounts.permissions import require
from cases.forms.voices import NoteForm
from cases.lists import NOTES
from cases.models import Note
from cases.models.choices import OPEN_STATES
from cases.permissions import note_labels, notes_visible
from cases.services.notes import write_note
from cases.views.filling import Sheet, fill, sent
from cases.views.loading import OpenedCase, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys

PAGE = 20


@require_safe
def notes(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whoever sees anything of the file has this page; which notes stand on it is decided note by note."""
    opened = read_case(request, case_id, shown=Section)
    keys.prefetch([case_id])
    visible = notes_visible(reader(request), opened.case, opened.grounds)
    writers = list(
        visible.order_by("written_by__name").values_list("written_by", "written_by__name").distinct()
    )
    parts = [(each.value, each.label) for each in opened.sections]
    people = [(str(pk), name) for pk, name in writers]
    tools = NOTES.asked(request, offered={"section": parts, "person": people})
    rows = tools.ordered(_filtered(visible, tools), "-written_at", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    labels = note_labels(opened.grounds)
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "notes"),
        "page": page,
        "rows": _rows(visible, list(page.object_list), labels),
        "tools": tools,
        "may_write": bool(labels) and opened.case.state in OPEN_STATES,
    }
    return render(request, "cases/notes.html", context)


def _filtered(visible: QuerySet[Note], tools: Asked) -> QuerySet[Note]:
    rows = visible.select_related("written_by", "agency", "corrected_by")
    if tools.chosen("section"):
        rows = rows.filter(section=tools.chosen("section"))
    return rows.filter(written_by=UUID(tools.chosen("person"))) if tools.chosen("person") else rows


def _id_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _rows(visible: QuerySet[Note], shown: list[Note], labels: list[Section]) -> list[dict[str, Any]]:
    """Each with the note that it replaces, if this reader may read that one too, and with whether it was replaced."""
    wanted = [note.corrects_id for note in shown if note.corrects_id]
    replaced = visible.filter(pk__in=wanted).select_related("written_by") if wanted else []
    earlier = {note.pk: note for note in replaced}
    return [
        {
            "note": note,
            "replaces": earlier.get(note.corrects_id) if note.corrects_id else None,
            "is_replaced": hasattr(note, "corrected_by"),
            "may_correct": note.section in labels and not hasattr(note, "corrected_by"),
        }
        for note in shown
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def note_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """`?corrects=` names the note that the new one replaces."""
    opened = read_case(request, case_id, shown=[Section.NOTES])
    labels = note_labels(opened.grounds)
    require(bool(labels))
    replaced = _replaced_or_404(request, opened)
    if replaced:
        require(replaced.section in labels)
        if hasattr(replaced, "corrected_by"):
            return redirect("notes", case_id)
        labels = [Section(replaced.section)]
    about = _about(replaced) if replaced else []
    sheet = Sheet(
        title=_("Correct a note") if replaced else _("Write a note"),
        text=_("Both notes stay. The earlier one is marked as corrected.") if replaced else "",
        action=_("Save the note"),
        done=_("The note is saved."),
        back=reverse("notes", args=[case_id]),
        about=about,
    )

    def save(data: dict[str, Any]) -> None:
        write_note(
            case_id,
            actor=reader(request),
            section=Section(data["section"]),
            words=data["words"],
            corrects=replaced.pk if replaced else None,
        )

    initial = {"section": request.GET.get("section", "")}
    return fill(request, opened, NoteForm(sent(request), labels=labels, initial=initial), sheet, save)


def _replaced_or_404(request: HttpRequest, opened: OpenedCase) -> Note | None:
    named = request.GET.get("corrects")
    if named is None:
        return None
    note_id = _id_or_none(named)
    if note_id is None:
        raise Http404
    visible = notes_visible(reader(request), opened.case, opened.grounds)
    found: Note = get_object_or_404(visible.select_related("written_by", "corrected_by"), pk=note_id)
    return found


def _about(note: Note) -> list[tuple[str, str]]:
    written = f"{note.written_by.name} · {date_format(note.written_at, 'j E Y, H:i')}"
    return [(_("Written"), written), (_("The note that is corrected"), note.words)]
