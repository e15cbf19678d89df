"""Both sides of several referrals, moved at random while roles change and the clock jumps; after each step it holds.

States follow the table; one referral per case, recipient and service is open; both sides read the same events,
numbered without gaps; the recipient reads the pack exactly while it is accepted and not over, and never a field that
was not given.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import clock
from accounts.access import Role, Section
from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import AuditEvent, ServiceType, User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import sections
from cases.services.identity import add_id_number, add_name
from referrals.models import Referral, ReferralEvent
from referrals.models.choices import OPEN
from referrals.permissions import holds_pack, may_listen, visible_to
from referrals.services.drafting import choose_fields, cosign, draft_again, draft_referrals, mark_previewed
from referrals.services.writing import write_message, write_service_note
from tests.cases import files
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.referrals.offers import consented, offer, offering, step
from tests.referrals.words import STEPS
from tests.undone import undone
from workflow import deadlines
from workflow.machine import Refused

REFUSALS = (Refused, Invalid, PermissionDenied, Referral.DoesNotExist, Case.DoesNotExist)
FIELDS = ("identity.names", "identity.numbers", "identity.gender")
# What stands in the fields that name the child: found by a recipient only where it was given.
CANARIES = {"identity.names": "Quendolina", "identity.numbers": "ZZ9944771"}
RECIPIENTS = ("petra", "tomas")
SERVICES = (ServiceType.SOCIAL_CARE, ServiceType.HEALTH)
# Addresses that name the referral, and those that name its case.
OF_THE_REFERRAL = ("referral", "referral_pack", "referral_preview")
OF_THE_CASE = ("case", "case_file", "case_file_pdf", "case_identity", "case_history", "case_referrals")
ALL_PAGES = (*OF_THE_REFERRAL, *OF_THE_CASE, "search", "list", "socket")
ONWARDS = ("send", "acknowledge", "accept", "provide", "begin_service", "complete", "confirm")
# Who stands on which side.
HANDS: dict[str, tuple[str, ...]] = {
    "sender": ("ana", "sami"),
    "sender_supervisor": ("sami",),
    "recipient": RECIPIENTS,
}
MOST = 6
# What is done next, each as often as it stands here.
MOVES = (
    *("go_on",) * 14,
    *("any_step", "new_draft", "look", "look") * 2,
    *(
        "both_sides_read_the_same",
        "write",
        "again",
        "choose",
        "preview",
        "sign",
        "change_role",
        "time_passes",
    ),
)
ROLES = (Role.SERVICE_PROVIDER,) * 8 + (Role.INTAKE,)
HOURS = (1, 1, 1, 3, 3, 7, 7, 7, 25, 25, 80, 24 * 31)


class Drawn:
    """All that a move may have to know, from one number: a run of many draws would outgrow what Hypothesis keeps."""

    def __init__(self, number: int, turn: int) -> None:
        # With its turn, because Hypothesis likes to draw the same number many times. No secret comes of it.
        draw = Random(f"{number} {turn}")  # noqa: S311
        self.move = draw.choice(MOVES)
        self.place = draw.choice((0, 0, 0, 1, 1, 2, 3, 4, 5))
        self.luck = draw.randrange(2**16)
        self.actor = draw.choice(("ana", "sami", "petra", "tomas", "omar"))
        self.chosen = sorted(draw.sample(FIELDS, draw.randint(1, len(FIELDS))))
        self.key = UUID(int=draw.getrandbits(128))


def build(cast: Cast) -> Case:
    """One child, and two partners to whom it can be offered, one of them abroad."""
    case = files.screened(cast)
    add_name(case.pk, actor=cast.ana, kind="alias", given=CANARIES["identity.names"], family="")
    number = CANARIES["identity.numbers"]
    add_id_number(case.pk, actor=cast.ana, kind="passport", country="XB", number=number)
    for partner in (cast.petra, cast.tomas):
        # An authority abroad would need a clearance that nothing gives yet.
        partner.agency.kind = "shelter"
        partner.agency.save()
        offering(partner.agency, *SERVICES)
        consented(case, cast.ana, partner.agency)
    return case


class Referrals(RuleBasedStateMachine):
    """`cast`, `case` and `clock_at` are set by whoever runs it. Nothing of a run ever happened once it is over."""

    cast: ClassVar[Cast]
    case: ClassVar[Case]
    clock_at: ClassVar[ClockHand]
    begins_at: ClassVar[datetime]
    text_of_pdf: ClassVar[Callable[[bytes], str]]
    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.changed = True
        self.turn = 0
        self.told: dict[Any, str] = {}

    @initialize()
    def begin(self) -> None:
        self.clock_at(self.begins_at)
        self.stack.enter_context(undone())
        names = ("ana", "sami", "petra", "tomas", "omar")
        self.people = {
            name: User.objects.select_related("agency").get(pk=getattr(self.cast, name).pk) for name in names
        }
        self._draft("petra", SERVICES[0])

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, name: str, act: Callable[[], object]) -> None:
        """A refusal changes nothing, whatever it says."""
        self.tally["steps"] += 1
        self.tally[name] += 1
        before = AuditEvent.objects.count()
        try:
            act()
        except REFUSALS:
            self.tally[f"{name}: refused"] += 1
            assert AuditEvent.objects.count() == before, f"{name} was refused and left something behind"
        else:
            self.changed = True

    @rule(number=st.integers(0, 2**32 - 1))
    def move(self, number: int) -> None:
        """One rule for all, so that the moves come as often as they are meant to."""
        self.turn += 1
        drawn = Drawn(number, self.turn)
        getattr(self, f"_{drawn.move}")(drawn)

    def _pick(self, place: int) -> Referral:
        """Those between the two sides first."""
        rows = list(Referral.objects.order_by("-made_at", "pk").select_related("case", "sender", "recipient"))
        rows.sort(key=lambda row: (row.state not in OPEN, row.state != "draft"))
        return rows[place % len(rows)]

    def _draft(self, to: str, service: ServiceType) -> None:
        agency, ana = self.people[to].agency, self.people["ana"]
        said = offer(transfer_basis="agreement" if to == "tomas" else "")
        self.attempt(
            "draft", lambda: draft_referrals(self.case.pk, actor=ana, to=[(agency, service)], offer=said)
        )

    def _new_draft(self, drawn: Drawn) -> None:
        if Referral.objects.count() < MOST:
            self._draft(RECIPIENTS[drawn.luck % 2], SERVICES[drawn.luck // 2 % 2])

    def _choose(self, drawn: Drawn) -> None:
        row, by = self._pick(drawn.place), self.people[drawn.actor]
        self.attempt("choose", lambda: choose_fields(row.pk, actor=by, codes=drawn.chosen))

    def _preview(self, drawn: Drawn) -> None:
        row, by = self._pick(drawn.place), self.people[drawn.actor]
        self.attempt("preview", lambda: mark_previewed(row.pk, actor=by, seen=last_saved(row)))

    def _sign(self, drawn: Drawn) -> None:
        row, by = self._pick(drawn.place), self.people[drawn.actor]
        self.attempt("cosign", lambda: cosign(row.pk, actor=by, seen=last_saved(row)))

    def _go_on(self, drawn: Drawn) -> None:
        """One step that leaves this state, by somebody whose side it is; now and then it arrives twice."""
        row = self._pick(drawn.place)
        if row.state == "draft":
            self._make_ready(row, drawn)
        edges = [
            edge for edge, (sources, _to, who) in STEPS.items() if row.state in sources and who & set(HANDS)
        ]
        if not edges:
            return
        edge = self._edge(edges, drawn)
        side = next(iter(STEPS[edge][2]))
        hands = [name for name in HANDS[side] if side != "recipient" or self._is_recipient(name, row)]
        by = self.people[hands[drawn.luck // 16 % len(hands)]]
        for _time in range(1 + (drawn.luck % 5 == 0)):
            self.attempt(edge, lambda: step(row, edge, by, key=drawn.key))
        assert ReferralEvent.objects.filter(key=drawn.key).count() <= 1

    def _edge(self, edges: list[str], drawn: Drawn) -> str:
        """The one that leads on more often than an end, so that runs come far."""
        onwards = [edge for edge in edges if edge in ONWARDS]
        choice = onwards if onwards and drawn.luck % 3 else edges
        return choice[drawn.luck // 3 % len(choice)]

    def _make_ready(self, row: Referral, drawn: Drawn) -> None:
        ana, codes = self.people["ana"], drawn.chosen
        self.attempt("choose", lambda: choose_fields(row.pk, actor=ana, codes=codes))
        self.attempt("preview", lambda: mark_previewed(row.pk, actor=ana, seen=last_saved(row)))
        if row.crosses_border:
            self.attempt("cosign", lambda: cosign(row.pk, actor=self.people["sami"], seen=last_saved(row)))

    def _any_step(self, drawn: Drawn) -> None:
        row, by = self._pick(drawn.place), self.people[drawn.actor]
        edge = sorted(STEPS)[drawn.luck % len(STEPS)]
        self.attempt(edge, lambda: step(row, edge, by))

    def _again(self, drawn: Drawn) -> None:
        row = self._pick(-1 - drawn.place)
        self.attempt("again", lambda: draft_again(row.pk, actor=self.people["ana"]))

    def _write(self, drawn: Drawn) -> None:
        row, by = self._pick(drawn.place), self.people[drawn.actor]
        service = write_service_note if drawn.luck % 2 else write_message
        self.attempt("write", lambda: service(row.pk, actor=by, words="Slept well."))

    def _change_role(self, drawn: Drawn) -> None:
        self._count("role")
        person = self.people[RECIPIENTS[drawn.luck % 2]]
        person.role = ROLES[drawn.luck // 2 % len(ROLES)]
        person.save(update_fields=["role"])
        self.changed = True

    def _time_passes(self, drawn: Drawn) -> None:
        self._count("time")
        self.clock_at.forward(timedelta(hours=HOURS[drawn.luck % len(HOURS)]))
        deadlines.sweep()
        self.changed = True

    def _count(self, name: str) -> None:
        self.tally["steps"] += 1
        self.tally[name] += 1

    def _is_recipient(self, name: str, row: Referral) -> bool:
        return bool(self.people[name].agency_id == row.recipient_id)

    def _look(self, drawn: Drawn) -> None:
        """By page, file, PDF, list, search and socket: what was not given is nowhere, what is over does not exist."""
        page = ALL_PAGES[drawn.luck % len(ALL_PAGES)]
        self._count(f"look at {page}")
        row = self._pick(drawn.place)
        person = self.people[(*RECIPIENTS, "omar")[drawn.luck // 16 % 3]]
        seen = visible_to(person).filter(pk=row.pk).exists()
        if page == "socket":
            assert may_listen(person, row.pk) == (seen and (row.is_open or holds_pack(person, row)))
            return
        status, words = self._read(person, page, row)
        if page == "referral":
            assert status == (200 if seen else 404)
            self.changed = True
        if not CaseAccess.objects.live_for(person).filter(case=self.case).exists():
            assert page not in OF_THE_CASE or status == 404
            assert self.case.code not in words
        given = self._readable(person)
        for field, canary in CANARIES.items():
            assert canary not in words or field in given, (page, field)

    def _read(self, person: User, page: str, row: Referral) -> tuple[int, str]:
        client, query = Client(), {}
        client.force_login(person)
        if page in ("search", "list"):
            url = reverse("case_list" if page == "search" else "referrals")
            query = {"q": CANARIES["identity.numbers"]} if page == "search" else {"show": "all"}
        else:
            url = reverse(page, args=[row.pk if page in OF_THE_REFERRAL else self.case.pk])
        answer = client.get(url, query)
        if answer.headers["Content-Type"] == "application/pdf":
            return answer.status_code, type(self).text_of_pdf(answer.getvalue())
        shown = answer.content.decode()
        # What was searched for stands on the page again.
        return answer.status_code, shown.replace(query["q"], "") if "q" in query else shown

    def _readable(self, person: User) -> set[str]:
        rows = [row for row in Referral.objects.all() if holds_pack(person, row)]
        return {given.field for row in rows for given in row.disclosures.all()}

    def _both_sides_read_the_same(self, drawn: Drawn) -> None:
        self._count("look from both sides")
        row = self._pick(drawn.place)
        told = []
        for name in ("ana", next(each for each in RECIPIENTS if self._is_recipient(each, row))):
            client = Client()
            client.force_login(self.people[name])
            answer = client.get(reverse("referral", args=[row.pk]))
            if answer.status_code == 200:
                told.append([(event.as_message(), words) for event, words, _code in answer.context["events"]])
        # The second page may have added that it was opened.
        assert len(told) < 2 or told[1][: len(told[0])] == told[0]
        self.changed = True

    @invariant()
    def it_holds(self) -> None:
        """What nothing changed since the last look still holds."""
        if not self.changed:
            return
        self.changed = False
        rows = list(Referral.objects.order_by("made_at", "pk"))
        self._states_follow_the_table(rows)
        self._one_is_open(rows)
        self._events_have_no_gap()
        self._access_agrees_with_the_state(rows)

    def _states_follow_the_table(self, rows: list[Referral]) -> None:
        for row in rows:
            before, after = self.told.get(row.pk, "draft"), str(row.state)
            self.told[row.pk] = after
            assert before == after or _leads(before, after), (before, after)
            if before != after:
                self.tally[f"became {after}"] += 1

    def _one_is_open(self, rows: list[Referral]) -> None:
        open_ones = [(row.case_id, row.recipient_id, row.service) for row in rows if row.state in OPEN]
        assert len(open_ones) == len(set(open_ones))

    def _events_have_no_gap(self) -> None:
        counted: Counter[Any] = Counter()
        for referral, number in ReferralEvent.objects.order_by("referral", "number").values_list(
            "referral", "number"
        ):
            counted[referral] += 1
            assert number == counted[referral]

    def _access_agrees_with_the_state(self, rows: list[Referral]) -> None:
        live = set(CaseAccess.objects.live().filter(basis=Basis.REFERRAL).values_list("basis_id", flat=True))
        for row in rows:
            if row.state in ("accepted", "in_service"):
                assert row.pk in live
            elif row.state != "completed":
                assert row.pk not in live
        for name in RECIPIENTS:
            assert set(sections(self.people[name], self.case)) <= {Section.MEDICAL}


def _leads(before: str, after: str) -> bool:
    """In one step, or in as many as one rule or one jump of the clock makes: sent, opened and expired at once."""
    return any(before in sources and after in targets for sources, targets, _who in STEPS.values())


def begin_drive(cast: Cast, clock_at: ClockHand, text_of_pdf: Callable[[bytes], str]) -> None:
    Referrals.cast, Referrals.clock_at, Referrals.case = cast, clock_at, build(cast)
    Referrals.begins_at = clock.now()
    Referrals.text_of_pdf = staticmethod(text_of_pdf)
