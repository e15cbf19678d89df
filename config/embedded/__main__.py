"""`python -m config.embedded FOLDER PIPE`: the keeper's own process, which joined() starts."""

import os
import sys
from pathlib import Path

from config.embedded.folder import Folder
from config.embedded.keeper import keep


def main() -> None:
    # A child of nobody who asked for it: whoever started us has nothing to reap.
    if os.fork():
        os._exit(0)
    keep(Folder(Path(sys.argv[1])), ready=int(sys.argv[2]))


main()
