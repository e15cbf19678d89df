"""Fields are given one by one, as they are at this moment; a part of sending and of what is given later."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Document
from cases.permissions import sections
from referrals.fields import DOCUMENT, Value, field_of, givable_documents
from referrals.guards import has_ground, standing_consent
from referrals.models import Disclosure, Referral
from referrals.models.choices import BY_LEAVE, LegalBasis


def give(referral: Referral, codes: Iterable[str], *, by: User) -> list[Disclosure]:
    """Snapshots of these fields. Nobody gives what they may not read themselves, or what the file does not know."""
    # Sent without a ground by a supervisor's leave: the reason stands in the audit.
    basis = referral.legal_basis if has_ground(referral) else BY_LEAVE
    consent = standing_consent(referral) if basis == LegalBasis.CONSENT else None
    given = []
    for code in codes:
        field, value = field_of(code), field_of(code).read(referral.case)
        if value is None:
            raise Invalid(
                "wanted", _("The file does not know “%(field)s”. Leave it out.") % {"field": field.label}
            )
        section = _section(code, value)
        if section not in sections(by, referral.case):
            raise Invalid(
                "wanted", _("You may not read “%(field)s”, so you cannot give it.") % {"field": field.label}
            )
        row = Disclosure(
            referral=referral,
            case=referral.case,
            giver=referral.sender,
            recipient=referral.recipient,
            field=code,
            section=section,
            basis=basis,
            consent=consent,
            given_by=by,
            given_at=clock.now(),
        )
        row.value = value
        given.append(row)
    Disclosure.objects.bulk_create(given)
    for row in given:
        record(
            by,
            "field.disclosed",
            row,
            case_id=referral.case_id,
            sections=[Section(row.section)],
            holder=str(referral.recipient_id),
            basis=basis,
        )
    return given


def _section(code: str, value: Value) -> Section:
    """A document is read by the part of the file to which it belongs; that of all documents is nobody's to read."""
    return Section(value["section"]) if code.startswith(DOCUMENT) else field_of(code).section


def given_document(referral: Referral, document_id: UUID) -> Document | None:
    """One that opened with the pack, as long as it is in the file."""
    given = referral.disclosures.filter(field=f"{DOCUMENT}{document_id}", opened_at__isnull=False)
    return givable_documents(referral.case).filter(pk=document_id).first() if given.exists() else None
