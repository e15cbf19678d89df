"""What clinic, lawyer and shelter are given of a file."""

from datetime import timedelta
from uuid import UUID

import clock
from accounts.access import Section
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis, CaseState
from cases.services import steps
from cases.services.access import grant_personally

GIVEN = {
    "dr-mila": ([Section.IDENTITY, Section.MEDICAL], True, "Treats the child since the first night."),
    "lex": ([Section.IDENTITY, Section.LEGAL], True, "Represents the child in the proceedings."),
    "petra": ([Section.IDENTITY, Section.SHELTER], False, "The child lives in the house."),
}


def give(case_id: UUID, people: dict[str, User], *usernames: str, days: int = 90) -> None:
    """What each of them needs for its own work, from now on."""
    for username in usernames:
        sections, may_write, reason = GIVEN[username]
        grant_personally(
            case_id,
            actor=people["sami"],
            account=people[username],
            sections=sections,
            may_write=may_write,
            until=clock.now() + timedelta(days=days),
            reason=reason,
        )


def give_to_partners(people: dict[str, User]) -> None:
    """Of Ana's files, and a step that may go on without consent."""
    sami, ana = people["sami"], people["ana"]
    if CaseAccess.objects.filter(basis=Basis.PERSONAL).exists():
        return
    cases = Case.objects.filter(assignments__worker=ana, state=CaseState.REGISTERED).order_by("reported_at")
    for case in cases[:3]:
        give(case.pk, people, *GIVEN)
    screening = Case.objects.filter(assignments__worker=ana, state=CaseState.SCREENING).order_by(
        "reported_at"
    )
    steps.override_guard(
        screening[0].pk,
        "register",
        "consent_services",
        actor=sami,
        reason="The child cannot be asked before the interpreter comes on Monday; help cannot wait.",
    )
