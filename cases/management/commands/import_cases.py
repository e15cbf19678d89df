"""Takes a caseload over from a spreadsheet: `manage.py import_cases caseload.xlsx --dry-run`."""

import json
import sys
import warnings
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Agency, AgencyKind
from cases.importing.headings import ImportFileError
from cases.importing.mapping import BUILT_IN, FileMapping, built_in, read_mapping
from cases.importing.services import HTCDS, Outcome, import_cases

# What a shell reports for a program that Ctrl-C ended.
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Take over a caseload from an HTCDS 2.0 workbook (.xlsx), from CSV with its headings, or from any other"
        " file by a mapping."
        " Prints one JSON object; exit code 1 when wrong cells keep the file out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile",
            default=HTCDS,
            help=f"how the columns are named: {', '.join([HTCDS, *built_in()])}, or a mapping file (.toml)",
        )
        parser.add_argument("--agency", help="code of the agency that will own the cases")
        parser.add_argument("--dry-run", action="store_true", help="name every wrong cell and change nothing")
        parser.add_argument(
            "--keep-good", action="store_true", help="take over the rows without a wrong cell"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        agency = _agency(options["agency"])
        self.stderr.write(f"The cases will belong to {agency.name} ({agency.code}).")
        # What openpyxl leaves out of a workbook (validation lists, drawings) is nothing we read.
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        try:
            outcome = import_cases(
                options["file"],
                agency.pk,
                actor=None,
                mapping=_mapping(options["profile"]),
                keep_good=options["keep_good"],
                dry_run=options["dry_run"],
                progress=self._show_progress,
            )
        except ImportFileError as error:
            self._end_progress()
            self._print(
                asdict(Outcome()) | {"errors": [{"row": None, "column": None, "message": str(error)}]}
            )
            sys.exit(1)
        except KeyboardInterrupt:
            self._end_progress()
            self.stderr.write("Interrupted. Nothing was taken over.")
            sys.exit(INTERRUPTED)
        self._end_progress()
        self._print(asdict(outcome))
        # With --keep-good the good rows are in, as asked; without it wrong cells keep the whole file out.
        if outcome.errors and not options["keep_good"]:
            sys.exit(1)

    def _print(self, result: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))

    def _show_progress(self, rows: int, written: bool) -> None:
        """One line that is rewritten where somebody watches, a line for every hundred rows elsewhere."""
        # Gone through, not taken over: wrong, adult and known rows are counted here too, the result tells them apart.
        words = f"{rows} rows {'gone through' if written else 'checked'}"
        if self.stderr.isatty():
            # Spaces wipe out what the longer words before have left.
            self.stderr.write(f"\r{words:<40}", ending="")
        else:
            self.stderr.write(words)
        self.stderr.flush()

    def _end_progress(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("")


def _mapping(profile: str) -> FileMapping | None:
    if profile == HTCDS:
        return None
    if profile in built_in():
        return read_mapping(BUILT_IN / f"{profile}.toml")
    if not profile.endswith(".toml"):
        raise CommandError(
            f"There is no profile {profile}. Known are {', '.join([HTCDS, *built_in()])} and mapping files."
        )
    return read_mapping(Path(profile))


def _agency(code: str | None) -> Agency:
    """The agency named, else the only social service. Which of several, nobody guesses: a caseload stays there."""
    services = Agency.objects.filter(kind=AgencyKind.SOCIAL_SERVICE, is_active=True)
    if code is not None:
        agency = services.filter(code=code).first()
        if agency is None:
            raise CommandError(
                f"There is no active social service with the code {code}; only these own cases."
            )
        return agency
    found = list(services.order_by("code"))
    if len(found) == 1:
        return found[0]
    codes = ", ".join(each.code for each in found) or "there is no active social service yet"
    raise CommandError(f"Name the agency that will own the cases: --agency CODE. To choose from: {codes}.")
