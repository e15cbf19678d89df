"""Who stands on which side of a referral, and who sees it at all."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import RELATIONS_OF, Ability, Relation, Role, can
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import WORKING_HANDS, former_files
from cases.permissions import Hand as CaseHand
from cases.permissions import hands as hands_on_case
from referrals.models import Attachment, Disclosure, Referral
from referrals.models.choices import OFFERED, ReferralState


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


def opens_thread(held: frozenset[str], referral: Referral, *, has_pack: bool) -> bool:
    """The recipient reads it while the referral is open or its pack is; afterwards its own notes are what stays."""
    return Hand.SENDER in held or (Hand.RECIPIENT in held and (referral.is_open or has_pack))


def takes_part(user: User, referral: Referral) -> bool:
    """Who stands on one of the two sides now; of a referral that was sent."""
    return opens_thread(hands(user, referral), referral, has_pack=holds_pack(user, referral))


def reads_history(user: User, referral: Referral) -> bool:
    """Of a case that was taken over: its new owner, as long as it has the case, and who reads what an agency had.

    What was asked and written is theirs for good; nobody writes in it any more.
    """
    if not referral.transfer or referral.state != ReferralState.COMPLETED:
        return False
    owns = referral.case.agency_id == referral.recipient_id
    if owns and Hand.RECIPIENT in hands(user, referral):
        return True
    return former_files(user).filter(case=referral.case_id).exists()


def reads_thread(user: User, referral: Referral) -> bool:
    """Who reads what the two sides write, or wrote, to each other, files included."""
    return takes_part(user, referral) or reads_history(user, referral)


def attachments_in(referral: Referral) -> QuerySet[Attachment]:
    """The files that whoever reads the thread may open."""
    return Attachment.objects.filter(message__referral=referral, reported_at__isnull=True)


def must_send_words_only(held: frozenset[str], referral: Referral) -> bool:
    """The sender until the acceptance: nobody can tell by a file whether it says who the child is."""
    return Hand.RECIPIENT not in held and referral.state in OFFERED


def can_take_letter(user: User, referral: Referral) -> bool:
    """The letter of what was sent: for the sender always, for the recipient until the referral is over for it."""
    held = hands(user, referral)
    if referral.sent_at is None or Hand.SENDER in held:
        return referral.sent_at is not None
    return Hand.RECIPIENT in held and (referral.is_open or holds_pack(user, referral))


def letter_holds_pack(user: User, referral: Referral) -> bool:
    """Whether the letter says who the child is: never before the acceptance, not for the sender either."""
    accepted = referral.accepted_by_id is not None
    return accepted and (Hand.SENDER in hands(user, referral) or holds_pack(user, referral))


def may_listen(user: User, referral_id: UUID) -> bool:
    """Whose open page is told of a change: the sender's, and the recipient's while the referral is open to it."""
    referral = visible_to(user).select_related("case", "sender", "recipient").filter(pk=referral_id).first()
    return referral is not None and takes_part(user, referral)


# Who watches over an agency's whole register; nobody of them learns from it who a child is.
WATCHES = frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER})


# The whole file went with it, and no single field.
HANDED_OVER = Q(transfer=True, state=ReferralState.COMPLETED)


def can_see_register(user: User) -> bool:
    role = Role(user.role)
    return role in WATCHES or role in ANSWERS or role == Role.CASE_WORKER


def may_listen_to_boxes(user: User, agency_id: UUID) -> bool:
    """Whoever has a page which changes with what the agency sends and gets."""
    return bool(user.agency_id == agency_id) and (can(user, Ability.SEE_CASES) or can_see_register(user))


def shared_in_sight(user: User) -> Q:
    """Of what the own agency gave: all for who watches over it, of the own cases for who works on them.

    Whoever has taken the case over since has given nothing of it.
    """
    given = Disclosure.objects.filter(referral=OuterRef("pk"), giver=user.agency_id)
    mine = Q(Exists(given)) | (HANDED_OVER & Q(sender=user.agency_id))
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
