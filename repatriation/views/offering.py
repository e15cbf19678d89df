"""Which papers of a return somebody may take, for the pages on which one looks for them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from cases.models.papers import PaperKind
from repatriation.services.issuing import Held, offered
from repatriation.views.loading import OpenedReturn

# Its address, the words on the button that leads there, and the name of the file, which lies in a download folder.
PAPERS: Mapping[PaperKind, tuple[str, StrPromise, str]] = {
    PaperKind.MINUTE: ("minute_paper", _("Download the minute as PDF"), "minute.pdf"),
    PaperKind.REQUEST: ("request_paper", _("Download the request as PDF"), "request.pdf"),
    PaperKind.MANDATE: ("mandate_paper", _("Download the mandate as PDF"), "mandate.pdf"),
    PaperKind.PACK: ("travel_pack", _("Download the travel pack as PDF"), "travel-pack.pdf"),
    PaperKind.HANDOVER: ("handover_paper", _("Download the protocol as PDF"), "protocol.pdf"),
    PaperKind.VISIT: ("visit_paper", _("Download the report as PDF"), "report.pdf"),
}


def held(opened: OpenedReturn) -> Held:
    return Held(frozenset(opened.sections), opened.hands)


def papers_of(opened: OpenedReturn, *kinds: PaperKind) -> list[tuple[StrPromise, str]]:
    """Those of these that this reader may take: the words of the button, and where it leads."""
    found = [kind for kind in kinds if offered(kind, opened.way, held(opened))]
    return [(PAPERS[kind][1], reverse(PAPERS[kind][0], args=[opened.way.pk])) for kind in found]
