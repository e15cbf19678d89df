"""Proves that audit and history are what they were: `manage.py verify_audit`, exit 0 when they are."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import sealing, vouching
from accounts.verifying import Broken, Report, verify
from vault import heads
from vault.keyring import ring

# A restored backup that lacks more than this is another conversation.
MOST_LOST = 1_000_000


class Command(BaseCommand):
    help = "Looks whether audit and history are whole; otherwise exit 1 and the first broken entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", type=Path, action="append", default=[], help="an exported head that must still be there"
        )
        parser.add_argument(
            "--export", type=Path, help="writes the newest head to this file, when all is whole"
        )
        parser.add_argument("--key", type=Path, help="writes the public key that seals to this file (PEM)")
        parser.add_argument(
            "--lost", type=_numbers, default=(), help="seals that a restored backup lacks, as 18-25"
        )
        parser.add_argument(
            "--accept",
            action="store_true",
            help="keeps what --lost says, so that the nightly look goes on behind it",
        )
        parser.add_argument("--database", default="default", help="the connection that reads")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = [heads.read(path) for path in options["head"]]
            heads.check_together(known)
        except heads.HeadError as error:
            raise CommandError(str(error)) from None
        self._check_keys(known)
        if options["key"]:
            public_key = ring().sealing.public_key(ring().sealing.active) or b""
            options["key"].write_text(heads.as_pem(public_key))
        lost = {*options["lost"], *vouching.accepted()}
        report = verify(using=options["database"], heads=known, lost=lost)
        if report.broken:
            raise CommandError(sentence_of(report.broken))
        if options["accept"] and options["lost"]:
            vouching.accept(options["lost"])
        self.stdout.write(_summary(report))
        if options["export"] and report.last:
            options["export"].write_text(sealing.head_of(report.last).as_file())

    def _check_keys(self, known: list[heads.Head]) -> None:
        for head in known:
            if head.public_key != ring().sealing.public_key(head.statement.key):
                raise CommandError(
                    _("Head %(number)s was not signed with a key of this ring.")
                    % {"number": head.statement.number}
                )


def sentence_of(broken: Broken) -> str:
    said = _("First broken entry: %(label)s %(row)s %(what)s.") % {
        "label": broken.label,
        "row": broken.row,
        "what": broken.fault.label,
    }
    if broken.seal is None:
        return said
    return said + " " + _("Seal %(number)s tells.") % {"number": broken.seal}


def _summary(report: Report) -> str:
    if report.last is None:
        return _("Nothing is sealed yet; %(count)s entries wait.") % {"count": report.unsealed}
    return _(
        "Audit and history are whole: %(rows)s entries in %(seals)s seals, up to %(moment)s. "
        "%(unsealed)s entries are not sealed yet. Head %(number)s: %(digest)s"
    ) % {
        "rows": report.rows,
        "seals": report.seals,
        "moment": report.last.statement.sealed_at,
        "unsealed": report.unsealed,
        "number": report.last.number,
        "digest": report.last.statement.digest,
    }


def _numbers(text: str) -> range:
    first, _dash, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise ArgumentTypeError("Write a number, or two with a hyphen between them.")
    numbers = range(int(first), int(last or first) + 1)
    if len(numbers) > MOST_LOST:
        raise ArgumentTypeError("These are too many.")
    return numbers
