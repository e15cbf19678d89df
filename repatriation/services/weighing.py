"""What the panel weighs: each option in the light of each factor; and what child and representative said."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import live
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import User
from cases.models.plan import Means
from cases.models.situation import FACTORS
from repatriation.guards.deciding import options_of, today
from repatriation.models import Argument, Panel
from repatriation.models.choices import Option
from repatriation.services.convening import DECISION
from repatriation.services.events import RETURN_TOPIC
from repatriation.services.locking import locked
from repatriation.services.panels import at_the_table


@write
def argue(
    return_id: UUID,
    factor: str,
    words: Mapping[Option, str],
    *,
    actor: User,
    seen: Mapping[Option, str] | None = None,
) -> None:
    """What speaks for each of these options, and against it, in the light of one factor. Raises Invalid, Meanwhile.

    Any member writes, and whoever comes later writes on. Options that are left out stay as they are.
    """
    way = locked(return_id, actor)
    panel, _seat = at_the_table(way, actor)
    if factor not in dict(FACTORS) or not set(words) <= set(options_of(panel.third_country)):
        raise Invalid("", _("This panel does not weigh that."))
    for option, said in words.items():
        row, state = argument_of(panel, factor, option), (seen or {}).get(option, "")
        if said not in (_stored(row), _as_shown(row, state)):
            require_unchanged(row, state)
            _write(row, said, actor)
    live.hint(RETURN_TOPIC, way.pk)


def _stored(row: Argument) -> str:
    return "" if row._state.adding else row.words


def _as_shown(row: Argument, state: str) -> str:
    """What the page said: whoever has left it as it was writes nothing over what came meanwhile."""
    shown = row.history.filter(history_id=state).first() if state.isdecimal() else None
    return shown.words if shown else ""


def _write(row: Argument, words: str, actor: User) -> None:
    is_new = row._state.adding
    row.words, row.written_by, row.written_at = words, actor, clock.now()
    row.save(force_insert=is_new)
    record(
        actor,
        "return.argued",
        row,
        case_id=row.case_id,
        sections=DECISION,
        factor=row.factor,
        option=row.option,
    )


def argument_of(panel: Panel, factor: str, option: Option) -> Argument:
    """What stands in this cell; a row that is not saved yet where nobody has written."""
    found = panel.arguments.select_related("written_by").filter(factor=factor, option=option).first()
    return found or Argument(panel=panel, case=panel.case, factor=factor, option=option)


@write
def record_hearing(
    return_id: UUID,
    *,
    actor: User,
    child_heard_on: date,
    child_means: Means,
    child_words: str,
    representative_heard_on: date | None,
    representative_words: str,
    seen: str = "",
) -> Panel:
    """That the child was heard, and how; and who represents it. Raises Invalid, Meanwhile."""
    way = locked(return_id, actor)
    panel, _seat = at_the_table(way, actor)
    require_unchanged(panel, seen)
    for field, day in (
        ("child_heard_on", child_heard_on),
        ("representative_heard_on", representative_heard_on),
    ):
        if day is not None and day > today(way):
            raise Invalid(field, _("This day is still to come."))
    panel.child_heard_on, panel.child_means, panel.child_words = child_heard_on, child_means, child_words
    panel.representative_heard_on = representative_heard_on
    panel.representative_words = representative_words or None
    panel.save()
    record(actor, "return.panel_heard", panel, case_id=way.case_id, sections=DECISION)
    live.hint(RETURN_TOPIC, way.pk)
    return panel
