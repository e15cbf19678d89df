"""Connects returns to the rooms below, once, when all models are loaded."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import audit, drafts, lists, live, policy
from accounts.access import Ability
from cases import registry, wording
from cases.context import add_entry
from cases.models import Case
from cases.views.tabs import Group, Page, add_group
from cases.views.today import NOTICE_PAGES, TARGETS
from referrals.registry import on_asking_clearance, on_showing_pack
from repatriation import wording as words
from repatriation.demo.stories import leave_returns_to_worker, tell_returns
from repatriation.edges.clearance import CLEARANCE
from repatriation.edges.returns import RETURN
from repatriation.guards import deciding, ready
from repatriation.lists import LISTS
from repatriation.models import ContactClearance, Return, TravelPermit
from repatriation.permissions import may_listen, sees_returns
from repatriation.services import (
    alarms,
    clearing,
    clocks,
    consulate,
    events,
    handing,
    inbound,
    moving,
    watching,
)
from repatriation.views import own_file
from workflow import deadlines


def connect() -> None:
    RETURN.attach(Return)
    drafts.register("return_id", Return, "case_id")
    CLEARANCE.attach(ContactClearance)
    lists.register(*LISTS)
    wording.add(words)
    live.register(events.RETURN_TOPIC, may_listen, counted=True)
    live.watch_pages(live.lists_of, "returns", "verifications", "departures", "return_alerts")
    audit.on_record(events.heed)
    add_entry("returns", _("Returns"), Ability.SEE_CASES)
    add_group(Group(_("Return"), (Page("case_returns", _("Return"), sees_returns),)))
    TARGETS["repatriation.return"] = ("return", "returns")
    # Its page is nobody's any more who is told this.
    TARGETS["return.stopped"] = ("", "returns")
    for kind in clocks.ALL:
        NOTICE_PAGES[f"overdue.{kind}"] = "case_returns"
    for alert in ("return.retrafficking", "return.unconfirmed"):
        TARGETS[alert] = ("return_alert", "return_alerts")
    live.register(handing.HANDOVER_TOPIC, may_listen, sequences=handing.numbers)
    registry.on_leaving_open(moving.end_with_case)
    registry.on_coming_back(clocks.stop_over)
    registry.on_asking_open_matters(moving.has_open)
    registry.on_written(watching.look)
    registry.on_gone(Return.DoesNotExist, TravelPermit.DoesNotExist)
    registry.on_asking_what_follows(consulate.what_follows)
    registry.on_asking_known_apart(inbound.known_apart)
    on_asking_clearance(_clearance)
    on_showing_pack(own_file.leads)
    deadlines.on_overdue(watching.ready_has_run_out, before_telling=True)
    deadlines.on_overdue(alarms.remind_consulate, before_telling=True)
    deadlines.on_overdue(alarms.tell)
    registry.on_seeding_demo(tell_returns, later=leave_returns_to_worker)
    _register_policies()


def _clearance(case: Case, country: str) -> UUID | None:
    found = clearing.standing(case, country)
    return found.pk if found else None


def _register_policies() -> None:
    hours, days, months = _("hours"), _("days"), _("months")
    policy.register(
        deciding.ASSESSMENT_DAYS, 90, days, _("How old a risk and security assessment may be before a panel.")
    )
    policy.register(
        deciding.QUORUM, 3, _("members"), _("How many members of a panel have to vote for a decision.")
    )
    policy.register(
        deciding.DEFER_DAYS, 92, days, _("Within how many days a deferred decision is looked at again.")
    )
    policy.register(
        clocks.TELL_DAYS, 3, days, _("Within how many days child and guardian are told what a panel decided.")
    )
    policy.register(ready.DECISION_DAYS, 183, days, _("How old a panel’s decision may be at departure."))
    policy.register(
        ready.ASSENT_DAYS, 7, days, _("How many days before the departure the child’s assent may be given.")
    )
    for key, default in zip(clocks.REMINDER_DAYS, (15, 30, 60), strict=True):
        policy.register(key, default, days, _("When a consulate that has not answered is reminded."))
    policy.register(
        clocks.UNCONFIRMED_HOURS,
        48,
        hours,
        _("How long after a departure the handover may be unconfirmed before the alarm."),
    )
    policy.register(clocks.FIRST_VISIT_DAYS, 7, days, _("When the first visit after a handover takes place."))
    for key, default in zip(clocks.VISIT_MONTHS, (1, 3, 6, 12), strict=True):
        policy.register(key, default, months, _("When another visit after a handover takes place."))
