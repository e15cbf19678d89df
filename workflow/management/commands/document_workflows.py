"""Writes docs/workflows from the machines, or says what has gone stale there."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflow import docs


class Command(BaseCommand):
    help = "Writes one page per state machine into docs/workflows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail when a page is stale")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "docs" / "workflows")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not options["check"]:
            for name in docs.write(folder):
                self.stdout.write(f"{folder / name}")
            return
        stale = docs.differing(folder)
        if stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run manage.py document_workflows.")
