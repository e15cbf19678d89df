"""One return, moved at random by the people of both countries while facts change and the clock jumps.

After each step: nobody departed without everything that G-READY asks for, nobody was handed over without two
signatures, the consulate reads identity and nothing else and only while it is asked, what forbids a journey has stopped
it, and every deadline has fired once. Judged by readings of the rows, in words that share nothing with the guards.
"""

import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import clock
from accounts import policy
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, User
from cases.models import Case, Placement
from cases.permissions import sections
from repatriation.models import Return
from repatriation.models.choices import Option
from repatriation.permissions import visible_to
from repatriation.services.watching import look
from tests.conftest import ClockHand
from tests.repatriation import ways
from tests.repatriation.breaking import BREAKS
from tests.repatriation.ways import MAIN, Company, fresh_row
from tests.repatriation.words import CARRIED_OUT, DECIDED, STEPS
from tests.undone import undone
from workflow import deadlines
from workflow.machine import Refused
from workflow.models import Deadline

REFUSALS = (Refused, Invalid, PermissionDenied, ObjectDoesNotExist)
PEOPLE = ("ana", "sami", "vera", "tomas", "konsul", "eskort", "pia", "pavel", "fokus")
HANDS = {
    "case_worker": "ana",
    "supervisor": "sami",
    "partner_abroad": "tomas",
    "chair": "pia",
    "consular": "konsul",
    "escort": "eskort",
    "receiver": "tomas",
}
MOVES = (
    *("go_on",) * 12,
    *("step_aside",) * 3,
    *("any_step", "change_fact", "time_passes", "look") * 2,
)
HOURS = (1, 1, 6, 6, 24, 24, 72, 24 * 8, 24 * 40, -1, -3)
DECISIONS = ("return", "return", "return", "return", "integration", "deferral")
DECIDED_BY = {"return": "decide_return", "integration": "decide_integration", "deferral": "decide_later"}
# What no consulate reads, wherever it looks.
PAGES = ("case", "case_file", "placement", "account", "medical", "case_risk")
CANARY = "Quendolina Lane 7"


class Drawn:
    """All that a move may have to know, from one number and its turn."""

    def __init__(self, number: int, turn: int) -> None:
        # No secret comes of it.
        draw = Random(f"{number} {turn}")  # noqa: S311
        self.move = draw.choice(MOVES)
        self.luck = draw.randrange(2**16)
        self.actor = draw.choice(PEOPLE)
        self.edge = draw.choice(sorted(STEPS))
        self.fact = draw.choice(sorted(BREAKS))
        self.hours = draw.choice(HOURS)
        self.decision = draw.choice(DECISIONS)


class Returns(RuleBasedStateMachine):
    """`people`, `case` and `clock_at` are set by whoever runs it. Nothing of a run ever happened once it is over."""

    people: ClassVar[Company]
    case: ClassVar[Case]
    clock_at: ClassVar[ClockHand]
    begins_at: ClassVar[datetime]
    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.turn = 0
        self.before = "considered"

    @initialize(days=st.sampled_from([0, 0, 131]))
    def begin(self, days: int) -> None:
        """Now, or on the day before clocks are put back."""
        self.clock_at(self.begins_at + timedelta(days=days))
        self.stack.enter_context(undone())
        self.pk = self._considered(self.case).pk

    def teardown(self) -> None:
        self.stack.close()
        policy.forget_kept()

    @property
    def way(self) -> Return:
        return fresh_row(Return(pk=self.pk))

    def attempt(self, name: str, act: Callable[[], object]) -> bool:
        """A refusal changes nothing, whatever it says."""
        self.tally["steps"] += 1
        self.tally[name] += 1
        before = AuditEvent.objects.count()
        try:
            act()
        except REFUSALS:
            self.tally[f"{name}: refused"] += 1
            assert AuditEvent.objects.count() == before, f"{name} was refused and left something behind"
            return False
        return True

    @rule(number=st.integers(0, 2**32 - 1))
    def move(self, number: int) -> None:
        """One rule for all, so that the moves come as often as they are meant to."""
        self.turn += 1
        drawn = Drawn(number, self.turn)
        getattr(self, f"_{drawn.move}")(drawn)
        self.it_led_there_rightly()

    def _go_on(self, drawn: Drawn) -> None:
        way = self.way
        if not way.is_open:
            self.pk = self._anew().pk
        elif way.state == "panel_pending":
            self._decide(way, drawn)
        elif on := next((each for each in MAIN if way.state in STEPS[each[0]][0]), None):
            self._there(way, on[2])
            self.attempt(on[0], lambda: ways.step(way, on[0], getattr(self.people, on[1])))
        else:
            self._step_aside(drawn)

    def _anew(self) -> Return:
        """That one is over: another child's begins."""
        self.before = "considered"
        return self._considered(ways.active_case(self.people.cast))

    def _considered(self, case: Case) -> Return:
        live_at(case, CANARY, by=self.people.ana)
        return ways.considered(self.people.cast, case)

    def _there(self, way: Return, facts: tuple[Callable[[Company, Return], Any], ...]) -> None:
        """What people would see to before this step, as far as it can be had."""
        for fact in facts:
            self._written(lambda fact=fact: fact(self.people, fresh_row(way)))  # type: ignore[misc]

    def _written(self, write: Callable[[], object]) -> None:
        # Whole or not at all; entry points of services may still demand the outermost transaction.
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]
        try:
            with block:
                write()
        except (*REFUSALS, DatabaseError):
            self.tally["fact: not to be had"] += 1
        except (AssertionError, AttributeError, TypeError, MultipleObjectsReturned) as error:
            if not _is_of_the_drive(error):
                raise
            self.tally["fact: not to be had"] += 1

    def _decide(self, way: Return, drawn: Drawn) -> None:
        if way.panel is None or not way.panel.is_open:
            self._there(way, (ways.assessed, ways.input_given))
            self._written(lambda: ways.panel_votes(self.people, fresh_row(way), Option(drawn.decision)))
        panel = fresh_row(way).panel
        edge = DECIDED_BY.get(panel.outcome if panel else "", "decide_return")
        self.attempt(edge, lambda: ways.step(way, edge, self.people.pia))

    def _step_aside(self, drawn: Drawn) -> None:
        way = self.way
        edges = sorted(name for name, (sources, _to, who) in STEPS.items() if way.state in sources and who)
        if not edges:
            return
        edge = edges[drawn.luck % len(edges)]
        if edge == "end" and way.end_proposed_by is None and drawn.luck // 256 % 3 == 0:
            self._there(way, (ways.end_proposed,))
        hand = sorted(STEPS[edge][2] & set(HANDS))
        if hand:
            by = getattr(self.people, HANDS[hand[drawn.luck // 64 % len(hand)]])
            self.attempt(edge, lambda: ways.step(way, edge, by))

    def _any_step(self, drawn: Drawn) -> None:
        way, by = self.way, getattr(self.people, drawn.actor)
        self.attempt(drawn.edge, lambda: ways.step(way, drawn.edge, by))

    def _change_fact(self, drawn: Drawn) -> None:
        """Past every service; the next write in the case looks at what rests on it."""
        self._count("fact")
        way = self.way
        self._written(lambda: BREAKS[drawn.fact](self.people, way))
        policy.forget_kept()
        look(way.case_id)

    def _time_passes(self, drawn: Drawn) -> None:
        """The clock may be put back, too. A worker dies in its sweep; the next one does all of it, a third nothing."""
        self._count("time")
        self.clock_at.forward(timedelta(hours=drawn.hours))
        with undone():
            deadlines.sweep()
        deadlines.sweep()
        passed = Deadline.objects.filter(due_at__lte=clock.now(), met_at=None, cancelled_at=None)
        assert not passed.filter(overdue_at=None).exists(), "a deadline passed unheard"
        fired, told = self._fired(), Notification.objects.count()
        deadlines.sweep()
        assert self._fired() == fired
        assert Notification.objects.count() == told, "a second sweep told somebody again"

    def _fired(self) -> dict[Any, Any]:
        return dict(Deadline.objects.filter(overdue_at__isnull=False).values_list("pk", "overdue_at"))

    def _look(self, drawn: Drawn) -> None:
        """Who is nobody to it finds nothing; the consulate finds identity alone, and never where the child lives."""
        self._count("look")
        way = self.way
        person: User = getattr(self.people, drawn.actor)
        seen = visible_to(person).filter(pk=way.pk).exists()
        assert self._page(person, "return", way.pk).status_code == (200 if seen else 404)
        if person == self.people.konsul:
            name = PAGES[drawn.luck % len(PAGES)]
            pages = [self._page(person, "consular", way.pk), self._page(person, name, way.case_id)]
            assert pages[0].status_code == (200 if seen else 404)
            assert pages[1].status_code == (200 if seen and name in ("case", "case_file") else 404)
            assert all(CANARY not in page.content.decode() for page in pages)
        if person == self.people.ana:
            # It stands there to be found.
            assert CANARY in self._page(person, "placement", way.case_id).content.decode()

    def _page(self, person: User, name: str, subject: Any) -> Any:
        client = Client()
        client.force_login(person)
        return client.get(reverse(name, args=[subject]))

    def _count(self, name: str) -> None:
        self.tally["steps"] += 1
        self.tally[name] += 1

    def it_led_there_rightly(self) -> None:
        way = self.way
        before, self.before = self.before, str(way.state)
        if before == way.state:
            return
        self.tally[f"became {way.state}"] += 1
        if way.state == "departed":
            assert lacking(way) == []
        if way.state == "monitoring" and before in ("arrived", "handover_failed"):
            given = way.handovers.latest("begun_at")
            assert len(set(given.signatures.values_list("signer", flat=True))) == 2

    @invariant()
    def it_holds(self) -> None:
        if not hasattr(self, "pk"):
            return
        way = self.way
        self._consulate_reads_what_it_may(way)
        if way.state in DECIDED | CARRIED_OUT:
            assert forbidden(way) == [], (way.state, forbidden(way))

    def _consulate_reads_what_it_may(self, way: Return) -> None:
        konsul = self.people.konsul
        asked = way.requests.filter(sent_at__isnull=False, ended_at__isnull=True).exists()
        assert visible_to(konsul).filter(pk=way.pk).exists() == asked
        assert set(sections(konsul, way.case)) <= {Section.IDENTITY}


def _is_of_the_drive(error: Exception) -> bool:
    """Whoever writes a fact counts on others that are not there yet; a service that stumbles is a fault."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/.venv/" not in frame.filename]
    return "/tests/" in ours[-1].filename


def live_at(case: Case, address: str, *, by: User) -> None:
    placement = Placement(
        case=case, kind="shelter", is_safe=True, since=clock.today("Europe/Vienna"), recorded_by=by
    )
    placement.address = address
    placement.save(force_insert=True)


def forbidden(way: Return) -> list[str]:
    """What stops every journey, as the rows say it now. A contact that nobody has cleared yet is none."""
    found = []
    if way.case.state in ("suspended", "closed", "not_eligible", "referred_out", "duplicate"):
        found.append("case")
    revoked = way.case.clearances.filter(country=way.country, state="revoked")
    if way.state in DECIDED and way.panel is not None:
        # What was revoked before, the panel knew: contact is cleared anew before the consulate is asked.
        revoked = revoked.filter(state_since__gt=way.panel.closed_at)
    if revoked.exists():
        found.append("clearance")
    assessment = (
        way.assessments.filter(country=way.country, finished_at__isnull=False).order_by("-version").first()
    )
    if assessment is None or assessment.conclusion != "positive" or assessment.refoulement:
        found.append("assessment")
    if not way.inputs.filter(country=way.country).exists():
        found.append("input")
    care = way.arrangements.filter(country=way.country, alternate=False, ended_at=None).first()
    if care is None or not care.is_able or care.agreed_on is None or _had_a_part(care.person):
        found.append("care")
    if _is_claimed_against(way):
        found.append("claim")
    return found


def _is_claimed_against(way: Return) -> bool:
    """The latest claim for protection names this country, or none, and is pending or was granted."""
    if way.case.legal.protection not in ("claimed", "granted"):
        return False
    claim = way.case.track_steps.filter(edge="claim_protection").order_by("-made_at").first()
    return claim is None or claim.coded.get("against", "") in ("", way.country)


def _had_a_part(person: Any) -> bool:
    return person is not None and (
        person.role == "suspect" or person.conflict in ("suspected", "suspects_side")
    )


def lacking(way: Return) -> list[str]:
    """Of everything that has to be there when a child departs."""
    journey = way.journeys.filter(ended_at=None).first()
    document = way.travel_documents.filter(ended_at=None).first()
    care = way.arrangements.filter(country=way.country, alternate=False, ended_at=None).first()
    legal = way.case.legal
    if journey is None or document is None or care is None or way.panel is None or way.departed_at is None:
        return ["journey, document, care, panel or time"]
    day = journey.departs_on
    said = way.assents.order_by("-given_on", "-written_at").first()
    fit = way.case.travel_fitness.order_by("-certified_on", "-entered_at").first()
    there = {
        "cleared": way.case.clearances.filter(country=way.country, state="cleared").exists(),
        "panel": way.panel.outcome == "return" and way.panel.minute_signed_at is not None,
        "panel is fresh": way.panel.closed_at is not None
        and way.departed_at - way.panel.closed_at <= timedelta(days=183),
        "reflection": legal.reflection_until is None
        or legal.reflection_until < day
        or way.reflection_waived_on is not None,
        "proceedings": legal.proceedings in ("none", "closed") or legal.testimony_arranged,
        "on the day": clock.today("Europe/Vienna") == day,
        "assent": said is not None and said.kind != "refused" and said.given_on >= day - timedelta(days=7),
        "fit": fit is not None and fit.is_fit and fit.certified_on >= day - timedelta(days=10),
        "in writing": care.agreement_id is not None,
        "plan": way.plan_accepted_on is not None,
        "document": document.expires_on >= journey.arrives_on,
        "escort": journey.escort_id is not None and journey.escort_vetted_on is not None,
        "receiver": journey.receiver_id == care.pk,
        "reception": way.reception is not None and way.reception.state in ("accepted", "in_service"),
        "contacts": journey.has_contacts,
        "identity": way.identity_checked,
    }
    return [name for name, holds in there.items() if not holds] + forbidden(way)


def begin_drive(people: Company, case: Case, clock_at: ClockHand) -> None:
    Returns.people, Returns.case, Returns.clock_at = people, case, clock_at
    Returns.begins_at = clock.now()
