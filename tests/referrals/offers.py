"""Referrals at the places where most tests begin."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import clock
from accounts.access import Role
from accounts.meanwhile import last_saved
from accounts.models import Agency, ServiceType, User
from cases.models import Case
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent
from referrals.models import Referral
from referrals.services.drafting import (
    Offer,
    choose_fields,
    draft_referrals,
    draft_transfer,
    mark_previewed,
)
from referrals.services.moving import take_referral_step
from tests.cast import Cast

FIELDS = ["identity.names", "identity.gender"]


def offer(**changes: Any) -> Offer:
    said: dict[str, Any] = {
        "purpose": "care",
        "needs": ["safe_place"],
        "request": "Lirana sleeps badly; please take her in.",
        "answer_by": clock.now() + timedelta(days=3),
        "legal_basis": "consent",
    }
    return Offer(**(said | changes))


def offering(agency: Agency, *services: str) -> Agency:
    agency.services = sorted({*agency.services, *(services or [ServiceType.SOCIAL_CARE])})
    agency.save(update_fields=["services"])
    return agency


def another_house(cast: Cast, kind: str) -> Agency:
    """That of the hotline, where paula answers."""
    agency = cast.hotline.agency
    agency.kind = kind
    agency.save()
    User.objects.create_account("paula", None, name="Paula", role=Role.SERVICE_PROVIDER, agency=agency)
    return agency


def consented(case: Case, worker: User, recipient: Agency) -> None:
    record_consent(
        case.pk,
        actor=worker,
        purpose=Purpose.SHARING,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today(case.agency.time_zone),
        recipient=recipient,
    )


def drafted(
    cast: Cast,
    case: Case,
    recipient: Agency | None = None,
    service: str = ServiceType.SOCIAL_CARE,
    fields: Sequence[str] = FIELDS,
    **said: Any,
) -> Referral:
    """By ana, to the shelter where petra works, ready to be sent."""
    to = recipient or cast.petra.agency
    offering(to, service)
    if "legal_basis" not in said:
        consented(case, cast.ana, to)
    (referral,) = draft_referrals(
        case.pk, actor=cast.ana, to=[(to, ServiceType(service))], offer=offer(**said)
    )
    choose_fields(referral.pk, actor=cast.ana, codes=fields)
    return mark_previewed(referral.pk, actor=cast.ana, seen=last_saved(referral))


def sent(cast: Cast, case: Case, **said: Any) -> Referral:
    return step(drafted(cast, case, **said), "send", cast.ana)


def acknowledged(cast: Cast, case: Case, **said: Any) -> Referral:
    return step(sent(cast, case, **said), "acknowledge", cast.petra)


def accepted(cast: Cast, case: Case, **said: Any) -> Referral:
    return step(acknowledged(cast, case, **said), "accept", cast.petra)


def in_service(cast: Cast, case: Case, **said: Any) -> Referral:
    return step(accepted(cast, case, **said), "begin_service", cast.petra)


def transfer_drafted(cast: Cast, case: Case, recipient: Agency | None = None, **said: Any) -> Referral:
    """By sami, to the agency where omar works; there has to be a supervisor."""
    to = recipient or cast.omar.agency
    if "legal_basis" not in said:
        consented(case, cast.ana, to)
    row = draft_transfer(case.pk, actor=cast.sami, recipient=to, offer=offer(**said))
    return mark_previewed(row.pk, actor=cast.sami, seen=last_saved(row))


def transfer_offered(cast: Cast, case: Case, **said: Any) -> Referral:
    """Sent, and confirmed by omar."""
    return step(step(transfer_drafted(cast, case, **said), "send", cast.sami), "acknowledge", cast.omar)


def transferred(cast: Cast, case: Case) -> Referral:
    """Omar took it for himself."""
    return step(transfer_offered(cast, case), "take_over", cast.omar, worker=cast.omar)


def transferred_back(cast: Cast, case: Case, nora: User) -> Referral:
    """The agency that took the case over hands it to its former owner, where sami takes it for ben."""
    consented(case, cast.omar, cast.ana.agency)
    row = draft_transfer(case.pk, actor=nora, recipient=cast.ana.agency, offer=offer())
    mark_previewed(row.pk, actor=nora, seen=last_saved(row))
    step(step(row, "send", nora), "acknowledge", cast.ben)
    return step(row, "take_over", cast.sami, worker=cast.ben)


ENTRIES: dict[str, dict[str, Any]] = {
    "acknowledge": {"contact": "Petra, +00 100", "alternate": "The night desk"},
    "ask": {"question": "Does the child need a room of its own?"},
    "provide": {"answer": "Yes."},
    "accept": {"responsible": "Petra"},
    "decline": {"code": "capacity"},
    "recall": {"reason": "Another place was found."},
    "recall_care": {"reason": "The child has moved."},
    "hand_back": {"code": "escalated", "reason": "The house closes."},
    "complete": {"outcome": "achieved", "feedback": "She settled in well."},
}


def step(referral: Referral, edge: str, actor: User, **changes: Any) -> Referral:
    values = ENTRIES.get(edge, {}) | changes
    if edge == "accept":
        values.setdefault("starts_on", clock.today(referral.recipient.time_zone))
    key = values.pop("key", None)
    reason = str(values.get("reason", ""))
    return take_referral_step(referral.pk, edge, actor=actor, values=values, reason=reason, key=key)
