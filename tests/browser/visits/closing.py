"""Pages about the end of a case, for tests that look at all pages."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

import clock
from accounts.models import Agency, AgencyKind, User
from cases.models import Case
from cases.models.choices import Answer, BirthCertainty, CaseState, GivenBy, Purpose
from cases.models.erasure import ErasureGround
from cases.services.abroad import believe_in_danger
from cases.services.closing import record_outside, write_closure
from cases.services.consents import record_consent, withdraw_consent
from cases.services.erasing import ask_for_erasure, place_hold
from cases.services.identity import record_identity
from tests.browser.visits.base import LONG_WORD, WORDS, House, Visit, send
from tests.cases import facts, files


def furnish(case: Case, people: Mapping[str, User]) -> None:
    """Beside the full file: one in monitoring with a closure, one missing with danger abroad, one at 18."""
    ana, sami, today = people["ana"], people["sami"], clock.today(people["ana"].agency.time_zone)
    outside = Agency.objects.create(
        code="far-away", name=LONG_WORD, country="XB", kind=AgencyKind.OUTSIDE, time_zone="Europe/Chisinau"
    )
    paper = facts.document(case, ana)
    record_outside(case.pk, actor=ana, agency=outside, accepted_on=today, contact=LONG_WORD, document=paper)
    answered: dict[str, Any] = {"answer": Answer.ASSENT, "given_by": GivenBy.CHILD, "given_on": today}
    services = record_consent(case.pk, actor=ana, purpose=Purpose.SERVICES, **answered)
    withdraw_consent(case.pk, services.pk, actor=ana, given_by=GivenBy.CHILD, given_on=today, explained=WORDS)
    ending = files.in_state(CaseState.MONITORING, sami.agency, worker=ana, import_key="visit-closing")
    write_closure(
        ending.pk,
        actor=ana,
        summary=f"{WORDS} {LONG_WORD}",
        child_informed_on=today,
        no_guardian_because=LONG_WORD,
    )
    files.in_state(CaseState.MONITORING, sami.agency, worker=ana, import_key="visit-unwritten")
    missing = files.in_state(CaseState.SUSPENDED, sami.agency, worker=ana, import_key="visit-missing")
    believe_in_danger(missing.pk, actor=ana, country="XB")
    over: dict[str, Any] = {"worker": ana, "retain_until": today.replace(year=today.year - 1)}
    files.in_state(CaseState.CLOSED, sami.agency, import_key="visit-over", **over)
    erased = files.in_state(CaseState.CLOSED, sami.agency, import_key="visit-erasing", **over)
    ask_for_erasure(erased.pk, actor=sami, ground=ErasureGround.REQUEST, reason=f"{WORDS} {LONG_WORD}")
    place_hold(erased.pk, actor=sami, why=f"{WORDS} {LONG_WORD}", until=today)
    grown = files.in_state(CaseState.ACTIVE, sami.agency, worker=ana, import_key="visit-grown")
    born = date(today.year - 18, 1, 1)
    record_identity(
        grown.pk,
        actor=ana,
        identity=files.identity(birth_date=born, birth_certainty=BirthCertainty.YEAR),
    )


def visits(house: House) -> Iterator[Visit]:
    ana, sami, full = house.people["ana"], house.people["sami"], house.full

    def of(key: str) -> Case:
        return Case.objects.get(import_key=f"visit-{key}")

    def at(name: str, case: Case, *more: object) -> str:
        return reverse(name, args=[case.pk, *more])

    yield Visit("closure", ana, at("closure", of("closing")))
    yield Visit("closure sami", sami, at("closure", of("closing")))
    yield Visit("closure empty", ana, at("closure", full))
    yield Visit("closure wrong", ana, at("closure", of("unwritten")), send())
    yield Visit("erasure", sami, at("erasure", of("over")))
    yield Visit("erasure open", sami, at("erasure", full))
    yield Visit("erasure asked", sami, at("erasure", of("erasing")))
    yield Visit("erasure officer", house.people["aida"], at("erasure", of("erasing")))
    yield Visit("erasure wrong", sami, at("erasure", of("over")), send("form[action$='/erasure/']"))
    yield Visit("hold_place wrong", sami, at("erasure", of("over")), send("form[action$='/hold/']"))
    yield Visit("durable_solution", sami, at("durable_solution", full))
    yield Visit("durable_solution ana", ana, at("durable_solution", full))
    yield Visit("durable_solution wrong", sami, at("durable_solution", full), send())
    yield Visit("outside", ana, at("outside", full))
    yield Visit("outside empty", ana, at("outside", of("closing")))
    yield Visit("outside wrong", ana, at("outside", full), send())
    yield Visit("coming_of_age", ana, at("coming_of_age", full))
    yield Visit("coming_of_age due", ana, at("coming_of_age", of("grown")))
    yield Visit("coming_of_age wrong", ana, at("coming_of_age", of("grown")), send())
    yield Visit("danger_abroad", ana, at("danger_abroad", of("missing")))
    yield Visit("danger_abroad nothing", ana, at("danger_abroad", full))
    told = send("form[action$='/told/']")
    yield Visit("focal_point_told wrong", ana, at("danger_abroad", of("missing")), told)
    yield Visit("case_propose_end missing", sami, at("case_propose_end", of("missing")))
    shared = full.consents.filter(purpose=Purpose.SHARING, recipient__code="arvania-shelter").latest(
        "recorded_at"
    )
    yield Visit("consent_withdraw", ana, at("consent_withdraw", full, shared.pk))
    yield Visit("consent_withdraw wrong", ana, at("consent_withdraw", full, shared.pk), send())
    yield Visit("withdrawal_decide", sami, at("withdrawal_decide", full, "services"))
    yield Visit("withdrawal_decide wrong", sami, at("withdrawal_decide", full, "services"), send())
    yield Visit("consents to decide", sami, at("consents", full))
