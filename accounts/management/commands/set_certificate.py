"""With what an agency signs papers: `manage.py set_certificate vienna-social --certificate cert.pem --key key.pem`."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management.base import BaseCommand, CommandError

from accounts.certificates import Issued, read, trust_roots
from accounts.errors import Invalid
from accounts.models import Agency, AgencyCertificate
from accounts.services import end_certificate, set_certificate


class Command(BaseCommand):
    help = (
        "Give an agency the certificate with which it signs papers; the one before stays for the papers that it "
        "signed. Without arguments it lists who signs, and until when."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agency", nargs="?", help="the agency's code")
        parser.add_argument(
            "--certificate", type=Path, help="PEM: the agency's own, then those between it and a root"
        )
        parser.add_argument("--key", type=Path, help="PEM: the private key")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the key's password from standard input"
        )
        parser.add_argument("--end", action="store_true", help="the agency signs no more")

    def handle(self, *args: Any, **options: Any) -> None:
        code, files = options["agency"], (options["certificate"], options["key"])
        if code is None:
            self._list()
            return
        if options["end"] == all(files) or (any(files) and not all(files)):
            raise CommandError("Name --certificate and --key, or --end alone.")
        try:
            if options["end"]:
                self._end(code)
            else:
                self._set(code, _read(*files, from_stdin=options["password_stdin"]))
        except Agency.DoesNotExist:
            raise CommandError(f"There is no agency with the code {code}.") from None
        except Invalid as invalid:
            raise CommandError(invalid.sentence) from None

    def _set(self, code: str, issued: Issued) -> None:
        row = set_certificate(code, issued, actor=None)
        self.stdout.write(f"{code} signs as {row.subject} until {row.valid_until:%Y-%m-%d}.")
        if not trust_roots():
            self.stderr.write(
                "SIGNATURE_ROOTS names no authority, so /verify/ cannot say who signed a paper."
            )

    def _end(self, code: str) -> None:
        ended = end_certificate(code, actor=None)
        self.stdout.write(f"{code} {'signs no more' if ended else 'had no certificate'}.")

    def _list(self) -> None:
        rows = AgencyCertificate.objects.filter(ended_at__isnull=True).select_related("agency")
        for row in rows.order_by("valid_until"):
            self.stdout.write(f"{row.valid_until:%Y-%m-%d} {row.agency.code} {row.subject}")


def _read(certificate: Path, key: Path, *, from_stdin: bool) -> Issued:
    pem = _content(key)
    return read(_content(certificate), pem, _password(pem, from_stdin=from_stdin))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def _password(pem: bytes, *, from_stdin: bool) -> bytes | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n").encode()
    return getpass("Password of the key: ").encode() if _is_locked(pem) else None


def _is_locked(pem: bytes) -> bool:
    try:
        load_pem_private_key(pem, None)
    except TypeError:
        return True
    except ValueError:
        # `read` says what is wrong with it.
        return False
    return False
