"""What the recipient sees before it accepts: codes that name nobody, frozen when the referral is sent."""

from typing import Any

import clock
from cases.models import Case
from cases.models.child import MAJORITY
from referrals.models import Referral
from referrals.models.choices import AgeBand

BANDS = ((6, AgeBand.UNDER_6), (12, AgeBand.UNDER_12), (15, AgeBand.UNDER_15), (MAJORITY, AgeBand.UNDER_18))


def age_band(case: Case) -> AgeBand:
    age = case.child.age_on(clock.today(case.agency.time_zone))
    if age is None:
        return AgeBand.UNKNOWN
    return next((band for under, band in BANDS if age < under), AgeBand.ADULT)


def summary_of(referral: Referral) -> dict[str, Any]:
    """Age band, sex, languages, needs, urgency, route (TRM)."""
    child = referral.case.child
    return {
        "age": age_band(referral.case).value,
        "gender": child.gender,
        "languages": child.languages or "",
        "needs": list(referral.needs),
        "route": [referral.sender.country.code, referral.recipient.country.code],
    }
