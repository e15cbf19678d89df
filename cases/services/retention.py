"""Until when a file is kept."""

from datetime import date

import clock
from accounts import policy
from cases.models import Case
from cases.models.child import comes_of_age
from cases.models.choices import BirthCertainty


def kept_until(case: Case) -> date:
    """So many years after the child came of age, or after today if that is later or the birth date is unknown."""
    today = clock.today(case.agency.time_zone)
    child = case.facts.child
    born = child.birth_date if child else None
    if child and born and child.birth_certainty == BirthCertainty.YEAR:
        # Anybody born in that year may have been born on its last day.
        born = date(born.year, 12, 31)
    first = max(today, comes_of_age(born)) if born is not None else today
    years = policy.get("case.retention_years", agency=case.agency)
    try:
        return first.replace(year=first.year + years)
    except ValueError:
        return date(first.year + years, 3, 1)
