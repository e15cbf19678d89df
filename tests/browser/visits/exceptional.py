"""Opening a file in an emergency, its review, and what people read."""

from collections.abc import Iterator, Mapping

from django.urls import reverse

from accounts.access import Section
from accounts.audit import record_read
from accounts.models import User
from cases.models import Case, EmergencyOpening
from cases.models.emergency import EmergencyVerdict
from cases.services.emergency import open_in_emergency, review_emergency
from cases.services.watching import tell
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send

NO_PAGE = frozenset[str]()


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """One that is reviewed and one that waits, and somebody who read a lot."""
    omar, sami = people["omar"], people["sami"]
    others = Case.objects.filter(agency=sami.agency, state="active").order_by("reported_at", "pk")
    done = open_in_emergency(others[0].code, actor=omar, reason=f"{LONG_WORD} {WORDS}")
    review_emergency(done.pk, actor=sami, verdict=EmergencyVerdict.NOT_JUSTIFIED, note=f"{LONG_WORD} {WORDS}")
    open_in_emergency(case.code, actor=omar, reason=f"{LONG_WORD} {WORDS}")
    ana = people["ana"]
    for read, basis in ((case, "assignment"), (others[0], "emergency")):
        record_read(ana, read, case_id=read.pk, sections=Section, basis=[basis])
    tell(ana.pk, 43, 14, case.reported_at, actor=None)


def visits(house: House) -> Iterator[Visit]:
    omar, sami, aida = (house.people[name] for name in ("omar", "sami", "aida"))
    reviews = reverse("emergency_reviews")
    waiting, done = (
        EmergencyOpening.objects.filter(reviewed_at__isnull=is_open)[0].pk for is_open in (True, False)
    )
    yield Visit("emergency", omar, reverse("emergency"))
    yield Visit("emergency wrong", omar, reverse("emergency"), send())
    yield Visit("emergency_reviews", aida, reviews)
    yield Visit("emergency_reviews sami", sami, reviews)
    yield Visit("emergency_review", sami, reverse("emergency_review", args=[waiting]))
    yield Visit("emergency_review wrong", aida, reverse("emergency_review", args=[waiting]), send())
    yield Visit("emergency_review done", aida, reverse("emergency_review", args=[done]))
    yield Visit("people_access", aida, reverse("people_access"))
    yield Visit("person_access", aida, reverse("person_access", args=[house.people["ana"].pk]))
    yield Visit(
        "person_access before",
        sami,
        reverse("person_access", args=[house.people["ana"].pk]) + "?week=2001-01-01",
    )
