"""The history that both sides share: one row for each move, numbered without gaps under the referral's lock."""

from typing import Any
from uuid import UUID, uuid4

from accounts.audit import check_code
from accounts.models import User
from referrals.models import Referral, ReferralEvent
from referrals.models.choices import Side


def happened_before(referral: Referral, key: UUID | None) -> bool:
    """Whether the move with this key of the mover was made already: the same key twice has the effect of once."""
    return key is not None and referral.events.filter(key=key).exists()


def add_event(
    referral: Referral, kind: str, *, side: Side, actor: User | None, key: UUID | None = None, **details: Any
) -> ReferralEvent:
    """Details are codes and numbers: whoever reads the sequence learns nothing about the child from it."""
    for value in details.values():
        check_code(value)
    last = referral.events.order_by("-number").values_list("number", flat=True).first() or 0
    return ReferralEvent.objects.create(
        referral=referral,
        number=last + 1,
        kind=kind,
        side=side,
        agency=actor.agency if actor else None,
        by=actor,
        details=details,
        key=key or uuid4(),
    )
