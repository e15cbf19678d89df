"""Random rewriting of the past by the tables' owner, and the time that it takes to prove a long record.

`make trials` rewrites 1,000 times and proves 1,000,000 events, and writes the figures down.
"""

import os
import time
from dataclasses import dataclass, field

import pytest
from django.conf import settings

from accounts import sealing
from accounts.verifying import verify
from tests.accounts.records import a_record
from tests.cast import Cast
from tests.trials.many_events import write_events
from tests.trials.tampering import Tally, Tamperer

TIMES_VARIABLE, EVENTS_VARIABLE = "AUDIT_TAMPERINGS", "AUDIT_EVENTS"
FEW_TIMES, FEW_EVENTS = 40, 10_000
MOST_SECONDS = 60
SEED = 9
REPORT = settings.BASE_DIR / "docs" / "trials" / "audit-seal.md"


@dataclass
class Figures:
    tally: Tally = field(default_factory=Tally)
    rows: int = 0
    each: float = 0
    events: int = 0
    seals: int = 0
    sealing: float = 0
    proving: float = 0


FIGURES = Figures()


@pytest.mark.usefixtures("own_horizon")
@pytest.mark.django_db(transaction=True)
def test_every_tampering_is_found_and_named(cast: Cast) -> None:
    times = int(os.environ.get(TIMES_VARIABLE, FEW_TIMES))
    a_record(cast)
    whole = verify(using="owner")
    assert whole.broken is None
    began = time.monotonic()
    tally = Tamperer(SEED).run(times)
    FIGURES.tally, FIGURES.rows, FIGURES.each = tally, whole.rows, (time.monotonic() - began) / times
    assert tally.missed == []
    assert len(tally.found) == 5
    assert tally.found.total() == times
    # Each was undone.
    assert verify(using="owner").broken is None


@pytest.mark.usefixtures("own_horizon")
@pytest.mark.django_db(transaction=True)
def test_a_long_record_is_proven_in_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    events = int(os.environ.get(EVENTS_VARIABLE, FEW_EVENTS))
    a_record(cast)
    write_events(events, cast.ana)
    # As many seals as a busy day makes in five-minute steps, for each thousand events one.
    monkeypatch.setattr(sealing, "MOST_ROWS", 1_000)
    began = time.monotonic()
    sealing.seal_all()
    FIGURES.sealing = time.monotonic() - began
    began = time.monotonic()
    report = verify()
    FIGURES.events, FIGURES.seals, FIGURES.proving = events, report.seals, time.monotonic() - began
    assert report.broken is None
    assert report.rows >= events
    assert FIGURES.proving <= MOST_SECONDS
    if EVENTS_VARIABLE in os.environ:
        write_down()


def write_down() -> None:
    tally = FIGURES.tally
    lines = [
        "# The seal of the audit",
        "",
        f"`{TIMES_VARIABLE}={tally.tried.total()} {EVENTS_VARIABLE}={FIGURES.events} python -m pytest "
        f"tests/accounts/test_verify_audit_drill.py`, part of `make trials`, on {os.cpu_count()} cores.",
        "",
        f"A record of {FIGURES.rows} sealed rows is rewritten by the owner of the tables, each time in one random way "
        "(edit: any column of any sealed table, stamps and numbers of transactions as well), verified, and put "
        f"back; {FIGURES.each * 1000:.0f} ms each. Found is what was named: the table and the row.",
        "",
        "| what the owner did | times | found |",
        "|---|---|---|",
        *(f"| {kind} | {times} | {tally.found[kind]} |" for kind, times in tally.tried.items()),
        f"| together | {tally.tried.total()} | {tally.found.total()} |",
        "",
        "| a long record | |",
        "|---|---|",
        f"| events | {FIGURES.events} |",
        f"| seals | {FIGURES.seals} |",
        f"| sealing all of it at once | {FIGURES.sealing:.1f} s |",
        f"| `verify_audit` | {FIGURES.proving:.1f} s (at most {MOST_SECONDS} s) |",
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
