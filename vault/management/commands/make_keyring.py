import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vault.keyring import new_keyring_json


class Command(BaseCommand):
    help = "Makes a new key ring with random keys in a file that only its owner may read."
    # There is no ring yet to check.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
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
