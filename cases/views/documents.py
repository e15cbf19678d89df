"""Documents of a case: the list, one on its way in or out, and the bytes of one."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrPromise

from accounts.access import Section
from accounts.audit import record_read
from accounts.errors import Invalid
from accounts.meanwhile import Meanwhile
from accounts.permissions import require
from cases.forms.base import FileForm
from cases.forms.documents import AbuseForm, DocumentForm, PoliceForm, RemovalForm
from cases.lists import DOCUMENTS
from cases.models import Document
from cases.models.choices import OPEN_STATES
from cases.models.documents import DocumentKind, SealedFile
from cases.permissions import Hand, can_remove_document
from cases.services import documents as services
from cases.services.incoming import ENDINGS
from cases.views.loading import OpenedCase, opened_case, read_case, reader
from cases.views.tabs import case_tabs
from vault import keys
from vault.errors import VaultError
from vault.files import StoredFile

PAGE = 25
# A document belongs to a part of the file; that of all documents is none.
LABELS = tuple(section for section in Section if section is not Section.DOCUMENTS)
logger = logging.getLogger(__name__)


@require_safe
def documents(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Those whose part of the file this reader may read. Which parts are shown here is what is recorded."""
    opened = opened_case(request, case_id)
    tools = DOCUMENTS.asked(request, offered={"section": _parts(opened)})
    rows = _seen(opened).select_related("added_by", "quarantined_by")
    for name in ("section", "kind"):
        rows = rows.filter(**{name: tools.chosen(name)}) if tools.chosen(name) else rows
    page = Paginator(tools.ordered(rows, "-added_at", "pk"), PAGE).get_page(request.GET.get("page"))
    _record(request, opened, {Section(row.section) for row in page}, "case.read")
    keys.prefetch([case_id])
    is_open = opened.case.state in OPEN_STATES
    context = {
        "case": opened.case,
        "tabs": case_tabs(opened, "documents"),
        "page": page,
        "tools": tools,
        "may_add": is_open and bool(_writable(opened)),
        "may_remove": {row.pk for row in page if is_open and _may_remove(request, opened, row)},
        "may_tell_police": Hand.SUPERVISOR in opened.hands,
    }
    return render(request, "cases/documents.html", context)


def _parts(opened: OpenedCase) -> list[tuple[str, StrPromise]]:
    return [(section.value, section.label) for section in LABELS if section in opened.sections]


def _seen(opened: OpenedCase) -> "QuerySet[Document]":
    return opened.case.documents.filter(
        section__in=[section.value for section in opened.sections], removed_at__isnull=True
    )


def _may_remove(request: HttpRequest, opened: OpenedCase, document: Document) -> bool:
    return can_remove_document(reader(request), document, opened.grounds)


def _writable(opened: OpenedCase) -> list[Section]:
    return [section for section in LABELS if opened.writes(section)]


def _record(
    request: HttpRequest,
    opened: OpenedCase,
    sections: Iterable[Section],
    verb: str,
    document: Document | None = None,
) -> None:
    record_read(
        reader(request),
        document or opened.case,
        case_id=opened.case.pk,
        sections=sections,
        basis=[row.basis for row in opened.grounds],
        verb=verb,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    opened = read_case(request, case_id)
    sections = _writable(opened)
    require(bool(sections))
    sent = request.method == "POST"
    if opened.case.has_ended and not sent:
        # Its page says that nothing new is recorded; a form here would be refused.
        return redirect("documents", case_id)
    form = DocumentForm(request.POST if sent else None, request.FILES if sent else None, sections=sections)
    if sent and form.accepted(
        lambda entered: services.add_document(
            case_id,
            actor=reader(request),
            section=Section(entered["section"]),
            kind=DocumentKind(entered["kind"]),
            title=entered["title"],
            filename=form.filename,
            incoming=entered["file"],
        )
    ):
        messages.success(request, _("The document is in the file."))
        return redirect("documents", case_id)
    return _form_page(request, opened, "cases/document_new.html", form)


def _form_page(
    request: HttpRequest,
    opened: OpenedCase,
    template: str,
    form: FileForm,
    document: Document | None = None,
) -> HttpResponse:
    keys.prefetch([opened.case.pk])
    context = {
        "case": opened.case,
        "form": form,
        "document": document,
        "back": reverse("documents", args=[opened.case.pk]),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _found(opened: OpenedCase, document_id: UUID, *, quarantined: bool = False) -> Document:
    """One of this case that the reader may see; a reported one is there only for whoever tells the police."""
    row = _seen(opened).filter(pk=document_id, quarantined_at__isnull=not quarantined).first()
    if row is None:
        raise Http404
    row.case = opened.case
    return row


@require_safe
def document_open(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The bytes, to be kept by the browser and never shown inside a page of ours."""
    opened = opened_case(request, case_id)
    document = _found(opened, document_id)
    _record(request, opened, [Section(document.section)], "document.read", document)
    return sealed_download(request, document, back=reverse("documents", args=[case_id]))


def sealed_download(request: HttpRequest, document: SealedFile, *, back: str) -> HttpResponseBase:
    """Called once the reading is recorded. Where what was stored is missing or damaged, that is said at `back`."""
    try:
        stored = StoredFile(document.case_id, document.storage_name)
    except (VaultError, OSError) as error:
        logger.error("Document %s cannot be opened: %s", document.pk, type(error).__name__)
        messages.error(
            request,
            _(
                "This document cannot be opened: what was stored is missing or damaged. Tell the administrator."
            ),
        )
        return redirect(back)
    parts = stepwise(request, stored, stored.close)
    response = StreamingHttpResponse(parts, content_type=document.media_type)
    response["Content-Length"] = str(document.size)
    # The name would stay in the browser's list of downloads, which others read: so it is none of the child's.
    response["Content-Disposition"] = f'attachment; filename="{neutral_name(document)}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def neutral_name(document: SealedFile) -> str:
    return f"document-{document.pk.hex[:8]}{ENDINGS.get(document.media_type, '.bin')}"


def stepwise(
    request: HttpRequest, parts: Iterable[bytes], close: Callable[[], object]
) -> "Iterable[bytes] | Stepwise":
    """What is opened chunk by chunk, for an answer that streams it."""
    return Stepwise(parts, close) if isinstance(request, ASGIRequest) else parts


class Stepwise:
    """Opens one chunk after the other in a thread, as fast as the reader takes them: others need not wait."""

    def __init__(self, parts: Iterable[bytes], close: Callable[[], object]) -> None:
        self._parts = parts
        self.close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self._parts)
        while (part := await sync_to_async(lambda: next(parts, None))()) is not None:
            yield part


@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    opened = opened_case(request, case_id)
    document = _found(opened, document_id)
    _record(request, opened, [Section(document.section)], "case.read")
    require(_may_remove(request, opened, document))
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_meant():
        try:
            services.remove_document(
                case_id, document_id, actor=reader(request), reason=form.cleaned_data["reason"]
            )
        except Document.DoesNotExist:
            raise Http404 from None
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Removed. History keeps that it was there."))
            return redirect("documents", case_id)
    return _form_page(request, opened, "cases/document_remove.html", form, document)


@require_http_methods(["GET", "HEAD", "POST"])
def document_report(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    """Asked once more before it happens, because nothing brings the file back."""
    opened = opened_case(request, case_id)
    document = _found(opened, document_id)
    _record(request, opened, [Section(document.section)], "case.read")
    if request.method == "POST":
        try:
            services.report_document(case_id, document_id, actor=reader(request))
        except Document.DoesNotExist:
            raise Http404 from None
        messages.success(
            request, _("Nobody can open it any more. The supervisor and the data-protection officer know.")
        )
        return redirect("documents", case_id)
    return _form_page(request, opened, "cases/document_report.html", AbuseForm(), document)


@require_http_methods(["GET", "HEAD", "POST"])
def document_police(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    opened = opened_case(request, case_id)
    document = _found(opened, document_id, quarantined=True)
    _record(request, opened, [Section(document.section)], "case.read")
    require(Hand.SUPERVISOR in opened.hands)
    form = _police_form(request.POST if request.method == "POST" else None, document)
    try:
        if request.method == "POST" and form.accepted(
            lambda entered: services.record_police_reference(
                case_id,
                document_id,
                actor=reader(request),
                reference=entered["reference"],
                seen=form.seen_state,
            )
        ):
            messages.success(request, _("The reference is recorded, and the file is deleted."))
            return redirect("documents", case_id)
    except Meanwhile:
        fresh = Document.objects.get(pk=document_id)
        form = form.written_meanwhile(lambda data: _police_form(data, fresh), reader=reader(request))
    return _form_page(request, opened, "cases/document_police.html", form, document)


def _police_form(data: QueryDict | None, document: Document) -> PoliceForm:
    return PoliceForm(data, row=document, initial={"reference": document.police_reference})


def evidence_links(opened: OpenedCase, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Address and title of those documents that this reader may open, in one query."""
    if not ids:
        return {}
    rows = _seen(opened).filter(pk__in=ids, quarantined_at__isnull=True)
    return {row.pk: (reverse("document_open", args=[opened.case.pk, row.pk]), row.title) for row in rows}
