"""Splits the key ring among people: `manage.py split_root KEYRING --into FOLDER`, one file for each of them."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vault import shares
from vault.errors import VaultError
from vault.keyring import FileKeyRing, packed, text_of

COUNT, NEEDED = 5, 3


class Command(BaseCommand):
    help = (
        "Splits the key ring into shares, so that some people together can bring it back, and fewer cannot."
    )
    # It reads the ring that it is given, which need not be the one of the settings.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the key ring")
        parser.add_argument(
            "--into", type=Path, required=True, help="a folder, where one file is made for each"
        )
        parser.add_argument("--shares", type=int, default=COUNT, help=f"how many there are ({COUNT})")
        parser.add_argument("--needed", type=int, default=NEEDED, help=f"how many bring it back ({NEEDED})")

    def handle(self, *args: Any, path: Path, into: Path, needed: int, **options: Any) -> None:
        try:
            text = text_of(path)
            FileKeyRing.parsed(text, path)
            made = shares.split(packed(text), needed=needed, count=options["shares"])
        except VaultError as error:
            raise CommandError(str(error)) from None
        for share in made:
            self._write(into / f"share-{share.set_name}-{share.number}.txt", page_of(share))
        self.stdout.write(
            _(
                "Made %(count)s shares of the set %(name)s in %(folder)s; any %(needed)s give the key ring back."
            )
            % {"count": len(made), "name": made[0].set_name, "folder": into, "needed": needed}
        )
        self.stdout.write(
            _(
                "Print them, give each to another person, and delete the files. "
                "Rehearse with join_root --check, and split anew whenever the ring changes."
            )
        )

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror}
            ) from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)


def page_of(share: shares.Share) -> str:
    words = [
        _("Homeward: share %(number)s of %(count)s of a key ring. Any %(needed)s of them give it back.")
        % {"number": share.number, "count": share.count, "needed": share.needed},
        _("Set %(name)s. Keep it where no other share and no backup lies, and show it to nobody.")
        % {"name": share.set_name},
    ]
    return "\n".join([*words, "", *shares.as_lines(share), ""])
