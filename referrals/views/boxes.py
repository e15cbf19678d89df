"""Inbox and outbox: what waits for an answer first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Case as When_
from django.db.models import F, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import clock
from accounts.access import Ability, can
from accounts.audit import record_listed
from accounts.lists import Asked
from accounts.models import User
from accounts.permissions import require
from cases.models import FormerOwner
from cases.permissions import former_files
from cases.presenting import when_words
from cases.views.former import GROUND
from cases.views.loading import reader
from referrals.lists import BOXES, HANDED_OVER
from referrals.models import Referral
from referrals.models.choices import OFFERED, OPEN, ReferralState
from referrals.permissions import can_see_board, can_see_register, visible_to

ROWS = 50
# Address, words, whether it is open now, how many wait in it.
Boxes = list[tuple[str, str, bool, int | None]]
CHIPS = {
    ReferralState.DRAFT: "plain",
    ReferralState.SENT: "due",
    ReferralState.ACKNOWLEDGED: "due",
    ReferralState.INFO_REQUESTED: "due",
    ReferralState.INFO_PROVIDED: "due",
    ReferralState.ACCEPTED: "done",
    ReferralState.IN_SERVICE: "done",
    ReferralState.COMPLETED: "done",
}


_waits = When_(When(state__in=OFFERED, then=Value(0)), default=Value(1), output_field=IntegerField())
WORST_FIRST = (_waits, F("answer_by").asc(nulls_last=True), "-made_at", "pk")


@dataclass(frozen=True)
class Row:
    """One line. The recipient finds no case in it, only what was asked of it."""

    referral: Referral
    other: str
    when: str
    when_kind: str

    @property
    def chip(self) -> str:
        return CHIPS.get(ReferralState(self.referral.state), "plain")


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    require(can(user, Ability.SEE_CASES))
    mine = visible_to(user).select_related("sender", "recipient", "case")
    boxes = {"in": mine.filter(recipient=user.agency_id), "out": mine.filter(sender=user.agency_id)}
    counts = {box: rows.filter(state__in=OFFERED).count() for box, rows in boxes.items()}
    former = former_files(user).select_related("case", "successor")
    has_former = former.exists()
    box = BOXES.asked(request).chosen("box")
    if box == "former" and has_former:
        return _handed_over(request, former, counts)
    if box not in boxes:
        box = "in" if counts["in"] or not boxes["out"].exists() else "out"
    # The other side of a box is always one's own agency; the recipient knows no case.
    tools = BOXES.asked(request, without=("recipient", "case") if box == "in" else ("sender",))
    rows = tools.ordered(_wanted(boxes[box], tools), *WORST_FIRST)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    now, show_all = clock.now(), tools.chosen("show") == "all"
    return render(
        request,
        "referrals/list.html",
        {
            "box": box,
            "rows": [_row(referral, box, now) for referral in page],
            "page": page,
            "tools": tools,
            "boxes": _boxes(box, counts, has_former=has_former),
            "links": _links(user),
            "filters": [
                (tools.address(box=box, show="", state=""), _("All open"), not show_all, None),
                (tools.address(box=box, show="all"), _("All"), show_all, None),
            ],
        },
    )


def _wanted(rows: QuerySet[Referral], tools: Asked) -> QuerySet[Referral]:
    if not tools.chosen("state") and not tools.chosen("show"):
        rows = rows.filter(state__in=(ReferralState.DRAFT, *OPEN))
    for name in ("state", "service", "urgency"):
        rows = rows.filter(**{name: tools.chosen(name)}) if tools.chosen(name) else rows
    return rows


def _links(user: User) -> list[tuple[str, str]]:
    """The overviews that this reader may open."""
    pages = [
        (can_see_register(user), "referral_register", _("Register of disclosures")),
        (can_see_board(user), "referral_board", _("Response times")),
    ]
    return [(reverse(name), label) for shown, name, label in pages if shown]


def _boxes(box: str, counts: Mapping[str, int], *, has_former: bool) -> Boxes:
    found: Boxes = [
        ("?box=in", _("Inbox"), box == "in", counts["in"]),
        ("?box=out", _("Outbox"), box == "out", counts["out"]),
    ]
    if has_former:
        found.append(("?box=former", _("Handed over"), box == "former", None))
    return found


def _handed_over(
    request: HttpRequest, former: QuerySet[FormerOwner], counts: Mapping[str, int]
) -> HttpResponse:
    """Cases that other agencies have taken over; what this agency had of each is read, and nothing later."""
    tools = HANDED_OVER.asked(request, carried={"box": "former"})
    rows = tools.ordered(former, "-until", "pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    record_listed(reader(request), [(row.case, [GROUND], []) for row in page])
    context = {"page": page, "tools": tools, "boxes": _boxes("former", counts, has_former=True)}
    return render(request, "referrals/handed_over.html", context)


def _row(referral: Referral, box: str, now: datetime) -> Row:
    other = referral.sender if box == "in" else referral.recipient
    waits = referral.state in OFFERED and referral.answer_by is not None
    if referral.state == ReferralState.INFO_REQUESTED:
        return Row(referral, other.name, _("stands still, a question is open"), "due")
    if not waits or referral.answer_by is None:
        return Row(referral, other.name, "", "")
    kind = "late" if referral.answer_by <= now else "due"
    return Row(referral, other.name, when_words(referral.answer_by), kind)
