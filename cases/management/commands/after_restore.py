"""What a backup cannot bring back as it was: `manage.py after_restore`, before anybody works with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
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
            self._say(
                _("Files findable again: %(files)s. Files that do not open: %(closed)s."),
                files=made,
                closed=closed,
            )
        if closed:
            raise CommandError(
                _(
                    "Files that do not open, and cannot be found: %(files)s. Restore the key store and the key ring "
                    "that belong to them, and run this again."
                )
                % {"files": closed}
            )
        self._say(_("Every file can be found."))

    def _say(self, text: str, **values: Any) -> None:
        self.stdout.write(text % values)
        self.stdout.flush()
