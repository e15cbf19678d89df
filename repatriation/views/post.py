"""The returns of one post: what is asked of it, since when, and about whom."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import clock
from accounts.access import Section
from accounts.audit import record_listed
from accounts.models import User
from cases.models import CaseAccess
from cases.models.choices import Basis
from repatriation.models import VerificationRequest
from repatriation.models.choices import OPEN
from repatriation.views.desk import WAITS_FOR_POST, what_is_asked
from vault import keys

MOST = 200


@dataclass(frozen=True)
class Row:
    """One request to the post. `names` are those of the frozen request, which the post was given."""

    request: VerificationRequest
    names: str
    asker: str
    asked: str
    waits: bool
    days: int

    @property
    def since(self) -> Any:
        return self.request.way.state_since


def post_list(request: HttpRequest, user: User) -> HttpResponse:
    rows = rows_for(user)
    record_listed(user, [(row.request.way.case, [Basis.REQUEST], [Section.IDENTITY]) for row in rows])
    groups = [(waits, [row for row in rows if row.waits == waits]) for waits in (True, False)]
    context = {"rows": rows, "groups": [group for group in groups if group[1]]}
    return render(request, "repatriation/post.html", context)


def rows_for(user: User) -> list[Row]:
    """What the post has to do comes first, and of that what waits longest."""
    held = CaseAccess.objects.live_for(user).filter(basis=Basis.REQUEST).values("basis_id")
    asked = VerificationRequest.objects.filter(pk__in=held, sent_at__isnull=False, way__state__in=OPEN)
    found = list(asked.select_related("way__case__agency").order_by("way__state_since", "pk")[:MOST])
    keys.prefetch([each.case_id for each in found])
    rows = [_row(each) for each in found]
    return sorted(rows, key=lambda row: not row.waits)


def _row(request: VerificationRequest) -> Row:
    way = request.way
    return Row(
        request,
        " · ".join(name["whole"] for name in (request.frozen or {}).get("names", ())),
        way.case.agency.name,
        what_is_asked(way),
        way.state in WAITS_FOR_POST,
        (clock.now() - way.state_since).days,
    )
