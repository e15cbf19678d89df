"""Who the child is, who is around it, where it lives, what happened to it, what is best for it."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from accounts.countries import country_name
from cases.casefile.shape import Look, Part, Told
from cases.casefile.words import agency, coded, countries, day, moment, said, yes_no
from cases.models import (
    BestInterestsAssessment,
    Child,
    Consent,
    ExploitationAccount,
    IdNumber,
    Person,
    PersonName,
    Placement,
    RiskAssessment,
)
from cases.models.choices import Risk, Safety
from cases.models.situation import FACTORS, Control, Exploitation, Recruitment, Relationship


def _child(row: Child, look: Look) -> Told:
    yield _("Known as"), row.known_as
    yield _("Gender"), row.get_gender_display()
    yield _("Birth date"), day(row.birth_date)
    yield _("How certain"), row.get_birth_certainty_display()
    yield _("Reasons to believe a child"), row.get_presumed_because_display()
    yield _("Note on the age"), row.presumption_note
    yield _("Citizenships"), countries(row.citizenships)
    yield _("Languages"), said(row.languages)


def _name(row: PersonName, look: Look) -> Told:
    yield _("Name"), row.whole
    yield _("Script"), row.get_script_display()


def _number(row: IdNumber, look: Look) -> Told:
    yield _("Number"), row.number
    yield _("Country"), country_name(row.country) if row.country else ""


def _person(row: Person, look: Look) -> Told:
    yield _("Name"), row.name
    yield _("Telephone"), row.telephone
    yield _("Address"), row.address
    yield _("Country"), country_name(row.country) if row.country else ""
    yield _("Languages"), row.languages
    yield _("Agency"), agency(look, row.agency_id)
    yield _("Contact"), row.get_contact_display()
    yield _("Conflict of interest"), row.get_conflict_display()
    yield _("Note"), row.note


def _placement(row: Placement, look: Look) -> Told:
    yield _("Safe"), yes_no(row.is_safe)
    yield _("Run by"), agency(look, row.provider_id)
    yield _("Address"), row.address
    yield _("Telephone"), row.telephone
    yield _("From"), day(row.since)
    yield _("Until"), day(row.until)
    yield _("Note"), row.note


def _account(row: ExploitationAccount, look: Look) -> Told:
    yield _("Kinds of exploitation"), coded(Exploitation, row.exploitation)
    yield _("Recruitment"), coded(Recruitment, row.recruitment)
    yield _("Means of control"), coded(Control, row.control)
    yield (
        _("Relation of the recruiter"),
        coded(Relationship, [row.relationship] if row.relationship else []),
    )
    yield _("Countries"), countries(row.countries)
    yield _("In the child’s words, or what is known"), row.words


def _risk(row: RiskAssessment, look: Look) -> Told:
    yield _("Risk"), Risk(row.level).label
    yield _("Safety"), Safety(row.safety).label
    yield _("The child was seen"), yes_no(row.child_seen)
    yield _("Note"), row.note


def _best_interests(row: BestInterestsAssessment, look: Look) -> Told:
    factors = row.factors or {}
    known = dict(FACTORS)
    for name in [*known, *sorted(factors.keys() - known.keys())]:
        yield known.get(name, name), said(factors.get(name))
    yield _("Recommendation"), row.get_recommendation_display()
    yield _("Conclusion"), row.conclusion
    yield _("Finished"), moment(row.finished_at)


def _consent(row: Consent, look: Look) -> Told:
    yield _("Answer"), row.get_answer_display()
    yield _("Recipient"), agency(look, row.recipient_id)
    yield _("Given by"), row.get_given_by_display()
    yield _("Given on"), day(row.given_on)
    yield _("How it was explained"), row.explained
    if row.imported:
        yield _("Taken over from another system"), yes_no(row.imported)


IDENTITY = (
    Part(
        chapter="identity",
        model=Child,
        title=lambda row, look: _("The child"),
        facts=_child,
        sections=[Section.IDENTITY],
    ),
    Part(
        chapter="identity",
        model=PersonName,
        title=lambda row, look: row.get_kind_display(),
        facts=_name,
        sections=[Section.IDENTITY],
        stands=lambda row: row.removed_at is None,
        order=("kind", "script"),
    ),
    Part(
        chapter="identity",
        model=IdNumber,
        title=lambda row, look: row.get_kind_display(),
        facts=_number,
        sections=[Section.IDENTITY],
        stands=lambda row: row.removed_at is None,
        order=("kind", "country"),
    ),
)
PEOPLE = (
    Part(
        chapter="people",
        model=Person,
        title=lambda row, look: row.get_role_display(),
        facts=_person,
        sections=[Section.CONTACTS, Section.ACCOUNT],
        also=lambda row, look: look.sees(row.section),
        stands=lambda row: row.removed_at is None,
        stamp=("added_by", "added_at"),
    ),
)
SITUATION = (
    Part(
        chapter="placement",
        model=Placement,
        title=lambda row, look: row.get_kind_display(),
        facts=_placement,
        sections=[Section.SHELTER],
        stamp=("recorded_by", "recorded_at"),
    ),
    Part(
        chapter="account",
        model=ExploitationAccount,
        title=lambda row, look: _("What happened"),
        facts=_account,
        sections=[Section.ACCOUNT],
        stamp=("recorded_by", "recorded_at"),
    ),
    Part(
        chapter="risk",
        model=RiskAssessment,
        title=lambda row, look: _("Assessment"),
        facts=_risk,
        sections=[Section.RISK],
        stamp=("assessed_by", "assessed_at"),
    ),
    Part(
        chapter="best_interests",
        model=BestInterestsAssessment,
        title=lambda row, look: _("Version %(number)s") % {"number": row.version},
        facts=_best_interests,
        sections=[Section.RISK],
        stamp=("author", "begun_at"),
    ),
    Part(
        chapter="consent",
        model=Consent,
        title=lambda row, look: row.get_purpose_display(),
        facts=_consent,
        sections=[Section.LEGAL],
        stamp=("recorded_by", "recorded_at"),
    ),
)
