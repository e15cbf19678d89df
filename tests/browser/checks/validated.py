"""What the Nu Html Checker says of pages; `VNU` names its jar (`npm pack vnu-jar`), which needs Java."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

VALIDATOR = os.environ.get("VNU")


def validated(pages: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Every error, by the name of its page; nothing where there is no checker."""
    if not VALIDATOR or not pages:
        return
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(text.strip())
        names[path.name] = name
    command = [
        "java",
        "-jar",
        VALIDATOR,
        "--errors-only",
        "--format",
        "json",
        *map(str, folder.glob("*.html")),
    ]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    for said in json.loads(done.stderr or done.stdout)["messages"]:
        page = names[Path(said["url"]).name]
        yield f"{page}: {said['message']} ({said.get('extract', '').strip()[:120]})"
