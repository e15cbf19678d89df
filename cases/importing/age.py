"""Was this a child? Asked on the day of the referral, and in doubt the answer is yes (CETS197 10(3))."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

COMES_OF_AGE = 18
OLDEST = 120


class Certainty(StrEnum):
    EXACT = "exact"
    YEAR = "year"
    UNKNOWN = "unknown"


class AgeFinding(StrEnum):
    CHILD = "child"
    ADULT = "adult"
    PRESUMED_CHILD = "presumed_child"


@dataclass(frozen=True, slots=True)
class Birth:
    """When someone was born, as far as it is known: a day, a year alone, or nothing."""

    day: date | None = None
    year: int | None = None

    @property
    def certainty(self) -> Certainty:
        if self.day:
            return Certainty.EXACT
        return Certainty.YEAR if self.year else Certainty.UNKNOWN

    @property
    def earliest(self) -> date | None:
        return self.day or (date(self.year, 1, 1) if self.year else None)

    @property
    def latest(self) -> date | None:
        return self.day or (date(self.year, 12, 31) if self.year else None)


def judge_age(birth: Birth, on: date) -> AgeFinding:
    """Adult only when the youngest person whom these words fit was 18; child only when the oldest was not."""
    if birth.earliest is None or birth.latest is None:
        return AgeFinding.PRESUMED_CHILD
    if years_between(birth.latest, on) >= COMES_OF_AGE:
        return AgeFinding.ADULT
    if years_between(birth.earliest, on) < COMES_OF_AGE:
        return AgeFinding.CHILD
    return AgeFinding.PRESUMED_CHILD


def years_between(born: date, on: date) -> int:
    """Whole years of age. Without a 29 February the birthday is 1 March: in doubt, younger."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
