"""Returns at the places where most tests begin: every fact a row of its own, every state reached by real steps.

Facts are written without the services that people use, so that a test of a step stands or falls with the step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import clock
from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case, Person, TravelFitness
from cases.models.choices import Purpose
from cases.models.people import Conflict, PersonRole
from cases.models.situation import FACTORS
from referrals.models import Referral
from repatriation.guards.deciding import options_of
from repatriation.models import (
    Argument,
    Assent,
    CareArrangement,
    ContactClearance,
    CountryInput,
    Handover,
    HandoverSignature,
    Journey,
    Leg,
    MonitoringVisit,
    Panel,
    Relationship,
    Return,
    Seat,
    SecurityAssessment,
    TravelDocument,
    VerificationRequest,
    Wish,
)
from repatriation.models.choices import Option
from repatriation.services import access, moving
from repatriation.services.clearing import take_clearance_step
from repatriation.services.opening import consider_return, propose_end
from tests.cases import files, papers
from tests.cast import PASSWORD, Cast
from tests.referrals.offers import consented, drafted
from tests.referrals.offers import step as referral_step

COUNTRY = "XB"
SAFE = "The grandmother was spoken to through the Red Cross; nobody of the network is near."


@dataclass(frozen=True)
class Company:
    """Who has a part in a return. `pia` has the chair of the panel; `selim` is of pavel's agency."""

    cast: Cast
    ana: User
    ben: User
    sami: User
    vera: User
    petra: User
    tomas: User
    konsul: User
    eskort: User
    fokus: User
    pia: User
    pavel: User
    paula: User
    selim: User


OF_THE_CAST = ("ana", "ben", "sami", "vera", "petra", "tomas", "konsul", "eskort", "fokus", "pia")


def company(cast: Cast) -> Company:
    other = Agency.objects.create(
        code="arvania-council",
        name="Children's council",
        country="XA",
        kind=AgencyKind.PANEL,
        time_zone="Europe/Vienna",
    )
    third = Agency.objects.create(
        code="arvania-court", name="Court", country="XA", kind=AgencyKind.PANEL, time_zone="Europe/Vienna"
    )
    made = {
        name: User.objects.create_account(
            name, PASSWORD, name=name.title(), role=Role.PANEL_MEMBER, agency=agency
        )
        for name, agency in (("pavel", other), ("paula", third), ("selim", other))
    }
    return Company(cast, **{name: getattr(cast, name) for name in OF_THE_CAST}, **made)


def active_case(cast: Cast) -> Case:
    """Active, with ana as its worker."""
    return files.in_state("active", cast.ana.agency, worker=cast.ana)


def considered(cast: Cast, case: Case) -> Return:
    return consider_return(case.pk, actor=cast.ana, country=COUNTRY)


def today(way: Return) -> Any:
    return clock.today(way.case.agency.time_zone)


def _made(row: Any, **sealed: Any) -> Any:
    """Sealed values need the row's id and its case first."""
    for name, value in sealed.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


# Facts, in the order in which the way home asks for them.


def wish(people: Company, way: Return) -> None:
    row = Wish(
        way=way,
        case=way.case,
        heard_on=today(way),
        means="talk",
        contact="yes",
        going="yes",
        written_by=people.ana,
    )
    _made(row, words="I want to see my grandmother.")


def tracing_agreed(people: Company, way: Return) -> None:
    files.agree(way.case, people.ana, Purpose.TRACING)


def clear(people: Company, way: Return, country: str = COUNTRY) -> None:
    if not ContactClearance.objects.filter(case=way.case, country=country, state="cleared").exists():
        take_clearance_step(way.case_id, country, "clear", actor=people.sami, reason=SAFE)


def grandmother(people: Company, way: Return) -> Person:
    found = Person.objects.filter(case=way.case, role=PersonRole.RELATIVE).first()
    if found is not None:
        return found
    row = Person(case=way.case, role=PersonRole.RELATIVE, country=COUNTRY, added_by=people.ana)
    return _made(row, name="Baba Vosk")  # type: ignore[no-any-return]


def related(people: Company, way: Return) -> None:
    row = Relationship(
        way=way,
        case=way.case,
        person=grandmother(people, way),
        evidence="register",
        verified_on=today(way),
        verified_by=people.ana,
    )
    _made(row)


def assessed(people: Company, way: Return, country: str = COUNTRY, **changes: Any) -> SecurityAssessment:
    said: dict[str, Any] = {"conclusion": "positive", "finished_at": clock.now(), "author": people.ben}
    row = SecurityAssessment(
        way=way, case=way.case, country=country, version=way.assessments.count() + 1, **(said | changes)
    )
    return _made(row, reasons="Nobody of the network is left there.", factors=[])  # type: ignore[no-any-return]


def input_given(people: Company, way: Return, country: str = COUNTRY) -> None:
    row = CountryInput(
        way=way, case=way.case, country=country, agency=people.tomas.agency, written_by=people.tomas
    )
    _made(row, factors=[])


def care_agreed(people: Company, way: Return, country: str = COUNTRY) -> CareArrangement:
    row = CareArrangement(
        way=way,
        case=way.case,
        country=country,
        kind="relative",
        person=grandmother(people, way),
        is_able=True,
        agreed_on=today(way),
        agreement=papers.added(way.case, people.ana),
        made_by=people.ana,
    )
    return _made(row, address="Mill Lane 3")  # type: ignore[no-any-return]


def partner_works(people: Company, way: Return) -> Referral:
    """Tomas has accepted the referral by which the family is looked at and the child received."""
    recipient = people.tomas.agency
    consented(way.case, people.ana, recipient)
    row = drafted(people.cast, way.case, recipient, legal_basis="consent", transfer_basis="agreement")
    Referral.objects.filter(pk=row.pk).update(cosigned_by=people.sami)
    for edge, actor in (("send", people.ana), ("acknowledge", people.tomas), ("accept", people.tomas)):
        row = referral_step(row, edge, actor)
    Return.objects.filter(pk=way.pk).update(partner=row, reception=row)
    return row


def panel_votes(
    people: Company, way: Return, outcome: Option = Option.RETURN, third_country: str = "", **changes: Any
) -> Panel:
    """Convened, argued, heard, voted unanimously, closed and signed."""
    now = clock.now()
    said: dict[str, Any] = {
        "child_heard_on": today(way),
        "child_means": "talk",
        "representative_heard_on": today(way),
        "outcome": outcome,
        "minute_signed_at": now,
        "minute_signed_by": people.pia,
    }
    row = Panel.objects.create(
        way=way,
        case=way.case,
        number=way.panels.count() + 1,
        country=way.country,
        third_country=third_country,
        chair=people.pia,
        convened_by=people.sami,
        meets_at=now,
    )
    Return.objects.filter(pk=way.pk).update(panel=row)
    members = [people.pia, people.pavel, people.paula]
    for member in members:
        Seat.objects.create(
            panel=row, case=way.case, member=member, agency=member.agency, vote=outcome, voted_at=now
        )
    access.open_for_panel(row, members, by=people.sami)
    for factor, _label in FACTORS:
        for option in options_of(third_country):
            _made(
                Argument(panel=row, case=way.case, factor=factor, option=option, written_by=people.pia),
                words="For and against.",
            )
    Panel.objects.filter(pk=row.pk).update(closed_at=now, **(said | changes))
    return Panel.objects.get(pk=row.pk)


def request_written(people: Company, way: Return, post: Agency | None = None) -> VerificationRequest:
    post = post or people.konsul.agency
    consented(way.case, people.ana, post)
    country = Return.objects.get(pk=way.pk).country
    row = VerificationRequest(way=way, case=way.case, post=post, country=country, made_by=people.ana)
    return _made(row, frozen={"names": [{"kind": "legal", "script": "Latn", "whole": "Lirana Vosk"}]})  # type: ignore[no-any-return]


def journey_planned(people: Company, way: Return, days: int = 5) -> Journey:
    """Leaves in so many days, in the morning; arrives in the evening where the clock is an hour ahead."""
    day = today(way) + timedelta(days=days)
    departs = datetime.combine(day, time(8), ZoneInfo("Europe/Vienna"))
    arrives = datetime.combine(day, time(18), ZoneInfo("Europe/Chisinau"))
    row = Journey(
        way=way,
        case=way.case,
        departs_at=departs,
        arrives_at=arrives,
        departs_on=day,
        arrives_on=day,
        escort=people.eskort,
        escort_vetted_on=today(way),
        receiver=way.arrangements.filter(ended_at__isnull=True, alternate=False).first(),
        authorised_by="guardian",
        authorised_on=today(way),
        has_contacts=True,
        made_by=people.ana,
    )
    _made(row, contacts=[["there", "Tomas", "+00 300"]], to_carry=["Passport", "Inhaler"])
    leg = Leg(
        journey=row,
        case=way.case,
        place=1,
        departs_at=departs,
        departs_zone="Europe/Vienna",
        arrives_at=arrives,
        arrives_zone="Europe/Chisinau",
    )
    _made(leg, start="Arva", end="Belm")
    access.open_for_escort(row, by=people.ana)
    return row


def day_has_come(way: Return) -> None:
    """What was planned for another day is for today; the clock stands where it did."""
    journey = way.journeys.filter(ended_at=None).first()
    if journey is None:
        return
    ahead = today(way) - journey.departs_on
    for name in ("departs_on", "arrives_on", "departs_at", "arrives_at"):
        setattr(journey, name, getattr(journey, name) + ahead)
    journey.save()
    for leg in journey.legs.all():
        leg.departs_at, leg.arrives_at = leg.departs_at + ahead, leg.arrives_at + ahead
        leg.save()


def assent_given(people: Company, way: Return) -> None:
    row = Assent(
        way=way, case=way.case, kind="assent", given_on=today(way), means="talk", written_by=people.ana
    )
    _made(row, words="Yes, with my bear.")


def certified_fit(people: Company, way: Return) -> None:
    TravelFitness.objects.create(
        case=way.case, is_fit=True, certified_on=today(way), supply_days=14, certified_by=people.petra
    )


def plan_accepted(people: Company, way: Return) -> None:
    Return.objects.filter(pk=way.pk).update(plan_accepted_on=today(way), plan_accepted_by=people.tomas)


def signed_by_two(people: Company, way: Return) -> Handover:
    fresh = fresh_row(way)
    row = Handover(
        way=way,
        case=way.case,
        receiver=fresh.facts.journey.receiver,  # type: ignore[union-attr]
        receiver_matches=True,
        list_done=True,
    )
    _made(row, ticked=["Passport", "Inhaler"])
    for side, signer in (("escort", people.eskort), ("receiver", people.tomas)):
        HandoverSignature.objects.create(handover=row, signed_as=side, signer=signer, agency=signer.agency)
    return row


def alternate_approved(people: Company, way: Return) -> CareArrangement:
    """Somebody else who would care, whom the panel has approved."""
    aunt = Person(case=way.case, role=PersonRole.RELATIVE, country=COUNTRY, added_by=people.ana)
    _made(aunt, name="Aunt Vosk")
    return CareArrangement.objects.create(
        way=way,
        case=way.case,
        country=fresh_row(way).country,
        kind="relative",
        person=aunt,
        is_able=True,
        agreed_on=today(way),
        alternate=True,
        approved_by=fresh_row(way).panel,
        made_by=people.ana,
    )


def alternate_signs(people: Company, way: Return) -> None:
    """The handover to the alternate, signed by two."""
    receiver = way.arrangements.filter(alternate=True).get()
    row = Handover.objects.create(
        way=way, case=way.case, receiver=receiver, receiver_matches=True, list_done=True
    )
    for side, signer in (("escort", people.eskort), ("receiver", people.tomas)):
        HandoverSignature.objects.create(handover=row, signed_as=side, signer=signer, agency=signer.agency)


def visits_reported(people: Company, way: Return, **last: Any) -> None:
    said: dict[str, Any] = {"safe": True, "occupation": "school", "signs": []}
    visits = list(way.visits.filter(cancelled_at__isnull=True))
    for visit in visits:
        told = said | (last if visit == visits[-1] else {})
        MonitoringVisit.objects.filter(pk=visit.pk).update(
            done_on=visit.due_on, reported_by=people.tomas, reported_at=clock.now(), **told
        )


def fresh_row(way: Return) -> Return:
    """The row as it is now, without facts from before."""
    return Return.objects.select_related("case__agency", "case__legal", "panel").get(pk=way.pk)


Fact = Callable[[Company, Return], Any]
# The main path: a step, who takes it, and what has to be there before.
MAIN: tuple[tuple[str, str, tuple[Fact, ...]], ...] = (
    ("trace", "ana", (wish, tracing_agreed, clear)),
    ("assess_family", "ana", (related,)),
    ("record_finding", "ana", ()),
    ("submit_to_panel", "sami", (assessed, input_given, care_agreed, partner_works)),
    ("decide_return", "pia", (panel_votes,)),
    ("request_verification", "ana", (request_written,)),
    ("verify_nationality", "konsul", ()),
    ("request_document", "konsul", ()),
    ("issue_document", "konsul", ()),
    ("plan_travel", "ana", (journey_planned,)),
    ("make_ready", "sami", (assent_given, certified_fit, plan_accepted)),
    ("depart", "eskort", (lambda people, way: day_has_come(way),)),
    ("arrive", "eskort", ()),
    ("hand_over", "tomas", (signed_by_two,)),
    ("complete", "sami", (visits_reported,)),
)
ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "trace": {"code": "authority"},
    "record_finding": {
        "code": "verified",
        "words": "The register of Belm names her, and both know the song.",
    },
    "reassess": {"reason": "A new name came up."},
    "reopen_decision": {"reason": "The grandmother has fallen ill."},
    "verify_nationality": {"code": "national", "reference": "KB-17"},
    "deny_nationality": {"reason": "No entry in the register."},
    "find_inconclusive": {"reason": "The registers burnt."},
    "issue_document": {"code": "emergency", "number": "L898902C3"},
    "refuse_document": {"code": "other", "reason": "A signature is missing."},
    "back_to_panel": {"reason": "The consulate has answered."},
    "depart": {"identity_checked": True},
    "fail_handover": {"code": "nobody_came", "words": "With the escort, in the hotel at the station."},
    "decide_anew": {"located": True, "reason": "Nobody came."},
    "raise_alert": {"words": "She has not been seen for two days."},
    "go_on_visiting": {"reason": "She was with her aunt."},
    "alert_to_panel": {"reason": "The uncle is back."},
    "withdraw": {"reason": "She does not want to go any more."},
    "suspend": {"reason": "A threat by telephone."},
    "resume": {"reason": "The police have cleared it up."},
    "end": {"code": "no_question"},
}


def entries(edge: str, way: Return) -> dict[str, Any]:
    values = dict(ENTRIES.get(edge, {}))
    if edge in ("verify_nationality", "deny_nationality", "find_inconclusive"):
        values["happened_on"] = today(way)
    if edge == "issue_document":
        # Each document has a number of its own.
        others = TravelDocument.objects.exclude(way=way).count()
        values |= {"number": f"L898902C{3 + others}"}
        values |= {"issued_on": today(way), "expires_on": today(way) + timedelta(days=90)}
    if edge == "decide_later":
        values["review_on"] = today(way) + timedelta(days=30)
    return values


def step(way: Return, edge: str, actor: User, **changes: Any) -> Return:
    values = entries(edge, way) | changes
    reason = str(values.pop("reason", ""))
    return moving.take_return_step(way.pk, edge, actor=actor, values=values, reason=reason)


def before(people: Company, case: Case, edge: str) -> Return:
    """A return on the main path just before this step, with everything there that the step asks for."""
    way = considered(people.cast, case)
    for name, actor, facts in MAIN:
        for fact in facts:
            fact(people, way)
        if name == edge:
            return fresh_row(way)
        step(way, name, getattr(people, actor))
    raise LookupError(edge)


def at(people: Company, case: Case, state: str) -> Return:
    """A return on the main path in this state."""
    way = considered(people.cast, case)
    for name, actor, facts in MAIN:
        if fresh_row(way).state == state:
            break
        for fact in facts:
            fact(people, way)
        step(way, name, getattr(people, actor))
    fresh = fresh_row(way)
    assert fresh.state == state
    return fresh


def end_proposed(people: Company, way: Return) -> None:
    propose_end(way.pk, actor=people.vera, why="no_question")  # type: ignore[arg-type]


def implicate(person: Person) -> None:
    """As when something new is found out about somebody."""
    Person.objects.filter(pk=person.pk).update(conflict=Conflict.SUSPECTED)
