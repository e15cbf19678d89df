"""On the page of a return: what follows on the decision of the panel, and what is new since then."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.countries import country_name
from repatriation.edges.deciding import DECIDED_BY
from repatriation.edges.returns import RETURN
from repatriation.models import Return
from repatriation.models.choices import BEFORE_DEPARTURE, Option, ReturnState
from repatriation.permissions import Hand
from repatriation.services.minuting import to_be_told
from repatriation.services.newfacts import new_facts
from repatriation.services.panels import sitting
from repatriation.views.loading import OpenedReturn
from repatriation.wording import NEW_FACTS
from workflow.machine import Edge

_DECISIONS = frozenset(DECIDED_BY.values())


def offered(way: Return, edge: Edge) -> bool:
    """Of the four decisions, only the one that was voted."""
    if edge.name not in _DECISIONS:
        return True
    panel = sitting(way)
    return panel is not None and bool(panel.outcome) and edge.name == DECIDED_BY[Option(panel.outcome)]


def after_decision(opened: OpenedReturn) -> dict[str, Any] | None:
    """Nothing for whoever does not read the decision."""
    way = opened.way
    if not opened.reads_decision:
        return None
    panel = to_be_told(way)
    facts = new_facts(way)
    return {
        "panel_url": reverse("panel", args=[way.pk]),
        "is_before_panel": way.state == ReturnState.PANEL_PENDING,
        "follows": _follows(way),
        "untold": panel is not None and not (panel.child_told_on and panel.guardian_told_on),
        "new_facts": [(NEW_FACTS[fact.kind], fact.at) for fact in facts],
        "again": _again(opened) if facts else None,
    }


def _follows(way: Return) -> str:
    if way.state in (ReturnState.DECIDED_RETURN, ReturnState.DECIDED_THIRD_COUNTRY):
        return _(
            "The worker clears contact and asks the consulate of %(country)s who the child is. What nobody may set "
            "aside is looked at again at every step until the departure."
        ) % {"country": country_name(way.country)}
    if way.state == ReturnState.DECIDED_INTEGRATION:
        return _(
            "The child stays. This is the lasting solution of the case now, and its plan goes on under legal "
            "protection and rehabilitation. New facts bring it before the panel again."
        )
    if way.state == ReturnState.DEFERRED and way.review_on is not None:
        return _(
            "It comes before the panel again on %(day)s at the latest. Until then the child stays where it is, and "
            "its plan goes on."
        ) % {"day": date_format(way.review_on, "j E Y")}
    return ""


def _again(opened: OpenedReturn) -> dict[str, str] | None:
    """How this reader brings it before the panel once more; after the departure the ways on stand below."""
    name = _step_back(opened.way.state)
    edge = RETURN.edge(name) if name else None
    if edge is None or not edge.who & opened.hands & {Hand.SUPERVISOR, Hand.CASE_WORKER}:
        return None
    return {"label": str(edge.label), "url": reverse("return_step", args=[opened.way.pk, edge.name])}


def _step_back(state: str) -> str:
    if state in RETURN.edge("reopen_decision").sources:
        return "reopen_decision"
    if state == ReturnState.SUSPENDED:
        return "resume"
    return "suspend" if state in BEFORE_DEPARTURE else ""
