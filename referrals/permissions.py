"""Who stands on which side of a referral, and who sees it at all."""

from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import RELATIONS_OF, Relation, Role
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import WORKING_HANDS
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


def answering(referral: Referral) -> QuerySet[User]:
    """The recipient’s people to whom this referral is addressed."""
    return User.objects.filter(agency=referral.recipient_id, role__in=ANSWERS, is_active=True)


def hands(user: User, referral: Referral) -> frozenset[str]:
    held = set()
    if user.agency_id == referral.recipient_id and Role(user.role) in ANSWERS:
        held.add(Hand.RECIPIENT)
    if user.agency_id == referral.sender_id:
        on_case = hands_on_case(user, referral.case)
        if on_case & WORKING_HANDS:
            held.add(Hand.SENDER)
        if CaseHand.SUPERVISOR in on_case:
            held.add(Hand.SUPERVISOR)
    return frozenset(held)


def can_refer(user: User, case: Case) -> bool:
    """Whoever works on it, at night too: care does not wait."""
    return bool(hands_on_case(user, case) & WORKING_HANDS)


def visible_to(user: User) -> QuerySet[Referral]:
    """What somebody sees at all, on either side; an answered or ended one as the tombstone that is left of it."""
    worked = CaseAccess.objects.live_for(user).filter(basis__in=WORKING_BASES).values("case_id")
    sent = Q(sender=user.agency_id) & Q(case_id__in=worked)
    received = Q(recipient=user.agency_id) if Role(user.role) in ANSWERS else Q(pk__in=[])
    never_came = Q(state__in=(ReferralState.DRAFT, ReferralState.DISCARDED))
    return Referral.objects.filter(sent | (received & ~never_came))


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


# Who watches over an agency's whole register; nobody of them learns from it who a child is.
WATCHES = frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER})


def can_see_register(user: User) -> bool:
    role = Role(user.role)
    return role in WATCHES or role in ANSWERS or role == Role.CASE_WORKER


def shared_in_sight(user: User) -> Q:
    """Of what the own agency shared: all for who watches over it, of the own cases for who works on them."""
    mine = Q(sender=user.agency_id)
    if Role(user.role) in WATCHES:
        return mine
    if Role(user.role) != Role.CASE_WORKER:
        return Q(pk__in=[])
    worked = CaseAccess.objects.live_for(user).filter(basis__in=WORKING_BASES).values("case_id")
    return mine & Q(case_id__in=worked)


def held_in_sight(user: User) -> Q:
    """Of what the own agency was given: all for who watches over it, and for who answers for it."""
    watches = Role(user.role) in WATCHES or Role(user.role) in ANSWERS
    return Q(recipient=user.agency_id) if watches else Q(pk__in=[])


def can_see_board(user: User) -> bool:
    return Role(user.role) in (Role.SUPERVISOR, Role.FOCAL_POINT)
