"""Notes with a correction among them, the child's voice, and the leaflet for every age."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

import clock
from accounts.access import Section
from accounts.models import User
from cases.leaflet import Band
from cases.models import Case
from cases.models.choices import CaseState
from cases.models.notes import VoiceKind
from cases.services.notes import write_note
from cases.services.voices import answer_voice, record_voice
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send


def furnish(case: Case, people: dict[str, User]) -> None:
    ana, today = people["ana"], clock.today(people["ana"].agency.time_zone)
    for number, section in enumerate((Section.LEGAL, Section.MEDICAL, Section.NOTES) * 8):
        note = write_note(
            case.pk, actor=ana, section=section, words=f"{number}. {WORDS}\n\n{LONG_WORD}\nليلى ندى"
        )
    write_note(case.pk, actor=ana, section=Section.NOTES, words=f"Rather: {WORDS}", corrects=note.pk)
    for kind in VoiceKind:
        for _answered in range(2):
            voice = record_voice(case.pk, actor=ana, kind=kind, words=f"{LONG_WORD} {WORDS}", said_on=today)
        answer_voice(case.pk, voice.pk, actor=ana, answer=f"{WORDS} {LONG_WORD}", answered_on=today)


def visits(house: House) -> Iterator[Visit]:
    ana, full = house.people["ana"], [house.full.pk]
    for name in ("notes", "voices"):
        for username in ("ana", "sami"):
            yield Visit(f"{name} {username}", house.people[username], reverse(name, args=full))
    notes = reverse("notes", args=full)
    yield Visit("notes second", ana, f"{notes}?page=2")
    yield Visit("notes nothing", ana, f"{notes}?section=shelter")
    yield Visit("notes petra", house.people["petra"], notes)
    empty = house.case(state=CaseState.SCREENING, notes__isnull=True, voices__isnull=True)
    for name in ("notes", "voices"):
        yield Visit(f"{name} empty", house.worker(empty), reverse(name, args=[empty.pk]))
    note = house.full.notes.filter(corrected_by__isnull=True)[0]
    voice = house.full.voices.filter(answered_on__isnull=True)[0]
    forms = {
        "note_new": reverse("note_new", args=full),
        "note_new correction": f"{reverse('note_new', args=full)}?corrects={note.pk}",
        "voice_new": reverse("voice_new", args=full),
        "voice_answer": reverse("voice_answer", args=[*full, voice.pk]),
    }
    for name, address in forms.items():
        yield Visit(name, ana, address)
        yield Visit(f"{name} wrong", ana, address, send())
    leaflet = reverse("leaflet", args=full)
    for band in Band:
        for language, _name in settings.LANGUAGES:
            yield Visit(f"leaflet {band} {language}", ana, f"{leaflet}?language={language}&age={band}")
