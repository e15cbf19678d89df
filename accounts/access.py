"""Who may see and do what, as data: role, relation and section.

Everything that decides about access (object check, list query, template, PDF) asks this table; no room keeps
its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What an account is for. One role in one agency."""

    CASE_WORKER = "case_worker", _("Case worker")
    SUPERVISOR = "supervisor", _("Supervisor")
    SERVICE_PROVIDER = "service_provider", _("Service provider")
    CONSULAR_OFFICER = "consular_officer", _("Consular officer")
    ESCORT = "escort", _("Escort")
    PANEL_MEMBER = "panel_member", _("Panel member")
    INTAKE = "intake", _("Intake")
    FOCAL_POINT = "focal_point", _("Focal point")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data-protection officer")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Relation(TextChoices):
    """What an account is to one case. Each is a row with a basis and an end."""

    ASSIGNED = "assigned", _("Works this case")
    AGENCY = "agency", _("Supervises the agency that owns the case")
    REFERRED = "referred", _("Accepted a referral")
    CONSULAR = "consular", _("Holds an open request to this post")
    ESCORT = "escort", _("Escorts the journey")
    PANEL = "panel", _("Sits on the panel that decides")
    DUTY = "duty", _("On call outside office hours")
    EMERGENCY = "emergency", _("Opened the file in an emergency")
    PERSONAL = "personal", _("Holds a personal grant")
    NONE = "none", _("None")


class Section(TextChoices):
    """A part of the file that is given or withheld as a whole."""

    IDENTITY = "identity", _("Identity")
    CONTACTS = "contacts", _("Contacts")
    SHELTER = "shelter", _("Shelter")
    ACCOUNT = "account", _("What happened")
    RISK = "risk", _("Risk")
    LEGAL = "legal", _("Legal protection")
    MEDICAL = "medical", _("Medical care")
    REHABILITATION = "rehabilitation", _("Rehabilitation")
    RETURN_DECISION = "return_decision", _("Return: decision")
    RETURN_JOURNEY = "return_journey", _("Return: journey")
    PLAN = "plan", _("Plan")
    NOTES = "notes", _("Notes")
    DOCUMENTS = "documents", _("Documents")


class Level(IntEnum):
    NONE = 0
    READ = 10
    WRITE = 20


class Condition(TextChoices):
    """What a cell asks besides the relation."""

    ALWAYS = "always"
    GIVEN = "given"  # the referral names the section
    GRANTED = "granted"  # the personal grant names the section, and whether it may be written
    OWN = "own"  # only what this account or its agency is to do or wrote
    REFERRAL_KIND = "referral_kind"  # the referral covers this very section
    FROZEN_REQUEST = "frozen_request"  # only what the request held when it was sent
    SUMMARY = "summary"  # the summary, not the findings
    FIT_TO_TRAVEL = "fit_to_travel"  # yes or no, nothing else
    AS_SECTION = "as_section"  # each document bears a section label, which decides


@dataclass(frozen=True)
class Rule:
    level: Level
    condition: Condition = Condition.ALWAYS


_NOTHING = Rule(Level.NONE)
_READ = Rule(Level.READ)
_WRITE = Rule(Level.WRITE)
_IF_GIVEN = Rule(Level.READ, Condition.GIVEN)
_AS_GRANTED = Rule(Level.WRITE, Condition.GRANTED)
_OWN = Rule(Level.WRITE, Condition.OWN)
_OF_ITS_KIND = Rule(Level.WRITE, Condition.REFERRAL_KIND)
_AS_SECTION = Rule(Level.WRITE, Condition.AS_SECTION)

_WORKER = dict.fromkeys(Section, _WRITE) | {Section.DOCUMENTS: _AS_SECTION}

# A cell that is not named is a cell that is closed.
TABLE: Mapping[Relation, Mapping[Section, Rule]] = MappingProxyType(
    {
        Relation.ASSIGNED: _WORKER,
        Relation.DUTY: _WORKER,
        Relation.AGENCY: dict.fromkeys(Section, _READ)
        | {Section.PLAN: _WRITE, Section.DOCUMENTS: _AS_SECTION},
        Relation.REFERRED: {
            Section.IDENTITY: _IF_GIVEN,
            Section.CONTACTS: _IF_GIVEN,
            Section.SHELTER: _IF_GIVEN,
            Section.ACCOUNT: _IF_GIVEN,
            Section.RISK: _IF_GIVEN,
            Section.LEGAL: _OF_ITS_KIND,
            Section.MEDICAL: _OF_ITS_KIND,
            Section.REHABILITATION: _OF_ITS_KIND,
            Section.RETURN_DECISION: _OWN,
            Section.RETURN_JOURNEY: _OWN,
            Section.PLAN: _OWN,
            Section.NOTES: _OWN,
            Section.DOCUMENTS: _AS_SECTION,
        },
        Relation.CONSULAR: {
            Section.IDENTITY: _READ,
            Section.CONTACTS: Rule(Level.READ, Condition.FROZEN_REQUEST),
            Section.MEDICAL: Rule(Level.READ, Condition.FIT_TO_TRAVEL),
            Section.RETURN_JOURNEY: _OWN,
            Section.PLAN: _OWN,
            Section.NOTES: _OWN,
            Section.DOCUMENTS: _AS_SECTION,
        },
        Relation.PANEL: {
            Section.IDENTITY: _READ,
            Section.CONTACTS: _READ,
            Section.ACCOUNT: _READ,
            Section.RISK: _READ,
            Section.LEGAL: _READ,
            Section.MEDICAL: Rule(Level.READ, Condition.SUMMARY),
            Section.REHABILITATION: _READ,
            # The vote itself is an edge of the return's machine, not a right to write the section.
            Section.RETURN_DECISION: _READ,
            Section.RETURN_JOURNEY: _READ,
            Section.DOCUMENTS: _AS_SECTION,
        },
        Relation.EMERGENCY: {
            Section.IDENTITY: _READ,
            Section.CONTACTS: _READ,
            Section.SHELTER: _READ,
            Section.RISK: _READ,
            Section.MEDICAL: _READ,
            Section.RETURN_JOURNEY: _READ,
            Section.DOCUMENTS: _AS_SECTION,
        },
        Relation.PERSONAL: dict.fromkeys(Section, _AS_GRANTED) | {Section.DOCUMENTS: _AS_SECTION},
        # The escort sees the journey pack, which is not a section, and nothing else.
        Relation.ESCORT: {},
        Relation.NONE: {},
    }
)

# Which relations an account of a role can ever hold; a row that says otherwise opens nothing.
RELATIONS_OF: Mapping[Role, frozenset[Relation]] = MappingProxyType(
    {
        Role.CASE_WORKER: frozenset(
            {Relation.ASSIGNED, Relation.DUTY, Relation.EMERGENCY, Relation.PERSONAL}
        ),
        Role.SUPERVISOR: frozenset({Relation.AGENCY, Relation.EMERGENCY, Relation.PERSONAL}),
        Role.SERVICE_PROVIDER: frozenset({Relation.REFERRED, Relation.PERSONAL}),
        Role.CONSULAR_OFFICER: frozenset({Relation.CONSULAR, Relation.PERSONAL}),
        Role.ESCORT: frozenset({Relation.ESCORT}),
        Role.PANEL_MEMBER: frozenset({Relation.PANEL, Relation.PERSONAL}),
        Role.INTAKE: frozenset(),
        Role.FOCAL_POINT: frozenset({Relation.REFERRED, Relation.PERSONAL}),
        Role.DATA_PROTECTION_OFFICER: frozenset(),
        Role.ANALYST: frozenset(),
        Role.ADMINISTRATOR: frozenset(),
    }
)


class Ability(TextChoices):
    """What a role may do without being anything to a case."""

    REPORT_CHILD = "report_child"
    WORK_DESK = "work_desk"
    SEE_CASES = "see_cases"
    SEE_CASE_LOG = "see_case_log"
    ASSIGN_WORKER = "assign_worker"
    OVERRIDE_GUARD = "override_guard"
    SEE_STATISTICS = "see_statistics"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_DIRECTORY = "see_directory"
    KEEP_DIRECTORY_ENTRY = "keep_directory_entry"  # of the own agency


_KEEPER = frozenset({Ability.SEE_DIRECTORY, Ability.KEEP_DIRECTORY_ENTRY})

# Of the directory: an escort sees the journey pack and nothing else, an analyst statistics, a data-protection officer
# logs. An administrator sees what it is asked to set up, and does not speak for an agency.
ABILITIES: Mapping[Role, frozenset[Ability]] = MappingProxyType(
    {
        Role.CASE_WORKER: frozenset(
            {Ability.REPORT_CHILD, Ability.WORK_DESK, Ability.SEE_CASES, Ability.SEE_DIRECTORY}
        ),
        Role.SUPERVISOR: _KEEPER
        | {
            Ability.REPORT_CHILD,
            Ability.WORK_DESK,
            Ability.SEE_CASES,
            Ability.ASSIGN_WORKER,
            Ability.OVERRIDE_GUARD,
        },
        Role.SERVICE_PROVIDER: _KEEPER | {Ability.SEE_CASES},
        Role.CONSULAR_OFFICER: _KEEPER | {Ability.SEE_CASES},
        Role.ESCORT: frozenset({Ability.SEE_CASES}),
        Role.PANEL_MEMBER: frozenset({Ability.SEE_CASES, Ability.SEE_DIRECTORY}),
        Role.INTAKE: frozenset({Ability.REPORT_CHILD, Ability.SEE_DIRECTORY}),
        Role.FOCAL_POINT: _KEEPER | {Ability.SEE_CASES},
        Role.DATA_PROTECTION_OFFICER: frozenset({Ability.SEE_CASE_LOG}),
        Role.ANALYST: frozenset({Ability.SEE_STATISTICS}),
        Role.ADMINISTRATOR: frozenset({Ability.MANAGE_ACCOUNTS, Ability.SEE_DIRECTORY}),
    }
)


def rule(relation: Relation, section: Section) -> Rule:
    """The cell of the table."""
    return TABLE[relation].get(section, _NOTHING)


def level(
    relation: Relation, section: Section, given: Collection[str] = (), *, may_write: bool = False
) -> Level:
    """What holds without further facts.

    `given` are the sections that the grant or the accepted referral names; one that only referrals of its
    kind write (legal, medical, rehabilitation) is among them only when the referral is of that kind.
    `may_write` is what a personal grant says. Cells that ask for more (own, summary, ...) count as nothing.
    """
    cell = rule(relation, section)
    if cell.condition is Condition.GRANTED:
        granted = Level.WRITE if may_write else Level.READ
        return min(cell.level, granted) if section in given else Level.NONE
    if cell.condition in (Condition.GIVEN, Condition.REFERRAL_KIND):
        return cell.level if section in given else Level.NONE
    return cell.level if cell.condition is Condition.ALWAYS else Level.NONE


def can(user: AbstractBaseUser | AnonymousUser, ability: Ability) -> bool:
    """Whether the account's role brings the ability; nobody who is not signed in has any."""
    role = getattr(user, "role", "")
    return user.is_authenticated and role in Role.values and ability in ABILITIES[Role(role)]
