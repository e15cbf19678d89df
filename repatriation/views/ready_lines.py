"""The lines of G-READY as each side reads them: there or missing, who has it, by when.

Whoever reads the return reads each condition. Whoever has only a part in it (consulate, partners, escort) reads the
lines that concern a journey in plain words, and one line for all that is decided where the child is now: which of
those is missing would tell of proceedings, protection or risk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

import clock
from accounts import policy
from repatriation.guards import never, ready
from repatriation.models import Return
from repatriation.permissions import Hand
from repatriation.views.loading import OpenedReturn
from workflow.machine import Attempt, Guard, Result

GUARDS = (*never.STILL, *ready.READY)
# Told of these is only whether all of them are there.
HERE_ALONE = frozenset(guard.code for guard in never.STILL) | {"proceedings_allow", "reflection_over"}
_HERE = gettext_lazy("Nothing stands against the departure where the child is now.")
# What those abroad read instead of the condition.
PLAIN: Mapping[str, StrPromise] = {
    "decision_fresh": gettext_lazy("The decision carries the departure."),
    "assent_given": gettext_lazy("The child was asked, and goes along."),
    "fit_to_travel": gettext_lazy("The child is fit to travel."),
    "care_in_writing": gettext_lazy("The agreement of who will care is there in writing."),
    "plan_accepted": gettext_lazy("The plan for the time afterwards is accepted."),
    "document_valid": gettext_lazy("The travel document holds until the arrival."),
    "escort_ready": gettext_lazy("The escort is named and vetted."),
    "receiver_named": gettext_lazy("Who will receive the child is named, and has accepted."),
    "contacts_known": gettext_lazy("Whom to call on both ends is written down."),
}
_WORKER, _SUPERVISOR = Hand.CASE_WORKER.label, Hand.SUPERVISOR.label
_ABROAD = gettext_lazy("the partner abroad")
# Who has it; a line that is missing is this one's to put right.
OWNERS: Mapping[str, Any] = {
    "cleared": _SUPERVISOR,
    "case_runs": _WORKER,
    "assessment_positive": _WORKER,
    "no_refoulement": _WORKER,
    "input_received": _ABROAD,
    "somebody_cares": _WORKER,
    "decision_fresh": gettext_lazy("the panel"),
    "reflection_over": _WORKER,
    "proceedings_allow": _WORKER,
    "assent_given": _WORKER,
    "fit_to_travel": gettext_lazy("the clinic"),
    "care_in_writing": _WORKER,
    "plan_accepted": _ABROAD,
    "document_valid": gettext_lazy("the consulate"),
    "escort_ready": _WORKER,
    "receiver_named": _WORKER,
    "contacts_known": _WORKER,
}


@dataclass(frozen=True)
class Line:
    """`when` says until when it holds, or by when it has to be there."""

    sentence: str
    there: bool
    who: str
    when: str
    guard: Guard | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        return self.guard.source if self.guard else ()

    @property
    def why(self) -> str:
        return str(self.guard.why) if self.guard else ""


def lines(opened: OpenedReturn) -> list[Line]:
    """Of every condition, as this reader reads it; what is missing first."""
    way = opened.way
    results = [guard.judge(way, Attempt(None)) for guard in GUARDS]
    if reads_conditions(opened):
        found = [_line(way, result, result.sentence) for result in results]
    else:
        found = [_line(way, result, str(PLAIN[result.code])) for result in results if result.code in PLAIN]
        hidden = [result for result in results if result.code in HERE_ALONE]
        there = not any(result.blocks for result in hidden)
        found.append(Line(str(_HERE), there, str(_WORKER), "" if there else by_departure(way)))
    return sorted(found, key=lambda line: line.there)


def reads_conditions(opened: OpenedReturn) -> bool:
    return opened.reads_journey or opened.reads_decision


def _line(way: Return, result: Result, sentence: str) -> Line:
    there = not result.blocks
    when = holds_until(way, result.code) if there else due(way, result.code)
    told = result.guard if sentence == result.sentence else None
    return Line(sentence, there, str(OWNERS[result.code]), when, told)


def due(way: Return, code: str) -> str:
    """Between which days it can be done where it grows old; else by the departure."""
    keys = {"assent_given": ready.ASSENT_DAYS, "fit_to_travel": ready.FITNESS_DAYS}
    if code not in keys or way.facts.journey is None:
        return by_departure(way)
    last = way.facts.journey.departs_on
    first = last - timedelta(days=policy.get(keys[code], agency=way.case.agency))
    return _("between %(first)s and %(last)s") % {"first": _day(first), "last": _day(last)}


def by_departure(way: Return) -> str:
    journey = way.facts.journey
    return _("by %(day)s") % {"day": _day(journey.departs_on)} if journey else _("before the departure")


def holds_until(way: Return, code: str) -> str:
    """The last day on which it carries a departure, where it grows old."""
    day: date | None = None
    if code == "assent_given":
        day = ready.assent_until(way)
    elif code == "fit_to_travel":
        day = ready.fit_until(way)
    elif code == "decision_fresh":
        until = ready.decided_until(way)
        day = until.astimezone(ZoneInfo(way.case.agency.time_zone)).date() if until else None
    return _("holds until %(day)s") % {"day": _day(day)} if day else ""


def _day(day: date) -> str:
    return date_format(day, "j E Y")


def hint_of(way: Return, guard: Guard) -> str:
    """What to do about it. Before the planned day one waits; another day is planned once it has passed."""
    journey = way.facts.journey
    if guard.code != ready.ON_THE_DAY.code or journey is None or not guard.hint:
        return str(guard.hint)
    first = journey.legs.first()
    if first is None or clock.today(first.departs_zone) > journey.departs_on:
        return str(guard.hint)
    return _("This will be possible on %(day)s.") % {"day": _day(journey.departs_on)}


def as_told(opened: OpenedReturn, results: Iterable[Result]) -> list[Result]:
    """Conditions of a step as this reader reads them: the same results, in plain words for those abroad."""
    results = list(results)
    if reads_conditions(opened):
        return results
    told = [_plainly(result) for result in results if result.code not in HERE_ALONE]
    hidden = [result for result in results if result.code in HERE_ALONE]
    blocking = [result for result in hidden if result.blocks]
    return told + [_summed(result) for result in (blocking or hidden)[:1]]


def _plainly(result: Result) -> Result:
    if result.code not in PLAIN:
        return result
    return _in_words(result, PLAIN[result.code])


def _summed(result: Result) -> Result:
    return _in_words(result, _HERE)


def _in_words(result: Result, words: StrPromise) -> Result:
    guard = replace(result.guard, sentence=words, source=(), remedy="", remedy_label="", hint="", why="")
    return replace(result, params={}, guard=guard)
