"""A row that changed in its file: what people have changed since the import stays as they left it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from accounts.access import Section
from accounts.audit import record
from cases.importing.creating import (
    KnownRow,
    Source,
    consent_of,
    known_as,
    name_of,
    presumed_because,
    reported_at,
    stored_birth,
    values_of,
)
from cases.importing.rows import ParsedRow, Value, read_back
from cases.models import Case, Child, ImportedRecord, PersonName
from cases.models.choices import Gender, NameKind, Purpose
from cases.scripts import script_of
from cases.services.indexing import index


def kept_content(case: Case) -> dict[str, Value]:
    """What the file said about this case when it was last read, over all sections."""
    return {name: value for kept in case.imported_values.all() for name, value in kept.values.items()}


def describes_another(row: ParsedRow, content: Mapping[str, Value]) -> bool:
    """No name and not the birth date is what it was: a counter used again for another child.

    Every official workbook counts from 1, so the next caseload's first child must not overwrite this one's.
    """
    identity = row.sections.get(Section.IDENTITY, {})
    same = [
        identity[column] == content[column]
        for column in ("prs_Birthdate", "prs_FirstName", "prs_SecondName")
        if column in identity and column in content
    ]
    compared = "prs_Birthdate" in identity and "prs_Birthdate" in content and len(same) > 1
    return compared and not any(same)


def update_case(case: Case, known: KnownRow, content: Mapping[str, Value], source: Source) -> None:
    """Updates each field that still holds what the import wrote; the case is locked.

    The state moves along its edges only, so a new status in the file is kept as evidence.
    """
    now = known.row
    zone = ZoneInfo(case.agency.time_zone)
    before = read_back(now.number, content, case.imported_record.imported_at.astimezone(zone).date())
    if before is not None:
        _update_case_row(case, before, now)
        _update_child(case.child, before, now)
        _update_name(case.child, before, now)
        _update_consent(case, before, now, source)
        index(case.child)
    sections = _update_evidence(case, now)
    _update_record(case.imported_record, known, source)
    record(
        source.actor,
        "case.import_updated",
        case,
        case_id=case.pk,
        sections=sections,
        profile=source.profile,
        file=source.file_digest,
        row=now.number,
    )


def _update_case_row(case: Case, before: ParsedRow, now: ParsedRow) -> None:
    was, becomes = (reported_at(row.referral_date, case.agency) for row in (before, now))
    if becomes and was != becomes and case.reported_at in (was, case.imported_at):
        case.reported_at = becomes
        case.save(update_fields=["reported_at"])


def _update_child(child: Child, before: ParsedRow, now: ParsedRow) -> None:
    changed = []
    for field, was, becomes in zip(_CHILD_FIELDS, _child_values(before), _child_values(now), strict=True):
        if was != becomes and all(
            getattr(child, name) == value for name, value in zip(field, was, strict=True)
        ):
            for name, value in zip(field, becomes, strict=True):
                setattr(child, name, value)
            changed.append(field)
    if changed:
        child.save()


# Date and certainty say one thing together, so they change together or not at all.
_CHILD_FIELDS = (
    ("known_as",),
    ("gender",),
    ("birth_date", "birth_certainty"),
    ("presumed_because",),
    ("citizenships",),
)


def _child_values(row: ParsedRow) -> tuple[tuple[object, ...], ...]:
    return (
        (known_as(row),),
        (row.gender or Gender.UNKNOWN,),
        (stored_birth(row.birth), row.birth.certainty.value),
        (presumed_because(row),),
        (list(row.citizenships) or None,),
    )


def _update_name(child: Child, before: ParsedRow, now: ParsedRow) -> None:
    was, becomes = (before.given_name, before.family_name), (now.given_name, now.family_name)
    if was == becomes or not any(becomes):
        return
    names = list(child.names.filter(removed_at__isnull=True))
    if not any(was):
        added = name_of(now, child)
        if added and not names:
            added.save()
        return
    for name in names:
        if name.kind == NameKind.LEGAL and (name.given or "", name.family or "") == was:
            _rename(name, now)
            return


def _rename(name: PersonName, now: ParsedRow) -> None:
    name.given = now.given_name or None
    name.family = now.family_name or None
    name.script = script_of(now.given_name or now.family_name)
    name.save()


def _update_consent(case: Case, before: ParsedRow, now: ParsedRow, source: Source) -> None:
    """An answer is never edited: the new one is added, unless a worker has asked since."""
    if before.consent == now.consent:
        return
    latest = case.consents.filter(purpose=Purpose.DATA).order_by("-recorded_at").first()
    answer = consent_of(now, case, source.at)
    if answer and (latest is None or latest.imported):
        answer.save()


def _update_evidence(case: Case, now: ParsedRow) -> list[Section]:
    changed = []
    kept = {values.section: values for values in case.imported_values.all()}
    for section in Section:
        said = dict(now.sections.get(section, {}))
        values = kept.get(section.value)
        if values is None and said:
            values_of(case, section, said).save()
        elif values is not None and values.values != said:
            values.values = said
            values.save()
        else:
            continue
        changed.append(section)
    return changed


def _update_record(kept: ImportedRecord, known: KnownRow, source: Source) -> None:
    kept.file_digest = source.file_digest
    kept.row = known.row.number
    kept.source_status = known.row.source_status
    kept.content_token = known.content_token
    kept.imported_at = source.at
    kept.save()
