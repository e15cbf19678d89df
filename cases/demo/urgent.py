"""A file that somebody of another district opened in an emergency, and that waits for its review."""

from datetime import timedelta

from accounts.access import Section
from accounts.audit import on_page, record_read
from accounts.models import User
from cases.demo.times import clock_set_back
from cases.models import Case, EmergencyOpening
from cases.models.choices import Basis, CaseState
from cases.services.emergency import open_in_emergency

REASON = "The border police have the child with them, and nobody in Lindau answers the telephone."
READ = (
    ("case_identity", [Section.IDENTITY]),
    ("people", [Section.CONTACTS]),
    ("case_risk", [Section.RISK]),
)


def open_one_in_emergency(people: dict[str, User]) -> None:
    """Once, some hours ago: the hour is over, and the review is not due yet."""
    omar, agency = people["omar"], people["sami"].agency
    if EmergencyOpening.objects.filter(opened_by=omar).exists():
        return
    case = Case.objects.filter(agency=agency, state=CaseState.ACTIVE).order_by("reported_at", "code")[0]
    with clock_set_back(timedelta(hours=3)):
        open_in_emergency(case.code, actor=omar, reason=REASON)
        for page, sections in READ:
            with on_page(page):
                record_read(omar, case, case_id=case.pk, sections=sections, basis=[Basis.EMERGENCY.value])
