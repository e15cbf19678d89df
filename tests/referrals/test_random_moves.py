"""The rules of a referral hold whatever both sides do, in whichever order (`tests/trials/referrals.py`)."""

import os
import time
from collections import Counter

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cast import Cast
from tests.conftest import ClockHand
from tests.trials.referrals import Referrals

STEPS_VARIABLE = "REFERRAL_STEPS"
SHORT = 400
IN_ONE_RUN = 50
REPORT = django_settings.BASE_DIR / "docs" / "trials" / "referrals.md"


def drive(steps: int) -> Counter[str]:
    """At least so many steps; the seeds count up, so that every run can be repeated."""
    Referrals.tally = Counter()
    number = 1
    while Referrals.tally["steps"] < steps:
        run_state_machine_as_test(
            seed(number)(Referrals),
            settings=settings(
                max_examples=max(1, min(20, (steps - Referrals.tally["steps"]) // IN_ONE_RUN)),
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
def test_the_rules_hold_after_every_step(cast: Cast, clock_at: ClockHand) -> None:
    steps, began = int(os.environ.get(STEPS_VARIABLE, SHORT)), time.monotonic()
    Referrals.cast, Referrals.clock_at = cast, clock_at
    tally = drive(steps)
    assert {"send", "accept", "decline", "recall", "complete"} <= set(tally)
    if STEPS_VARIABLE in os.environ:
        _write_down(tally, time.monotonic() - began)


def _write_down(tally: Counter[str], seconds: float) -> None:
    steps = tally.pop("steps")
    lines = [
        "# Referrals, moved at random by both sides",
        "",
        f"`make trials` ({STEPS_VARIABLE}={steps}) on {os.cpu_count()} cores: {steps} steps in {seconds:.0f} s "
        f"({steps / seconds:.1f} steps/s). After every step all rules held.",
        "",
        "| what was done | times | refused |",
        "|---|---|---|",
    ]
    names = sorted({name.split(":")[0] for name in tally})
    lines += [f"| {name} | {tally[name]} | {tally[f'{name}: refused']} |" for name in names]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
