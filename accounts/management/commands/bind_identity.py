"""Who somebody is at the agency's own provider: `manage.py bind_identity ana north 24828976`, or `ana --release`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.enrolling import bind_identity, release_identity
from accounts.errors import Invalid
from accounts.models import User


class Command(BaseCommand):
    help = "Bind an account to an identity at its agency's own provider (the `sub` of its tokens), or release it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("provider", nargs="?", help="the id in the file of IDENTITY_PROVIDERS")
        parser.add_argument("subject", nargs="?", help="what the provider calls this person, for good")
        parser.add_argument("--release", action="store_true", help="bound to no provider any more")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        if options["release"] == bool(options["subject"]):
            raise CommandError("Name a provider and a subject, or --release alone.")
        try:
            if options["release"]:
                release_identity(username, actor=None)
            else:
                bind_identity(username, options["provider"], options["subject"], actor=None)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        except Invalid as invalid:
            raise CommandError(invalid.sentence) from None
        self.stdout.write(f"{username} is {'released' if options['release'] else 'bound'}.")
