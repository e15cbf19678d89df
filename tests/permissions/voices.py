"""Notes, the child's own voice, and the leaflet."""

from collections.abc import Mapping

from django.urls import reverse

import clock
from cases.models import Case
from cases.models.notes import VoiceKind
from cases.services.voices import record_voice
from tests.cast import Cast
from tests.permissions.base import (
    GIVEN_LEGAL,
    GROUNDED,
    NOT_HERE,
    WORK_ON_IT,
    WORKERS,
    Address,
    Row,
    cells,
    parts,
)

WRITES_PLAN = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORK_ON_IT))

ROWS: Mapping[str, Row] = {
    # The page is there for whoever sees anything of the file; which notes stand on it is decided note by note.
    "notes": Row(cells(404, s200=GROUNDED), NOT_HERE),
    # The supervisor reads notes; a partner writes in the section that it was given to write.
    "note_new": Row(
        cells(404, s200=WORKERS | GIVEN_LEGAL, s403=GROUNDED),
        cells(404, s302=WORKERS | GIVEN_LEGAL, s403=GROUNDED),
    ),
    "note_new of another section": Row(
        cells(404, s200=WORKERS | GIVEN_LEGAL, s403=GROUNDED),
        cells(404, s302=WORKERS, s422=GIVEN_LEGAL, s403=GROUNDED),
    ),
    "voices": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "voice_new": WRITES_PLAN,
    "voice_answer": WRITES_PLAN,
    "leaflet": Row(cells(404, s200=GROUNDED), NOT_HERE),
}


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    today = clock.today("Europe/Vienna")
    voice = record_voice(case.pk, actor=cast.ana, kind=VoiceKind.QUESTION, words="w", said_on=today)

    def of_case(name: str, *more: object, **data: object) -> Address:
        return Address(reverse(name, args=[case.pk, *more]), data)

    return {
        "notes": of_case("notes"),
        "note_new": of_case("note_new", section="legal", words="w"),
        "note_new of another section": of_case("note_new", section="medical", words="w"),
        "voices": of_case("voices"),
        "voice_new": of_case("voice_new", kind="wish", words="w", **parts("said_on", today)),
        "voice_answer": of_case("voice_answer", voice.pk, answer="w", **parts("answered_on", today)),
        "leaflet": of_case("leaflet"),
    }
