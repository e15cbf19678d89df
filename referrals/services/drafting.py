"""A draft: to whom, for what, on what ground, and which fields; looked at as the recipient will see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import last_saved, require_unchanged
from accounts.models import Agency, ServiceType, User
from accounts.permissions import require
from cases.models import Case
from cases.permissions import can_own, sections
from cases.services.locking import locked as locked_case
from cases.services.standing import require_open
from referrals.fields import BY_CODE, DOCUMENT, field_of, givable_documents
from referrals.guards import MAY_SHARE, is_to_be_looked_at
from referrals.models import Referral
from referrals.models.choices import CAN_BE_SENT_AGAIN, LegalBasis, Purpose, ReferralState, TransferBasis
from referrals.permissions import Hand, can_refer, can_transfer, hands
from referrals.services.locking import locked
from workflow.services import withdraw_overrides

# What the form over a draft shows.
OFFERED = (
    *("recipient_id", "service", "purpose", "needs", "request", "answer_by"),
    *("legal_basis", "basis_words", "transfer_basis"),
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the sender says of a referral before it is sent, in one consistent statement."""

    purpose: str
    needs: Sequence[str]
    request: str = ""
    answer_by: datetime | None = None
    legal_basis: str = ""
    basis_words: str = ""
    transfer_basis: str = ""


@write
def draft_referrals(
    case_id: UUID,
    *,
    actor: User,
    to: Sequence[tuple[Agency, ServiceType]],
    offer: Offer,
) -> list[Referral]:
    """One draft for each recipient and service; several are asked for together, and each answers alone."""
    case = locked_case(case_id, actor)
    require(can_refer(actor, case))
    require_open(case)
    if not to:
        raise Invalid("recipient", _("Choose a recipient."))
    together = uuid4() if len(to) > 1 else None
    return [_drafted(case, actor, agency, service, offer, together) for agency, service in to]


@write
def draft_transfer(case_id: UUID, *, actor: User, recipient: Agency, offer: Offer) -> Referral:
    """The case itself is offered, to one agency that keeps files. A supervisor of its owner alone decides that."""
    case = locked_case(case_id, actor)
    require(can_transfer(actor, case))
    require_open(case)
    if not can_own(recipient):
        raise Invalid("recipient", _("Choose an agency that keeps files and has a supervisor."))
    return _drafted(case, actor, recipient, ServiceType.SOCIAL_CARE, _whole(offer), None, transfer=True)


def _whole(offer: Offer) -> Offer:
    return replace(offer, purpose=Purpose.TAKE_OVER)


def _drafted(
    case: Case,
    actor: User,
    recipient: Agency,
    service: str,
    offer: Offer,
    together: UUID | None,
    previous: Referral | None = None,
    *,
    transfer: bool = False,
) -> Referral:
    if recipient.pk == case.agency_id:
        raise Invalid("recipient", _("Choose another agency than the one that has the case."))
    referral = Referral(
        case=case,
        sender=case.agency,
        recipient=recipient,
        service=service,
        transfer=transfer,
        together=together,
        previous=previous,
        version=previous.version + 1 if previous else 1,
        made_by=actor,
    )
    _fill(referral, offer)
    referral.save(force_insert=True)
    verb = "referral.transfer_drafted" if transfer else "referral.drafted"
    record(actor, verb, referral, case_id=case.pk, holder=str(recipient.pk), service=service)
    return referral


@write
def change_draft(
    referral_id: UUID, *, actor: User, recipient: Agency, service: str, offer: Offer, seen: str = ""
) -> Referral:
    """Whatever is changed has to be looked at again, and signed again. What a transfer says, a supervisor says.

    Raises Meanwhile when somebody else has changed it since the page was shown (`seen`).
    """
    referral = _draft(referral_id, actor)
    require_unchanged(referral, seen, *OFFERED)
    if referral.transfer:
        require(Hand.SUPERVISOR in hands(actor, referral))
        offer = _whole(offer)
    if recipient.pk == referral.case.agency_id:
        raise Invalid("recipient", _("Choose another agency than the one that has the case."))
    if (recipient.pk, service) != (referral.recipient_id, referral.service):
        _begin_anew(referral)
    referral.recipient, referral.service = recipient, service
    referral.previewed_at, referral.cosigned_by = None, None
    _fill(referral, offer)
    referral.save()
    record(actor, "referral.changed", referral, case_id=referral.case_id)
    return referral


def _begin_anew(referral: Referral) -> None:
    """It asks somebody else, or for something else: no version of an earlier one, and no leave was meant for it."""
    referral.previous, referral.version = None, 1
    withdraw_overrides(referral, MAY_SHARE.code)


def _fill(referral: Referral, offer: Offer) -> None:
    if offer.legal_basis not in ("", *LegalBasis.values) or offer.transfer_basis not in (
        "",
        *TransferBasis.values,
    ):
        raise Invalid("legal_basis", _("Choose one of the grounds."))
    referral.purpose, referral.needs = offer.purpose, list(offer.needs)
    referral.request = offer.request or None
    referral.answer_by = offer.answer_by
    referral.legal_basis, referral.transfer_basis = offer.legal_basis, offer.transfer_basis
    referral.basis_words = offer.basis_words or None


@write
def choose_fields(referral_id: UUID, *, actor: User, codes: Iterable[str], seen: str = "") -> Referral:
    """Which fields are given, one by one. While a question is answered, further ones can be added to those given.

    Raises Meanwhile when somebody else has chosen since the page was shown (`seen`).
    """
    referral = locked(referral_id, actor)
    require(Hand.SENDER in hands(actor, referral))
    if referral.state not in (ReferralState.DRAFT, ReferralState.INFO_REQUESTED):
        raise Invalid(
            "wanted", _("The fields of a referral that was sent are chosen when a question is answered.")
        )
    if referral.transfer:
        raise Invalid("wanted", _("With a transfer the whole file goes. There is nothing to choose."))
    chosen = list(dict.fromkeys(codes))
    _check(referral.case, actor, chosen)
    given = set(referral.disclosures.values_list("field", flat=True))
    if not given <= set(chosen):
        raise Invalid("wanted", _("What was given cannot be taken back here."))
    if set(chosen) == set(referral.wanted):
        # Whoever looked at it, and signed it, did so for the same.
        return referral
    require_unchanged(referral, seen, "wanted")
    referral.wanted, referral.previewed_at, referral.cosigned_by = chosen, None, None
    referral.save(update_fields=["wanted", "previewed_at", "cosigned_by"])
    record(actor, "referral.fields_chosen", referral, case_id=referral.case_id, count=len(chosen))
    return referral


def _check(case: Case, actor: User, codes: Sequence[str]) -> None:
    """Known fields that the file knows and this person may read."""
    held = sections(actor, case)
    documents = {f"{DOCUMENT}{row.pk}": row.section for row in givable_documents(case)}
    for code in codes:
        section = (
            documents.get(code) if code.startswith(DOCUMENT) else getattr(BY_CODE.get(code), "section", None)
        )
        if section is None or section not in held:
            raise Invalid("wanted", _("Choose among the fields that are shown."))
        if field_of(code).read(case) is None:
            raise Invalid(
                "wanted", _("The file does not know “%(field)s”.") % {"field": field_of(code).label}
            )


@write
def mark_previewed(referral_id: UUID, *, actor: User, seen: str) -> Referral:
    """The sender looked at the pack as the recipient will see it; `seen` is the `last_saved` of what was shown."""
    referral = _to_be_looked_at(referral_id, actor)
    _require_seen(referral, seen)
    referral.previewed_at = clock.now()
    referral.save(update_fields=["previewed_at"])
    record(actor, "referral.previewed", referral, case_id=referral.case_id)
    return referral


@write
def cosign(referral_id: UUID, *, actor: User, seen: str) -> Referral:
    """Across a border a supervisor signs beside the one who sends, or who gives more with an answer."""
    referral = _to_be_looked_at(referral_id, actor)
    require(Hand.SUPERVISOR in hands(actor, referral))
    if referral.previewed_at is None:
        raise Invalid("", _("Nobody has looked at the pack yet. It is signed as it will be sent."))
    _require_seen(referral, seen)
    referral.cosigned_by = actor
    referral.save(update_fields=["cosigned_by"])
    record(actor, "referral.cosigned", referral, case_id=referral.case_id)
    return referral


def _require_seen(referral: Referral, seen: str) -> None:
    """Nobody answers for what was changed since their page was drawn: a field, the request, the ground, a word."""
    if seen != last_saved(referral):
        raise Invalid("", _("The referral was changed meanwhile. Look at it again."))


@write
def draft_again(referral_id: UUID, *, actor: User) -> Referral:
    """What was not taken up, as a new version: the same offer, to be looked at and sent anew."""
    earlier = locked(referral_id, actor)
    require((Hand.SUPERVISOR if earlier.transfer else Hand.SENDER) in hands(actor, earlier))
    require_open(earlier.case)
    if earlier.state not in CAN_BE_SENT_AGAIN:
        raise Invalid(
            "", _("Only what was declined, recalled, handed back or has expired can be sent again.")
        )
    if Referral.objects.filter(previous=earlier).exists():
        raise Invalid("", _("There is a later version already."))
    offer = Offer(
        purpose=earlier.purpose,
        needs=earlier.needs,
        request=earlier.request or "",
        legal_basis=earlier.legal_basis,
        basis_words=earlier.basis_words or "",
        transfer_basis=earlier.transfer_basis,
    )
    return _drafted(
        earlier.case,
        actor,
        earlier.recipient,
        earlier.service,
        offer,
        earlier.together,
        previous=earlier,
        transfer=earlier.transfer,
    )


def _to_be_looked_at(referral_id: UUID, actor: User) -> Referral:
    referral = locked(referral_id, actor)
    require(Hand.SENDER in hands(actor, referral))
    if not is_to_be_looked_at(referral):
        raise Invalid("", _("Nothing more is given now: there is nothing to look at, or to sign."))
    return referral


def _draft(referral_id: UUID, actor: User) -> Referral:
    referral = locked(referral_id, actor)
    require(Hand.SENDER in hands(actor, referral))
    if referral.state != ReferralState.DRAFT:
        raise Invalid("", _("This referral was sent already."))
    return referral
