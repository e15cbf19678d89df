"""Referrals: one draft and one that was sent, from the case's agency to a shelter where nobody here works."""

from collections.abc import Mapping
from uuid import uuid4

from django.urls import reverse

import clock
from accounts.access import Role
from accounts.models import User
from cases.models import Case
from tests.cast import PASSWORD, Cast
from tests.permissions.base import (
    GROUNDED,
    NOT_HERE,
    TEAM,
    WORK_ON_IT,
    Address,
    Row,
    cells,
    parts,
)
from tests.permissions.team import SEE_CASES
from tests.referrals.offers import FIELDS, drafted, offering, sent

OF_THE_TEAM = Row(
    cells(404, s200=[TEAM], s403=WORK_ON_IT),
    cells(404, s302=[TEAM], s403=WORK_ON_IT),
)
OF_THE_SENDER = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT))
LEADS_THERE = cells(404, s302=WORK_ON_IT)

ROWS: Mapping[str, Row] = {
    "referrals": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "case_referrals": Row(cells(404, s200=WORK_ON_IT, s403=GROUNDED), NOT_HERE),
    "referral_new": Row(
        cells(404, s200=WORK_ON_IT, s403=GROUNDED), cells(404, s302=WORK_ON_IT, s403=GROUNDED)
    ),
    "transfer_new": Row(cells(404, s200=[TEAM], s403=GROUNDED), cells(404, s302=[TEAM], s403=GROUNDED)),
    # Nobody here had a file that another agency has now: `tests/referrals/test_transfer_case.py` has both sides.
    "former_file": Row(cells(404), NOT_HERE),
    "referral": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "referral_edit": OF_THE_SENDER,
    "referral_pack": OF_THE_SENDER,
    "referral_preview": OF_THE_SENDER,
    "referral_step": OF_THE_SENDER,
    # What only the recipient may.
    "referral_step acknowledge": Row(cells(404, s403=WORK_ON_IT), cells(404, s403=WORK_ON_IT)),
    "referral_override": OF_THE_TEAM,
    "referral_cosign": OF_THE_TEAM,
    "referral_again": Row(LEADS_THERE, cells(404, s302=WORK_ON_IT)),
    "referral_message": Row(LEADS_THERE, cells(404, s302=WORK_ON_IT)),
    "referral_note": Row(LEADS_THERE, cells(404, s403=WORK_ON_IT)),
}
# What somebody is to a case cannot matter; tried at home and abroad.
NAMES_NOTHING = frozenset({"referrals"})


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    offered = sent(cast, case)
    draft = drafted(cast, case, service="Education")
    offering(cast.tomas.agency)
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
        "referral_edit": of("referral_edit", draft.pk, **said),
        "referral_pack": of("referral_pack", draft.pk, **dict.fromkeys(FIELDS, "on")),
        "referral_preview": of("referral_preview", draft.pk, field=FIELDS),
        "referral_step": of("referral_step", draft.pk, "discard"),
        "referral_step acknowledge": of(
            "referral_step", offered.pk, "acknowledge", contact="c", alternate="a"
        ),
        "referral_override": of(
            "referral_override", draft.pk, "send", "may_share", reason="By order of the youth court today."
        ),
        "referral_cosign": of("referral_cosign", draft.pk),
        "referral_again": of("referral_again", offered.pk),
        "referral_message": of("referral_message", offered.pk, words="Thank you."),
        "referral_note": of("referral_note", offered.pk, words="Slept well."),
    }
