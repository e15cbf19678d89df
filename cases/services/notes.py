"""Case notes: written once, each under the label of the section that it speaks of; put right by another note."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, Note
from cases.permissions import grounds, note_labels, notes_visible
from cases.services.locking import locked
from cases.services.standing import require_open


@write
def write_note(
    case_id: UUID,
    *,
    actor: User,
    section: Section,
    words: str,
    corrects: UUID | None = None,
) -> Note:
    """`corrects` names the note that this one replaces; both stay, under one label.

    Raises Note.DoesNotExist for a note that this person does not read.
    """
    case = locked(case_id, actor)
    require(section in note_labels(grounds(actor, case)))
    require_open(case)
    replaced = _replaced(case, corrects, section, actor) if corrects else None
    return keep_note(case, section, words, by=actor, corrects=replaced)


def keep_note(case: Case, section: Section, words: str, *, by: User, corrects: Note | None = None) -> Note:
    """A part of other writes."""
    note = Note(case=case, section=section, written_by=by, agency=by.agency, corrects=corrects)
    note.words = words
    note.save(force_insert=True)
    verb = "note.corrected" if corrects else "note.written"
    record(by, verb, note, case_id=case.pk, sections=[section], label=section)
    return note


def _replaced(case: Case, note_id: UUID, section: Section, actor: User) -> Note:
    replaced = notes_visible(actor, case).get(pk=note_id)
    if replaced.section != section:
        raise Invalid("section", _("A correction keeps the label of the note that it replaces."))
    if Note.objects.filter(corrects=replaced).exists():
        raise Invalid("words", _("This note was corrected already. Correct the later one."))
    return replaced
