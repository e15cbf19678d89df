"""The lists of this room: what each can be sorted and filtered by (`accounts/lists.py`)."""

from django.db.models import Value
from django.db.models.functions import Extract
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, List, Sort, in_order_of
from cases.lists import sees_cases
from repatriation.models.choices import Direction, ReturnState
from repatriation.permissions import can_see_verifications
from repatriation.services.alarms import answers_for_country
from repatriation.stages import STAGES

# A code of a case is not every reader's, so no order tells of it.
RETURNS = List(
    name="returns",
    title=_("Returns"),
    may=sees_cases,
    page="returns",
    first="-waits",
    sorts=(
        Sort("state", _("State"), in_order_of("state", [state for *_stage, of in STAGES for state in of])),
        Sort("country", _("Country"), "country"),
        # The longer it waits, the earlier it began.
        Sort("waits", _("For how long"), Value(0) - Extract("state_since", "epoch"), falls=True),
    ),
    choices=(
        Choice("as", _("Form"), (("table", _("Table")),), apart=True),
        Choice("show", _("Show"), (("all", _("All")),), apart=True),
        Choice("way", _("Which way"), Direction.choices, apart=True),
        Choice("state", _("State"), ReturnState.choices),
    ),
)

DEPARTURES = List(
    name="departures",
    title=_("Departures"),
    may=sees_cases,
    page="departures",
    first="day",
    sorts=(
        Sort("day", _("Day"), "day"),
        Sort("country", _("Country"), "country"),
        Sort("blocks", _("What it waits for"), "missing", falls=True),
    ),
    choices=(
        Choice(
            "only",
            _("Show"),
            (("blocked", _("Something is missing")), ("late", _("This day has passed"))),
        ),
    ),
)

VERIFICATIONS = List(
    name="verifications",
    title=_("How long consulates take"),
    may=can_see_verifications,
    page="verifications",
    sorts=(
        Sort("name", _("Name"), "name"),
        Sort("waiting", _("Waiting"), "waiting", falls=True),
        Sort("waits", _("Half of them longer than"), "waits_median", falls=True),
        Sort("longest", _("Longest"), "longest", falls=True),
        Sort("answered", _("Answered"), "answered", falls=True),
        Sort("took", _("Half of them after more than"), "took_median", falls=True),
    ),
)

ALERTS = List(
    name="alerts",
    title=_("Alerts"),
    may=answers_for_country,
    page="return_alerts",
    first="-since",
    sorts=(
        Sort("since", _("Since"), "state_since", falls=True),
        Sort("from", _("From"), "case__agency__country"),
        Sort("to", _("To"), "country"),
    ),
    choices=(
        Choice(
            "kind",
            _("What"),
            (
                ("signs", _("Signs of trafficking after a return")),
                ("unconfirmed", _("Nobody has confirmed that a child was handed over")),
            ),
        ),
    ),
)

LISTS = (RETURNS, DEPARTURES, VERIFICATIONS, ALERTS)
