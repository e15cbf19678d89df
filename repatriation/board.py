"""How long consulates take to say who a child is: for each country and each post, those that wait and those answered.

A request that ended before the post said anything is judged neither way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

import clock
from accounts import policy
from accounts.access import Role
from accounts.countries import country_name
from accounts.models import User
from repatriation.services.clocks import REMINDER_DAYS

# Of what was answered, so many days back; what waits is always there.
PERIOD = 365
# A bar of so many units is the longest on the page.
FULL = 1000

FIGURES = """
WITH asked AS (
    SELECT request.country, request.post_id, post.name,
           CASE WHEN request.answer = '' THEN %(today)s - (request.sent_at AT TIME ZONE 'UTC')::date END AS waits,
           CASE WHEN request.answer <> ''
                THEN GREATEST(request.answered_on - (request.sent_at AT TIME ZONE 'UTC')::date, 0) END AS took
    FROM repatriation_verificationrequest request
    JOIN cases_case held ON held.id = request.case_id
    JOIN accounts_agency owner ON owner.id = held.agency_id
    JOIN accounts_agency post ON post.id = request.post_id
    WHERE request.sent_at IS NOT NULL
      AND ((request.answer = '' AND request.ended_at IS NULL)
           OR (request.answer <> '' AND request.answered_on > %(today)s - %(period)s))
      AND (owner.id = %(agency)s OR %(country)s IN (owner.country, request.country))
)
SELECT country, post_id, MAX(name) AS name, COUNT(waits) AS waiting, MAX(waits) AS longest,
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY waits) AS waits_median,
       COUNT(took) AS answered, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY took) AS took_median,
       COUNT(*) FILTER (WHERE took <= %(first)s) AS first,
       COUNT(*) FILTER (WHERE took > %(first)s AND took <= %(second)s) AS second,
       COUNT(*) FILTER (WHERE took > %(second)s AND took <= %(third)s) AS third,
       COUNT(*) FILTER (WHERE took > %(third)s) AS later
FROM asked
GROUP BY GROUPING SETS ((country), (country, post_id))
ORDER BY COUNT(waits) DESC, country, MAX(name)
"""


@dataclass(frozen=True)
class Figures:
    """Of one country or one post. Times are whole days; None where there is nothing to count."""

    name: str
    waiting: int
    longest: int | None
    waits_median: float | None
    answered: int
    took_median: float | None
    first: int
    second: int
    third: int
    later: int

    @property
    def total(self) -> int:
        return self.waiting + self.answered

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """The bar of all that was asked: kind, start and width."""
        kinds = {
            "accepted": self.first,
            "low": self.second,
            "medium": self.third,
            "high": self.later,
            "unset": self.waiting,
        }
        drawn, start = [], 0
        for kind, count in kinds.items():
            width = FULL * count // self.total
            if width:
                drawn.append((kind, start, width))
            start += width
        return drawn

    @property
    def within(self) -> list[int]:
        """How many were answered within each of the limits, counted from the first day."""
        return [self.first, self.first + self.second, self.first + self.second + self.third]


@dataclass(frozen=True)
class Board:
    """`days` are the limits, as the reader's agency has set them."""

    countries: list[Figures]
    posts: list[Figures]
    days: list[int]


def board_of(user: User) -> Board:
    """A supervisor's of the cases of its own agency; a focal point's of what its country asks, or is asked."""
    supervises = Role(user.role) == Role.SUPERVISOR
    days = sorted(policy.get(key, agency=user.agency) for key in REMINDER_DAYS)
    rows = _rows(
        today=clock.today("UTC"),
        period=PERIOD,
        agency=user.agency_id if supervises else None,
        country=None if supervises else user.agency.country.code,
        **dict(zip(("first", "second", "third"), days, strict=True)),
    )
    countries = [_figures(country_name(row["country"]), row) for row in rows if row["post_id"] is None]
    posts = [_figures(row["name"], row) for row in rows if row["post_id"] is not None]
    return Board(countries, posts, days)


def _rows(**params: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, params)
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _figures(name: str, row: Mapping[str, Any]) -> Figures:
    taken = {key: value for key, value in row.items() if key not in ("country", "post_id", "name")}
    return Figures(name=name, **taken)
