"""How files come to their end: monitoring, closure, an end before its time, an agency outside."""

from accounts.access import Section
from accounts.models import Agency
from cases.demo.assessing import place
from cases.demo.files import File
from cases.demo.papers import letter
from cases.demo.planning import visit
from cases.models.choices import EarlyEnd, Risk
from cases.models.closing import DurableSolution
from cases.models.documents import DocumentKind
from cases.models.plan import VisitKind
from cases.models.situation import PlacementKind
from cases.services.closing import confirm_solution, record_outside, write_closure
from cases.services.steps import propose_end

CLOSURE = (
    "Lives safely with its family and goes to school. What was planned is done; the family knows whom to call. "
    "The child has the leaflet and the number of the helpline."
)


def go_home(file: File, kind: PlacementKind = PlacementKind.KINSHIP) -> None:
    """To a family that was looked at: no durable solution is required any more, and monitoring begins."""
    place(file, kind)
    file.risk(
        Risk.LOW, "Three weeks with the family without an incident; the school sees no change for the worse."
    )
    confirm_solution(
        file.case_id,
        actor=file.people["sami"],
        solution=DurableSolution.NOT_REQUIRED,
        reason="Visited twice, once unannounced. The child wants to stay there.",
    )
    file.step("begin_monitoring")


def propose_closure(
    file: File, *, seen: float, written: float, kind: VisitKind = VisitKind.HOME, summary: str = CLOSURE
) -> None:
    """The visit that monitoring asks for, and the closure, so many days ago."""
    visit(file, [seen], kind)
    with file.ago(written):
        write_closure(
            file.case_id,
            actor=file.worker,
            summary=summary,
            child_informed_on=file.today,
            guardian_informed_on=file.today,
        )


def close(file: File, *, ago: float) -> None:
    with file.ago(ago):
        file.step("close", by="sami")


def propose_early_end(file: File, by: str) -> None:
    propose_end(file.case_id, actor=file.people[by], why=EarlyEnd.DECLINED)


def refer_out(file: File) -> None:
    paper = letter(
        file,
        Section.LEGAL,
        DocumentKind.LETTER,
        "Letter of acceptance",
        "We take this child into our care from the first of the month. A room and a place at school are kept.",
    )
    record_outside(
        file.case_id,
        actor=file.worker,
        agency=Agency.objects.get(code="belmora-village"),
        accepted_on=file.today,
        contact="Mrs Ruta Sand, +00 300 620",
        document=paper,
    )
    file.step("refer_out", by="sami")
