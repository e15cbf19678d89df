"""The process that owns the two servers for as long as somebody holds them.

`python -m config.embedded.keeper FOLDER PIPE LOCK`, which joined() starts and nobody else needs to.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from config.embedded.account import ServicesError
from config.embedded.folder import READY, Folder, try_lock
from config.embedded.servers import Postgres, Server, Valkey

LOOK_EVERY = 0.2
# Commands that follow each other share the servers.
LINGER = 1.0
# A server that ends this often in a row does not want to run.
MOST_RESTARTS = 5
RESTARTS_COUNT_FOR = 60.0


def keep(folder: Folder, *, ready: int, lock: int) -> None:
    """Whoever starts us holds the start lock until we have said through the pipe how it went."""
    try:
        keeper = Keeper(folder, lock)
        keeper.start()
    except Exception as failure:
        # The servers that already run end with us.
        said = str(failure) if isinstance(failure, ServicesError) else f"{type(failure).__name__}."
        os.write(ready, f"{said} The log is {folder.log_path}.".encode())
        raise
    with suppress(BrokenPipeError):  # Our starter was killed; somebody else may wait for us.
        os.write(ready, READY.encode())
    os.close(ready)
    keeper.watch()


class Keeper:
    def __init__(self, folder: Folder, lock: int) -> None:
        self._folder = folder
        self._lock = lock
        self._at_start = folder.start_path.stat()
        self._servers: list[Server] = [Postgres(folder), Valkey(folder)]
        self._restarts: list[float] = []
        self._told_to_stop = False
        for heard in (signal.SIGINT, signal.SIGHUP):
            signal.signal(heard, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._on_terminate)

    def _on_terminate(self, _heard: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True

    def start(self) -> None:
        for server in self._servers:
            server.start()
        self._folder.say_ready()

    def stop(self) -> None:
        for server in reversed(self._servers):
            server.stop()

    def watch(self) -> None:
        """Until nobody holds the servers, we are told to stop, or somebody deletes the data folder."""
        alone_since = None
        while not self._told_to_stop and self._is_folder_there():
            time.sleep(LOOK_EVERY)
            if any(server.process.poll() is not None for server in self._servers):
                with self._folder.starting():
                    self._revive()
            if self._folder.is_held():
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > LINGER and self._stop_unless_joined():
                return
        self.stop()

    def _is_folder_there(self) -> bool:
        """Deleted and made again is another folder, whose servers wait for us to end."""
        with suppress(FileNotFoundError):
            return os.path.samestat(self._folder.start_path.stat(), self._at_start)
        return False

    def _stop_unless_joined(self) -> bool:
        """Under the start lock nobody can come to hold them; whoever comes next waits and starts new ones."""
        lock = os.open(self._folder.start_path, os.O_RDWR)
        try:
            if not try_lock(lock) or self._folder.is_held():
                return False
            self.stop()
            self._folder.forget_holders()
            os.close(self._lock)
            return True
        finally:
            os.close(lock)

    def _revive(self) -> None:
        """A server that was killed comes back with everything that it had acknowledged."""
        for server in self._servers:
            if server.process.poll() is None:
                continue
            sys.stderr.write(f"{server.name} ended with {server.process.returncode} and is started again.\n")
            sys.stderr.flush()
            now = time.monotonic()
            self._restarts = [at for at in self._restarts if now - at < RESTARTS_COUNT_FOR] + [now]
            if len(self._restarts) > MOST_RESTARTS:
                self.stop()
                raise SystemExit(f"{server.name} does not keep running.")
            server.start()


def main() -> None:
    # A child of nobody who asked for it: whoever started us has nothing to reap.
    if os.fork():
        os._exit(0)
    keep(Folder(Path(sys.argv[1])), ready=int(sys.argv[2]), lock=int(sys.argv[3]))


if __name__ == "__main__":
    main()
