"""What is to be done, what the child says, what people write down, and the documents."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.access import Section
from cases.casefile.shape import Look, Part, Told
from cases.casefile.words import account, agency, day, moment, yes_no
from cases.models import ChildView, Document, Goal, Note, PlanAgreement, Task, Visit, Voice

GOAL_READERS = (Section.PLAN, Section.LEGAL, Section.MEDICAL, Section.REHABILITATION)


def _goal(row: Goal, look: Look) -> Told:
    """Goals of a track are read with the plan, and with that track's own section."""
    yield _("Service"), row.get_service_type_display()
    yield _("Goal"), row.words
    yield _("Outcome"), row.get_outcome_display()
    yield _("About the outcome"), row.outcome_words
    yield _("Ended"), moment(row.ended_at)


def _task(row: Task, look: Look) -> Told:
    yield _("Task"), row.words
    yield _("Whose task"), account(look, row.assignee_id)
    goal = look.rows.get(row.goal_id) if row.goal_id else None
    yield _("For the goal"), goal.words if goal else ""
    yield _("Result"), row.result
    yield _("Done"), moment(row.done_at)
    yield _("Done by"), account(look, row.done_by_id)
    yield _("Dropped"), moment(row.dropped_at)


def _visit(row: Visit, look: Look) -> Told:
    yield _("Who visits"), account(look, row.visitor_id)
    yield _("Planned for"), day(row.planned_on)
    yield _("Required"), yes_no(row.is_required)
    yield _("Done on"), day(row.done_on)
    if row.done_on:
        yield _("The child was seen alone"), yes_no(row.child_seen_alone)
    yield _("Observations"), row.observations
    yield _("Cancelled"), moment(row.cancelled_at)


def _view(row: ChildView, look: Look) -> Told:
    yield _("How the child was heard"), row.get_means_display()
    yield _("What the child said"), row.words
    yield _("Why the child could not be heard"), row.impossible_because
    yield _("What was observed"), row.observed


def _agreement(row: PlanAgreement, look: Look) -> Told:
    yield _("Agrees with the plan"), yes_no(row.agrees)
    yield _("Given on"), day(row.given_on)
    yield _("Words"), row.words


def _voice(row: Voice, look: Look) -> Told:
    yield _("Said on"), day(row.said_on)
    yield _("In the child’s words"), row.words
    yield _("Answer"), row.answer
    yield _("Answered on"), day(row.answered_on)
    yield _("Answered by"), account(look, row.answered_by_id)


def _note(row: Note, look: Look) -> Told:
    yield _("Note"), row.words
    yield _("Agency"), agency(look, row.agency_id)
    corrected = look.rows.get(row.corrects_id) if row.corrects_id else None
    yield _("Corrects the note of"), moment(corrected.written_at) if corrected else ""


def _document(row: Document, look: Look) -> Told:
    """What was reported to show abuse has no name any more, only the place where it was."""
    if row.pk not in look.locked:
        yield _("Title of the document"), row.title
        yield _("File name"), row.filename
        yield _("Size"), filesizeformat(row.size)
    yield _("Section"), Section(row.section).label
    yield _("Locked away"), moment(row.quarantined_at)
    yield _("Police reference"), row.police_reference


PLAN = (
    Part(
        chapter="plan",
        model=Goal,
        title=lambda row, look: row.get_track_display(),
        facts=_goal,
        sections=GOAL_READERS,
        also=lambda row, look: look.sees(Section.PLAN) or look.sees(row.track),
        stamp=("set_by", "set_at"),
    ),
    Part(
        chapter="plan",
        model=Task,
        title=lambda row, look: _("Task, due on %(day)s") % {"day": day(row.due_on)},
        facts=_task,
        sections=[Section.PLAN],
        stamp=("made_by", "made_at"),
    ),
    Part(
        chapter="plan",
        model=Visit,
        title=lambda row, look: row.get_kind_display(),
        facts=_visit,
        sections=[Section.PLAN],
        stamp=("planned_by", "planned_at"),
    ),
    Part(
        chapter="plan",
        model=PlanAgreement,
        title=lambda row, look: row.get_given_by_display(),
        facts=_agreement,
        sections=[Section.PLAN],
        stamp=("recorded_by", "recorded_at"),
    ),
)
VOICE = (
    Part(
        chapter="voice",
        model=ChildView,
        title=lambda row, look: _("The child was heard, %(day)s") % {"day": day(row.heard_on)},
        facts=_view,
        sections=[Section.PLAN],
        stamp=("recorded_by", "recorded_at"),
    ),
    Part(
        chapter="voice",
        model=Voice,
        title=lambda row, look: row.get_kind_display(),
        facts=_voice,
        sections=[Section.PLAN],
        stamp=("recorded_by", "recorded_at"),
    ),
)
NOTES = (
    Part(
        chapter="notes",
        model=Note,
        title=lambda row, look: Section(row.section).label,
        facts=_note,
        also=lambda row, look: (
            row.pk in look.own_notes or (look.sees(Section.NOTES) and look.sees(row.section))
        ),
        stamp=("written_by", "written_at"),
    ),
)
DOCUMENTS = (
    Part(
        chapter="documents",
        model=Document,
        title=lambda row, look: row.get_kind_display(),
        facts=_document,
        sections=tuple(Section),
        also=lambda row, look: look.sees(row.section),
        stands=lambda row: row.removed_at is None,
        stamp=("added_by", "added_at"),
    ),
)
