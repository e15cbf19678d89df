"""Papers of a return, each in the languages of both countries, with a code of its own, and as it stands now."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts.access import Section
from accounts.languages import written_language
from accounts.models import Agency
from cases.models.papers import PaperKind
from cases.services.papers import make_paper, new_code
from cases.views.loading import reader
from cases.views.papers import as_attachment, proof_of
from repatriation.models import (
    Handover,
    Journey,
    MonitoringVisit,
    Panel,
    Return,
    VerificationRequest,
)
from repatriation.pdf import Sheet, Version, sheets_pdf
from repatriation.services.issuing import Offer, keep_return_paper, offered, state_of
from repatriation.views.journey import receiver_words
from repatriation.views.loading import OpenedReturn, found_return
from repatriation.views.offering import PAPERS, held
from repatriation.views.sheets import escorted, protocol, verification
from repatriation.views.sheets import minute as minutes
from repatriation.views.sheets import visit as visits
from repatriation.views.sheets.words import child_of, moment, whole_name_of
from vault import keys


@require_safe
def minute_paper(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _taken(request, return_id, PaperKind.MINUTE)


@require_safe
def request_paper(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _taken(request, return_id, PaperKind.REQUEST)


@require_safe
def mandate_paper(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _taken(request, return_id, PaperKind.MANDATE)


@require_safe
def travel_pack(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _taken(request, return_id, PaperKind.PACK)


@require_safe
def handover_paper(request: HttpRequest, return_id: UUID) -> HttpResponse:
    return _taken(request, return_id, PaperKind.HANDOVER)


@require_safe
def visit_paper(request: HttpRequest, return_id: UUID, number: int) -> HttpResponse:
    return _taken(request, return_id, PaperKind.VISIT, number)


def _taken(request: HttpRequest, return_id: UUID, kind: PaperKind, number: int = 0) -> HttpResponse:
    """The write that keeps it records the taking, before the first byte leaves."""
    opened, user = found_return(request, return_id), reader(request)
    offer = offered(kind, opened.way, held(opened), number)
    if offer is None:
        raise Http404
    keys.prefetch([opened.way.case_id])
    seen, code, languages = state_of(opened.way, offer.row), new_code(), _languages(opened.way, offer)
    versions = [_version(request, opened, kind, offer, language, code) for language in languages]
    _address, _label, name = PAPERS[kind]
    content = sheets_pdf(name.removesuffix(".pdf"), versions, reader=user.name)
    made = make_paper(kind, code, content, by=user, language=languages[0])
    keep_return_paper(return_id, made, actor=user, offer=offer, seen=seen, number=number)
    return as_attachment(made.content, name)


def _languages(way: Return, offer: Offer) -> list[str]:
    """Of the agency that works the case, then of the one abroad; one alone where both work in the same."""
    here, there = written_language(way.case.agency.languages), _abroad(way, offer)
    return list(dict.fromkeys([here, written_language(there.languages) if there else here]))


def _abroad(way: Return, offer: Offer) -> Agency | None:
    if isinstance(offer.row, VerificationRequest):
        return offer.row.post
    referral = way.reception or way.partner
    return referral.recipient if referral else None


def _version(
    request: HttpRequest, opened: OpenedReturn, kind: PaperKind, offer: Offer, language: str, code: str
) -> Version:
    with translation.override(language):
        as_of = _("As of %(moment)s") % {"moment": moment(clock.now(), opened.way)}
        return Version(language, _sheet(opened, kind, offer), as_of, proof_of(request, code))


def _sheet(opened: OpenedReturn, kind: PaperKind, offer: Offer) -> Sheet:
    way = opened.way
    names = [child_of(way.case)] if Section.IDENTITY in offer.shows else []
    match offer.row:
        case Panel() as panel:
            return minutes.minute(panel, [whole_name_of(way.case)] if names else [])
        case VerificationRequest() as asked:
            return verification.verification(asked)
        case Journey() as journey:
            write = escorted.mandate if kind == PaperKind.MANDATE else escorted.pack
            return write(way, journey)
        case Handover() as handover:
            to = receiver_words(handover.receiver, opened)
            return protocol.protocol(way, handover, names=names, receiver=to)
        case MonitoringVisit() as visit:
            return visits.visit(visit, names)
