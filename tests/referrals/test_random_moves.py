"""The rules of a referral hold whatever both sides do, in whichever order (`tests/trials/referrals.py`)."""

import os
import time
from collections import Counter

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cases.test_case_file_pdf import text
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.referrals.words import STATES
from tests.trials.referrals import Referrals, begin_drive

STEPS_VARIABLE, SEEDS_VARIABLE = "REFERRAL_STEPS", "REFERRAL_SEEDS"
# Where each part of a long run begins to count: the parts share nothing, so each core can lead one.
SEEDS = [int(seed) for seed in os.environ.get(SEEDS_VARIABLE, "1").split(",")]
SHORT = 400
IN_ONE_RUN = 100
NAME = "tests/referrals/test_random_moves.py"
REPORTS = django_settings.BASE_DIR / "docs" / "trials"
# The rules would hold of referrals that nobody moved, too: the short run is accepted, the long one gets everywhere.
SOON = {"sent", "acknowledged", "accepted", "recalled"}
IN_TIME = STATES - {"draft"}
LONG = 10_000


def drive(steps: int, number: int) -> Counter[str]:
    """At least so many steps; the seeds count up, so that every run can be repeated."""
    Referrals.tally = Counter()
    while Referrals.tally["steps"] < steps:
        run_state_machine_as_test(
            seed(number)(Referrals),
            settings=settings(
                max_examples=max(1, min(50, (steps - Referrals.tally["steps"]) // IN_ONE_RUN)),
                stateful_step_count=IN_ONE_RUN,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        number += 1
    return Referrals.tally


@pytest.mark.django_db
@pytest.mark.parametrize("first_seed", SEEDS)
def test_the_rules_hold_after_every_step(cast: Cast, clock_at: ClockHand, first_seed: int) -> None:
    steps, began = int(os.environ.get(STEPS_VARIABLE, SHORT)), time.monotonic()
    begin_drive(cast, clock_at, text)
    tally = drive(steps, first_seed)
    if STEPS_VARIABLE in os.environ:
        _write_down(tally, time.monotonic() - began, first_seed)
    wanted = IN_TIME if steps >= LONG else SOON
    became = {state for state in wanted if tally[f"became {state}"]}
    assert became == wanted, f"never reached: {sorted(wanted - became)}"


def _write_down(tally: Counter[str], seconds: float, first_seed: int) -> None:
    steps = tally.pop("steps")
    lines = [
        "# Referrals, moved at random by both sides",
        "",
        f"`{STEPS_VARIABLE}={steps} {SEEDS_VARIABLE}={first_seed} python -m pytest {NAME}`, part of `make trials`, "
        f"on one core of {os.cpu_count()}: {steps} steps in {seconds:.0f} s "
        f"({steps / seconds:.1f} steps/s). After every step all rules held.",
        "",
        "| what was done | times | refused |",
        "|---|---|---|",
    ]
    names = sorted({name.split(":")[0] for name in tally if tally[name]})
    lines += [f"| {name} | {tally[name]} | {tally[f'{name}: refused']} |" for name in names]
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"referrals-{first_seed}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
