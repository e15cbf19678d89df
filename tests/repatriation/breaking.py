"""Each fact of a return undone, one at a time and past every service: what is left must refuse by its name.

The application's role deletes nothing, so what is to be missing is moved to a return of another child.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import clock
from accounts import policy
from accounts.models import PolicyValue
from cases.models import Assignment, Case, Consent, LegalProtection, Person, TravelFitness
from referrals.models import Referral
from repatriation.guards.deciding import ASSESSMENT_DAYS
from repatriation.models import (
    Argument,
    Assent,
    CareArrangement,
    ContactClearance,
    CountryInput,
    Handover,
    Journey,
    Leg,
    MonitoringVisit,
    Panel,
    Relationship,
    Return,
    Seat,
    TravelDocument,
    VerificationRequest,
    Wish,
)
from tests.repatriation import ways
from tests.repatriation.ways import Company, fresh_row, today

Break = Callable[[Company, Return], object]
DAY = timedelta(days=1)


def columns(model: Any, **values: Any) -> Break:
    """Of the rows of this return."""
    return lambda people, way: model.objects.filter(way=way.pk).update(**values)


def of_return(**values: Any) -> Break:
    return lambda people, way: Return.objects.filter(pk=way.pk).update(**values)


def of_case(model: Any, **values: Any) -> Break:
    return lambda people, way: model.objects.filter(case=way.case_id).update(**values)


def elsewhere(model: Any) -> Break:
    def move(people: Company, way: Return) -> None:
        other = ways.considered(people.cast, ways.active_case(people.cast))
        model.objects.filter(way=way.pk).update(way=other)

    return move


def panel_of(way: Return) -> Panel:
    panel = fresh_row(way).panel
    assert panel
    return panel


def voting_again(change: Break) -> Break:
    """A vote does not change once the chair has closed it, so it is opened, changed and closed as it was."""

    def again(people: Company, way: Return) -> None:
        panel = panel_of(way)
        Panel.objects.filter(pk=panel.pk).update(closed_at=None, minute_signed_at=None)
        change(people, way)
        Panel.objects.filter(pk=panel.pk).update(
            closed_at=panel.closed_at, minute_signed_at=panel.minute_signed_at
        )

    return again


def one_seat(**values: Any) -> Break:
    return voting_again(
        lambda people, way: Seat.objects.filter(panel=fresh_row(way).panel_id, member=people.paula).update(
            **values
        )
    )


def one_agency(people: Company, way: Return) -> None:
    Seat.objects.filter(panel=fresh_row(way).panel_id).update(agency=people.pavel.agency)


def other_outcome(people: Company, way: Return) -> None:
    """The chair closed it with another one than is to be decided; nobody dissents from that."""
    panel = panel_of(way)
    other = "deferral" if panel.outcome != "deferral" else "integration"
    voting_again(lambda people, way: Seat.objects.filter(panel=panel).update(vote=other))(people, way)
    Panel.objects.filter(pk=panel.pk).update(outcome=other)


def dissent(people: Company, way: Return) -> None:
    """One of three votes otherwise, and says nothing about it."""
    outcome = panel_of(way).outcome
    one_seat(vote="integration" if outcome != "integration" else "deferral")(people, way)


def assessed(**changes: Any) -> Break:
    return lambda people, way: ways.assessed(people, way, way.country, **changes)


def no_time_left(people: Company, way: Return) -> None:
    """A finished assessment never changes, so the time for which it holds does."""
    PolicyValue.objects.create(key=ASSESSMENT_DAYS, agency=way.case.agency, value=0)
    policy.forget_kept()


def worker_voted(people: Company, way: Return) -> None:
    Assignment.objects.filter(case=way.case_id, ended_at__isnull=True).update(worker=people.paula)


def unfit(people: Company, way: Return) -> None:
    TravelFitness.objects.create(
        case=way.case, is_fit=False, certified_on=today(way), supply_days=14, certified_by=people.petra
    )


def refused(people: Company, way: Return) -> None:
    row = Assent(
        way=way, case=way.case, kind="refused", given_on=today(way), means="talk", written_by=people.ana
    )
    row.words = "No."
    row.save(force_insert=True)


def signed_by_one(people: Company, way: Return) -> None:
    """Another handover to the same receiver, which only the escort has signed yet."""
    former = Handover.objects.get(way=way.pk, ended_at=None)
    Handover.objects.filter(pk=former.pk).update(ended_at=clock.now())
    row = Handover.objects.create(
        way=way, case=way.case, receiver=former.receiver, receiver_matches=True, list_done=True
    )
    row.signatures.create(signed_as="escort", signer=people.eskort, agency=people.eskort.agency)


def reflecting(people: Company, way: Return) -> None:
    LegalProtection.objects.filter(case=way.case_id).update(
        reflection_from=today(way), reflection_until=today(way) + 30 * DAY
    )


def receiver_implicated(people: Company, way: Return) -> None:
    """Whoever stands at the other end."""
    receiver = Handover.objects.get(way=way.pk, ended_at=None).receiver
    Person.objects.filter(pk__in=[receiver.person_id]).update(conflict="suspected")


def without_legs(people: Company, way: Return) -> None:
    elsewhere(Journey)(people, way)
    old = Leg.objects.get(case=way.case_id).journey
    other = Journey.objects.get(pk=old.pk)
    mine = ways.journey_planned(people, way)
    Leg.objects.filter(journey=mine).update(journey=other, place=2)


def last_visit(**values: Any) -> Break:
    def change(people: Company, way: Return) -> None:
        last = way.visits.filter(cancelled_at__isnull=True).latest("number")
        MonitoringVisit.objects.filter(pk=last.pk).update(**values)

    return change


def mine_only(people: Company, way: Return) -> None:
    """Who confirms is who proposed."""
    Return.objects.filter(pk=way.pk).update(end_proposed_by=people.sami)


def reception_over(people: Company, way: Return) -> None:
    Referral.objects.filter(pk__in=[fresh_row(way).reception_id]).update(
        state="handed_back", ended_at=clock.now()
    )


_SUSPENDED = {"state": "suspended", "suspended_from": "active"}
BREAKS: Mapping[str, Break] = {
    "case_runs": lambda people, way: Case.objects.filter(pk=way.case_id).update(**_SUSPENDED),
    "wish_known": elsewhere(Wish),
    "consent_to_tracing": lambda people, way: Consent.objects.filter(
        case=way.case_id, purpose="tracing"
    ).update(answer="refused"),
    "channel_cleared": of_case(ContactClearance, state="revoked"),
    "relationship_verified": elsewhere(Relationship),
    "fresh_assessment": no_time_left,
    # The latest assessment is about a country of which nothing was heard, and does not say why.
    "input_or_reason": lambda people, way: ways.assessed(people, way, "XC"),
    "voted_return": other_outcome,
    "voted_integration": other_outcome,
    "voted_third_country": other_outcome,
    "voted_deferral": other_outcome,
    "quorum": one_seat(vote="", voted_at=None),
    "no_agency_majority": one_agency,
    "panel_heard_child": columns(Panel, child_heard_on=None),
    "panel_heard_representative": columns(Panel, representative_heard_on=None),
    "all_argued": lambda people, way: Argument.objects.filter(
        panel=fresh_row(way).panel_id, factor="care", option="deferral"
    ).update(factor="other"),
    "minute_signed": columns(Panel, minute_signed_at=None),
    "dissent_recorded": dissent,
    "voters_are_free": worker_voted,
    "assessment_positive": assessed(conclusion="negative"),
    "no_refoulement": assessed(refoulement=True),
    "input_received": columns(CountryInput, country="XD"),
    "somebody_cares": columns(CareArrangement, is_able=False),
    "cleared": lambda people, way: ContactClearance.objects.filter(case=way.case_id).update(
        state="revoked", state_since=clock.now()
    ),
    "request_frozen": columns(VerificationRequest, country="XC"),
    "consent_to_post": lambda people, way: Consent.objects.filter(
        case=way.case_id, recipient=people.konsul.agency
    ).update(answer="withdrawn"),
    "escort_vetted": columns(Journey, escort_vetted_on=None),
    "reception_accepted": reception_over,
    "route_known": without_legs,
    "authorised": columns(Journey, authorised_by="", authorised_on=None),
    "decision_fresh": columns(Panel, outcome="integration"),
    "reflection_over": reflecting,
    "proceedings_allow": of_case(LegalProtection, proceedings="open"),
    "assent_given": refused,
    "fit_to_travel": unfit,
    "care_in_writing": columns(CareArrangement, agreement=None),
    "plan_accepted": of_return(plan_accepted_on=None),
    "document_valid": lambda people, way: TravelDocument.objects.filter(way=way.pk).update(
        issued_on=today(way) - 9 * DAY, expires_on=today(way) - DAY
    ),
    "escort_ready": columns(Journey, escort_vetted_on=None),
    "receiver_named": columns(Journey, receiver=None),
    "contacts_known": columns(Journey, has_contacts=False),
    "not_run_out": lambda people, way: Return.objects.filter(pk=way.pk).update(ready_until=clock.now() - DAY),
    "on_the_day": lambda people, way: Journey.objects.filter(way=way.pk, ended_at=None).update(
        departs_on=today(way) + DAY, arrives_on=today(way) + DAY
    ),
    "two_signatures": signed_by_one,
    "receiver_is_named": columns(Handover, receiver_matches=False),
    "receiver_is_free": receiver_implicated,
    "lists_done": columns(Handover, list_done=False),
    "reports_in": last_visit(done_on=None),
    "last_is_well": last_visit(safe=False),
    "alternate_approved": lambda people, way: CareArrangement.objects.filter(
        way=way.pk, alternate=True
    ).update(approved_by=None),
    "second_supervisor": mine_only,
}
# These are about what is typed with the step, not about a fact that was there before.
TYPED: Mapping[str, Mapping[str, Any]] = {
    "zone_holds": {"zone": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"},
    "valid_on_the_day": {"expires_on": None},
    "identity_checked": {"identity_checked": False},
    "review_in_time": {"review_on": None},
}
