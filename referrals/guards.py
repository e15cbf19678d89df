"""What must hold before a referral makes a step."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

import clock
from accounts.models import AgencyKind
from cases.models.choices import AGREES, OPEN_STATES
from cases.models.choices import Purpose as ConsentPurpose
from cases.models.consent import Consent
from cases.permissions import can_own
from referrals.models import Referral
from referrals.models.choices import OFFERED, OPEN, LegalBasis, ReferralState
from referrals.permissions import answering
from referrals.registry import clearance_for
from workflow.machine import Attempt, Guard, Override, visible_length

SHORTEST_BASIS = 20
LONGEST_TO_ANSWER = timedelta(days=30)
# Nobody there tells an authority what it is told: contact with them needs no clearance.
NOT_AUTHORITIES = frozenset(
    {
        AgencyKind.SHELTER,
        AgencyKind.CLINIC,
        AgencyKind.HOSPITAL,
        AgencyKind.LEGAL_AID,
        AgencyKind.SCHOOL,
        AgencyKind.HOTLINE,
        AgencyKind.ESCORTS,
        AgencyKind.OUTSIDE,
    }
)


def standing_consent(referral: Referral) -> Consent | None:
    """The latest answer about sharing with this recipient, if it agrees."""
    latest = _latest_answer(referral)
    return latest if latest and latest.answer in AGREES else None


def _latest_answer(referral: Referral) -> Consent | None:
    answers = Consent.objects.filter(
        case=referral.case_id, purpose=ConsentPurpose.SHARING, recipient=referral.recipient_id
    )
    return answers.order_by("-recorded_at").first()


def to_authority_of_origin(referral: Referral) -> bool:
    """Of a country of which the child is, or may be, a national: until citizenship is known, of any other country."""
    if not referral.crosses_border or referral.recipient.kind in NOT_AUTHORITIES:
        return False
    citizenships = referral.case.child.citizenships
    return not citizenships or referral.recipient.country.code in citizenships


def not_given_yet(referral: Referral) -> list[str]:
    """Codes of the fields that the sender's next move gives: all of a draft, with an answer what was added since."""
    given = set(referral.disclosures.values_list("field", flat=True))
    return [code for code in referral.wanted if code not in given]


def is_to_be_looked_at(referral: Referral) -> bool:
    """A draft, a transfer's too, and an answer with which something more is given; not an answer in words alone."""
    if referral.state == ReferralState.INFO_REQUESTED:
        return bool(not_given_yet(referral))
    return bool(referral.state == ReferralState.DRAFT)


def clearance_of(referral: Referral) -> UUID | None:
    return clearance_for(referral.case, referral.recipient.country.code)


def _case_is_open(referral: Referral, attempt: Attempt) -> bool:
    return referral.case.state in OPEN_STATES


def _purpose_said(referral: Referral, attempt: Attempt) -> bool:
    return bool(referral.purpose) and bool(referral.needs)


def _recipient_offers(referral: Referral, attempt: Attempt) -> bool:
    recipient = referral.recipient
    return recipient.is_active and (referral.transfer or referral.service in recipient.services)


def _somebody_answers(referral: Referral, attempt: Attempt) -> bool:
    return answering(referral).exists()


def _recipient_keeps_files(referral: Referral, attempt: Attempt) -> bool:
    return not referral.transfer or can_own(referral.recipient)


def _one_transfer(referral: Referral, attempt: Attempt) -> bool:
    others = Referral.objects.filter(case=referral.case_id, transfer=True, state__in=OFFERED)
    return not referral.transfer or not others.exclude(pk=referral.pk).exists()


def _asks_for_a_service(referral: Referral, attempt: Attempt) -> bool:
    return not referral.transfer


def _asks_for_the_case(referral: Referral, attempt: Attempt) -> bool:
    return referral.transfer


def has_ground(referral: Referral) -> bool:
    """To share: consent that stands, or another ground that is documented."""
    if referral.legal_basis == LegalBasis.CONSENT:
        return standing_consent(referral) is not None
    return bool(referral.legal_basis) and visible_length(referral.basis_words or "") >= SHORTEST_BASIS


def rests_on_yes(referral: Referral) -> bool:
    """Whether a no takes away what it rests on: no other ground is documented."""
    return referral.legal_basis == LegalBasis.CONSENT or not has_ground(referral)


def _not_refused_since(referral: Referral, attempt: Attempt) -> bool:
    """Sent by a supervisor's leave, there need be no yes; but a no that came afterwards counts."""
    latest = _latest_answer(referral)
    if not rests_on_yes(referral) or latest is None or referral.sent_at is None:
        return True
    return latest.answer in AGREES or latest.recorded_at < referral.sent_at


def _previewed(referral: Referral, attempt: Attempt) -> bool:
    if not is_to_be_looked_at(referral):
        return True
    # With a transfer the whole file goes: there is nothing to choose, but all the more to look at.
    return (referral.transfer or bool(referral.wanted)) and referral.previewed_at is not None


def _answer_by(referral: Referral, attempt: Attempt) -> bool:
    now = clock.now()
    return referral.answer_by is not None and now < referral.answer_by <= now + LONGEST_TO_ANSWER


def _not_twice(referral: Referral, attempt: Attempt) -> bool:
    twins = Referral.objects.filter(
        case=referral.case_id,
        recipient=referral.recipient_id,
        service=referral.service,
        transfer=referral.transfer,
        state__in=OPEN,
    )
    return not twins.exclude(pk=referral.pk).exists()


def _cosigned(referral: Referral, attempt: Attempt) -> bool:
    if not referral.crosses_border or not is_to_be_looked_at(referral):
        return True
    return referral.cosigned_by_id is not None and referral.cosigned_by != attempt.actor


def _transfer_basis(referral: Referral, attempt: Attempt) -> bool:
    return not referral.crosses_border or bool(referral.transfer_basis)


def _cleared(referral: Referral, attempt: Attempt) -> bool:
    return not to_authority_of_origin(referral) or clearance_of(referral) is not None


def _elsewhere(referral: Referral, attempt: Attempt) -> bool:
    return not referral.case.placements.filter(until__isnull=True, provider=referral.recipient_id).exists()


def _not_confirmed(referral: Referral, attempt: Attempt) -> bool:
    return referral.confirmed_at is None and not referral.transfer


CASE_IS_OPEN = Guard(
    "case_is_open", _("The case is open."), ("IACM",), _case_is_open, hint=_("Reopen the case first.")
)
PURPOSE_SAID = Guard(
    "purpose_said",
    _("It is said what the recipient is asked to do, and what the child needs."),
    ("TRM",),
    _purpose_said,
    remedy="referral_edit",
    remedy_label=_("Say what is asked for"),
)
RECIPIENT_OFFERS = Guard(
    "recipient_offers",
    _("The recipient is active and offers this service."),
    ("TRM",),
    _recipient_offers,
    remedy="referral_edit",
    remedy_label=_("Choose another recipient"),
)
SOMEBODY_ANSWERS = Guard(
    "somebody_answers",
    _("Somebody at the recipient has an account with which a referral is answered."),
    ("TRM",),
    _somebody_answers,
    remedy="referral_edit",
    remedy_label=_("Choose another recipient"),
)
RECIPIENT_KEEPS_FILES = Guard(
    "recipient_keeps_files",
    _("Who is to take a whole case over keeps files of its own, and has a supervisor."),
    ("IACM",),
    _recipient_keeps_files,
    hint=_("Choose a social service, or ask for a service instead."),
    why=_("From the first minute somebody there has to answer for the whole file."),
)
ONE_TRANSFER = Guard(
    "one_transfer",
    _("No other agency has been asked to take this case over and has not answered yet."),
    ("IACM",),
    _one_transfer,
    hint=_("Wait for its answer, or recall it."),
)
ASKS_FOR_A_SERVICE = Guard(
    "asks_for_a_service",
    _("A service is asked for, and not the case itself."),
    ("IACM",),
    _asks_for_a_service,
    violation='NEW."transfer"',
    hint=_("Take the case over instead."),
)
ASKS_FOR_THE_CASE = Guard(
    "asks_for_the_case",
    _("The case itself is offered, and not only a service asked for."),
    ("IACM",),
    _asks_for_the_case,
    violation='NOT NEW."transfer"',
    hint=_("Accept the referral instead."),
)
MAY_SHARE = Guard(
    "may_share",
    _("The child or its representative agrees to share with this recipient, or a legal basis is documented."),
    ("HTCDS", "IACM"),
    lambda referral, _attempt: has_ground(referral),
    override=Override.SUPERVISOR,
    remedy="referral_edit",
    remedy_label=_("Document the legal basis"),
)
NOT_REFUSED_SINCE = Guard(
    "not_refused_since",
    _("Nobody has said no to sharing with this recipient since the case was offered."),
    ("HTCDS", "IACM"),
    _not_refused_since,
    hint=_("Decline it: its sender has to offer the case anew, on another ground."),
)
PREVIEWED = Guard(
    "previewed",
    _("The fields were chosen one by one, and looked at as the recipient will see them."),
    ("IACM",),
    _previewed,
    remedy="referral_pack",
    remedy_label=_("Choose and look"),
    why=_("What has left cannot be taken back, so it is looked at before, with the eyes of whoever gets it."),
)
ANSWER_BY = Guard(
    "answer_by",
    _("It is said by when the recipient answers: in the future, within 30 days."),
    ("TRM",),
    _answer_by,
    remedy="referral_edit",
    remedy_label=_("Say by when"),
)
NOT_TWICE = Guard(
    "not_twice",
    _("No other referral to this recipient for this service is open."),
    ("TRM",),
    _not_twice,
    hint=_("Wait for its answer, or recall it."),
)
COSIGNED = Guard(
    "cosigned",
    _("Across a border, a supervisor who does not send it has signed too."),
    ("TRM",),
    _cosigned,
    remedy="referral_cosign",
    remedy_label=_("Sign as the supervisor"),
    hint=_("Ask a supervisor of the team to sign."),
    why=_("What crosses a border is hard to take back, so two people answer for it."),
)
TRANSFER_BASIS = Guard(
    "transfer_basis",
    _("Across a border, it is said on what ground data may leave the country."),
    ("TRM",),
    _transfer_basis,
    remedy="referral_edit",
    remedy_label=_("Say the ground"),
    why=_("What leaves a country leaves its law too, so the ground is said beforehand."),
)
CONTACT_CLEARED = Guard(
    "contact_cleared",
    _("No authority of a country of origin is asked before contact with it is cleared."),
    ("ASYL", "CETS197"),
    _cleared,
    override=Override.NEVER,
    violation='COALESCE(NEW."to_authority_of_origin", TRUE) AND NEW."clearance" IS NULL',
    hint=_("Choose a partner that is no authority, or ask a supervisor to clear contact."),
)
CARE_ELSEWHERE = Guard(
    "care_elsewhere",
    _("The child is not in the recipient’s care any more."),
    ("IACM",),
    _elsewhere,
    hint=_("Record first where the child lives now."),
)
NOT_CONFIRMED = Guard(
    "not_confirmed",
    _("There is an outcome of a service, and it was not confirmed before."),
    ("TRM",),
    _not_confirmed,
)
