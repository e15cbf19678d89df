"""Changes the key that wraps data keys, while the application runs: `manage.py rotate_keys --add`, later `--drop`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vault import rotating
from vault.errors import KeyRingError

# Rows locked at one time; each is held for some milliseconds.
BATCH = 500


class Command(BaseCommand):
    help = "Wraps every data key with the active key of the ring. Can be stopped and run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--add", action="store_true", help="first puts a new key into the ring, which wraps from then on"
        )
        parser.add_argument(
            "--drop", action="store_true", help="then takes the keys out of the ring that nothing needs"
        )
        parser.add_argument(
            "--batch", type=int, default=BATCH, help="how many are wrapped in one transaction"
        )

    def handle(self, *args: Any, add: bool, drop: bool, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError(_("A batch has one key at least."))
        try:
            if add:
                self._say(_("The key %(name)s wraps from now on."), name=rotating.add_key())
            self._rewrap(batch)
            if drop:
                self._drop()
        except KeyRingError as error:
            raise CommandError(str(error)) from None

    def _rewrap(self, batch: int) -> None:
        """Until nothing is left: a process that has not heard of the new key yet may add some meanwhile."""
        wrapped, damaged = 1, 0
        while wrapped and rotating.left() > damaged:
            wrapped = damaged = 0
            for progress in rotating.rewrap(batch):
                wrapped, damaged = progress.wrapped, progress.damaged
                self._say(_("%(wrapped)s wrapped anew, %(left)s left."), wrapped=wrapped, left=progress.left)
        if damaged:
            raise CommandError(
                _("Keys that do not open and are left as they are: %(count)s. No key leaves the ring.")
                % {"count": damaged}
            )
        self._say(_("Every data key is wrapped by the active key."))

    def _drop(self) -> None:
        gone = rotating.drop_keys()
        if not gone:
            self._say(_("Every key of the ring is needed."))
            return
        self._say(_("Out of the ring: %(names)s."), names=", ".join(gone))
        self._say(_("Backups of the key store that are older than this do not open any more."))

    def _say(self, text: str, **values: Any) -> None:
        self.stdout.write(text % values)
        self.stdout.flush()
