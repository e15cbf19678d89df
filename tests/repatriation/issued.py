"""Papers of a return: taken as people take them, and read as other programs read them."""

import re
import unicodedata
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import clock
from accounts.meanwhile import last_saved
from accounts.models import Agency, User
from cases.models import Case, ExploitationAccount, IssuedPaper, Placement
from cases.models.registers import HealthRecord
from cases.services.identity import add_name
from repatriation.models import Return
from repatriation.models.choices import Occupation
from repatriation.services import handing
from repatriation.services.reporting import VisitReport, report_visit
from tests.cases.asking import get
from tests.cases.whole_file import put
from tests.poppler import text_of
from tests.repatriation import ways
from tests.repatriation.handovers import gone_through, standing
from tests.repatriation.journeys import arranged, in_days
from tests.repatriation.ways import Company

CODE = re.compile(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]")
# A name that is written from the right.
ARABIC = "ليلى ندى"


# Of each paper: on which of the two returns it is taken here, by whom, and what its address names besides.
READY, VISITED = "ready", "visited"
PAPERS: Mapping[str, tuple[str, str, tuple[int, ...]]] = {
    "minute_paper": (READY, "ana", ()),
    "request_paper": (READY, "konsul", ()),
    "mandate_paper": (READY, "eskort", ()),
    "travel_pack": (READY, "eskort", ()),
    "handover_paper": (VISITED, "tomas", ()),
    "visit_paper": (VISITED, "tomas", (1,)),
}
# What stands in the file and on no paper for a journey, a handover or a consulate.
CANARIES = {
    "account": "man-with-the-magpie",
    "shelter": "house-behind-the-heron",
    "mental health": "wakes-at-night-like-an-owl",
}
Returns = Mapping[str, Return]


def both(people: Company) -> Returns:
    """One that is ready to depart, and one after which a visit was made; each in a file of its own."""
    speak_apart(people)
    return {READY: ready(people, told_of(people)), VISITED: visited(people, told_of(people))}


def ready(people: Company, case: Case) -> Return:
    way = ways.at(people, case, "ready")
    arranged_anew(people, way)
    return ways.fresh_row(way)


def arranged_anew(people: Company, way: Return, **changes: Any) -> None:
    said: dict[str, Any] = {
        "escort": people.eskort,
        "escort_vetted_on": in_days(0),
        "authorised_by": "guardian",
        "authorised_on": in_days(0),
        "mandate": "Order 12/26 of the youth court.",
        "to_carry": ["Passport", "Inhaler"],
        "assistance": "The railway mission waits.",
        "fallback": "Stay at the mission, and call.",
    }
    arranged(way, people.ana, **(said | changes))


def visited(people: Company, case: Case) -> Return:
    way = signed(people, case)
    said = VisitReport(in_days(0), True, True, Occupation.SCHOOL, [], "I like the dog.", "Her room is warm.")
    report_visit(way.pk, 1, actor=people.tomas, report=said)
    return ways.fresh_row(way)


def arrived(people: Company, case: Case) -> Return:
    way = ready(people, case)
    ways.day_has_come(way)
    for edge in ("depart", "arrive"):
        ways.step(way, edge, people.eskort)
    return ways.fresh_row(way)


def signed(people: Company, case: Case) -> Return:
    """Handed over by both, with a remark, and with one line that was not there."""
    way = arrived(people, case)
    handing.begin_handover(way.pk, actor=people.eskort)
    gone_through(people, way)
    handing.tick_line(way.pk, actor=people.eskort, place=2, there=False)
    handing.write_remarks(way.pk, actor=people.tomas, words="The inhaler stayed on the train.")
    for signer in (people.eskort, people.tomas):
        handing.sign_handover(way.pk, actor=signer, seen=last_saved(standing(way)))
    return ways.fresh_row(way)


def speaks(agency: Agency, *languages: str) -> None:
    agency.languages = list(languages)
    agency.save()


def speak_apart(people: Company) -> None:
    """The home agency works in English, everybody abroad in Russian."""
    speaks(people.ana.agency, "en")
    for user in (people.tomas, people.konsul):
        speaks(user.agency, "ru")


def told_of(people: Company) -> Case:
    """A file that says who the child is, in two scripts, and much that is no paper's business."""
    case = ways.active_case(people.cast)
    child = case.child
    child.known_as, child.languages = "Lirana Vosk", "Belmoran, some Russian"
    child.save()
    given, family = ARABIC.split()
    add_name(case.pk, actor=people.ana, kind="legal", given=given, family=family)
    today, by = clock.today(case.agency.time_zone), people.ana
    shelter = CANARIES["shelter"]
    put(Placement, case, kind="shelter", is_safe=True, address=shelter, since=today, recorded_by=by)
    put(ExploitationAccount, case, words=CANARIES["account"], recorded_by=by)
    put(HealthRecord, case, kind="mental_health", words=CANARIES["mental health"], entered_by=people.petra)
    put(HealthRecord, case, kind="medication", words="Salbutamol, two puffs.", entered_by=people.petra)
    return Case.objects.select_related("child").get(pk=case.pk)


def take(user: User, name: str, way: Return, *more: object) -> Any:
    return get(user, name, way.pk, *more)


def taken(user: User, name: str, way: Return, *more: object) -> bytes:
    answer = take(user, name, way, *more)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert re.fullmatch(r'attachment; filename="[a-z-]+\.pdf"', answer["Content-Disposition"])
    return bytes(answer.content)


def sheets(content: bytes) -> list[str]:
    """The text of each page, on one line, as PDFium finds it."""
    document = pypdfium2.PdfDocument(BytesIO(content))
    found = [document[page].get_textpage().get_text_bounded() for page in range(len(document))]
    return [_flat(text) for text in found]


def printed(content: bytes) -> str:
    return " ".join(sheets(content))


def left_of(content: bytes, word: str) -> float:
    """Where on the first page it begins, seen from the left."""
    page = pypdfium2.PdfDocument(BytesIO(content))[0].get_textpage()
    signs = [
        unicodedata.normalize("NFKC", page.get_text_range(place, 1)) for place in range(page.count_chars())
    ]
    place = "".join(sign[:1] or " " for sign in signs).index(word)
    return float(min(page.get_charbox(place + each)[0] for each in range(len(word))))


def readings(content: bytes) -> list[str]:
    """As PDFium finds it, and as poppler does."""
    return [printed(content), in_poppler(content)]


def in_poppler(content: bytes) -> str:
    return _flat(text_of(content))


def _flat(text: str) -> str:
    """Compatible forms, one blank between words, and no sign that only tells the direction."""
    shown = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"
    )
    return " ".join(shown.split())


def code_of(content: bytes) -> str:
    """The same at the foot of each page."""
    found = {tuple(CODE.findall(page)) for page in sheets(content)}
    ((code,),) = found
    return str(code)


def asked(content: bytes | None, code: str = "") -> str:
    """What `/verify/` tells a stranger."""
    sent: dict[str, Any] = {"code": code}
    if content is not None:
        sent["file"] = SimpleUploadedFile("paper.pdf", content)
    answer = Client().post(reverse("verify"), sent)
    assert answer.status_code == 200
    return str(answer.content.decode())


def is_current(content: bytes) -> bool:
    said = asked(content)
    assert "Genuine" in said
    return "Genuine and current." in said


def kinds() -> list[tuple[str, bool]]:
    rows = IssuedPaper.objects.order_by("made_at", "pk")
    return [(row.kind, row.is_current) for row in rows]
