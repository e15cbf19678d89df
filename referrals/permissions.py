"""Who stands on which side of a referral, and who sees it at all."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import RELATIONS_OF, Relation, Role
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import WORKING_HANDS, former_files
from cases.permissions import Hand as CaseHand
from cases.permissions import hands as hands_on_case
from referrals.models import Referral
from referrals.models.choices import ReferralState


class Hand(TextChoices):
    """In whose hands an edge of a referral lies."""

    SENDER = "sender", _("the sender")
    SUPERVISOR = "sender_supervisor", _("the sender’s supervisor")
    RECIPIENT = "recipient", _("the recipient")


# Grounds of those who work on a case.
WORKING_BASES = (Basis.ASSIGNMENT, Basis.COVER, Basis.TEAM, Basis.DUTY)
# Who answers for an agency: those to whom an accepted referral opens something.
ANSWERS = frozenset(role for role, held in RELATIONS_OF.items() if Relation.REFERRED in held)
# A whole case is taken by those who take children from the desk.
TAKES_OVER = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})


def _answers(transfer: bool) -> Collection[Role]:
    return TAKES_OVER if transfer else ANSWERS


def answering(referral: Referral) -> QuerySet[User]:
    """The recipient’s people to whom this referral is addressed."""
    roles = _answers(referral.transfer)
    return User.objects.filter(agency=referral.recipient_id, role__in=roles, is_active=True)


def hands(user: User, referral: Referral) -> frozenset[str]:
    """The sender is whoever has the case now: after a transfer the new owner, of what was sent before as well."""
    if user.agency_id == referral.recipient_id:
        answers = Role(user.role) in _answers(referral.transfer)
        return frozenset({Hand.RECIPIENT} if answers else ())
    held, on_case = set(), hands_on_case(user, referral.case)
    if on_case & WORKING_HANDS:
        held.add(Hand.SENDER)
    if CaseHand.SUPERVISOR in on_case:
        held.add(Hand.SUPERVISOR)
    return frozenset(held)


def can_refer(user: User, case: Case) -> bool:
    """Whoever works on it, at night too: care does not wait."""
    return bool(hands_on_case(user, case) & WORKING_HANDS)


def can_transfer(user: User, case: Case) -> bool:
    """Nobody gives a child out of the agency's hands but its supervisors."""
    return CaseHand.SUPERVISOR in hands_on_case(user, case)


def visible_to(user: User) -> QuerySet[Referral]:
    """What somebody may act on, on either side; an answered or ended one as the tombstone that is left of it."""
    worked = CaseAccess.objects.live_for(user).filter(basis__in=WORKING_BASES).values("case_id")
    sent = Q(case_id__in=worked) & ~Q(recipient=user.agency_id)
    kinds = [kind for kind in (False, True) if Role(user.role) in _answers(kind)]
    received = Q(recipient=user.agency_id, transfer__in=kinds)
    never_came = Q(state__in=(ReferralState.DRAFT, ReferralState.DISCARDED))
    return Referral.objects.filter(sent | (received & ~never_came))


def readable_by(user: User) -> QuerySet[Referral]:
    """Besides, the transfer by which a case went away, for those who still read what it held until then."""
    return Referral.objects.filter(
        Q(pk__in=visible_to(user).values("pk")) | Q(pk__in=former_files(user).values("transfer"))
    )


def holds_pack(user: User, referral: Referral) -> bool:
    """Whether the recipient may read what it was given now: accepted, and not over."""
    if Hand.RECIPIENT not in hands(user, referral):
        return False
    live = CaseAccess.objects.live_for(user).filter(basis=Basis.REFERRAL, basis_id=referral.pk)
    return live.exists()


def may_listen(user: User, referral_id: UUID) -> bool:
    """Whose open page is told of a change: the sender's, and the recipient's while the referral is open to it."""
    referral = visible_to(user).select_related("case", "sender", "recipient").filter(pk=referral_id).first()
    if referral is None:
        return False
    return Hand.SENDER in hands(user, referral) or referral.is_open or holds_pack(user, referral)
