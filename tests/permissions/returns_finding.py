"""What is found out before a decision. Who has a part abroad is somebody else in each test of that part."""

from collections.abc import Mapping

from django.urls import reverse

import clock
from cases.models import Case, Person
from cases.models.people import PersonRole
from cases.services.people import Particulars, add_person
from repatriation.models import Return
from repatriation.models.choices import OPEN
from repatriation.services.care import Care, name_care
from repatriation.services.opening import consider_return
from tests.cases import papers
from tests.cast import Cast
from tests.permissions.base import NOT_HERE, TEAM, WORK_ON_IT, WORKERS, Address, Row, cells, parts
from tests.referrals.offers import drafted
from tests.repatriation.finding import assessment_form

READ_AND_WRITTEN = Row(cells(404, s200=WORK_ON_IT), cells(404, s302=WORKERS, s403=[TEAM]))
# Only of the partner abroad, or of who receives the child.
OF_THE_PARTNER = Row(cells(404), cells(404))

ROWS: Mapping[str, Row] = {
    "return_wish": READ_AND_WRITTEN,
    "return_family": READ_AND_WRITTEN,
    "return_partners": READ_AND_WRITTEN,
    "return_plan": OF_THE_PARTNER,
    "return_care": READ_AND_WRITTEN,
    "return_agreement": Row(cells(404, s200=WORKERS, s403=[TEAM]), cells(404, s302=WORKERS, s403=[TEAM])),
    "return_study": Row(cells(404, s200=WORK_ON_IT), NOT_HERE),
    "return_study_new": Row(cells(404, s403=WORK_ON_IT), cells(404, s403=WORK_ON_IT)),
    "return_input": OF_THE_PARTNER,
    "return_assessment": READ_AND_WRITTEN,
    "return_assessment_finish": Row(cells(404, s302=WORK_ON_IT), cells(404, s302=WORKERS, s403=[TEAM])),
}


def the_return(cast: Cast, case: Case) -> Return:
    """One is open for a case, whoever asked for it first."""
    return case.returns.filter(state__in=OPEN).first() or consider_return(
        case.pk, actor=cast.ana, country="XB"
    )


def _relative(cast: Cast, case: Case) -> Person:
    told = Particulars(role=PersonRole.RELATIVE, name="Aunt Osprey", country="XB")
    return add_person(case.pk, actor=cast.ana, told=told)


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    way, aunt = the_return(cast, case), _relative(cast, case)
    # A partner that is nobody whom the table asks.
    draft = drafted(cast, case, cast.tomas.agency, "Livelihood", legal_basis="order", basis_words="x" * 20)
    Return.objects.filter(pk=way.pk).update(partner=draft)
    care = name_care(
        way.pk, actor=cast.ana, care=Care(country="XB", person_id=aunt.pk, address="Mill Lane 3")
    )
    today = clock.today(case.agency.time_zone)

    def of(name: str, *args: object, **data: object) -> Address:
        return Address(reverse(name, args=[way.pk, *args]), data)

    wish = {"means": "talk", "contact": "yes", "going": "yes", "words": "Home."}
    return {
        "return_wish": of("return_wish", **wish, **parts("heard_on", today)),
        "return_family": of(
            "return_family", person=aunt.pk, evidence="register", **parts("verified_on", today)
        ),
        "return_partners": of("return_partners"),
        "return_plan": of("return_plan", accepts="yes"),
        "return_care": of(
            "return_care", who=f"person:{aunt.pk}", country="XB", alternate="no", address="Mill Lane 3"
        ),
        "return_agreement": of(
            "return_agreement", care.pk, file=papers.upload(), **parts("agreed_on", today)
        ),
        "return_study": of("return_study"),
        "return_study_new": of("return_study_new", care.pk),
        "return_input": of("return_input"),
        "return_assessment": of("return_assessment", **assessment_form()),
        "return_assessment_finish": of("return_assessment_finish", **assessment_form()),
    }
