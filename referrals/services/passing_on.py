"""A case was taken over: what else was asked of others for this child goes on, with its new owner as the sender."""

from accounts.models import Agency, User
from accounts.notifications import notify
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from referrals.models import Referral
from referrals.models.choices import OPEN, ReferralState, Side
from referrals.permissions import answering
from referrals.services.events import add_event
from referrals.services.locking import locked_row


def addressed_to(recipient: Agency, case: Case) -> list[Referral]:
    """What the new owner itself was asked for, or is to be."""
    return [row for row in _going_on(case) if row.recipient_id == recipient.pk]


def pass_on(transfer: Referral, *, by: User) -> None:
    """The other side is told who answers now. What is over for it keeps its sender: it is told nothing more."""
    owner = transfer.recipient
    for each in _going_on(transfer.case):
        if each.recipient_id == owner.pk:
            continue
        row = locked_row(each.pk)
        row.sender = owner
        if row.state == ReferralState.DRAFT:
            # Whoever sends it now looks at it first, and its own supervisor signs.
            row.previewed_at, row.cosigned_by = None, None
        row.save(update_fields=["sender", "previewed_at", "cosigned_by"])
        if row.state != ReferralState.DRAFT:
            add_event(row, "sender_changed", side=Side.SENDER, actor=by, sender=owner.code)
            notify(answering(row), "referral.sender_changed", row, case_id=row.case_id)


def _going_on(case: Case) -> list[Referral]:
    """Drafts, what waits or runs, and what was completed as long as its recipient can still look."""
    held = (
        CaseAccess.objects.live().filter(case=case, basis=Basis.REFERRAL).values_list("basis_id", flat=True)
    )
    rows = Referral.objects.filter(case=case).order_by("pk")
    return [
        row
        for row in rows
        if row.state in (ReferralState.DRAFT, *OPEN)
        or (row.state == ReferralState.COMPLETED and row.pk in set(held))
    ]
