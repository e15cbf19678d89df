"""Documents of the case to which pages of a return lead those who may open them."""

from uuid import UUID

from django.urls import reverse

from cases.models import Document
from repatriation.views.loading import OpenedReturn

Link = tuple[str, str]


def paper_link(opened: OpenedReturn, document: Document | None) -> Link | None:
    """Address and title, for who reads the part of the file to which it belongs."""
    if document is None or not document.is_readable or document.section not in opened.sections:
        return None
    return reverse("document_open", args=[opened.way.case_id, document.pk]), document.title


def case_page(opened: OpenedReturn, name: str, *more: UUID) -> str:
    """The address of a page of the case, for who works on it."""
    return reverse(name, args=[opened.way.case_id, *more]) if opened.works_here else ""
