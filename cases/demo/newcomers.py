"""Whole files whose children came lately: assessed, or planned and waiting for the supervisor."""

from accounts.access import Section
from cases.demo import around, care, papers
from cases.demo.assessing import assess, first_night
from cases.demo.entries import take
from cases.demo.files import File
from cases.demo.planning import give_task, plan
from cases.models.choices import GivenBy
from cases.models.documents import DocumentKind
from cases.models.notes import VoiceKind
from cases.models.plan import Track
from cases.models.situation import PlacementKind


def harmed_lately(file: File) -> None:
    """Brought in on the night on which it was harmed: the clinic's clocks run."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.5):
        file.give("dr-mila", "petra")
        care.harmed(file, 0)
        take(file, "answer_contraception", by="dr-mila")
        take(file, "request_identification")
    assess(file, on=1.3)
    with file.ago(0.2):
        file.note(Section.SHELTER, "Slept four hours. The light in the corridor stays on.")
        around.hear(file, VoiceKind.QUESTION, "“When do I get my telephone back?”")
        give_task(file, "Bring fresh clothes and the medicine for the weekend.", to="petra", within=1)


def waits_for_papers(file: File) -> None:
    first_night(file, PlacementKind.FOSTER)
    assess(file)
    with file.day(2):
        take(file, "begin_triage", "request_permit")
        around.add(file, around.INTERPRETER, around.REFUSED_INTERPRETER)
        file.note(Section.LEGAL, "Паспорт у вербовщика. Спросить консульство только после разрешения.")


def planned_with_interim(file: File) -> None:
    """The guardian is pending, so an interim representative agreed. Sami has still to approve."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.8):
        file.give("dr-mila")
        take(file, "begin_triage")
        around.add(file, around.INTERIM)
    assess(file)
    with file.day(3):
        care.examine(file)
        care.assess_needs(file)
        take(file, "request_identification", "find_possible_victim")
    plan(file, Track.MEDICAL, Track.REHABILITATION, by=GivenBy.REPRESENTATIVE)
    with file.ago(1):
        papers.letter(
            file,
            Section.LEGAL,
            DocumentKind.LETTER,
            "Answer of the court",
            "The hearing about the guardian is on Thursday week. An interpreter is ordered.",
        )


def guardian_with_conflict(file: File) -> None:
    """The first guardian turned out to be of the suspect's family."""
    first_night(file, PlacementKind.FOSTER)
    assess(file)
    with file.day(2):
        around.add(file, around.FATHER_IN_ARABIC)
        guardian = around.appoint(file)
        take(file, "decline_care")
        care.assess_needs(file)
    plan(file, Track.MEDICAL, Track.REHABILITATION)
    with file.day(6):
        take(file, "agree_plan")
        around.find_conflict(file, guardian)
    with file.ago(2):
        around.hear(file, VoiceKind.COMPLAINT, "“She told my cousin what I said. She must not do that.”")
