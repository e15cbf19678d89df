"""Taking over a caseload: every row checked, then one transaction for the whole file."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.models import Agency, User
from cases.importing.age import AgeFinding
from cases.importing.creating import KnownRow, Source, create_cases
from cases.importing.mapping import FileMapping
from cases.importing.reader import STANDARD, SourceRow, file_digest, read_rows
from cases.importing.rows import COUNTER_COLUMN, CellError, ParsedRow, parse_row
from cases.importing.updating import describes_another, kept_content, update_case
from cases.models import Case, FormerOwner
from vault import keys
from vault.errors import KeyMissing
from vault.tokens import token

HTCDS = "htcds"
ROWS_AT_ONCE = 100


@dataclass(slots=True)
class Outcome:
    """`skipped` counts rows that say nothing new, and certain adults (`adults` of them); `presumed` are those of
    `created` whose age is uncertain.

    Wrong rows are in `errors` alone. Of a run that writes nothing, `created` and `updated` are what it would
    have written.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    adults: int = 0
    presumed: int = 0
    errors: list[CellError] = field(default_factory=list)


# Rows done so far, and whether they are being written or only looked at.
Progress = Callable[[int, bool], None]


@write
def import_cases(
    path: Path,
    agency_id: UUID,
    *,
    actor: User | None,
    mapping: FileMapping | None = None,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda rows, written: None,
) -> Outcome:
    """The whole file or nothing; with `keep_good` every row without an error. `progress` hears of rows done.

    Without a `mapping` the file has the standard's own headings.

    Raises ImportFileError when the file as a whole cannot be read. Keys of new cases commit just before the
    cases do: an interruption leaves neither.
    """
    # Two imports for one agency wait for each other; everybody else goes on.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    profile = mapping.name if mapping else HTCDS
    source = Source(agency, profile, file_digest(path), clock.now(), actor)
    if dry_run or not keep_good:
        looked = _Run(source, mapping, writes=False).read(path, progress)
        if looked.errors and not keep_good:
            looked.created = looked.updated = looked.presumed = 0
        if dry_run or looked.errors:
            return looked
    with transaction.atomic(using="keys"):
        return _Run(source, mapping, writes=True).read(path, progress)


class _Run:
    """One passage through the file, which either only looks or also writes."""

    def __init__(self, source: Source, mapping: FileMapping | None, *, writes: bool) -> None:
        self._source = source
        self._mapping = mapping
        self._writes = writes
        self._today: date = clock.today(source.agency.time_zone)
        self._seen: dict[str, int] = {}
        self._outcome = Outcome()

    def read(self, path: Path, progress: Progress) -> Outcome:
        for chunk in _chunks(read_rows(path, self._mapping or STANDARD), ROWS_AT_ONCE):
            self._take([known for row in chunk if (known := self._check(row))])
            self._outcome.rows += len(chunk)
            progress(self._outcome.rows, self._writes)
        self._outcome.errors.sort(key=lambda error: error.row)
        return self._outcome

    def _check(self, source_row: SourceRow) -> KnownRow | None:
        """The row if nothing is wrong with it by itself or beside the rows above it."""
        row = self._parsed(source_row)
        import_key = self._import_key(source_row)
        first = self._seen.setdefault(import_key, source_row.number)
        if isinstance(row, list):
            self._outcome.errors += row
        if first != source_row.number:
            self._refuse_counter(source_row.number, _comes_twice(first))
        elif isinstance(row, ParsedRow):
            return KnownRow(row, import_key, _content_token(row))
        return None

    def _parsed(self, row: SourceRow) -> ParsedRow | list[CellError]:
        if self._mapping is None:
            return parse_row(row, self._today)
        translated, wrong = self._mapping.translated(row)
        found = parse_row(translated, self._today)
        errors = [CellError(row.number, heading, message) for heading, message in wrong.items()]
        if isinstance(found, list):
            errors += [replace(error, column=self._mapping.heading_of(error.column)) for error in found]
        return errors if errors or isinstance(found, list) else found

    def _import_key(self, row: SourceRow) -> str:
        """By the counter, else by file and row: how a row is known again (unique within the agency)."""
        # Keyed: a sheet whose first column holds names would leave them in clear.
        mark = (
            f"c:{token('import counter', row.counter)}"
            if row.counter
            else f"f:{self._source.file_digest}:{row.number}"
        )
        return f"{self._source.profile}:{mark}"

    def _take(self, known: Sequence[KnownRow]) -> None:
        cases, moved = self._existing(known), self._moved_on(known)
        new = []
        for each in known:
            case = cases.get(each.import_key)
            if case is not None:
                self._take_again(case, each)
            elif each.import_key in moved:
                self._outcome.skipped += 1
            elif each.row.age is AgeFinding.ADULT:
                self._outcome.adults += 1
                self._outcome.skipped += 1
            else:
                new.append(each)
        self._outcome.created += len(new)
        self._outcome.presumed += sum(each.row.age is AgeFinding.PRESUMED_CHILD for each in new)
        if self._writes and new:
            create_cases(new, self._source)

    def _take_again(self, case: Case, known: KnownRow) -> None:
        """A row of an earlier import. An erased case has no key left and stays as it is."""
        if case.imported_record.content_token == known.content_token:
            self._outcome.skipped += 1
            return
        try:
            content = kept_content(case)
        except KeyMissing:
            self._outcome.skipped += 1
            return
        if describes_another(known.row, content):
            self._refuse_counter(known.row.number, _names_another_child())
            return
        self._outcome.updated += 1
        if self._writes:
            update_case(case, known, content, self._source)

    def _existing(self, known: Sequence[KnownRow]) -> dict[str, Case]:
        cases = (
            Case.objects.filter(
                agency=self._source.agency, import_key__in=[each.import_key for each in known]
            )
            .select_related("agency", "imported_record", "child")
            .prefetch_related("imported_values")
        )
        tokens = {each.import_key: each.content_token for each in known}
        found = {case.import_key: case for case in cases.select_for_update(of=("self",))}
        changed = [
            case.pk
            for case in found.values()
            if case.imported_record.content_token != tokens[case.import_key]
        ]
        keys.prefetch(changed)
        return found

    def _moved_on(self, known: Sequence[KnownRow]) -> set[str]:
        """Rows of files that another agency has taken over: no business of this agency any more, and not new either."""
        rows = FormerOwner.objects.filter(
            agency=self._source.agency, import_key__in=[each.import_key for each in known]
        )
        return set(rows.values_list("import_key", flat=True))

    def _refuse_counter(self, number: int, message: str) -> None:
        self._outcome.errors.append(CellError(number, COUNTER_COLUMN, message))


def _chunks(rows: Iterator[SourceRow], size: int) -> Iterator[list[SourceRow]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _content_token(row: ParsedRow) -> int:
    """Keyed, because a plain digest of so short a text could be guessed."""
    content: object = [row.sections, row.stated_age] if row.stated_age else row.sections
    said = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return token("imported row", said)


def _comes_twice(first: int) -> str:
    return _("This counter stands in row %(first)d already. Expected: another number.") % {"first": first}


def _names_another_child() -> str:
    return _(
        "An earlier import has this counter with another name and another birth date."
        " Expected: a number that was not used for another child."
    )
