"""The history that both sides share: one row for each move, numbered without gaps under the referral's lock."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Max, Q

from accounts import live
from accounts.audit import check_code
from accounts.models import User
from referrals.models import Referral, ReferralEvent
from referrals.models.choices import Side

REFERRAL_TOPIC = "referral"
# All referrals of an agency, whichever side it stands on: its inbox and its outbox.
BOXES_TOPIC = "referrals"


def numbers(referrals: Collection[UUID]) -> Mapping[UUID, int]:
    """The number of the latest event of each: a page that saw a lower one has missed something."""
    rows = ReferralEvent.objects.filter(referral__in=referrals).values_list("referral")
    return dict(rows.annotate(latest=Max("number")).values_list("referral", "latest"))


def latest(agencies: Collection[UUID]) -> Mapping[UUID, int]:
    """For each agency a number that grows with every move in one of its referrals."""
    return {agency: _latest(agency) for agency in agencies}


def _latest(agency_id: UUID) -> int:
    of_agency = Q(referral__sender=agency_id) | Q(referral__recipient=agency_id)
    found = ReferralEvent.objects.filter(of_agency).aggregate(latest=Max("pk"))["latest"]
    return int(found or 0)


def happened_before(referral: Referral, key: UUID | None) -> bool:
    """Whether the move with this key of the mover was made already: the same key twice has the effect of once."""
    return key is not None and referral.events.filter(key=key).exists()


def add_event(
    referral: Referral, kind: str, *, side: Side, actor: User | None, key: UUID | None = None, **details: Any
) -> ReferralEvent:
    """Details are codes and numbers: whoever reads the sequence learns nothing about the child from it."""
    for value in details.values():
        check_code(value)
    live.hint(REFERRAL_TOPIC, referral.pk)
    for agency_id in (referral.sender_id, referral.recipient_id):
        live.hint(BOXES_TOPIC, agency_id)
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
