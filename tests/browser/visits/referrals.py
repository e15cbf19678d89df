"""Pages of referrals, from both sides, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from accounts.models import ServiceType, User
from cases.models import Case, FormerOwner
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent
from cases.services.reports import Told, make_report, take_report
from referrals.models import Referral
from referrals.services.drafting import (
    Offer,
    choose_fields,
    draft_referrals,
    draft_transfer,
    mark_previewed,
)
from referrals.services.moving import take_referral_step
from referrals.services.writing import write_message, write_service_note
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send

FIELDS = ["identity.names", "identity.languages"]
# One service each, so that all are open at once.
DRAFT, ASKED, RUNNING, OVER = (
    ServiceType.EDUCATION,
    ServiceType.HEALTH,
    ServiceType.SOCIAL_CARE,
    ServiceType.LEGAL,
)


def furnish(case: Case, people: Mapping[str, User]) -> None:
    ana, petra = people["ana"], people["petra"]
    shelter = petra.agency
    shelter.services = sorted({*shelter.services, DRAFT, ASKED, RUNNING, OVER})
    shelter.save()
    today = clock.today(ana.agency.time_zone)
    record_consent(
        case.pk,
        actor=ana,
        purpose=Purpose.SHARING,
        recipient=shelter,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=today,
    )
    offer = Offer(
        purpose="care",
        needs=["safe_place", "daily_care"],
        request=f"{WORDS} {LONG_WORD}",
        answer_by=clock.now() + timedelta(days=3),
        legal_basis="consent",
    )
    for service in (DRAFT, ASKED, RUNNING, OVER):
        (row,) = draft_referrals(case.pk, actor=ana, to=[(shelter, service)], offer=offer)
        choose_fields(row.pk, actor=ana, codes=FIELDS)
        mark_previewed(row.pk, actor=ana, codes=FIELDS)
        if service != DRAFT:
            _lead_on(row, ana, petra)
    hand_over(people)


def hand_over(people: Mapping[str, User]) -> None:
    """A case of ana's that the north took over; what was in it is what ana and sami go on reading."""
    sami, omar = people["sami"], people["omar"]
    told = Told(words=f"{WORDS} {LONG_WORD}", place=LONG_WORD, danger="no", details={"age": "12"})
    case = take_report(make_report(told, actor=people["hotline"]).pk, actor=people["ana"])
    row = draft_transfer(
        case.pk,
        actor=sami,
        recipient=omar.agency,
        offer=Offer(
            purpose="",
            needs=["safe_place"],
            request=f"{WORDS} {LONG_WORD}",
            answer_by=clock.now() + timedelta(days=3),
            legal_basis="order",
            basis_words=f"{WORDS} {LONG_WORD}",
        ),
    )
    mark_previewed(row.pk, actor=sami, codes=[])
    take_referral_step(row.pk, "send", actor=sami)
    said = {"contact": "Omar", "alternate": "Nora"}
    take_referral_step(row.pk, "acknowledge", actor=omar, values=said)
    take_referral_step(row.pk, "take_over", actor=omar, values={"worker": omar})


def _lead_on(row: Referral, ana: User, petra: User) -> None:
    def step(edge: str, actor: User, **values: object) -> None:
        reason = str(values.get("reason", ""))
        take_referral_step(row.pk, edge, actor=actor, values=values, reason=reason)

    step("send", ana)
    step("acknowledge", petra, contact=f"Petra {LONG_WORD}", alternate="The night desk")
    if row.service == ASKED:
        step("ask", petra, question=f"{WORDS} {LONG_WORD}")
        return
    today = clock.today(row.recipient.time_zone)
    step("accept", petra, responsible="Petra", starts_on=today)
    step("begin_service", petra)
    write_message(row.pk, actor=ana, words=f"{WORDS} {LONG_WORD}")
    write_service_note(row.pk, actor=petra, words=f"{WORDS} {LONG_WORD}")
    if row.service == OVER:
        step("hand_back", petra, code="escalated", reason=WORDS)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, petra, full = house.people["ana"], house.people["sami"], house.people["petra"], house.full
    at = {row.service: row.pk for row in Referral.objects.filter(case=full)}
    for name in ("ana", "petra", "omar"):
        yield Visit(f"referrals {name}", house.people[name], reverse("referrals"))
    yield Visit("referrals all", ana, reverse("referrals") + "?box=out&show=all")
    yield Visit("case_referrals", ana, reverse("case_referrals", args=[full.pk]))
    new = reverse("referral_new", args=[full.pk])
    yield Visit("referral_new", ana, new)
    yield Visit("referral_new wrong", ana, new, send())
    for service, pk in at.items():
        for who in (ana, petra) if service != DRAFT else (ana,):
            yield Visit(f"referral {service} {who.username}", who, reverse("referral", args=[pk]))
    running = reverse("referral", args=[at[RUNNING]])
    yield Visit("referral_message wrong", ana, running, send("form[action$='/messages/']"))
    yield Visit("referral_note wrong", petra, running, send("form[action$='/notes/']"))
    for name in ("referral_edit", "referral_pack", "referral_preview"):
        yield Visit(name, ana, reverse(name, args=[at[DRAFT]]))
    yield Visit("referral_cosign", sami, reverse("referral_cosign", args=[at[DRAFT]]))
    step = reverse("referral_step", args=[at[RUNNING], "complete"])
    yield Visit("referral_step", petra, step)
    yield Visit("referral_step wrong", petra, step, send())
    yield Visit("referral_step send", ana, reverse("referral_step", args=[at[DRAFT], "send"]))
    handing = reverse("transfer_new", args=[full.pk])
    yield Visit("transfer_new", sami, handing)
    yield Visit("transfer_new wrong", sami, handing, send())
    former = FormerOwner.objects.get(agency=sami.agency)
    yield Visit("former_file", sami, reverse("former_file", args=[former.pk]))
    yield Visit("referral former", sami, reverse("referral", args=[former.transfer]))
    yield Visit("referrals former", sami, reverse("referrals") + "?box=former")
    leave = reverse("referral_override", args=[at[DRAFT], "send", "may_share"])
    yield Visit("referral_override wrong", sami, leave, send())
