"""What can be given of a file, field by field, and what each service usually needs, with the reason.

A field has a code, the section that it belongs to, and a reader of the case. What it answers is plain JSON, so that a
snapshot stays as it was; `words` puts a snapshot into the language of whoever reads it. Nothing here decides who may
see anything: the sender chooses, one by one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from accounts.access import Section
from accounts.alphabets import listed
from accounts.countries import country_name
from accounts.models import ServiceType
from cases.models import Case, Document, Person
from cases.models.choices import BirthCertainty, Gender, IdKind, Risk, Safety
from cases.models.people import PersonRole
from cases.models.registers import HealthRecordKind, NeedDomain
from cases.models.situation import Control, Exploitation, PlacementKind, Recruitment
from cases.models.tracks import Identification, Proceedings, Protection, Representation, Residence

Value = Any
Read = Callable[[Case], Value]
Words = Callable[[Value], str]


@dataclass(frozen=True)
class GivenField:
    """`read` answers None where the file knows nothing: what is not there cannot be given."""

    code: str
    section: Section
    label: StrPromise
    read: Read
    words: Words = str


def _joined(values: Iterable[str]) -> str:
    return listed(values)


def _lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def _label(choices: Any) -> Words:
    return lambda value: str(dict(choices.choices).get(value, value))


def _labels(choices: Any) -> Words:
    known = choices.choices
    return lambda values: _joined(str(dict(known).get(value, value)) for value in values)


def _countries(codes: Iterable[str]) -> str:
    return _joined(map(country_name, codes))


def _names(case: Case) -> Value:
    child = case.child
    names = [name.whole for name in child.names.filter(removed_at__isnull=True).order_by("pk")]
    return list(dict.fromkeys(filter(None, [child.known_as, *names]))) or None


def _birth(case: Case) -> Value:
    child = case.child
    if child.birth_date is None:
        return None
    return {"day": child.birth_date.isoformat(), "certainty": child.birth_certainty}


def _birth_words(value: Value) -> str:
    day = date_format(date.fromisoformat(value["day"]), "j E Y")
    return f"{day} ({dict(BirthCertainty.choices).get(value['certainty'], value['certainty'])})"


def _numbers(case: Case) -> Value:
    rows = case.child.id_numbers.filter(removed_at__isnull=True).order_by("pk")
    return [{"kind": row.kind, "country": row.country, "number": row.number} for row in rows] or None


def _numbers_words(value: Value) -> str:
    kinds = dict(IdKind.choices)
    parts = (
        (kinds[row["kind"]], row["number"], row["country"] and country_name(row["country"])) for row in value
    )
    return _lines(" · ".join(str(part) for part in each if part) for each in parts)


def _people(*roles: PersonRole) -> Read:
    def read(case: Case) -> Value:
        rows = case.people.filter(role__in=roles, removed_at__isnull=True).order_by("pk")
        return [_person(row) for row in rows] or None

    return read


def _person(row: Person) -> dict[str, str]:
    return {
        "role": row.role,
        "name": row.name,
        "telephone": row.telephone or "",
        "languages": row.languages or "",
        "country": row.country,
        "contact": row.contact,
    }


def _people_words(value: Value) -> str:
    roles = dict(PersonRole.choices)
    parts = (
        (row["name"], str(roles.get(row["role"], row["role"])), row["telephone"], row["languages"])
        for row in value
    )
    return _lines(" · ".join(filter(None, each)) for each in parts)


def _placement(name: str) -> Read:
    def read(case: Case) -> Value:
        row = case.placements.filter(until__isnull=True).first()
        return getattr(row, name) or None if row else None

    return read


def _account(name: str) -> Read:
    def read(case: Case) -> Value:
        row = getattr(case, "account", None)
        return getattr(row, name) or None if row else None

    return read


def _latest_risk(name: str) -> Read:
    def read(case: Case) -> Value:
        row = case.risk_assessments.order_by("-assessed_at").first()
        return getattr(row, name) or None if row else None

    return read


def _of_track(track: str, name: str) -> Read:
    return lambda case: getattr(getattr(case, track), name) or None


def _health(kind: HealthRecordKind) -> Read:
    def read(case: Case) -> Value:
        row = case.health_records.filter(kind=kind).order_by("-entered_at").first()
        return row.words if row else None

    return read


def _needs(case: Case) -> Value:
    latest: dict[str, str] = {}
    for row in case.needs.order_by("entered_at"):
        latest[row.domain] = row.words
    return latest or None


def _needs_words(value: Value) -> str:
    domains = dict(NeedDomain.choices)
    return _lines(f"{domains.get(domain, domain)}: {words}" for domain, words in value.items())


def _goals(case: Case) -> Value:
    return [goal.words for goal in case.goals.filter(ended_at__isnull=True).order_by("set_at")] or None


def _views(case: Case) -> Value:
    row = case.child_views.order_by("-heard_on").first()
    return (row.words or row.observed) if row else None


IDENTITY = (
    GivenField("identity.names", Section.IDENTITY, _("Names"), _names, _joined),
    GivenField("identity.birth", Section.IDENTITY, _("Date of birth"), _birth, _birth_words),
    GivenField(
        "identity.gender",
        Section.IDENTITY,
        _("Gender"),
        lambda case: case.child.gender or None,
        _label(Gender),
    ),
    GivenField(
        "identity.citizenships",
        Section.IDENTITY,
        _("Citizenships"),
        lambda case: case.child.citizenships,
        _countries,
    ),
    GivenField(
        "identity.languages", Section.IDENTITY, _("Languages"), lambda case: case.child.languages, str
    ),
    GivenField("identity.numbers", Section.IDENTITY, _("Numbers of documents"), _numbers, _numbers_words),
)
CONTACTS = (
    GivenField(
        "contacts.family",
        Section.CONTACTS,
        _("Family"),
        _people(PersonRole.MOTHER, PersonRole.FATHER, PersonRole.SIBLING, PersonRole.RELATIVE),
        _people_words,
    ),
    GivenField(
        "contacts.representative",
        Section.CONTACTS,
        _("Guardian or representative"),
        _people(PersonRole.GUARDIAN, PersonRole.REPRESENTATIVE),
        _people_words,
    ),
    GivenField(
        "contacts.interpreter",
        Section.CONTACTS,
        _("Interpreter"),
        _people(PersonRole.INTERPRETER),
        _people_words,
    ),
    GivenField(
        "contacts.trusted",
        Section.CONTACTS,
        _("Person whom the child trusts"),
        _people(PersonRole.TRUSTED),
        _people_words,
    ),
)
SHELTER = (
    GivenField("shelter.address", Section.SHELTER, _("Where the child is now"), _placement("address")),
    GivenField("shelter.telephone", Section.SHELTER, _("Telephone there"), _placement("telephone")),
    GivenField(
        "shelter.kind", Section.SHELTER, _("Kind of placement"), _placement("kind"), _label(PlacementKind)
    ),
)
ACCOUNT = (
    GivenField(
        "account.exploitation",
        Section.ACCOUNT,
        _("Kinds of exploitation"),
        _account("exploitation"),
        _labels(Exploitation),
    ),
    GivenField(
        "account.recruitment",
        Section.ACCOUNT,
        _("How the child was recruited"),
        _account("recruitment"),
        _labels(Recruitment),
    ),
    GivenField(
        "account.control",
        Section.ACCOUNT,
        _("How the child was controlled"),
        _account("control"),
        _labels(Control),
    ),
    GivenField("account.words", Section.ACCOUNT, _("What happened, in words"), _account("words")),
)
RISK = (
    GivenField("risk.level", Section.RISK, _("Risk level"), lambda case: case.risk or None, _label(Risk)),
    GivenField("risk.safety", Section.RISK, _("Safety"), _latest_risk("safety"), _label(Safety)),
    GivenField("risk.note", Section.RISK, _("What the danger is"), _latest_risk("note")),
)
LEGAL = (
    GivenField(
        "legal.representation",
        Section.LEGAL,
        _("Representation"),
        _of_track("legal", "representation"),
        _label(Representation),
    ),
    GivenField(
        "legal.identification",
        Section.LEGAL,
        _("Identification as a victim"),
        _of_track("legal", "identification"),
        _label(Identification),
    ),
    GivenField(
        "legal.residence",
        Section.LEGAL,
        _("Residence"),
        _of_track("legal", "residence"),
        _label(Residence),
    ),
    GivenField(
        "legal.protection",
        Section.LEGAL,
        _("International protection"),
        _of_track("legal", "protection"),
        _label(Protection),
    ),
    GivenField(
        "legal.proceedings",
        Section.LEGAL,
        _("Proceedings"),
        _of_track("legal", "proceedings"),
        _label(Proceedings),
    ),
)
MEDICAL = tuple(
    GivenField(f"medical.{kind.value}", Section.MEDICAL, kind.label, _health(kind))
    for kind in HealthRecordKind
)
REHABILITATION = (
    GivenField(
        "rehabilitation.needs", Section.REHABILITATION, _("Needs by part of life"), _needs, _needs_words
    ),
)
PLAN = (
    GivenField("plan.goals", Section.PLAN, _("Goals"), _goals, _lines),
    GivenField("plan.views", Section.PLAN, _("What the child says"), _views),
)
FIELDS: tuple[GivenField, ...] = (
    *IDENTITY,
    *CONTACTS,
    *SHELTER,
    *ACCOUNT,
    *RISK,
    *LEGAL,
    *MEDICAL,
    *REHABILITATION,
    *PLAN,
)
BY_CODE: Mapping[str, GivenField] = {field.code: field for field in FIELDS}
DOCUMENT = "document:"


def field_of(code: str) -> GivenField:
    """Of a document too: its code ends in the document's id."""
    if code.startswith(DOCUMENT):
        return GivenField(code, Section.DOCUMENTS, _("Document"), _document(code), _document_words)
    return BY_CODE[code]


def _document(code: str) -> Read:
    def read(case: Case) -> Value:
        row = givable_documents(case).filter(pk=code.removeprefix(DOCUMENT)).first()
        return {"id": str(row.pk), "title": row.title, "section": row.section} if row else None

    return read


def _document_words(value: Value) -> str:
    return str(value["title"])


def givable_documents(case: Case) -> QuerySet[Document]:
    return Document.objects.filter(case=case, removed_at__isnull=True, quarantined_at__isnull=True)


# What each service usually needs, and why; a hint beside the field, and never a tick.
WHY_NAMES = _("to address the child")
WHY_LANGUAGE = _("to speak with the child")
WHY_SAFETY = _("to keep the child and the staff safe")
WHY_GUARDIAN = _("to ask whoever decides for the child")
SUGGESTED: Mapping[str, Mapping[str, StrPromise]] = {
    ServiceType.SOCIAL_CARE: {
        "identity.names": WHY_NAMES,
        "identity.languages": WHY_LANGUAGE,
        "identity.birth": _("to place the child with others of its age"),
        "risk.level": WHY_SAFETY,
        "risk.note": WHY_SAFETY,
        "contacts.representative": WHY_GUARDIAN,
        "medical.medication": _("to give medicine in time"),
    },
    ServiceType.HEALTH: {
        "identity.names": WHY_NAMES,
        "identity.birth": _("to dose medicine"),
        "identity.languages": WHY_LANGUAGE,
        "contacts.representative": _("to ask for informed consent"),
        "medical.medication": _("to avoid harm from what is taken already"),
    },
    ServiceType.LEGAL: {
        "identity.names": WHY_NAMES,
        "identity.birth": _("because rights depend on the age"),
        "identity.citizenships": _("because the law depends on it"),
        "identity.languages": WHY_LANGUAGE,
        "contacts.representative": WHY_GUARDIAN,
        "legal.identification": _("to know where the proceedings stand"),
        "legal.residence": _("to know where the proceedings stand"),
    },
    ServiceType.EDUCATION: {
        "identity.names": WHY_NAMES,
        "identity.birth": _("to find the right class"),
        "identity.languages": WHY_LANGUAGE,
    },
}


def suggestions(service: str) -> Mapping[str, StrPromise]:
    """Why this service may need a field, by the field's code."""
    return SUGGESTED.get(service, {"identity.names": WHY_NAMES, "identity.languages": WHY_LANGUAGE})
