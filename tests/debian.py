"""What no package index of Python has: Debian's own, where this account may install it."""

import os
import shutil
import subprocess


def install(package: str) -> None:
    """What apt prints is its to say; whether it helped is for the caller to see."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", package]):
        subprocess.run(["apt-get", *command], check=False, env=quiet)
