"""A consent to share comes or goes: what rests on it ends, or waits for another ground. Care goes on until then."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from accounts.permissions import require
from cases.models import Case, Consent
from cases.models.choices import AGREES, Purpose
from cases.services.clocks import supervisors_of
from referrals.guards import MAY_SHARE, SHORTEST_BASIS, rests_on_yes
from referrals.models import Referral
from referrals.models.choices import BY_LEAVE, OFFERED, RUNNING, LegalBasis, ReferralState, Side
from referrals.permissions import Hand, answering, hands
from referrals.services import access, clocks
from referrals.services.events import add_event
from referrals.services.locking import locked, locked_row
from referrals.services.moving import end_with_consent
from workflow.machine import visible_length
from workflow.services import withdraw_overrides

# Whoever let it go without a yes answered for one that was missing, and not for a no.
RESTS_ON_YES = (LegalBasis.CONSENT, BY_LEAVE)


def follow_answer(case: Case, consent: Consent, actor: User) -> None:
    """Called under the case's lock, in the transaction that records the answer."""
    if consent.purpose != Purpose.SHARING:
        return
    if consent.answer in AGREES:
        for referral in _resting_on(case, consent):
            if referral.state in RUNNING:
                _find_consent(locked_row(referral.pk))
        return
    _void_leave(case, consent)
    losing = [locked_row(referral.pk) for referral in _resting_on(case, consent)]
    # What is due comes before the first notice of any of them: the sweep locks in this order.
    for referral in losing:
        if referral.state in OFFERED:
            clocks.stop(referral)
    for referral in losing:
        _lose_consent(referral, actor)


def _resting_on(case: Case, consent: Consent) -> list[Referral]:
    """Those of this recipient in which something was given by consent, whichever answer it was, or for want of one.

    With a transfer nothing is given field by field: while it is offered, the whole file is about to go.
    """
    rows = Referral.objects.filter(case=case, recipient=consent.recipient_id).order_by("pk")
    given = Q(disclosures__basis__in=RESTS_ON_YES)
    found = rows.filter(given | Q(transfer=True, state__in=OFFERED)).distinct()
    return [row for row in found if not row.transfer or rests_on_yes(row)]


def _void_leave(case: Case, consent: Consent) -> None:
    """A supervisor's leave to send without consent answered for a missing yes, not for a no."""
    drafts = Referral.objects.filter(case=case, recipient=consent.recipient_id, state=ReferralState.DRAFT)
    for draft in drafts:
        withdraw_overrides(draft, MAY_SHARE.code)


def _lose_consent(referral: Referral, actor: User) -> None:
    if referral.state in OFFERED:
        end_with_consent(referral)
    elif referral.state in RUNNING:
        clocks.ask_for_basis(referral)
        _tell(referral, actor)
        notify(
            supervisors_of(referral.case) - {actor},
            "referral.basis_needed",
            referral,
            case_id=referral.case_id,
        )
    elif access.is_open(referral):
        # The service is over; what was left open for questions rested on the consent alone.
        access.close_pack(referral, by=actor)
        _tell(referral, actor)


def _find_consent(referral: Referral) -> None:
    """A new yes is a ground, too."""
    if clocks.lacks_basis(referral):
        clocks.basis_found(referral)
        add_event(referral, "basis_stated", side=Side.CLOCK, actor=None, code=LegalBasis.CONSENT.value)


def _tell(referral: Referral, actor: User) -> None:
    """Both sides read that the ground is gone, and not who wrote it down: that may be the child's lawyer."""
    record(actor, "referral.consent_withdrawn", referral, case_id=referral.case_id)
    add_event(referral, "consent_withdrawn", side=Side.CLOCK, actor=None, state=referral.state)
    told = set(answering(referral)) - {actor}
    notify(told, "referral.consent_withdrawn", referral, case_id=referral.case_id)


def what_follows(case: Case, consent: Consent) -> list[str]:
    """In numbers: whoever writes down the answer need not know of the referrals themselves."""
    if consent.purpose != Purpose.SHARING:
        return []
    states = [referral.state for referral in _resting_on(case, consent)]
    offered = sum(state in OFFERED for state in states)
    running = sum(state in RUNNING for state in states)
    sentences = []
    if offered:
        words = ngettext(
            "%(count)s referral that this recipient has not accepted is recalled at once.",
            "%(count)s referrals that this recipient has not accepted are recalled at once.",
            offered,
        )
        sentences.append(words % {"count": offered})
    if running:
        words = ngettext(
            "%(count)s referral is running. Care goes on; a supervisor says another ground or ends it.",
            "%(count)s referrals are running. Care goes on; a supervisor says another ground or ends them.",
            running,
        )
        sentences.append(words % {"count": running})
    return sentences


@write
def state_basis(referral_id: UUID, *, actor: User, legal_basis: str, basis_words: str) -> Referral:
    """On what other ground the recipient goes on holding what it was given; a supervisor answers for it."""
    referral = locked(referral_id, actor)
    require(Hand.SUPERVISOR in hands(actor, referral))
    if not clocks.lacks_basis(referral):
        raise Invalid("", _("This referral does not wait for another ground."))
    if legal_basis not in OTHER_BASES:
        raise Invalid("legal_basis", _("Choose one of the grounds."))
    if visible_length(basis_words) < SHORTEST_BASIS:
        raise Invalid("basis_words", _("Say in at least 20 characters what the ground is."))
    referral.legal_basis, referral.basis_words = legal_basis, basis_words
    referral.save(update_fields=["legal_basis", "basis_words_sealed"])
    # The consent that they were first given on stays named beside the ground that holds now.
    referral.disclosures.filter(basis__in=RESTS_ON_YES).update(basis=legal_basis)
    clocks.basis_found(referral)
    record(actor, "referral.basis_stated", referral, case_id=referral.case_id, basis=legal_basis)
    add_event(referral, "basis_stated", side=Side.SENDER, actor=actor, code=legal_basis)
    notify(answering(referral), "referral.basis_stated", referral, case_id=referral.case_id)
    return referral


OTHER_BASES = frozenset(LegalBasis.values) - {LegalBasis.CONSENT.value}
