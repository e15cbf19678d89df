"""Locks, cuts, sign-outs and crashes while somebody types: nothing is lost, and nothing lies in the browser.

`INTERRUPTIONS=100 INTERRUPTION_SEEDS=1,2,3 pytest tests/browser/test_interruptions.py` is the long form; its figures
stand in `docs/trials/interruptions-*.md`.
"""

import os
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.cases import files
from tests.cast import Cast
from tests.trials.interrupting import KINDS, MARK, OLDEST_LOST, Desk, Outcome, written_to

# One of each kind.
SHORT = 4
SEEDS = [int(each) for each in os.environ.get("INTERRUPTION_SEEDS", "1").split(",")]
FIGURES = settings.BASE_DIR / "docs" / "trials"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost(
    transactional_db: None, browser: Browser, address: str, cast: Cast, tmp_path: Path, seed: int
) -> None:
    count = int(os.environ.get("INTERRUPTIONS", SHORT))
    rng = Random(seed)  # noqa: S311 - a trial that can be repeated
    desk = Desk(browser, address, tmp_path / "profile", cast.ana, files.screened(cast), rng)
    outcomes = [desk.interrupted(KINDS[place % len(KINDS)]) for place in range(count)]
    desk.context.close()
    held = [each for each in outcomes if each.kind != "crash"]
    crashes = [each for each in outcomes if each.kind == "crash"]
    assert [each for each in held if each.lost] == []
    assert [each for each in crashes if each.oldest_lost > OLDEST_LOST] == []
    assert written_to(desk.profile, MARK) == []
    if "INTERRUPTIONS" in os.environ:
        (FIGURES / f"interruptions-{seed}.md").write_text(_figures(count, seed, outcomes))


def test_the_search_in_a_profile_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "Sessions").mkdir()
    (tmp_path / "Sessions" / "Tabs").write_bytes(b"\0" + MARK.encode("utf-16-le"))
    (tmp_path / "Web Data").write_bytes(MARK.encode())
    assert written_to(tmp_path, MARK) == ["Sessions/Tabs", "Web Data"]


def _figures(count: int, seed: int, outcomes: list[Outcome]) -> str:
    lines = [
        "# Interrupted while typing",
        "",
        f"`INTERRUPTIONS={count} INTERRUPTION_SEEDS={seed} pytest tests/browser/test_interruptions.py`: "
        "a real browser with a profile on "
        "the disk, forms of three kinds, moments drawn by lot. A crash is of the whole browser "
        "(SIGKILL), half of the time after one of the page.",
        "",
        "| what happened | times | signs typed | signs lost | oldest sign lost, s |",
        "|---|---|---|---|---|",
    ]
    for kind in KINDS:
        these = [each for each in outcomes if each.kind == kind]
        oldest = max(each.oldest_lost for each in these)
        lines.append(
            f"| {kind} | {len(these)} | {sum(each.typed for each in these)} | {sum(each.lost for each in these)} "
            f"| {oldest:.1f} |"
        )
    lines += [
        "",
        "In the browser’s local and session storage, databases and caches: 0 entries. In all files of its profile: "
        "0 places with a word that was typed. This browser, without a screen, offers nothing again that was typed "
        "once; that every field asks others not to is looked at on every page (`tests/browser/test_every_page.py`).",
    ]
    return "\n".join([*lines, ""])
