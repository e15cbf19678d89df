"""New case files out of checked rows, many at a time; history and audit as for a file written by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Model
from simple_history.utils import bulk_create_with_history

from accounts.access import Section
from accounts.audit import record
from accounts.models import Agency, User
from cases.importing.age import AgeFinding, Birth
from cases.importing.rows import ParsedRow, Value
from cases.matching.facts import Facts, birth_key, facts_from
from cases.models import (
    Case,
    CaseAccess,
    Child,
    Consent,
    ImportedRecord,
    ImportedValues,
    LegalProtection,
    MedicalCare,
    PersonName,
    Rehabilitation,
)
from cases.models.case import new_code
from cases.models.choices import Answer, Gender, NameKind, Presumption, Purpose
from cases.scripts import script_of
from cases.services.grounds import OWNERS
from cases.services.indexing import identity_digest, make_findable
from vault import keys


@dataclass(frozen=True, slots=True)
class Source:
    """What all rows of one import have in common."""

    agency: Agency
    profile: str
    file_digest: str
    at: datetime
    actor: User | None


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A checked row with the mark by which it is known again and the keyed token of what it says."""

    row: ParsedRow
    import_key: str
    content_token: int


def create_cases(known: Sequence[KnownRow], source: Source) -> None:
    """Nothing is faked through the guards: state as the source says, marked imported, no clock, no worker."""
    codes = _fresh_codes(len(known))
    pairs = [(new, _case(new, code, source)) for new, code in zip(known, codes, strict=True)]
    # A value can be sealed only once its case has a key.
    keys.create_many(case.pk for _new, case in pairs)
    children = [child_of(new.row, case) for new, case in pairs]
    facts = [_facts(new.row, child) for (new, _case), child in zip(pairs, children, strict=True)]
    for child, known_of_child in zip(children, facts, strict=True):
        child.identity_digest = identity_digest(child.case_id, known_of_child)
    _keep(source, Case, (case for _new, case in pairs))
    for model in (LegalProtection, MedicalCare, Rehabilitation):
        _keep(source, model, (model(case=case) for _new, case in pairs))
    _keep(source, Child, children)
    _keep(
        source,
        PersonName,
        (
            name
            for (new, _case), child in zip(pairs, children, strict=True)
            if (name := name_of(new.row, child))
        ),
    )
    _keep(
        source,
        Consent,
        (consent for new, case in pairs if (consent := consent_of(new.row, case, source.at))),
    )
    _keep(source, CaseAccess, (row for _new, case in pairs for row in _owner_access(case, source)))
    _keep(source, ImportedRecord, (_record_of(new, case, source) for new, case in pairs))
    _keep(source, ImportedValues, (values for new, case in pairs for values in _values_of(new.row, case)))
    make_findable(zip((child.case_id for child in children), facts, strict=True))
    for new, case in pairs:
        record(
            source.actor,
            "case.imported",
            case,
            case_id=case.pk,
            sections=new.row.sections,
            profile=source.profile,
            file=source.file_digest,
            row=new.row.number,
        )


def _keep(source: Source, model: type[Model], rows: Iterable[Model]) -> None:
    bulk_create_with_history(list(rows), model, default_user=source.actor, default_date=source.at)


def _fresh_codes(count: int) -> list[str]:
    """Codes are short and random, so thousands at once may meet one that exists."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {new_code() for _missing in range(count - len(codes))}
        codes -= set(Case.objects.filter(code__in=codes).values_list("code", flat=True))
    return list(codes)


def _case(new: KnownRow, code: str, source: Source) -> Case:
    return Case(
        code=code,
        agency=source.agency,
        state=new.row.state,
        state_since=source.at,
        reported_at=reported_at(new.row.referral_date, source.agency) or source.at,
        imported_at=source.at,
        import_key=new.import_key,
    )


def reported_at(referral_date: date | None, agency: Agency) -> datetime | None:
    """The beginning of the referral's day where the agency works."""
    if referral_date is None:
        return None
    return datetime.combine(referral_date, time(), ZoneInfo(agency.time_zone))


def child_of(row: ParsedRow, case: Case) -> Child:
    child = Child(
        case=case,
        gender=row.gender or Gender.UNKNOWN,
        birth_certainty=row.birth.certainty.value,
        presumed_because=presumed_because(row),
    )
    child.known_as = known_as(row)
    child.birth_date = stored_birth(row.birth)
    child.citizenships = list(row.citizenships) or None
    return child


def _facts(row: ParsedRow, child: Child) -> Facts:
    """As `facts_of` will read them from the rows that are about to be written."""
    whole = " ".join(part for part in (row.given_name, row.family_name) if part)
    return facts_from([whole, child.known_as or ""], birth_key(child), gender=child.gender)


def known_as(row: ParsedRow) -> str | None:
    return row.given_name or row.family_name or None


def stored_birth(birth: Birth) -> date | None:
    """A year alone is kept as its first day, with its certainty beside it."""
    return birth.earliest


def presumed_because(row: ParsedRow) -> str:
    """Of uncertain age, and another service has treated this person as a child: age to be assessed."""
    if row.age is AgeFinding.PRESUMED_CHILD:
        return Presumption.TAKEN_OVER
    # The file says that this is a child, and not when it was born.
    return Presumption.DOCUMENTS if row.birth.earliest is None else ""


def name_of(row: ParsedRow, child: Child) -> PersonName | None:
    if not (row.given_name or row.family_name):
        return None
    name = PersonName(
        child=child,
        case_id=child.case_id,
        kind=NameKind.LEGAL,
        script=script_of(row.given_name or row.family_name),
    )
    name.given = row.given_name or None
    name.family = row.family_name or None
    return name


def consent_of(row: ParsedRow, case: Case, at: datetime) -> Consent | None:
    """The standard asks one question, about the use of personal data, and neither who answered nor when."""
    if row.consent is None:
        return None
    return Consent(
        case=case,
        purpose=Purpose.DATA,
        answer=Answer.CONSENT if row.consent else Answer.REFUSED,
        imported=True,
        recorded_at=at,
    )


def _owner_access(case: Case, source: Source) -> list[CaseAccess]:
    return [
        CaseAccess(
            case=case,
            basis=basis,
            basis_id=source.agency.pk,
            agency=source.agency,
            since=source.at,
            granted_by=source.actor,
        )
        for basis in OWNERS
    ]


def _record_of(new: KnownRow, case: Case, source: Source) -> ImportedRecord:
    return ImportedRecord(
        case=case,
        profile=source.profile,
        file_digest=source.file_digest,
        row=new.row.number,
        source_status=new.row.source_status,
        content_token=new.content_token,
        imported_at=source.at,
    )


def _values_of(row: ParsedRow, case: Case) -> list[ImportedValues]:
    return [values_of(case, section, said) for section, said in row.sections.items()]


def values_of(case: Case, section: Section, said: Mapping[str, Value]) -> ImportedValues:
    kept = ImportedValues(case=case, section=section.value)
    kept.values = dict(said)
    return kept
