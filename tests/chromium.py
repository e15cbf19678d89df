"""A Chromium for the browser tests: this machine's own, else one that we install. `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import debian

# The shell draws pages and has no windows of its own to draw: the whole browser takes twice as long.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = (*SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = (
    "The browser tests need a Chromium, and none could be installed. Install one, for example with "
    "`apt-get install chromium-headless-shell`, and run `make test` again."
)


def find() -> str | None:
    """The path of a browser which starts; on some systems the command only says how to get one."""
    on_path = (shutil.which(name) for name in NAMES)
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    downloaded = sorted(downloads.glob("chromium_headless_shell*/*/*shell"), reverse=True)
    return next((str(path) for path in (*on_path, *downloaded) if path and _starts(str(path))), None)


def _starts(path: str) -> bool:
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Debian's where that can be had, Playwright's own otherwise. What they print is theirs to say."""
    for name in (SHELLS[0], "chromium"):
        if find() is None:
            debian.install(name)
    if find() is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=False
        )


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit(NONE)
