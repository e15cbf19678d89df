"""Each planted fault (`tests/trials/faults.py`) stands in the code as it is; the long drill shows that each dies."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from tests.trials.faults import FAULTS, Fault

PLANT_VARIABLE = "PLANT_FAULTS"
REPORT = settings.BASE_DIR / "docs" / "trials" / "faults.md"
# One may survive, and has to be named: nineteen of twenty die.
FEWEST = len(FAULTS) - 1
COPIED = (
    *("accounts", "cases", "config", "docs", "locale", "referrals", "repatriation", "static", "templates"),
    *("tests", "vault", "workflow"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_what_it_changes_stands_in_the_code_once(fault: Fault) -> None:
    assert (settings.BASE_DIR / fault.path).read_text().count(fault.before) == 1


@pytest.mark.skipif(PLANT_VARIABLE not in os.environ, reason="a drill of a quarter of an hour: make trials")
def test_nearly_all_of_them_die(tmp_path: Path) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as together:
        copies = [tmp_path / str(number) for number in range(len(FAULTS))]
        killers = dict(zip(FAULTS, together.map(_killers, FAULTS, copies), strict=True))
    died = sum(bool(tests) for tests in killers.values())
    lines = [
        "# Faults planted in a copy",
        "",
        f"`{PLANT_VARIABLE}=1 python -m pytest tests/referrals/test_faults_die.py`, part of `make trials`, on "
        f"{os.cpu_count()} cores, {time.monotonic() - began:.0f} s: {died} of {len(FAULTS)} died.",
        "",
        "| fault | died of |",
        "|---|---|",
    ]
    lines += [
        f"| {fault.what} | {'`' + ' '.join(tests) + '`' if tests else '**survived**'} |"
        for fault, tests in killers.items()
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert died >= FEWEST


def _killers(fault: Fault, copy: Path) -> tuple[str, ...]:
    """The tests of which one fails, if any; red because nothing could be collected would prove nothing."""
    for name in COPIED:
        shutil.copytree(settings.BASE_DIR / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "clock.py", "manage.py"):
        shutil.copy(settings.BASE_DIR / name, copy)
    place = copy / fault.path
    place.write_text(place.read_text().replace(fault.before, fault.after))
    try:
        return next((tests for tests in fault.rounds if _fail(tests, copy)), ())
    finally:
        shutil.rmtree(copy)


def _fail(tests: tuple[str, ...], copy: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    command += ["--deselect", "tests/referrals/test_faults_die.py"]
    environment = {name: value for name, value in os.environ.items() if name != PLANT_VARIABLE}
    environment["TEST_NAME"] = f"fault_{copy.name}"
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout[-2000:]
    return done.returncode == 1
