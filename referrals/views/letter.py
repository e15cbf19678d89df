"""The referral as a letter, in the language in which its recipient works."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts.languages import written_language
from cases.models.papers import PaperKind
from cases.services.papers import make_paper, new_code
from cases.views.loading import reader
from cases.views.papers import as_attachment, proof_of
from referrals.fields import field_of
from referrals.models import Disclosure
from referrals.models.choices import OFFERED
from referrals.pdf import Given, Letter, letter_pdf
from referrals.permissions import can_take_letter, letter_holds_pack
from referrals.services.letters import keep_letter
from referrals.views.loading import OpenedReferral
from referrals.views.referral import first_look, offer_facts


@require_safe
def referral_letter(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Each is written anew, with a code of its own, and as it stands now."""
    opened, user = first_look(request, referral_id), reader(request)
    row = opened.referral
    if not can_take_letter(user, row):
        raise Http404
    whole, code = letter_holds_pack(user, row), new_code()
    language = written_language(row.recipient.languages)
    with translation.override(language):
        moment = _("As of %(moment)s") % {"moment": date_format(localtime(clock.now()), "l j E Y, H:i")}
        letter = _letter(opened, whole=whole)
        content = letter_pdf(letter, reader=user.name, moment=moment, proof=proof_of(request, code))
    made = make_paper(PaperKind.REFERRAL, code, content, by=user, language=language)
    keep_letter(referral_id, made, actor=user, holds_pack=whole)
    return as_attachment(made.content, "referral-letter.pdf")


def _letter(opened: OpenedReferral, *, whole: bool) -> Letter:
    row = opened.referral
    offer = [*offer_facts(row), (_("Sent"), _day(row.sent_at))]
    if row.state in OFFERED:
        offer.append((_("Answer by"), _day(row.answer_by)))
    facts = [(str(label), str(value)) for label, value in offer]
    if not whole:
        return Letter(facts)
    given = [_given(disclosure) for disclosure in opened.pack]
    return Letter(facts, row.request or "", given, is_whole=True)


def _given(disclosure: Disclosure) -> Given:
    field = field_of(disclosure.field)
    basis = str(disclosure.get_basis_display())
    if disclosure.consent and disclosure.consent.given_on:
        basis = f"{basis}, {date_format(disclosure.consent.given_on, 'j E Y')}"
    return Given(str(field.label), field.words(disclosure.value), basis, _day(disclosure.given_at))


def _day(moment: datetime | None) -> str:
    return date_format(localtime(moment), "j E Y") if moment else ""
