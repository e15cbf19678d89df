"""Whereto an e-mail says that something is new: `manage.py set_email ana ana@agency.example`."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from accounts.models import User
from accounts.services import set_email


class Command(BaseCommand):
    help = (
        "Set the e-mail address of an account; an empty one ends all e-mail to it. Without arguments it lists the "
        "accounts whose address was refused by its own server."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?")
        parser.add_argument("address", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        username, address = options["username"], options["address"]
        if username is None:
            self._list_refused()
            return
        if address is None:
            raise CommandError('Name the address too; "" for none.')
        try:
            set_email(username, address, actor=None)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{username} has {'another address' if address else 'no address'} now.")

    def _list_refused(self) -> None:
        for account in User.objects.exclude(email="").filter(email=F("refused_email")).order_by("username"):
            self.stdout.write(account.username)
