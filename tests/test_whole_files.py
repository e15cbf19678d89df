"""Whole files by everybody at once, for a short while here; `make trials` lets it run for long."""

import os
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

import clock
from cases.models import Case, CaseAccess
from cases.services.steps import take_step
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.matrices.lifecycle import STEPS
from tests.trials.drive import STEP
from tests.trials.whole_files import WholeFiles
from tests.undone import undone
from workflow import deadlines
from workflow.models import Deadline

STEPS_VARIABLE = "WHOLE_FILES_STEPS"
SHORT = 400
# With it the short run already comes as far as a closed file.
FIRST_SEED = 3
IN_ONE_RUN = 50
LONG = 50_000
REACHED = {"begin_monitoring", "close", "suspend", "mark_duplicate"}
REACHED_IN_TIME = set(STEPS) | {"worker died", "withdrawal", "danger", "told", "of age", "end access"}
REPORT = django_settings.BASE_DIR / "docs" / "trials" / "whole-files.md"


def drive(steps: int, first_seed: int = FIRST_SEED) -> Counter[str]:
    """At least so many steps, in runs of a few files each; the seeds count up, so that every run can be repeated."""
    WholeFiles.tally = Counter()
    number = first_seed
    while WholeFiles.tally[STEP] < steps:
        runs = max(1, min(20, (steps - WholeFiles.tally[STEP]) // IN_ONE_RUN))
        run_state_machine_as_test(
            seed(number)(WholeFiles),
            settings=settings(
                max_examples=runs,
                stateful_step_count=IN_ONE_RUN,
                deadline=None,
                database=None,
                # Fifty steps are read quicker than they are made fewer.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        number += 1
    return WholeFiles.tally


def test_the_rules_hold_after_every_step(cast: Cast, clock_at: ClockHand) -> None:
    steps = int(os.environ.get(STEPS_VARIABLE, SHORT))
    WholeFiles.clock_at = clock_at
    began = time.monotonic()
    tally = drive(steps)
    if STEPS_VARIABLE in os.environ:
        write_down(tally, time.monotonic() - began)
    # The rules would hold of files that nobody moved, too: the ends and the ways back were reached.
    wanted = (REACHED if steps >= SHORT else set()) | (REACHED_IN_TIME if steps >= LONG else set())
    assert wanted <= set(tally), f"never reached: {sorted(wanted - set(tally))}"


def write_down(tally: Counter[str], seconds: float) -> None:
    taken = tally[STEP]
    lines = [
        "# Whole files, driven by everybody at once",
        "",
        f"`make trials STEPS={taken}` on {os.cpu_count()} cores: {taken} steps in {seconds:.0f} s "
        f"({taken / seconds:.1f} steps/s). After every step all rules held.",
        "",
        "| what was done | times | refused | not there for the actor |",
        "|---|---|---|---|",
    ]
    names = sorted({name.split(":")[0] for name in tally} - {STEP})
    lines += [
        f"| {name} | {tally[name]} | {tally[f'{name}: refused']} | {tally[f'{name}: not there']} |"
        for name in names
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_broken_rule_is_noticed(cast: Cast, clock_at: ClockHand) -> None:
    """Each rule broken once, behind the back of the services: the drive would have found it."""
    WholeFiles.clock_at = clock_at
    driven = WholeFiles()
    driven.begin()
    home = Case.objects.filter(pk__in=driven.files)
    ended = home.get(pk=driven.files[0])
    take_step(
        ended.pk,
        "find_not_eligible",
        actor=cast.sami,
        values={"code": "adult", "signpost": "The adults’ centre"},
    )
    driven.time_passes(hours=24 * 8)
    driven.sweep(crash=False)
    rules = (
        driven.states_follow_the_tables,
        driven.what_has_ended_has_ended,
        driven.nobody_approves_what_they_wrote,
        driven.a_list_knows_what_is_due_next,
        driven.each_deadline_fires_once,
    )
    breaks: tuple[Callable[[], object], ...] = (
        lambda: home.filter(state="reported").update(state="screening"),
        lambda: deadlines.start(ended.pk, "contact", clock.now(), agency=ended.agency),
        lambda: home.update(plan_author=cast.sami, plan_approver=cast.sami),
        lambda: CaseAccess.objects.filter(case__in=home).update(due=clock.now()),
        lambda: Deadline.objects.update(overdue_at=None, escalated_at=None) and deadlines.sweep(),
    )
    for each in rules:
        each()
    for rule, breaking in zip(rules, breaks, strict=True):
        with undone():
            breaking()
            with pytest.raises(AssertionError):
                rule()
    driven.teardown()
