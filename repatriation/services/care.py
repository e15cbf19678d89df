"""Who would care for the child where it goes: a named adult or an authorised agency, and its agreement in writing."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.countries import is_country
from accounts.errors import Invalid
from accounts.meanwhile import require_unchanged
from accounts.models import Agency, AgencyKind, User
from accounts.notifications import notify
from cases.models import Case, Document, Person
from cases.models.documents import DocumentKind
from cases.models.people import PersonRole
from cases.services.clocks import workers_of
from cases.services.documents import refuse_reported
from cases.services.incoming import SentFile
from cases.services.keeping import describe, stored
from repatriation.models import CareArrangement, Return
from repatriation.models.choices import ON_THE_WAY, CareKind
from repatriation.permissions import Hand, can_write_decision, hands
from repatriation.services.access import answering_of
from repatriation.services.beginning import by_worker, by_worker_or_partner, not_in_future
from repatriation.services.events import add_event
from repatriation.services.families import free_person, had_a_part

KIND_OF = {
    PersonRole.MOTHER: CareKind.PARENT,
    PersonRole.FATHER: CareKind.PARENT,
    PersonRole.SIBLING: CareKind.RELATIVE,
    PersonRole.RELATIVE: CareKind.RELATIVE,
}
# Agencies that take a child in.
TAKE_IN = (AgencyKind.SOCIAL_SERVICE, AgencyKind.SHELTER, AgencyKind.OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class Care:
    """What is agreed about a child's care: by a person of the file, or by an agency; exactly one of them."""

    country: str
    person_id: UUID | None = None
    agency: Agency | None = None
    address: str = ""
    terms: str = ""
    alternate: bool = False


@write
def name_care(return_id: UUID, *, actor: User, care: Care) -> CareArrangement:
    """Ends what was arranged in its place for that country: who is named anew is visited anew, and agrees anew."""
    way = by_worker(return_id, actor)
    _check_country(way, care.country)
    if way.state in ON_THE_WAY and care.country == way.country and not care.alternate:
        raise Invalid(
            "", _("The child is on the way to the one named. Name an alternate, and ask the panel.")
        )
    row = CareArrangement(
        way=way, case=way.case, country=care.country, alternate=care.alternate, made_by=actor
    )
    _fill(row, way.case, care)
    for earlier in way.arrangements.filter(
        country=care.country, alternate=care.alternate, ended_at__isnull=True
    ):
        earlier.ended_at = clock.now()
        earlier.save(update_fields=["ended_at"])
    row.address, row.terms = care.address or None, care.terms or None
    row.save(force_insert=True)
    record(
        actor,
        "return.care_named",
        row,
        case_id=way.case_id,
        sections=[Section.RETURN_DECISION],
        country=row.country,
        care_kind=row.kind,
        alternate=row.alternate,
    )
    add_event(way, "care_named", actor=actor)
    if way.partner is not None and way.partner.recipient.country.code == row.country:
        notify(answering_of(way.partner) - {actor}, "return.care_named", way, case_id=way.case_id)
    return row


def _check_country(way: Return, country: str) -> None:
    if not is_country(country) or country == way.case.agency.country.code:
        raise Invalid("country", _("Choose another country than the one in which this case is worked."))


def _fill(row: CareArrangement, case: Case, care: Care) -> None:
    if care.agency is not None:
        if not may_take_in(care.agency, care.country):
            raise Invalid("who", _("Choose an agency in that country that takes children in."))
        row.agency, row.kind = care.agency, CareKind.AGENCY
        return
    if care.person_id is None:
        raise Invalid("who", _("Choose who would care."))
    person = free_person(case, care.person_id, "who")
    row.person, row.kind = person, kind_of(person)


def may_take_in(agency: Agency, country: str) -> bool:
    return agency.is_active and agency.kind in TAKE_IN and agency.country.code == country


def kind_of(person: Person) -> CareKind:
    """Whoever is no family is a foster family."""
    return KIND_OF.get(PersonRole(person.role), CareKind.FOSTER)


def record_agreement(
    return_id: UUID,
    arrangement_id: UUID,
    *,
    actor: User,
    agreed_on: date,
    terms: str,
    file: SentFile,
    seen: str = "",
) -> CareArrangement:
    """The caregiver has agreed in writing. Its paper becomes a document of the case; bytes go to the storage first."""
    case_id = CareArrangement.objects.values_list("case_id", flat=True).get(pk=arrangement_id, way=return_id)
    paper = Document(
        case_id=case_id, section=Section.RETURN_DECISION, kind=DocumentKind.CONSENT, added_by=actor
    )
    paper.title = _("Agreement about the child’s care")
    describe(paper, file.filename, file.incoming)
    with stored([(paper, file.incoming)]):
        return _agree(
            return_id, arrangement_id, actor=actor, agreed_on=agreed_on, terms=terms, paper=paper, seen=seen
        )


@write
def _agree(
    return_id: UUID,
    arrangement_id: UUID,
    *,
    actor: User,
    agreed_on: date,
    terms: str,
    paper: Document,
    seen: str,
) -> CareArrangement:
    way = by_worker_or_partner(return_id, actor)
    row = standing_arrangement(way, arrangement_id)
    require_unchanged(row, seen)
    require_there(way, row, actor)
    require_free(way, row, actor)
    not_in_future(way, "agreed_on", agreed_on)
    refuse_reported(way.case, paper.digest)
    paper.case, paper.added_at = way.case, clock.now()
    paper.save(force_insert=True)
    row.agreed_on, row.agreement = agreed_on, paper
    row.terms = terms or row.terms
    row.save()
    _record_agreement(way, row, paper, actor)
    return row


def standing_arrangement(way: Return, arrangement_id: UUID) -> CareArrangement:
    """Raises Invalid for one that another has replaced since the page was shown."""
    rows = way.arrangements.filter(ended_at__isnull=True).select_related("person", "agency")
    row = rows.filter(pk=arrangement_id).first()
    if row is None:
        raise Invalid("", _("Somebody else was named meanwhile. Open the page again."))
    return row


def require_there(way: Return, row: CareArrangement, actor: User) -> None:
    """A partner speaks for its own country; who works on the case, for any. Raises Invalid."""
    if Hand.PARTNER_ABROAD in hands(actor, way) and actor.agency.country.code != row.country:
        raise Invalid("", _("This is about another country than yours."))


def require_free(way: Return, row: CareArrangement, actor: User) -> None:
    """Why not, is said to those alone who may read what happened. Raises Invalid."""
    if row.is_implicated:
        told = can_write_decision(actor, way)
        raise Invalid("", had_a_part() if told else _("Nothing more is asked of this person for now."))


def _record_agreement(way: Return, row: CareArrangement, paper: Document, actor: User) -> None:
    sections = [Section.RETURN_DECISION]
    record(
        actor,
        "document.added",
        paper,
        case_id=way.case_id,
        sections=sections,
        document_kind=paper.kind,
    )
    record(actor, "return.care_agreed", row, case_id=way.case_id, sections=sections, country=row.country)
    add_event(way, "care_agreed", actor=actor)
    notify(workers_of(way.case) - {actor}, "return.care_agreed", way, case_id=way.case_id)
