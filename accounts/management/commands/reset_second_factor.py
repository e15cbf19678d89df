"""For who has lost telephone and codes: `manage.py reset_second_factor ana`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.enrolling import reset_factors
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Take an account's second factor away, end its sessions, and tell the person and the data-protection officers. "
        "Make sure first who asks: by a call back to a number that you know, never by the one that called."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            reset_factors(username, actor=None)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        self.stdout.write(
            f"{username} has no second factor now. At the next sign-in a new one is made first."
        )
