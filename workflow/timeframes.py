"""How soon things are due, by risk: defaults that an administrator can change per country or agency."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.holidays import add_working_days
from accounts.models import Agency

HOURS, DAYS, WORKING_DAYS, MONTHS = "hours", "days", "working_days", "months"
UNITS: dict[str, Promise] = {
    HOURS: _("hours"),
    DAYS: _("days"),
    WORKING_DAYS: _("working days"),
    MONTHS: _("months"),
}
RISKS: dict[str, Promise] = {"high": _("high risk"), "medium": _("medium risk"), "low": _("low risk")}
KINDS: dict[str, Promise] = {
    "assign": _("How soon a worker is assigned"),
    "first_response": _("How soon the child is first seen"),
    "assessment": _("How soon the comprehensive assessment is complete"),
    "contact": _("How often the child is contacted"),
    "plan_review": _("How often the plan is reviewed"),
}
TABLE: dict[tuple[str, str], tuple[int, str]] = {
    ("assign", "high"): (1, HOURS),
    ("assign", "medium"): (3, HOURS),
    ("assign", "low"): (3, HOURS),
    ("first_response", "high"): (24, HOURS),
    ("first_response", "medium"): (72, HOURS),
    ("first_response", "low"): (7, WORKING_DAYS),
    ("assessment", "high"): (72, HOURS),
    ("assessment", "medium"): (7, DAYS),
    ("assessment", "low"): (14, DAYS),
    ("contact", "high"): (7, DAYS),
    ("contact", "medium"): (14, DAYS),
    ("contact", "low"): (1, MONTHS),
    ("plan_review", "high"): (14, DAYS),
    ("plan_review", "medium"): (1, MONTHS),
    ("plan_review", "low"): (3, MONTHS),
}
# Until somebody has looked, the child may be in the greatest danger.
UNSET_RISK_RUNS_AS = "high"

for (_kind, _risk), (_default, _unit) in TABLE.items():
    _sentence = format_lazy("{kind}: {risk}.", kind=KINDS[_kind], risk=RISKS[_risk])
    policy.register(f"timeframe.{_kind}.{_risk}", _default, UNITS[_unit], _sentence)


def due(kind: str, risk: str, start: datetime, agency: Agency) -> datetime:
    """When `kind` is due for a case of this risk whose clock began at `start`; in UTC.

    Hours are hours. Days, working days and months end at the same time of day where the agency works, so the
    hour that summer time takes is not taken from anybody; the 31st becomes the last day of a shorter month.
    """
    risk = risk or UNSET_RISK_RUNS_AS
    count = policy.get(f"timeframe.{kind}.{risk}", agency=agency)
    return later(start, count, TABLE[kind, risk][1], agency).astimezone(UTC)


def later(start: datetime, count: int, unit: str, agency: Agency) -> datetime:
    if unit == HOURS:
        return start + timedelta(hours=count)
    if unit == WORKING_DAYS:
        return add_working_days(agency, start, count)
    local = start.astimezone(ZoneInfo(agency.time_zone))
    return local + timedelta(days=count) if unit == DAYS else _add_months(local, count)


def _add_months(local: datetime, count: int) -> datetime:
    years, month = divmod(local.month - 1 + count, 12)
    year = local.year + years
    last = monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))
