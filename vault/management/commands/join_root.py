"""Brings a key ring back from its shares: `manage.py join_root SHARE SHARE SHARE --into PATH`, or `--check PATH`."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from vault import shares
from vault.errors import SharesError, VaultError
from vault.keyring import FileKeyRing, packed, text_of, unpacked


class Command(BaseCommand):
    help = "Brings the key ring back from shares, or rehearses that: --check writes nothing."
    # When it is needed there is no ring.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shares", type=Path, nargs="+", help="files with shares, typed or scanned")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--into", type=Path, help="where the key ring is written; nothing may be there")
        where.add_argument("--check", type=Path, help="the key ring at hand, which the shares must give")

    def handle(self, *args: Any, into: Path | None, check: Path | None, **options: Any) -> None:
        try:
            text = unpacked(shares.join([self._read(path) for path in options["shares"]]))
            if check:
                self._compare(text, check)
            elif into:
                self._write(text, into)
        except VaultError as error:
            raise CommandError(str(error)) from None

    def _read(self, path: Path) -> shares.Share:
        try:
            return shares.from_text(path.read_text(encoding="utf-8"), path.name)
        except UnicodeDecodeError:
            pass  # The error holds the file's bytes; the sentence below must not carry it along.
        except OSError as error:
            raise SharesError(f"{path} cannot be read: {error.strerror}.") from None
        raise SharesError(f"{path} is not a text file.")

    def _compare(self, text: str, path: Path) -> None:
        if packed(text) != packed(text_of(path)):
            raise CommandError(
                _(
                    "These shares give another key ring than %(path)s: it was changed after it was split. "
                    "Split it anew."
                )
                % {"path": path}
            )
        self.stdout.write(_("These shares give %(path)s back. Nothing was written.") % {"path": path})

    def _write(self, text: str, path: Path) -> None:
        FileKeyRing.parsed(text, path)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror}
            ) from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        self.stdout.write(
            _("Brought %(path)s back. It is the key ring as it was when it was split.") % {"path": path}
        )
