"""Pages of referrals, from both sides, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.urls import reverse

import clock
from accounts.access import Role
from accounts.meanwhile import last_saved
from accounts.models import Agency, AgencyKind, ServiceType, User
from cases.models import Case, Consent, FormerOwner
from cases.models.choices import Answer, GivenBy, Purpose
from cases.services.consents import record_consent, withdraw_consent
from cases.services.incoming import SentFile, take_in
from cases.services.reports import Told, make_report, take_report
from referrals.fields import DOCUMENT, givable_documents
from referrals.models import Attachment, Disclosure, Referral
from referrals.services.attachments import report_attachment
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
from tests.cases import papers

FIELDS = ["identity.names", "identity.languages"]
# One service each, so that all are open at once.
DRAFT, ASKED, RUNNING, OVER = (
    ServiceType.EDUCATION,
    ServiceType.HEALTH,
    ServiceType.SOCIAL_CARE,
    ServiceType.LEGAL,
)
# At another partner: the consent it rested on was withdrawn, and care goes on.
WITHOUT_GROUND = ServiceType.RIGHTS


def furnish(case: Case, people: Mapping[str, User]) -> None:
    ana, petra = people["ana"], people["petra"]
    _refer(case, ana, petra, DRAFT, ASKED, RUNNING, OVER)
    consent = _refer(case, ana, _of_another_partner(), WITHOUT_GROUND)
    today = clock.today(ana.agency.time_zone)
    withdraw_consent(case.pk, consent.pk, actor=ana, given_by=GivenBy.CHILD, given_on=today)
    hand_over(people)


def _of_another_partner() -> User:
    """Not one of the demo's: with the consent goes whatever else was given to it."""
    partner = Agency.objects.create(
        code="rights",
        name="House of rights",
        country="XA",
        kind=AgencyKind.LEGAL_AID,
        time_zone="Europe/Vienna",
    )
    return User.objects.create_account(
        "rights", None, name=LONG_WORD, role=Role.SERVICE_PROVIDER, agency=partner
    )


def _refer(case: Case, ana: User, partner: User, *services: ServiceType) -> Consent:
    agency = partner.agency
    agency.services = sorted({*agency.services, *services})
    agency.save()
    consent = record_consent(
        case.pk,
        actor=ana,
        purpose=Purpose.SHARING,
        recipient=agency,
        answer=Answer.ASSENT,
        given_by=GivenBy.CHILD,
        given_on=clock.today(ana.agency.time_zone),
    )
    offer = Offer(
        purpose="care",
        needs=["safe_place", "daily_care"],
        request=f"{WORDS} {LONG_WORD}",
        answer_by=clock.now() + timedelta(days=3),
        legal_basis="consent",
    )
    for service in services:
        (row,) = draft_referrals(case.pk, actor=ana, to=[(agency, service)], offer=offer)
        paper = givable_documents(case).order_by("added_at")[0]
        choose_fields(row.pk, actor=ana, codes=[*FIELDS, f"{DOCUMENT}{paper.pk}"])
        mark_previewed(row.pk, actor=ana, seen=last_saved(row))
        if service != DRAFT:
            _lead_on(row, ana, partner)
    return consent


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
    mark_previewed(row.pk, actor=sami, seen=last_saved(row))
    take_referral_step(row.pk, "send", actor=sami)
    said = {"contact": "Omar", "alternate": "Nora"}
    take_referral_step(row.pk, "acknowledge", actor=omar, values=said)
    take_referral_step(row.pk, "take_over", actor=omar, values={"worker": omar})


def _lead_on(row: Referral, ana: User, partner: User) -> None:
    def step(edge: str, actor: User, **values: object) -> None:
        reason = str(values.get("reason", ""))
        take_referral_step(row.pk, edge, actor=actor, values=values, reason=reason)

    step("send", ana)
    step("acknowledge", partner, contact=f"Petra {LONG_WORD}", alternate="The night desk")
    if row.service == ASKED:
        step("ask", partner, question=f"{WORDS} {LONG_WORD}")
        return
    today = clock.today(row.recipient.time_zone)
    step("accept", partner, responsible="Petra", starts_on=today)
    step("begin_service", partner)
    names = (f"{LONG_WORD}.pdf", "عقد الإيجار.pdf", "reported.pdf")
    files = [SentFile(name, take_in(name, papers.pdf())) for name in names]
    said = write_message(row.pk, actor=ana, words=f"@petra: {WORDS} {LONG_WORD} @sami", files=files)
    report_attachment(row.pk, said.attachments.get(place=len(names)).pk, actor=ana)
    write_service_note(row.pk, actor=partner, words=f"{WORDS} {LONG_WORD}")
    if row.service == OVER:
        step("hand_back", partner, code="escalated", reason=WORDS)


def visits(house: House) -> Iterator[Visit]:
    ana, sami, petra, full = house.people["ana"], house.people["sami"], house.people["petra"], house.full
    at = {row.service: row.pk for row in Referral.objects.filter(case=full, recipient=petra.agency)}
    (groundless,) = Referral.objects.filter(case=full, service=WITHOUT_GROUND)
    yield Visit("referral without ground", sami, reverse("referral", args=[groundless.pk]))
    ground = reverse("referral_basis", args=[groundless.pk])
    yield Visit("referral_basis", sami, ground)
    yield Visit("referral_basis wrong", sami, ground, send())
    for name in ("ana", "petra", "omar"):
        yield Visit(f"referrals {name}", house.people[name], reverse("referrals"))
    yield Visit("referrals all", ana, reverse("referrals") + "?box=out&show=all")
    yield Visit("case_referrals", ana, reverse("case_referrals", args=[full.pk]))
    yield Visit("case_ledger", ana, reverse("case_ledger", args=[full.pk]))
    yield Visit("case_ledger russian", ana, reverse("case_ledger", args=[full.pk]) + "?language=ru")
    for name in ("ana", "sami", "aida", "petra"):
        yield Visit(f"referral_register {name}", house.people[name], reverse("referral_register"))
    yield Visit("referral_register none", petra, reverse("referral_register") + f"?agency={full.pk}")
    for name in ("sami", "fokus"):
        yield Visit(f"referral_board {name}", house.people[name], reverse("referral_board"))
    new = reverse("referral_new", args=[full.pk])
    yield Visit("referral_new", ana, new)
    yield Visit("referral_new wrong", ana, new, send())
    for service, pk in at.items():
        for who in (ana, petra) if service != DRAFT else (ana,):
            yield Visit(f"referral {service} {who.username}", who, reverse("referral", args=[pk]))
    running = reverse("referral", args=[at[RUNNING]])
    yield Visit("referral_message wrong", ana, running, send("form[action$='/messages/']"))
    kept = Attachment.objects.filter(message__referral=at[RUNNING], reported_at__isnull=True)[0]
    yield Visit("referral_file_report", petra, reverse("referral_file_report", args=[at[RUNNING], kept.pk]))
    paper = Disclosure.objects.get(referral=at[RUNNING], field__startswith=DOCUMENT).value["id"]
    yield Visit(
        "referral_document_report", petra, reverse("referral_document_report", args=[at[RUNNING], paper])
    )
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
