"""Carries erasures out again after a restore: `manage.py erase_case`. Asking and confirming is done on pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cases.services.erased import carry_out_again


class Command(BaseCommand):
    help = "After a restore: erases again what was erased, by what database and key store know of each other."

    def handle(self, *args: Any, **options: Any) -> None:
        cases, found = carry_out_again()
        self.stdout.write(
            _("Cases erased again: %(cases)s. Keys destroyed again: %(keys)s.")
            % {"cases": cases, "keys": found}
        )
