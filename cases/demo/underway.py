"""Whole files in the middle of the work: active, missing, found again."""

from accounts.access import Section
from cases.demo import around, care, meetings, papers
from cases.demo.assessing import assess, first_night, weigh
from cases.demo.closing import propose_early_end
from cases.demo.entries import take
from cases.demo.files import File
from cases.demo.planning import (
    activate,
    call_off_visit,
    finish_tasks,
    give_task,
    intend_visit,
    plan,
    visit,
)
from cases.models.choices import Risk
from cases.models.documents import DocumentKind
from cases.models.notes import VoiceKind
from cases.models.people import LinkKind
from cases.models.plan import Track, VisitKind
from cases.models.situation import PlacementKind, Solution
from cases.services.notes import write_note
from cases.services.police import record_police_told

# Numbers of the stories to which other files are linked.
SAME_SUSPECT, ELDER_SISTER = 507, 505
BOTH = (Track.MEDICAL, Track.REHABILITATION)


def elder_sister(file: File) -> None:
    """The fullest file: something in every part of it."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.8):
        file.give("dr-mila", "lex", "petra")
        care.harmed(file, 1)
        around.add(file, around.MOTHER, around.INTERPRETER, around.SUSPECT, around.TRUSTED)
    assess(file)
    with file.day(2):
        care.examine(file)
        care.examine_for_court(file)
        care.treat(file)
        take(file, "answer_contraception", "answer_prophylaxis", by="dr-mila")
        care.assess_needs(file)
        around.appoint(file, by="lex")
    plan(file, *BOTH)
    activate(file, on=8)
    _before_the_court(file)
    _at_home_in_the_house(file)


def _before_the_court(file: File) -> None:
    with file.day(9):
        care.identify(file)
        take(file, "request_permit", "permit_residence", "open_proceedings", by="lex")
        care.rehabilitate(file)
        care.interview(file, "Forty minutes, one pause. She was believed, and could see that she was.")
    visit(file, [9])
    with file.day(12):
        care.interview(file, "Only what was missing. No third one is planned.")
        take(file, "seek_redress", by="lex")
        papers.letter(
            file,
            Section.LEGAL,
            DocumentKind.DECISION,
            "Appointment of the guardian",
            "Greta Halm is appointed guardian of the child named in the annex, with all duties of a parent.",
        )
        papers.letter(
            file,
            Section.MEDICAL,
            DocumentKind.CERTIFICATE,
            "Vaccination card",
            "Measles, mumps, rubella: two of two. Tetanus: one of three; the next one in four weeks.",
        )
        papers.drawing(file, "The house that she wants")


def _at_home_in_the_house(file: File) -> None:
    with file.ago(6):
        give_task(file, "Ask the school for a place from Monday.", within=2)
        around.hear(
            file,
            VoiceKind.QUESTION,
            "“Does the man know where I am?”",
            "No. Only four people know it, and you know all four.",
        )
        around.hear(file, VoiceKind.WISH, "“I want to speak with my mother on Sundays.”")
    visit(file, [5])
    with file.ago(4):
        give_task(file, "See to the tooth at the back, left.", to="dr-mila", within=9)
        give_task(file, "Send the application for compensation.", to="lex", within=3)
        give_task(file, "A quiet place for homework in the evening.", to="petra", within=6)
        first = file.note(Section.NOTES, "Called the school. They wait for her papers from Tuesday.")
        write_note(
            file.case_id,
            actor=file.worker,
            section=Section.NOTES,
            words="Rather: they wait until Thursday.",
            corrects=first,
        )
        file.note(Section.MEDICAL, "Sleeps through since the medicine was changed.", by="dr-mila")
        file.note(Section.LEGAL, "The prosecutor takes the video; she need not appear.", by="lex")
    visit(file, [1])
    meetings.hold(file, called=8, met=2)
    with file.ago(0.5):
        meetings.coming(file, within=3)
        meetings.hearing(file, within=5)
        meetings.at_the_dentist(file, within=9)
        around.link(file, SAME_SUSPECT, LinkKind.SAME_SUSPECT, by="sami")
        call_off_visit(file, "The class is on an outing; the teacher was told.")
        intend_visit(file, within=3)


def younger_brother(file: File) -> None:
    """Came a day after his sister; a claim for protection is pending, and the doctor lets him travel."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.8):
        file.give("dr-mila", "petra")
        take(file, "begin_triage")
    assess(file, solution=Solution.RETURN)
    with file.day(2):
        care.examine(file)
        care.treat(file)
        around.add(file, around.MOTHER)
        around.appoint(file)
        care.assess_needs(file)
        take(file, "claim_protection", "request_identification", "find_possible_victim")
    plan(file, *BOTH)
    activate(file, on=9)
    with file.day(12):
        take(file, "find_stable", by="dr-mila")
        care.rehabilitate(file)
    visit(file, [8, 2], VisitKind.SCHOOL)
    with file.ago(3):
        care.certify(file)
        take(file, "hold")
        around.hear(file, VoiceKind.WISH, "“Can I have the bed by the window?”", "Yes, from Saturday.")
        give_task(file, "Football boots, size 36.", to="petra", within=5)
    with file.ago(0.4):
        around.link(file, ELDER_SISTER, LinkKind.SIBLING)


def same_suspect(file: File) -> None:
    """Protected here; the proceedings are paused, and a review of what was reached is under way."""
    first_night(file, PlacementKind.FOSTER)
    with file.day(0.8):
        file.give("dr-mila", "lex")
        take(file, "begin_triage")
        around.add(file, around.MOTHER_IN_CYRILLIC, around.SUSPECT)
        around.appoint(file)
    assess(file)
    with file.day(3):
        care.assess_needs(file)
    plan(file, *BOTH)
    activate(file)
    with file.day(14):
        take(file, "claim_protection", "grant_protection", "open_proceedings", by="lex")
        take(file, "request_permit", "permit_residence")
        care.rehabilitate(file)
        care.interview(file, "Stopped after ten minutes at the child’s wish.")
    with file.ago(16):
        take(file, "pause_proceedings", "seek_redress", "refuse_redress", by="lex")
    with file.ago(6):
        take(file, "begin_review")
        give_task(file, "Object to the refusal of the fund.", to="lex", within=2)
        intend_visit(file, within=3)
    visit(file, [4])


def wants_no_more(file: File) -> None:
    """Not seen as a victim, the permit refused, help declined: Vera proposes the end, Sami has to confirm it."""
    first_night(file, PlacementKind.FOSTER)
    assess(file)
    with file.day(3):
        around.appoint(file)
        take(file, "find_no_care_needed", "request_identification", "find_no_victim")
        take(file, "claim_protection", "withdraw_claim", "request_permit", "refuse_permit")
    plan(file, Track.REHABILITATION)
    activate(file)
    with file.ago(9):
        take(file, "decline_rehabilitation", "seek_redress")
    visit(file, [3], VisitKind.OFFICE)
    with file.ago(1):
        propose_early_end(file, by="vera")


def missing_and_found(file: File) -> None:
    """Two nights away, found by the police at the station of the next town."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.8):
        file.give("petra")
        around.appoint(file)
        take(file, "begin_triage")
    assess(file)
    with file.day(3):
        care.assess_needs(file)
    plan(file, *BOTH)
    activate(file)
    with file.day(7):
        care.rehabilitate(file)
    with file.ago(12):
        file.step("suspend", reason="Went to buy bread and did not come back. The van was seen.")
        record_police_told(file.case_id, actor=file.worker, reference="AZ 912/17")
    with file.ago(10):
        file.risk(Risk.HIGH, "Found at the station, unhurt, hungry. Says that she wanted to see the sea.")
        file.step("resume")
    with file.ago(9):
        weigh(file, Solution.CARE_HERE)
        give_task(file, "A new telephone without the old contacts.", within=3)
        finish_tasks(file, "Bought together; the old card is with the police.")
        give_task(file, "Talk with her every evening until the end of the month.", to="petra", within=20)
    visit(file, [8, 2])


def missing(file: File) -> None:
    """Believed to be in danger in the other country."""
    first_night(file, PlacementKind.SHELTER)
    with file.day(0.8):
        around.appoint(file)
        around.add(file, around.SUSPECT)
    assess(file)
    plan(file, *BOTH)
    activate(file)
    with file.ago(0.6):
        file.step(
            "suspend", reason="Left the house at night. A call came from beyond the border.", danger_in="XB"
        )
