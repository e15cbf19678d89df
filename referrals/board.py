"""Response times: how soon recipients confirm and answer, what they answer, and who never does.

All of it is counted from the events that both sides see. While a question is open the recipient's clock stands still:
that time counts for nobody, and an offer that expired meanwhile is not the recipient's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timesince import timesince

import clock
from accounts import policy
from accounts.access import Role
from accounts.alphabets import onward
from accounts.countries import country_name
from accounts.models import Agency, User
from referrals.services import clocks

SILENT_AFTER = "referral.silent_after"
PERIODS = (30, 90, 365)
DEFAULT_PERIOD = 90
# A bar of so many units is the longest on the page.
FULL = 1000

# One row for each recipient and one for each corridor. `reacted_at` is the first sign of the recipient: it confirms,
# asks or declines. `stood` are the seconds in which its clock stood still. What was taken back before anybody was
# late is judged neither way.
FIGURES = """
WITH sent AS (
    SELECT referral.id, referral.case_id, referral.recipient_id, event.at AS sent_at,
           sender.country AS origin, recipient.country AS goal
    FROM referrals_referralevent event
    JOIN referrals_referral referral ON referral.id = event.referral_id
    JOIN accounts_agency sender ON sender.id = referral.sender_id
    JOIN accounts_agency recipient ON recipient.id = referral.recipient_id
    WHERE event.kind = 'send' AND event.at >= %(since)s
      AND (sender.id = %(agency)s OR %(country)s IN (sender.country, recipient.country))
), move AS (
    SELECT event.referral_id, event.kind, event.at,
           LEAD(event.at) OVER steps AS next_at, LAG(event.kind) OVER steps AS before
    FROM referrals_referralevent event
    JOIN sent ON sent.id = event.referral_id
    WHERE event.kind IN ('send', 'acknowledge', 'ask', 'provide', 'accept', 'take_over', 'decline',
                         'expire', 'recall', 'end_with_consent', 'end_with_transfer', 'end_with_case')
    WINDOW steps AS (PARTITION BY event.referral_id ORDER BY event.number)
), told AS (
    SELECT sent.id, sent.recipient_id, sent.origin, sent.goal, sent.sent_at,
           MIN(due.due_at) AS due_at,
           MIN(move.at) FILTER (WHERE move.kind IN ('acknowledge', 'ask', 'decline')) AS reacted_at,
           MIN(move.at) FILTER (WHERE move.kind IN ('accept', 'take_over', 'decline')) AS answered_at,
           MIN(move.at) FILTER (WHERE move.kind IN ('recall', 'end_with_consent', 'end_with_transfer',
                                                    'end_with_case', 'expire')) AS ended_at,
           BOOL_OR(move.kind IN ('accept', 'take_over')) AS accepted,
           BOOL_OR(move.kind = 'decline') AS declined,
           BOOL_OR(move.kind = 'expire' AND move.before <> 'ask') AS expired,
           BOOL_OR(move.kind = 'ask' AND move.next_at IS NULL) AS stands_still,
           BOOL_OR(move.kind IN ('recall', 'end_with_consent', 'end_with_transfer', 'end_with_case')
                   OR (move.kind = 'expire' AND move.before = 'ask')) AS not_theirs,
           COALESCE(SUM(EXTRACT(EPOCH FROM move.next_at - move.at)) FILTER (WHERE move.kind = 'ask'), 0) AS stood
    FROM sent
    JOIN move ON move.referral_id = sent.id
    LEFT JOIN LATERAL (
        SELECT MAX(deadline.due_at) AS due_at FROM workflow_deadline deadline
        WHERE deadline.case_id = sent.case_id AND deadline.kind = %(confirm)s
          AND deadline.params ->> 'referral' = sent.id::text
    ) due ON TRUE
    GROUP BY sent.id, sent.recipient_id, sent.origin, sent.goal, sent.sent_at
)
SELECT recipient_id, origin, goal,
       COUNT(*) AS sent,
       COUNT(*) FILTER (WHERE reacted_at <= due_at) AS in_time,
       COUNT(*) FILTER (WHERE reacted_at > due_at
                        OR (reacted_at IS NULL AND due_at < LEAST(%(now)s, COALESCE(ended_at, %(now)s)))) AS late,
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM reacted_at - sent_at)::float) AS confirms_in,
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (EXTRACT(EPOCH FROM answered_at - sent_at) - stood)::float)
           AS answers_in,
       COUNT(*) FILTER (WHERE accepted) AS accepted,
       COUNT(*) FILTER (WHERE declined) AS declined,
       COUNT(*) FILTER (WHERE expired) AS expired,
       COUNT(*) FILTER (WHERE answered_at IS NULL AND NOT not_theirs AND NOT stands_still) AS unanswered
FROM told
GROUP BY GROUPING SETS ((recipient_id), (origin, goal))
HAVING GROUPING(recipient_id) = 1 OR %(agencies)s
"""


@dataclass(frozen=True)
class Figures:
    """Of one recipient or one corridor. `late` are those not confirmed in time; `in_time` those that were."""

    name: str
    sent: int
    in_time: int
    late: int
    confirms_in: float | None
    answers_in: float | None
    accepted: int
    declined: int
    expired: int
    unanswered: int

    @property
    def other(self) -> int:
        """Waiting, taken back, or expired while the sender owed an answer."""
        return self.sent - self.accepted - self.declined - self.expired

    @property
    def confirms_words(self) -> str:
        return _words(self.confirms_in)

    @property
    def answers_words(self) -> str:
        return _words(self.answers_in)

    @property
    def judged(self) -> int:
        return self.in_time + self.late

    @property
    def cells(self) -> list[tuple[int, int]]:
        """How many were accepted, declined, expired, and neither; with the share of all in whole percent."""
        counts = (self.accepted, self.declined, self.expired, self.other)
        return [(count, round(100 * count / self.sent)) for count in counts]

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """The bar of all that was sent: kind, start and width."""
        kinds = {
            "accepted": self.accepted,
            "declined": self.declined,
            "expired": self.expired,
            "unset": self.other,
        }
        drawn, start = [], 0
        for kind, count in kinds.items():
            width = FULL * count // self.sent
            if width:
                drawn.append((kind, start, width))
            start += width
        return drawn

    @property
    def late_width(self) -> int:
        return FULL * self.late // self.judged if self.judged else 0


@dataclass(frozen=True)
class Board:
    agencies: list[Figures]
    corridors: list[Figures]
    silent: list[Figures]


def _words(seconds: float | None) -> str:
    if seconds is None:
        return ""
    now = clock.now()
    return timesince(now - timedelta(seconds=max(0.0, seconds)), now)


def board_of(user: User, days: int) -> Board:
    """A supervisor's of what its own agency sent; a focal point's of the corridors of its country, without agencies."""
    supervises = Role(user.role) == Role.SUPERVISOR
    now = clock.now()
    rows = _rows(
        since=now - timedelta(days=days),
        now=now,
        agency=user.agency_id if supervises else None,
        country=None if supervises else user.agency.country.code,
        agencies=supervises,
        confirm=clocks.ACKNOWLEDGE,
    )
    names = _names([row["recipient_id"] for row in rows if row["recipient_id"]])
    agencies = [_figures(names[row["recipient_id"]], row) for row in rows if row["recipient_id"]]
    corridors = [_figures(_corridor(row), row) for row in rows if not row["recipient_id"]]
    many = policy.get(SILENT_AFTER, agency=user.agency)
    silent = [each for each in agencies if each.unanswered >= many and not (each.accepted or each.declined)]
    return Board(_most_first(agencies), _most_first(corridors), _most_first(silent))


def _rows(**params: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, params)
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _names(agency_ids: list[UUID]) -> Mapping[UUID, str]:
    return dict(Agency.objects.filter(pk__in=agency_ids).values_list("pk", "name"))


def _corridor(row: Mapping[str, Any]) -> str:
    return onward((country_name(row["origin"]), country_name(row["goal"])))


def _figures(name: str, row: Mapping[str, Any]) -> Figures:
    taken = {key: value for key, value in row.items() if key not in ("recipient_id", "origin", "goal")}
    return Figures(name=name, **taken)


def _most_first(figures: list[Figures]) -> list[Figures]:
    return sorted(figures, key=lambda each: (-each.sent, each.name))
