"""`manage.py make_account ana --name "Ana Petrova" --role case_worker --agency arvania-social`"""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.access import Role
from accounts.models import Agency, User
from accounts.services import make_account


class Command(BaseCommand):
    help = (
        "Make an account with one role in one agency. The password is asked for, or read from standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--agency", required=True, help="the agency's code")
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument("--email", default="", help="where an e-mail says that something is new")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(code=options["agency"]).first()
        if agency is None:
            raise CommandError(f"There is no agency with the code {options['agency']}.")
        try:
            password = _from_stdin() if options["password_stdin"] else _asked()
            validate_password(password, User(username=options["username"], name=options["name"]))
            account = make_account(
                options["username"],
                password,
                actor=None,
                name=options["name"],
                role=options["role"],
                agency=agency,
                language=options["language"],
                email=options["email"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{account.username} is {account.get_role_display()} at {agency.name}.")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked() -> str:
    password = getpass("Password: ")
    if password != getpass("Password, once more: "):
        raise CommandError("The two passwords differ.")
    return password
