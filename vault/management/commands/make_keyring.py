import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vault import ringfile
from vault.errors import KeyRingError
from vault.keyring import completed_keyring_json, new_keyring_json


class Command(BaseCommand):
    help = "Makes a new key ring with random keys in a file that only its owner may read."
    # There is no ring yet to check.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--add-sealing",
            action="store_true",
            help="adds the key that seals the audit to a ring that was made before there was one",
        )

    def handle(self, *args: Any, path: Path, add_sealing: bool, **options: Any) -> None:
        if add_sealing:
            self._add_sealing(path)
            return
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            raise CommandError(
                _("%(path)s exists and is left as it is: without its keys every file would be lost.")
                % {"path": path}
            ) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror}
            ) from None
        with os.fdopen(descriptor, "w") as file:
            file.write(new_keyring_json())
            file.flush()
            os.fsync(descriptor)
        self.stdout.write(
            _("Made %(path)s. Keep a copy apart from the backups of the database.") % {"path": path}
        )

    def _add_sealing(self, path: Path) -> None:
        try:
            ringfile.change(path, completed_keyring_json)
        except KeyRingError:
            raise CommandError(_("%(path)s cannot be completed.") % {"path": path}) from None
        self.stdout.write(_("%(path)s has a key that seals the audit.") % {"path": path})
