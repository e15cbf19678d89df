"""Whose hands are on a return, and who sees it at all."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.access import RELATIONS_OF, Role, Section
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.access import RELATION_OF, CaseAccessQuerySet
from cases.models.choices import Basis
from cases.permissions import Hand as CaseHand
from cases.permissions import can_own, can_write, grounds, hands_on
from repatriation.models import Journey, Panel, Return, VerificationRequest


class Hand(TextChoices):
    """In whose hands an edge of a return lies."""

    CASE_WORKER = "case_worker", _("the assigned case worker")
    SUPERVISOR = "supervisor", _("a supervisor of the team")
    PARTNER_ABROAD = "partner_abroad", _("the partner abroad")
    CHAIR = "chair", _("the chair of the panel")
    CONSULAR = "consular", _("the consular officer of the addressed post")
    ESCORT = "escort", _("the escort")
    RECEIVER = "receiver", _("the receiving partner")


# Grounds by which a return is seen in the whole, cut to the sections of each.
IN_THE_WHOLE = (Basis.ASSIGNMENT, Basis.COVER, Basis.TEAM, Basis.DUTY, Basis.EMERGENCY)
# A personal grant opens a return where it names one of these.
OF_RETURN = [Section.RETURN_DECISION.value, Section.RETURN_JOURNEY.value]
WORKS_HERE = frozenset({Hand.CASE_WORKER, Hand.SUPERVISOR})


def hands(user: User, way: Return) -> frozenset[str]:
    return hands_by(user, way, grounds(user, way.case))


def hands_by(user: User, way: Return, rows: list[CaseAccess]) -> frozenset[str]:
    """`rows` are the account's live grounds on the case."""
    on_case, held = hands_on(rows), set[str]()
    if on_case & {CaseHand.CASE_WORKER, CaseHand.DUTY_WORKER}:
        held.add(Hand.CASE_WORKER)
    if CaseHand.SUPERVISOR in on_case:
        held.add(Hand.SUPERVISOR)
    named = {(row.basis, row.basis_id) for row in rows}
    if (Basis.REFERRAL, way.partner_id) in named:
        held.add(Hand.PARTNER_ABROAD)
    if (Basis.REFERRAL, way.reception_id) in named:
        held.add(Hand.RECEIVER)
    held |= _by_basis(user, way, named)
    return frozenset(held)


def _by_basis(user: User, way: Return, named: set[tuple[str, UUID]]) -> set[str]:
    held, bases = set[str](), {basis for basis, _id in named}
    if Basis.PANEL in bases and way.panel is not None and way.panel.chair_id == user.pk:
        held.add(Hand.CHAIR)
    if Basis.REQUEST in bases:
        asked = VerificationRequest.objects.filter(way=way, ended_at__isnull=True, sent_at__isnull=False)
        if any((Basis.REQUEST, row.pk) in named for row in asked):
            held.add(Hand.CONSULAR)
    journey = way.facts.journey if Basis.ESCORT in bases else None
    if journey is not None and (Basis.ESCORT, journey.pk) in named and journey.escort_id == user.pk:
        held.add(Hand.ESCORT)
    return held


def visible_to(user: User) -> QuerySet[Return]:
    """Returns on which this account has something to read or to do now."""
    live, held = CaseAccess.objects.live_for(user), RELATIONS_OF[Role(user.role)]
    seen = Q(pk__in=())
    for bases, found in SEEN_BY:
        open_to_role = [basis for basis in bases if RELATION_OF[basis] in held]
        if open_to_role:
            seen |= found(live.filter(basis__in=open_to_role))
    return Return.objects.filter(seen)


def _of_case(rows: CaseAccessQuerySet) -> Q:
    return Q(case_id__in=rows.values("case_id"))


def _of_referral(rows: CaseAccessQuerySet) -> Q:
    named = rows.values("basis_id")
    return Q(partner_id__in=named) | Q(reception_id__in=named)


def _by_part(
    part: type[VerificationRequest] | type[Panel] | type[Journey],
) -> Callable[[CaseAccessQuerySet], Q]:
    return lambda rows: Q(pk__in=part.objects.filter(pk__in=rows.values("basis_id")).values("way"))


# What each ground leads to; asked only of the grounds that a role can hold.
SEEN_BY: tuple[tuple[tuple[Basis, ...], Callable[[CaseAccessQuerySet], Q]], ...] = (
    (IN_THE_WHOLE, _of_case),
    ((Basis.PERSONAL,), lambda rows: _of_case(rows.filter(sections__overlap=OF_RETURN))),
    ((Basis.REFERRAL,), _of_referral),
    ((Basis.REQUEST,), _by_part(VerificationRequest)),
    ((Basis.PANEL,), _by_part(Panel)),
    ((Basis.ESCORT,), _by_part(Journey)),
)


def sees_returns(opened: Any) -> bool:
    """Whether the pages of a case lead to its return: whoever reads its decision or its journey."""
    return bool(opened.sees_any((Section.RETURN_DECISION, Section.RETURN_JOURNEY)))


def may_listen(user: User, return_id: UUID) -> bool:
    return visible_to(user).filter(pk=return_id).exists()


def can_consider(user: User, case: Case) -> bool:
    """Whoever works on the case by day or night opens the question."""
    return bool(hands_on(grounds(user, case)) & {CaseHand.CASE_WORKER, CaseHand.DUTY_WORKER})


def can_clear_contact(user: User, case: Case) -> bool:
    return CaseHand.SUPERVISOR in hands_on(grounds(user, case))


def can_write_decision(user: User, way: Return) -> bool:
    return can_write(user, way.case, Section.RETURN_DECISION)


def can_write_journey(user: User, way: Return) -> bool:
    return can_write(user, way.case, Section.RETURN_JOURNEY)


def can_keep_papers(user: User, way: Return) -> bool:
    """Travel documents and permits: the worker's, and the own part of the post that was asked."""
    return can_write_journey(user, way) or Hand.CONSULAR in hands(user, way)


def can_see_verifications(user: User) -> bool:
    """How long consulates take: a supervisor's of its own agency's cases, a focal point's of those of its country."""
    return Role(user.role) in (Role.SUPERVISOR, Role.FOCAL_POINT)


def can_propose_end(user: User, way: Return) -> bool:
    return Hand.SUPERVISOR in hands(user, way)


def can_convene(user: User, way: Return) -> bool:
    return Hand.SUPERVISOR in hands(user, way)


def has_seat(user: User, panel: Panel) -> bool:
    """A member who did not step down, while its ground counts."""
    seat = panel.seats.filter(member=user, recused_at__isnull=True).exists()
    live = CaseAccess.objects.live_for(user).filter(basis=Basis.PANEL, basis_id=panel.pk)
    return seat and live.exists()


def can_chair(user: User, way: Return) -> bool:
    return Hand.CHAIR in hands(user, way)


def can_tell_decision(user: User, way: Return) -> bool:
    """Whoever works on the case, and the chair while the decision is not taken yet."""
    return bool(hands(user, way) & {Hand.CASE_WORKER, Hand.CHAIR})


def can_hand_over(user: User, way: Return) -> bool:
    """The two who meet: who brings the child, and who receives it."""
    return bool(hands(user, way) & {Hand.ESCORT, Hand.RECEIVER})


def can_open_own_file(user: User, way: Return) -> bool:
    """Whoever holds a pack of it, in an agency that keeps files. Others offer services."""
    held = hands(user, way) & {Hand.PARTNER_ABROAD, Hand.RECEIVER}
    return bool(held) and can_own(user.agency)


def is_received(way: Return) -> bool:
    """Whether somebody abroad holds a ground to report how the child is."""
    if way.reception_id is None:
        return False
    live = CaseAccess.objects.live().filter(case=way.case_id, basis=Basis.REFERRAL, basis_id=way.reception_id)
    return live.exists()


def can_report_visit(user: User, way: Return) -> bool:
    """Who visits the child; where nobody abroad can report any more, who works on the case writes what it hears."""
    held = hands(user, way)
    return Hand.RECEIVER in held or (Hand.CASE_WORKER in held and not is_received(way))
