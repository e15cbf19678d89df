"""Sets a default for one agency or one country: `manage.py set_policy office.closes 18 --country XA`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import policy
from accounts.models import Agency


class Command(BaseCommand):
    help = "Set a policy value for one agency or one country. Without arguments it lists what can be set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", nargs="?")
        parser.add_argument("value", nargs="?", help="a number, true, false, or a word")
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--agency", help="the agency's code")
        whose.add_argument("--country", help="the country's code, two letters")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["key"] is None:
            self._list()
            return
        if options["value"] is None:
            raise CommandError("Name the value too.")
        try:
            policy.set_value(
                options["key"],
                _parsed(options["value"]),
                actor=None,
                agency=_agency(options["agency"]),
                country=options["country"],
            )
        except policy.UnknownPolicyError:
            raise CommandError(
                f"There is no policy {options['key']}. `set_policy` alone lists them."
            ) from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{options['key']} is {options['value']} for {options['agency'] or options['country']}."
        )

    def _list(self) -> None:
        for entry in policy.registered():
            self.stdout.write(f"{entry.key} = {entry.default} ({entry.unit}): {entry.sentence}")


def _agency(code: str | None) -> Agency | None:
    if code is None:
        return None
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise CommandError(f"There is no agency with the code {code}.")
    return agency


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
