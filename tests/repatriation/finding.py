"""What people send when they find something out, and a return on which a partner abroad works."""

from typing import Any

from cases.models import Case
from repatriation.models import Return
from repatriation.models.choices import RiskFactor
from repatriation.study import questions
from tests.cases.asking import day
from tests.repatriation import ways
from tests.repatriation.ways import Company

# What no page of somebody abroad may say: the wish, and what the assessment says.
WISH_WORDS = "I want to see my grandmother."


def strangers(people: Company) -> list[Any]:
    """Nobody of these has anything to do with the return; tomas has, once he is named."""
    cast = people.cast
    return [cast.omar, people.ben, cast.aida, cast.hotline, people.petra, people.konsul, people.eskort]


def partnered(people: Company, case: Case) -> Return:
    """Considered, contact cleared, and tomas named; the grandmother would care."""
    way = ways.considered(people.cast, case)
    ways.clear(people, way)
    ways.partner_works(people, way)
    return ways.fresh_row(way)


def study_form(way: Return, **changes: Any) -> dict[str, Any]:
    said = {each.code: f"Seen: {each.code}." if each.in_words else "yes" for each in questions()}
    sent = said | {"owes": "no", "earn": "no", "violence": "no", "visitors": "no", "reach": "no"}
    return sent | {"conclusion": "suitable"} | day("visited_on", ways.today(way)) | changes


def input_form(**changes: Any) -> dict[str, Any]:
    sent = dict[str, Any]()
    for code in RiskFactor.values:
        sent |= {f"{code}_likelihood": "low", f"{code}_sources": f"Known there: {code}."}
    return sent | changes


def assessment_form(version: int = 1, **changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"version": version, "country": ways.COUNTRY, "seen": ""}
    for code in RiskFactor.values:
        sent |= {
            f"{code}_likelihood": "low",
            f"{code}_sources": f"Shown: {code}.",
            f"{code}_mitigation": f"Done: {code}.",
        }
    sent |= {
        "conclusion": "positive",
        "reasons": "Nobody of the network is left there.",
        "not_sought": "An authority would learn where she is.",
    }
    return sent | changes
