"""Case conferences with their agenda and minute, and appointments."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import Section
from cases.casefile.shape import Look, Part, Told
from cases.casefile.words import account, moment, yes_no
from cases.models import (
    AgendaPoint,
    Appointment,
    Conference,
    ConferenceDecision,
    Invitation,
    MinuteAddendum,
)


def _conference(row: Conference, look: Look) -> Told:
    yield _("Begins"), moment(row.starts_at)
    yield _("Takes"), ngettext("%(count)s minute", "%(count)s minutes", row.minutes) % {"count": row.minutes}
    yield _("Where people meet"), row.place
    yield _("Minute closed"), moment(row.closed_at)
    yield _("Closed by"), account(look, row.closed_by_id)
    yield _("Cancelled"), moment(row.cancelled_at)


def _invitation(row: Invitation, look: Look) -> Told:
    yield _("Invited"), account(look, row.account_id)
    yield _("Was there"), yes_no(row.attended)
    yield _("Invitation withdrawn"), moment(row.withdrawn_at)


def _point(row: AgendaPoint, look: Look) -> Told:
    yield _("To talk about"), row.words
    yield _("Minute"), row.minute
    yield _("Final since"), moment(row.final_at)


def _decision(row: ConferenceDecision, look: Look) -> Told:
    yield _("Decision"), row.words
    task = look.rows.get(row.task_id)
    if task is not None:
        yield _("Done"), moment(task.done_at)
        yield _("Dropped"), moment(task.dropped_at)


def _addendum(row: MinuteAddendum, look: Look) -> Told:
    yield _("Addendum to the minute"), row.words


def _appointment(row: Appointment, look: Look) -> Told:
    yield _("Begins"), moment(row.starts_at)
    yield _("Section"), Section(row.section).label
    yield _("Place"), row.place
    yield _("What it is about"), row.words
    yield _("Who goes along"), account(look, row.companion_id)
    yield _("What came of it"), row.outcome
    yield _("Took place, recorded"), moment(row.done_at)
    yield _("Cancelled"), moment(row.cancelled_at)


def _at_the_table(row: Any, look: Look) -> bool:
    """Whoever works on the case, and the invited."""
    conference = row.pk if isinstance(row, Conference) else row.conference_id
    return look.for_team or conference in look.conferences


def _labelled(row: Any, look: Look) -> bool:
    return _at_the_table(row, look) and look.sees(row.section)


def _titled(words: Any) -> Any:
    """With the day of the conference, where its row is at hand, and the label."""

    def title(row: Any, look: Look) -> Any:
        conference = look.rows.get(row.conference_id)
        parts = [words, moment(conference.starts_at) if conference else "", Section(row.section).label]
        return " · ".join(str(part) for part in parts if part)

    return title


MEETINGS = (
    Part(
        chapter="meetings",
        model=Conference,
        title=lambda row, look: _("Case conference"),
        facts=_conference,
        also=_at_the_table,
        stamp=("called_by", "called_at"),
    ),
    # Who else was asked to come is the business of those who asked.
    Part(
        chapter="meetings",
        model=Invitation,
        title=lambda row, look: _("Invitation to a case conference"),
        facts=_invitation,
        team_only=True,
        stamp=("invited_by", "invited_at"),
    ),
    Part(
        chapter="meetings",
        model=AgendaPoint,
        title=_titled(_("Point of the agenda")),
        facts=_point,
        also=_labelled,
        stands=lambda row: row.removed_at is None,
        stamp=("added_by", "added_at"),
    ),
    Part(
        chapter="meetings",
        model=ConferenceDecision,
        title=_titled(_("Decided in a conference")),
        facts=_decision,
        also=_labelled,
        stamp=("recorded_by", "recorded_at"),
    ),
    Part(
        chapter="meetings",
        model=MinuteAddendum,
        title=_titled(_("Added to the minute")),
        facts=_addendum,
        also=_labelled,
        stamp=("written_by", "written_at"),
    ),
    Part(
        chapter="meetings",
        model=Appointment,
        title=lambda row, look: row.get_kind_display(),
        facts=_appointment,
        sections=tuple(Section),
        also=lambda row, look: look.sees(row.section),
        stamp=("made_by", "made_at"),
    ),
)
