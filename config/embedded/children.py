"""Child processes that end with their parent, however the parent ends."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sent: int) -> None:
    """The kernel sends us this signal when the thread that started us ends."""
    if _libc.prctl(PR_SET_PDEATHSIG, sent, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def start(command: list[str], *, on_parents_death: signal.Signals, **options: Any) -> subprocess.Popen[bytes]:
    """Only from a main thread: the kernel watches the thread, and one that ends takes the child along."""
    # After the change of account, which would clear the setting.
    options["preexec_fn"] = _prepare(os.getpid(), on_parents_death)
    return subprocess.Popen(command, **options)  # noqa: S603


def _prepare(parent: int, sent: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        die_with_parent(sent)
        if os.getppid() != parent:  # It died before we asked.
            os._exit(1)

    return prepare
