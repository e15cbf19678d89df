"""What the child itself asks, wishes and complains about, and that it gets an answer (CRC 12)."""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

import clock
from accounts import policy
from accounts.access import Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import User
from accounts.notifications import notify
from cases.models import Voice
from cases.models.notes import VoiceKind
from cases.services import clocks
from cases.services.writing import check_happened, locked_to_write
from workflow import deadlines

KIND = "answer_child"
ANSWER_DAYS = "voice.answer_days"
# A wish may have to wait; a question and a complaint may not.
WANTS_ANSWER = frozenset({VoiceKind.QUESTION, VoiceKind.COMPLAINT})


@write
def record_voice(case_id: UUID, *, actor: User, kind: VoiceKind, words: str, said_on: date) -> Voice:
    """In the child's own words. Of a complaint the supervisors hear at once."""
    case = locked_to_write(case_id, actor, Section.PLAN)
    check_happened(case, "said_on", said_on)
    voice = Voice(case=case, kind=kind, said_on=said_on, recorded_by=actor)
    voice.words = words
    voice.save(force_insert=True)
    if kind in WANTS_ANSWER:
        days = policy.get(ANSWER_DAYS, agency=case.agency)
        clocks.start_task(case, KIND, clock.now() + timedelta(days=days), voice=str(voice.pk))
    _record(actor, "voice.recorded", voice)
    if kind == VoiceKind.COMPLAINT:
        notify(clocks.supervisors_of(case) - {actor}, "voice.complaint", voice, case_id=case.pk)
    return voice


@write
def answer_voice(case_id: UUID, voice_id: UUID, *, actor: User, answer: str, answered_on: date) -> Voice:
    case = locked_to_write(case_id, actor, Section.PLAN)
    voice = case.voices.select_for_update().get(pk=voice_id)
    if voice.answered_on is not None:
        raise Invalid("answer", _("The child has this answer already."))
    check_happened(case, "answered_on", answered_on)
    if answered_on < voice.said_on:
        raise Invalid("answered_on", _("The answer cannot be older than what the child said."))
    voice.answer, voice.answered_on, voice.answered_by = answer, answered_on, actor
    voice.save()
    deadlines.meet(case.pk, KIND, {"voice": str(voice.pk)})
    _record(actor, "voice.answered", voice)
    return voice


def _record(actor: User, verb: str, voice: Voice) -> None:
    record(actor, verb, voice, case_id=voice.case_id, sections=[Section.PLAN], voice=voice.kind)
