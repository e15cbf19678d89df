"""The rules of a return hold whatever the people of both countries do (`tests/trials/returns.py`)."""

import os
import time
from collections import Counter

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from cases.models import Case
from tests.conftest import ClockHand
from tests.repatriation.ways import Company
from tests.repatriation.words import STATES
from tests.trials.returns import Returns, begin_drive

STEPS_VARIABLE, SEEDS_VARIABLE = "RETURN_STEPS", "RETURN_SEEDS"
# Where each part of a long run begins to count: the parts share nothing, so each core can lead one.
SEEDS = [int(seed) for seed in os.environ.get(SEEDS_VARIABLE, "1").split(",")]
SHORT, IN_ONE_RUN = 80, 100
NAME = "tests/repatriation/test_random_moves.py"
REPORTS = django_settings.BASE_DIR / "docs" / "trials"
# The rules would hold of a return that nobody moved, too: the short run gets to the panel, the long one everywhere
# but to an alert, which came in three of four long ones.
SOON = {"risk_assessment", "panel_pending"}
IN_TIME = STATES - {"considered", "decided_third_country", "handed_over", "retrafficking_alert"}
LONG = 10_000


def drive(steps: int, number: int) -> Counter[str]:
    """At least so many steps; the seeds count up, so that every run can be repeated."""
    Returns.tally = Counter()
    while Returns.tally["steps"] < steps:
        run_state_machine_as_test(
            seed(number)(Returns),
            settings=settings(
                max_examples=max(1, min(50, (steps - Returns.tally["steps"]) // IN_ONE_RUN)),
                stateful_step_count=IN_ONE_RUN,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        number += 1
    return Returns.tally


@pytest.mark.django_db
@pytest.mark.parametrize("first_seed", SEEDS)
def test_the_rules_hold_after_every_step(
    people: Company, case: Case, clock_at: ClockHand, first_seed: int
) -> None:
    steps, began = int(os.environ.get(STEPS_VARIABLE, SHORT)), time.monotonic()
    begin_drive(people, case, clock_at)
    tally = drive(steps, first_seed)
    if STEPS_VARIABLE in os.environ:
        _write_down(tally, time.monotonic() - began, first_seed)
    wanted = IN_TIME if steps >= LONG else SOON
    became = {state for state in wanted if tally[f"became {state}"]}
    assert became == wanted, f"never reached: {sorted(wanted - became)}"


def _write_down(tally: Counter[str], seconds: float, first_seed: int) -> None:
    steps = tally["steps"]
    command = f"{STEPS_VARIABLE}={steps} {SEEDS_VARIABLE}={first_seed} python -m pytest {NAME}"
    lines = [
        "# Random moves of returns",
        "",
        f"`{command}`, on {os.cpu_count()} cores: {steps:,} steps in {seconds:,.0f} s "
        f"({steps / seconds:.0f} a second). After each of them all rules held.",
        "",
        "| what | how often |",
        "|---|---|",
        *(f"| {what} | {count:,} |" for what, count in sorted(tally.items()) if what != "steps"),
    ]
    (REPORTS / f"returns-{first_seed}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
