"""Both sides of several referrals, moved at random while roles change and the clock jumps; after each step it holds.

States follow the table; one referral per case, recipient and service is open; events are numbered without gaps; the
recipient reads the pack exactly while it is accepted and not over, and never a field that was not given.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import clock
from accounts.access import Role, Section
from accounts.errors import Invalid
from accounts.models import ServiceType, User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import sections
from cases.services.identity import add_id_number, add_name
from referrals.models import Referral
from referrals.models.choices import OPEN
from referrals.permissions import holds_pack, visible_to
from referrals.services.drafting import choose_fields, draft_again, draft_referrals, mark_previewed
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
SIDES = st.sampled_from(("ana", "sami", "petra", "tomas"))
SERVICES = (ServiceType.SOCIAL_CARE, ServiceType.HEALTH)
PLACES = st.integers(0, 3)


class Referrals(RuleBasedStateMachine):
    """`cast` and `clock_at` are set by whoever runs it. Nothing of a run ever happened once it is over."""

    cast: ClassVar[Cast]
    clock_at: ClassVar[ClockHand]
    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.began = clock.now()

    @initialize()
    def begin(self) -> None:
        self.stack.enter_context(undone())
        cast = self.cast
        self.people: Mapping[str, User] = {
            name: getattr(cast, name) for name in ("ana", "sami", "petra", "tomas", "omar")
        }
        self.case = files.screened(cast)
        add_name(self.case.pk, actor=cast.ana, kind="alias", given=CANARIES["identity.names"], family="")
        number = CANARIES["identity.numbers"]
        add_id_number(self.case.pk, actor=cast.ana, kind="passport", country="XB", number=number)
        for partner in (cast.petra, cast.tomas):
            # An authority abroad would need a clearance that nothing gives yet.
            partner.agency.kind = "shelter"
            partner.agency.save()
            offering(partner.agency, *SERVICES)
            consented(self.case, cast.ana, partner.agency)

    def teardown(self) -> None:
        self.stack.close()
        self.clock_at(self.began)

    def attempt(self, name: str, act: Any) -> None:
        self.tally["steps"] += 1
        self.tally[name] += 1
        try:
            act()
        except REFUSALS:
            self.tally[f"{name}: refused"] += 1

    def pick(self, place: int) -> Referral | None:
        rows = list(Referral.objects.order_by("made_at", "pk"))
        return rows[place % len(rows)] if rows else None

    @rule(to=st.sampled_from(("petra", "tomas")), service=st.sampled_from(SERVICES))
    def draft(self, to: str, service: ServiceType) -> None:
        agency = self.people[to].agency
        said = offer(transfer_basis="agreement" if to == "tomas" else "")
        self.attempt(
            "draft",
            lambda: draft_referrals(self.case.pk, actor=self.cast.ana, to=[(agency, service)], offer=said),
        )

    @rule(place=PLACES, chosen=st.sets(st.sampled_from(FIELDS), min_size=1), actor=SIDES)
    def choose(self, place: int, chosen: set[str], actor: str) -> None:
        row = self.pick(place)
        if row is not None:
            codes, by = sorted(chosen), self.people[actor]
            self.attempt("choose", lambda: choose_fields(row.pk, actor=by, codes=codes))

    @rule(place=PLACES, actor=SIDES)
    def preview(self, place: int, actor: str) -> None:
        row = self.pick(place)
        if row is not None:
            by = self.people[actor]
            self.attempt("preview", lambda: mark_previewed(row.pk, actor=by, codes=row.wanted))

    @rule(place=PLACES)
    def go_on(self, place: int) -> None:
        """One step further by whoever has it in hand, so that runs come far."""
        row = self.pick(place)
        if row is None:
            return
        if row.state == "draft":
            self.choose(place, {FIELDS[0]}, "ana")
            self.preview(place, "ana")
        edge = {
            "draft": "send",
            "sent": "acknowledge",
            "acknowledged": "accept",
            "info_requested": "provide",
            "info_provided": "accept",
            "accepted": "begin_service",
            "in_service": "complete",
            "completed": "confirm",
        }.get(str(row.state))
        if edge is not None:
            self.any_step(place, edge, "petra" if row.recipient == self.cast.petra.agency else "tomas")
            self.any_step(place, edge, "ana")

    @rule(place=PLACES, edge=st.sampled_from(sorted(STEPS)), actor=SIDES)
    def any_step(self, place: int, edge: str, actor: str) -> None:
        row = self.pick(place)
        if row is None:
            return
        before, by = str(row.state), self.people[actor]
        self.attempt(edge, lambda: step(row, edge, by))
        after = str(Referral.objects.get(pk=row.pk).state)
        assert after == before or (before in STEPS[edge][0] and after in STEPS[edge][1]), (
            before,
            edge,
            after,
        )

    @rule(place=PLACES)
    def again(self, place: int) -> None:
        row = self.pick(place)
        if row is not None:
            self.attempt("again", lambda: draft_again(row.pk, actor=self.cast.ana))

    @rule(place=PLACES, actor=SIDES, note=st.booleans())
    def write(self, place: int, actor: str, note: bool) -> None:
        row, by = self.pick(place), self.people[actor]
        if row is not None:
            service = write_service_note if note else write_message
            self.attempt("write", lambda: service(row.pk, actor=by, words="Slept well."))

    @rule(
        name=st.sampled_from(("petra", "tomas")), role=st.sampled_from((Role.SERVICE_PROVIDER, Role.INTAKE))
    )
    def change_role(self, name: str, role: Role) -> None:
        self.tally["steps"] += 1
        person = self.people[name]
        person.role = role
        person.save(update_fields=["role"])

    @rule(hours=st.sampled_from((1, 7, 25, 80, 24 * 31)))
    def time_passes(self, hours: int) -> None:
        self.tally["steps"] += 1
        self.clock_at.forward(timedelta(hours=hours))
        deadlines.sweep()

    @rule(name=st.sampled_from(("petra", "tomas", "omar")), place=PLACES)
    def look(self, name: str, place: int) -> None:
        """By page: what was not given is nowhere, and what is over does not exist."""
        self.tally["steps"] += 1
        row, person = self.pick(place), self.people[name]
        if row is None:
            return
        client = Client()
        client.force_login(person)
        answer = client.get(reverse("referral", args=[row.pk]))
        seen = visible_to(person).filter(pk=row.pk).exists()
        assert answer.status_code == (200 if seen else 404)
        pages = answer.content.decode()
        for other in ("case", "case_file", "case_identity", "case_history"):
            pages += client.get(reverse(other, args=[self.case.pk])).content.decode()
        given = self._readable(person)
        for field, canary in CANARIES.items():
            assert canary not in pages or field in given, field

    def _readable(self, person: User) -> set[str]:
        rows = [row for row in Referral.objects.all() if holds_pack(person, row)]
        return {given.field for row in rows for given in row.disclosures.all()}

    @invariant()
    def events_have_no_gap(self) -> None:
        for row in Referral.objects.all():
            numbers = list(row.events.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def states_follow_the_table(self) -> None:
        known = {(a, b) for sources, targets, _who in STEPS.values() for a in sources for b in targets}
        for row in Referral.objects.all():
            told = list(row.history.order_by("history_id").values_list("state", flat=True))
            assert all(pair in known or pair[0] == pair[1] for pair in pairwise(told))

    @invariant()
    def one_is_open(self) -> None:
        open_ones = Referral.objects.filter(state__in=OPEN).values_list("case", "recipient", "service")
        assert len(open_ones) == len(set(open_ones))

    @invariant()
    def access_agrees_with_the_state(self) -> None:
        for row in Referral.objects.all():
            live = CaseAccess.objects.live().filter(basis=Basis.REFERRAL, basis_id=row.pk).exists()
            if row.state in ("accepted", "in_service"):
                assert live
            elif row.state != "completed":
                assert not live

    @invariant()
    def no_live_section_but_its_services(self) -> None:
        for name in ("petra", "tomas"):
            assert set(sections(self.people[name], self.case)) <= {Section.MEDICAL}
