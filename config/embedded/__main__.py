"""`python -m config.embedded COMMAND ...`: runs a command with the embedded services in its environment."""

import subprocess
import sys

from config.embedded import joined


def main() -> int:
    with joined():
        return subprocess.call(sys.argv[1:])  # noqa: S603


sys.exit(main())
