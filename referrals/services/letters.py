"""The letter leaves: it is kept with its code and recorded, or it does not leave."""

from dataclasses import replace
from uuid import UUID

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record_read
from accounts.models import User
from cases.models import CaseAccess, IssuedPaper
from cases.services import papers
from referrals.models import Referral
from referrals.permissions import can_take_letter, letter_holds_pack
from referrals.services.locking import locked


@write
def keep_letter(referral_id: UUID, made: papers.Made, *, actor: User, holds_pack: bool) -> IssuedPaper:
    """Raises Referral.DoesNotExist for whom there is no such letter any more: it may end while it is written."""
    referral = locked(referral_id, actor)
    may_hold_it = letter_holds_pack(actor, referral)
    if not can_take_letter(actor, referral) or (holds_pack and not may_hold_it):
        raise Referral.DoesNotExist
    shown = referral.disclosures.values_list("section", flat=True) if holds_pack else []
    why = CaseAccess.objects.live_for(actor).filter(case=referral.case_id).values_list("basis", flat=True)
    record_read(
        actor,
        referral,
        case_id=referral.case_id,
        sections={Section(section) for section in shown},
        basis=why,
        verb="referral.letter_taken",
    )
    # What is over, or says less than a letter says by now, is history when it is kept.
    current = referral.is_open and holds_pack == may_hold_it
    made = replace(made, current=current)
    return papers.keep(made, about=referral.pk, case=referral.case, by=actor)
