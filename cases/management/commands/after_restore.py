"""What a backup cannot bring back as it was: `manage.py after_restore`, before anybody works with it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cases.services.erased import carry_out_again
from cases.services.indexing import make_what_is_missing


class Command(BaseCommand):
    help = "After a restore: erases again what was erased, and makes files findable again."

    def handle(self, *args: Any, **options: Any) -> None:
        cases, found = carry_out_again()
        self._say(
            _("Cases erased again: %(cases)s. Keys destroyed again: %(keys)s."), cases=cases, keys=found
        )
        made = closed = 0
        for made, closed in make_what_is_missing():
            self._say(_("Files findable again: %(files)s."), files=made - closed)
        if not made:
            self._say(_("Every file can be found."))
        if closed:
            self._say(
                _("Files that do not open, and are found by their code alone: %(files)s."), files=closed
            )

    def _say(self, text: str, **values: Any) -> None:
        self.stdout.write(text % values)
        self.stdout.flush()
