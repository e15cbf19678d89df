"""Who somebody is to a case: the grounds, the hands that they give, the sections that they open."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import Level, Relation, Section, level
from accounts.models import User
from cases.models import (
    Case,
    CaseAccess,
    DutyShift,
)
from cases.models.access import RELATION_OF


class Hand(TextChoices):
    """In whose hands an edge of the lifecycle lies."""

    CASE_WORKER = "case_worker", _("the assigned case worker")
    SUPERVISOR = "supervisor", _("a supervisor of the team")
    DUTY_WORKER = "duty_worker", _("the duty worker")
    CARING_PARTNER = "caring_partner", _("a partner that cares for the child")
    LEGAL_PARTNER = "legal_partner", _("the legal partner or guardian’s office")
    CLINIC = "clinic", _("the clinic")
    REHABILITATION_PARTNER = "rehabilitation_partner", _("the partner for rehabilitation")


# Steps, conditions and tasks of a case are the business of these.
WORKING_HANDS = frozenset({Hand.CASE_WORKER, Hand.SUPERVISOR, Hand.DUTY_WORKER})


# At night the duty worker does in the tracks what the assigned worker does by day: care does not wait.
TRACK_WORKERS = frozenset({Hand.CASE_WORKER, Hand.DUTY_WORKER})


# Grounds on which a partner writes in a section that it was given.
GIVEN = frozenset({Relation.REFERRED, Relation.PERSONAL})


HAND_OF = {
    Relation.ASSIGNED: Hand.CASE_WORKER,
    Relation.AGENCY: Hand.SUPERVISOR,
    Relation.DUTY: Hand.DUTY_WORKER,
    Relation.REFERRED: Hand.CARING_PARTNER,
}


def grounds(user: User, case: Case) -> list[CaseAccess]:
    """The live grounds on which this account sees this case; empty for a stranger."""
    return list(CaseAccess.objects.live_for(user).filter(case=case))


def grounds_of_many(
    users: Collection[User], cases: Collection[UUID]
) -> dict[tuple[User, UUID], list[CaseAccess]]:
    """The same for many accounts and cases at once, in three statements; who has none is not there."""
    people, of_agency = {user.pk: user for user in users}, dict[UUID, list[User]]()
    for user in people.values():
        of_agency.setdefault(user.agency_id, []).append(user)
    known = Case.objects.only("agency_id", "state").in_bulk(cases)
    found = dict[tuple[User, UUID], list[CaseAccess]]()
    called = set(DutyShift.objects.at().filter(agency__in=of_agency).values_list("worker_id", "agency_id"))
    rows = CaseAccess.objects.live().filter(case__in=known)
    for row in rows.only("case_id", "account_id", "agency_id", "basis", "sections", "may_write"):
        # One object for all its grounds, of which there may be hundreds.
        row.case = known[row.case_id]
        named = [people[row.account_id]] if row.account_id in people else []
        for user in of_agency.get(row.agency_id, []) if row.agency_id else named:
            if row.counts_for(user, is_called=(user.pk, user.agency_id) in called):
                found.setdefault((user, row.case_id), []).append(row)
    return found


def which_may_listen(asked: Collection[tuple[User, UUID]]) -> set[tuple[User, UUID]]:
    """To a case: for whom its file opens (`cases.views.loading.opened_case`)."""
    held = grounds_of_many({user for user, _case in asked}, {case_id for _user, case_id in asked})
    # Hundreds hold the same few kinds of grounds: each kind is judged once.
    kinds = {
        each: tuple((row.basis, *row.sections, row.may_write) for row in rows) for each, rows in held.items()
    }
    opening_kinds = {kind: rows for each, rows in held.items() for kind in [kinds[each]]}
    opens = {kind for kind, rows in opening_kinds.items() if opens_file(rows)}
    return {each for each in asked if kinds.get(each) in opens}


def opens_file(rows: list[CaseAccess]) -> bool:
    """Not one that opens no section and gives nothing to do, such as an escort's, which opens the journey pack alone.

    A partner that cares for the child may always say that it is missing.
    """
    return bool(sections_on(rows) or hands_on(rows))


def hands(user: User, case: Case) -> frozenset[str]:
    return hands_on(grounds(user, case))


def hands_on(rows: list[CaseAccess]) -> frozenset[str]:
    held = frozenset(HAND_OF[row.relation] for row in rows if row.relation in HAND_OF)
    return held | ({Hand.CARING_PARTNER} if any(map(_cares, rows)) else frozenset())


# Whoever was given one of these has the child in its house, its practice or its class.
CARE = frozenset({Section.SHELTER, Section.MEDICAL, Section.REHABILITATION})


def _cares(row: CaseAccess) -> bool:
    return row.relation == Relation.PERSONAL and not CARE.isdisjoint(row.sections)


# Whose hand it is when a partner was given a section to write.
PARTNER_IN: Mapping[Section, Hand] = {
    Section.LEGAL: Hand.LEGAL_PARTNER,
    Section.MEDICAL: Hand.CLINIC,
    Section.REHABILITATION: Hand.REHABILITATION_PARTNER,
}


def hands_in(section: Section) -> Callable[[User, Any], frozenset[str]]:
    """Hands on a track's row: those on its case, and the partner's for whoever was given its section to write."""
    return lambda user, track: hands_in_section(grounds(user, track.case), section)


def hands_in_section(rows: list[CaseAccess], section: Section) -> frozenset[str]:
    given = any(row.relation in GIVEN and _level(row, section) >= Level.WRITE for row in rows)
    return hands_on(rows) | ({PARTNER_IN[section]} if given else frozenset())


def sections_on(rows: list[CaseAccess]) -> Mapping[Section, Level]:
    """The highest level in each section over all grounds. A section that is missing does not exist for the reader."""
    held: dict[Section, Level] = {}
    for row in rows:
        for section in Section:
            held[section] = max(held.get(section, Level.NONE), _level(row, section))
    return {section: found for section, found in held.items() if found > Level.NONE}


def _level(row: CaseAccess, section: Section) -> Level:
    return level(row.relation, section, row.sections, may_write=row.may_write)


def sections_by_case(user: User, case_ids: Iterable[UUID]) -> dict[UUID, Mapping[Section, Level]]:
    """Of each of these cases that this account sees, in one query."""
    rows: dict[UUID, list[CaseAccess]] = {}
    for row in CaseAccess.objects.live_for(user).filter(case_id__in=set(case_ids)):
        rows.setdefault(row.case_id, []).append(row)
    return {case_id: sections_on(held) for case_id, held in rows.items()}


def opening(section: Section) -> Q:
    """Of rows of CaseAccess: those that open this section, for lists that must not even be searched otherwise."""
    always = [basis for basis, relation in RELATION_OF.items() if level(relation, section) > Level.NONE]
    given = [
        basis for basis, relation in RELATION_OF.items() if level(relation, section, [section]) > Level.NONE
    ]
    return Q(basis__in=always) | Q(basis__in=given, sections__contains=[section.value])


def sections(user: User, case: Case) -> Mapping[Section, Level]:
    return sections_on(grounds(user, case))
