"""A report of several drills, each of which writes its own part anew."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

TITLE = "# Edits that meet, and forms that are sent twice"


def write_part(
    report: Path, heading: str, command: str, seconds: float, told: Mapping[str, object], more: str
) -> None:
    lines = [
        f"## {heading}",
        "",
        f"`{command}`, part of `make trials`, on {os.cpu_count()} cores, {seconds:.0f} s.",
        "",
        "| what | number |",
        "|---|---|",
        *(f"| {what} | {number} |" for what, number in told.items()),
        "",
        more,
    ]
    before = report.read_text(encoding="utf-8") if report.exists() else f"{TITLE}\n"
    parts = [
        part for part in re.split(r"\n(?=## )", before.rstrip("\n")) if not part.startswith(f"## {heading}\n")
    ]
    report.parent.mkdir(exist_ok=True)
    report.write_text(
        "\n\n".join([part.rstrip() for part in parts] + ["\n".join(lines)]) + "\n", encoding="utf-8"
    )
