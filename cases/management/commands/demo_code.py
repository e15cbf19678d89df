"""What the authenticator app of a demo account shows at this moment: `manage.py demo_code ana`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import factors
from cases.demo.people import ACCOUNTS, demo_seed


class Command(BaseCommand):
    help = "Show the present code of a demo account, for whoever tries the demo without an authenticator app."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", choices=[account[0] for account in ACCOUNTS])

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_code knows the accounts of a demo, and no others.")
        self.stdout.write(factors.code_at(demo_seed(options["username"]), factors.step_now()))
