"""Referrals of the demo: one in each state, between invented agencies, about invented children."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

import clock
from accounts.meanwhile import last_saved
from accounts.models import Agency, ServiceType, User
from cases.demo.times import clock_set_back
from cases.models import Case
from cases.models.choices import Answer, CaseState, GivenBy, Purpose
from cases.services.consents import record_consent
from referrals.fields import field_of
from referrals.models import Referral
from referrals.services import clocks
from referrals.services.drafting import (
    Offer,
    choose_fields,
    draft_referrals,
    draft_transfer,
    mark_previewed,
)
from referrals.services.moving import expire, take_referral_step
from referrals.services.writing import write_message, write_service_note
from workflow.models import Deadline

Steps = tuple[str, ...]
# To whom, for what, and how far it went. The last step decides the state in which it stays.
PLAN: tuple[tuple[str, ServiceType, Steps], ...] = (
    ("petra", ServiceType.SOCIAL_CARE, ()),
    ("petra", ServiceType.SOCIAL_CARE, ("send",)),
    ("dr-mila", ServiceType.HEALTH, ("send", "acknowledge")),
    ("lex", ServiceType.LEGAL, ("send", "acknowledge", "ask")),
    ("petra", ServiceType.EDUCATION, ("send", "acknowledge", "ask", "provide")),
    ("dr-mila", ServiceType.HEALTH, ("send", "acknowledge", "accept")),
    ("petra", ServiceType.SOCIAL_CARE, ("send", "acknowledge", "accept", "begin_service")),
    ("lex", ServiceType.LEGAL, ("send", "acknowledge", "accept", "begin_service", "complete")),
    ("petra", ServiceType.EDUCATION, ("send", "acknowledge", "decline")),
    ("dr-mila", ServiceType.HEALTH, ("send", "recall")),
    ("petra", ServiceType.SOCIAL_CARE, ("send", "acknowledge", "accept", "hand_back")),
    ("lex", ServiceType.LEGAL, ("discard",)),
)
BY_RECIPIENT = frozenset(
    {"acknowledge", "ask", "accept", "decline", "begin_service", "complete", "hand_back"}
)
ENTRIES: Mapping[str, Mapping[str, str]] = {
    "acknowledge": {"contact": "The day desk, +00 100 320", "alternate": "The night desk, +00 100 321"},
    "ask": {"question": "Can the child climb stairs, and does it share a room?"},
    "provide": {"answer": "Yes to both. It is afraid of the dark."},
    "accept": {"responsible": "The day desk"},
    "decline": {"code": "capacity", "reason": "A place will be free in two weeks."},
    "recall": {"reason": "Another practice could see the child today."},
    "hand_back": {"code": "escalated", "reason": "The house has to close for repairs."},
    "complete": {"outcome": "achieved", "feedback": "The residence permit has been granted."},
}
FIELDS = ("identity.names", "identity.gender", "identity.languages", "risk.level")
OPEN = (CaseState.REGISTERED, CaseState.ASSESSED, CaseState.PLANNED, CaseState.ACTIVE, CaseState.MONITORING)


def tell_referrals(people: Mapping[str, User]) -> None:
    """Does nothing when there are referrals already."""
    if Referral.objects.exists():
        return
    cases = list(
        Case.objects.filter(agency=people["sami"].agency, state__in=OPEN, imported_at__isnull=True)
        .filter(assignments__worker=people["ana"], assignments__ended_at__isnull=True)
        .order_by("reported_at", "pk")
    )
    if not cases:
        return
    for number, (partner, service, steps) in enumerate(PLAN):
        _tell(cases[number % len(cases)], people, people[partner], service, steps)
    _hand_over(people)
    with clock_set_back(timedelta(days=5)):
        late = _tell(cases[0], people, people["dr-mila"], ServiceType.EDUCATION, ("send",))
    with transaction.atomic():
        expire(Deadline.objects.open().get(kind=clocks.ANSWER, params={"referral": str(late.pk)}))


def _tell(
    case: Case, people: Mapping[str, User], partner: User, service: ServiceType, steps: Steps
) -> Referral:
    ana = people["ana"]
    _offers(partner.agency, service)
    _agrees(case, ana, partner.agency)
    offer = Offer(
        purpose="care" if service == ServiceType.SOCIAL_CARE else "treat",
        needs=["safe_place"] if service == ServiceType.SOCIAL_CARE else ["psychosocial"],
        request="Please begin as soon as you can; the child asked for it itself.",
        answer_by=clock.now() + timedelta(days=3),
        legal_basis="consent",
    )
    (row,) = draft_referrals(case.pk, actor=ana, to=[(partner.agency, service)], offer=offer)
    codes = [code for code in FIELDS if field_of(code).read(case) is not None]
    choose_fields(row.pk, actor=ana, codes=codes)
    mark_previewed(row.pk, actor=ana, seen=last_saved(row))
    for edge in steps:
        actor = partner if edge in BY_RECIPIENT else ana
        values: dict[str, Any] = dict(ENTRIES.get(edge, {}))
        if edge == "accept":
            values["starts_on"] = clock.today(partner.agency.time_zone)
        take_referral_step(row.pk, edge, actor=actor, values=values, reason=values.get("reason", ""))
    if steps and steps[-1] == "begin_service":
        write_message(row.pk, actor=ana, words=f"@{partner.username}, her class begins on Monday at eight.")
        write_service_note(row.pk, actor=partner, words="She ate with the others for the first time.")
    return row


def _hand_over(people: Mapping[str, User]) -> None:
    """The oldest file of the northern district has moved here; what the north had of it, the north goes on reading."""
    nora, omar, sami = people["nora"], people["omar"], people["sami"]
    case = Case.objects.filter(agency=omar.agency, state__in=OPEN).order_by("reported_at", "pk").first()
    if case is None:
        return
    _agrees(case, omar, sami.agency)
    offer = Offer(
        purpose="",
        needs=["family", "school"],
        request="The child lives with its aunt in your district now.",
        answer_by=clock.now() + timedelta(days=3),
        legal_basis="consent",
    )
    row = draft_transfer(case.pk, actor=nora, recipient=sami.agency, offer=offer)
    mark_previewed(row.pk, actor=nora, seen=last_saved(row))
    take_referral_step(row.pk, "send", actor=nora)
    take_referral_step(row.pk, "acknowledge", actor=sami, values=ENTRIES["acknowledge"])
    take_referral_step(row.pk, "take_over", actor=sami, values={"worker": people["ana"]})


def _offers(agency: Agency, service: str) -> None:
    if service not in agency.services:
        agency.services = sorted({*agency.services, service})
        agency.save(update_fields=["services"])


def _agrees(case: Case, worker: User, recipient: Agency) -> None:
    record_consent(
        case.pk,
        actor=worker,
        purpose=Purpose.SHARING,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today(case.agency.time_zone),
        recipient=recipient,
    )
