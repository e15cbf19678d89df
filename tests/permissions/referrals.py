"""Referrals: one draft, one that was sent and one that runs, from the case's agency to where nobody here works."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from django.urls import reverse

import clock
from accounts.access import Role, Section
from accounts.meanwhile import last_saved
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from cases.models.choices import GivenBy
from cases.services.consents import withdraw_consent
from cases.services.incoming import SentFile, take_in
from referrals.fields import DOCUMENT
from referrals.models import Referral
from referrals.services.attachments import report_attachment
from referrals.services.writing import write_message
from tests.cases import papers
from tests.cast import PASSWORD, Cast
from tests.permissions.base import (
    FOCAL,
    NOT_HERE,
    OFFICER,
    PARTNER,
    SUPERVISOR,
    TEAM,
    WORK_ON_IT,
    WORKER,
    Address,
    Row,
    cells,
    parts,
    roles,
)
from tests.permissions.team import SEE_CASES
from tests.referrals.offers import FIELDS, drafted, in_service, offering, sent, step

KEEP_REGISTERS = roles(WORKER, SUPERVISOR, PARTNER, FOCAL, OFFICER)
OF_THE_TEAM = Row(
    cells(404, s200=[TEAM], s403=WORK_ON_IT),
    cells(404, s302=[TEAM], s403=WORK_ON_IT),
)
OF_THE_SENDER = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT))
LEADS_THERE = cells(404, s302=WORK_ON_IT)

ROWS: Mapping[str, Row] = {
    "referrals": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "case_referrals": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "case_ledger": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "case_ledger_pdf": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "referral_register": Row(cells(403, s200=KEEP_REGISTERS), NOT_HERE),
    "referral_register_csv": Row(cells(403, s200=KEEP_REGISTERS), NOT_HERE),
    "referral_board": Row(cells(403, s200=roles(SUPERVISOR, FOCAL)), NOT_HERE),
    "referral_new": Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT)),
    "transfer_new": OF_THE_TEAM,
    # Nobody here had a file that another agency has now: `tests/referrals/test_read_handed_over.py` has both sides.
    "former_file": Row(cells(404), NOT_HERE),
    "referral": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "referral_letter": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "referral_edit": OF_THE_SENDER,
    "referral_pack": OF_THE_SENDER,
    "referral_preview": OF_THE_SENDER,
    "referral_step": OF_THE_SENDER,
    # What only the recipient may.
    "referral_step acknowledge": Row(cells(404, s403=WORK_ON_IT), cells(404, s403=WORK_ON_IT)),
    "referral_override": OF_THE_TEAM,
    "referral_cosign": OF_THE_TEAM,
    "referral_basis": OF_THE_TEAM,
    "referral_again": Row(LEADS_THERE, cells(404, s302=WORK_ON_IT)),
    "referral_message": Row(LEADS_THERE, cells(404, s302=WORK_ON_IT)),
    # Of the recipient's people nobody is here; what they open stands in tests/referrals/test_write_message.py.
    "referral_file": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "referral_file reported": Row(cells(404), NOT_HERE),
    "referral_file_report": OF_THE_SENDER,
    # Who gave it opens it in the file; what the recipient opens stands in tests/referrals/test_give_document.py.
    "referral_document": Row(cells(404), NOT_HERE),
    "referral_document_report": Row(cells(404), cells(404)),
    "referral_message with files": Row(LEADS_THERE, cells(404, s302=WORK_ON_IT)),
    "referral_note": Row(LEADS_THERE, cells(404, s403=WORK_ON_IT)),
}
# What somebody is to a case cannot matter; tried at home and abroad.
NAMES_NOTHING = frozenset({"referrals", "referral_register", "referral_register_csv", "referral_board"})


def without_ground(cast: Cast, case: Case) -> Referral:
    """It runs at a clinic where nobody here works, and the consent it rested on was withdrawn."""
    clinic = Agency.objects.create(
        code="matrix-clinic", name="Clinic", country="XA", kind=AgencyKind.CLINIC, time_zone="Europe/Vienna"
    )
    mila = User.objects.create_account(
        "mila", PASSWORD, name="Mila", role=Role.SERVICE_PROVIDER, agency=clinic
    )
    referral = drafted(cast, case, clinic, "Health")
    for edge, actor in (("send", cast.ana), ("acknowledge", mila), ("accept", mila)):
        referral = step(referral, edge, actor)
    withdraw_consent(
        case.pk,
        case.consents.get(recipient=clinic).pk,
        actor=cast.ana,
        given_by=GivenBy.CHILD,
        given_on=clock.today(case.agency.time_zone),
    )
    return referral


def _of_another_house() -> User:
    """Nobody whom tests sign in: with the acceptance comes a ground."""
    house = Agency.objects.create(
        code="house", name="House", country="XA", kind=AgencyKind.SHELTER, time_zone="Europe/Vienna"
    )
    return User.objects.create_account(
        "helper", None, name="Helper", role=Role.SERVICE_PROVIDER, agency=house
    )


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    groundless = without_ground(cast, case)
    declined = step(sent(cast, case), "decline", cast.petra)
    offered = sent(cast, case)
    draft = drafted(cast, case, service="Education")
    offering(cast.tomas.agency)
    given = papers.added(case, cast.ana, section=Section.MEDICAL)
    chosen = [*FIELDS, f"{DOCUMENT}{given.pk}"]
    running = in_service(replace(cast, petra=_of_another_house()), case, fields=chosen)
    files = [SentFile(name, take_in(name, papers.pdf())) for name in ("one.pdf", "two.pdf")]
    kept, reported = write_message(running.pk, actor=cast.ana, words="Both.", files=files).attachments.all()
    report_attachment(running.pk, reported.pk, actor=cast.ana)
    north = cast.omar.agency
    User.objects.create_account("north", PASSWORD, name="North", role=Role.SUPERVISOR, agency=north)
    said: dict[str, object] = {"purpose": "care", "needs": ["safe_place"], "legal_basis": "consent"}
    said |= parts("answer_by", clock.today(case.agency.time_zone))

    def of(name: str, *args: object, **data: object) -> Address:
        return Address(reverse(name, args=args), data)

    return {
        "referral_new": of("referral_new", case.pk, to=[f"{cast.tomas.agency_id}:SocialCare"], **said),
        "transfer_new": of(
            "transfer_new",
            case.pk,
            recipient=north.pk,
            needs=["safe_place"],
            legal_basis="consent",
            **parts("answer_by", clock.today(case.agency.time_zone)),
        ),
        "former_file": of("former_file", uuid4()),
        "referral": of("referral", offered.pk),
        "referral_letter": of("referral_letter", offered.pk),
        "referral_edit": of("referral_edit", draft.pk, to=f"{cast.petra.agency_id}:Education", **said),
        "referral_pack": of("referral_pack", draft.pk, **dict.fromkeys(FIELDS[:1], "on")),
        "referral_preview": of("referral_preview", draft.pk, seen=last_saved(draft)),
        "referral_step": of("referral_step", draft.pk, "discard"),
        "referral_step acknowledge": of(
            "referral_step", offered.pk, "acknowledge", contact="c", alternate="a"
        ),
        "referral_override": of(
            "referral_override", draft.pk, "send", "may_share", reason="By order of the youth court today."
        ),
        "referral_cosign": of("referral_cosign", draft.pk, seen=last_saved(draft)),
        "referral_basis": of(
            "referral_basis", groundless.pk, legal_basis="order", basis_words="By order of the youth court."
        ),
        "referral_again": of("referral_again", declined.pk),
        "referral_message": of("referral_message", offered.pk, words="Thank you."),
        "referral_message with files": of(
            "referral_message", running.pk, words="Thank you.", attachments=[papers.upload()]
        ),
        "referral_file": of("referral_file", running.pk, kept.pk),
        "referral_file reported": of("referral_file", running.pk, reported.pk),
        "referral_file_report": of("referral_file_report", running.pk, kept.pk),
        "referral_document": of("referral_document", running.pk, given.pk),
        "referral_document_report": of("referral_document_report", running.pk, given.pk),
        "referral_note": of("referral_note", offered.pk, words="Slept well."),
    }
