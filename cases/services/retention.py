"""Until when a file is kept: to the end of a year, since this day lies in clear and another would tell a birthday."""

from datetime import date

import clock
from accounts import policy
from cases.models import Case
from cases.models.child import comes_of_age


def kept_until(case: Case) -> date:
    """The end of the year that lies so many years after the one in which the child came of age or the case ended.

    The later of the two counts; the end of the case alone where the birth date is unknown.
    """
    today = clock.today(case.agency.time_zone)
    born = case.facts.child.birth_date if case.facts.child else None
    first = max(today, comes_of_age(born)) if born is not None else today
    years = policy.get("case.retention_years", agency=case.agency)
    return date(first.year + years, 12, 31)
