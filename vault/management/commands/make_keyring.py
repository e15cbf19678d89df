import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vault.keyring import new_keyring_json


class Command(BaseCommand):
    help = "Makes a key ring file with fresh keys. Whoever loses it loses every file; keep a copy apart from the dumps."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{path} cannot be made: {error.strerror}.") from None
        with os.fdopen(descriptor, "w") as file:
            file.write(new_keyring_json())
        self.stdout.write(f"{path} holds a new key ring.")
