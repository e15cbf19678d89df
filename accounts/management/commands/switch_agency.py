"""Whether an agency takes part: `manage.py switch_agency arvania-north --off`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.changing import switch_agency
from accounts.models import Agency


class Command(BaseCommand):
    help = "Switch an agency off or on. Its accounts cannot sign in while it is off, and what they had open ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", help="the agency's code")
        change = parser.add_mutually_exclusive_group(required=True)
        change.add_argument("--off", action="store_true")
        change.add_argument("--on", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = switch_agency(options["agency"], on=options["on"], actor=None)
        except Agency.DoesNotExist:
            raise CommandError(f"There is no agency with the code {options['agency']}.") from None
        self.stdout.write(f"{agency.name} is switched {'on' if agency.is_active else 'off'}.")
