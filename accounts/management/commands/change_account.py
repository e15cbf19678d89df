"""Who an account is: `manage.py change_account ana --off`, `--on`, `--role supervisor`, `--agency arvania-north`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.access import Role
from accounts.changing import change_role, move_account, switch_account
from accounts.models import Agency, User


class Command(BaseCommand):
    help = "Switch an account off or on, or give it another role or agency. Whatever was open under it ends at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        change = parser.add_mutually_exclusive_group(required=True)
        change.add_argument("--off", action="store_true", help="it cannot sign in any more")
        change.add_argument("--on", action="store_true", help="it can sign in again")
        change.add_argument("--role", choices=Role.values)
        change.add_argument("--agency", help="the agency's code")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            if options["role"]:
                account = change_role(username, Role(options["role"]), actor=None)
            elif options["agency"]:
                account = move_account(username, Agency.objects.get(code=options["agency"]), actor=None)
            else:
                account = switch_account(username, on=options["on"], actor=None)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        except Agency.DoesNotExist:
            raise CommandError(f"There is no agency with the code {options['agency']}.") from None
        state = "on" if account.is_active else "off"
        self.stdout.write(
            f"{username} is {account.get_role_display()} at {account.agency.name}, switched {state}."
        )
