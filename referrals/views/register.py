"""The register of the reader's agency: what it shared, what it holds or held."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.access import Role
from accounts.audit import record, record_listed
from accounts.models import User
from accounts.permissions import require
from cases.models import Case, CaseAccess
from cases.permissions import hands_on, sections_on
from cases.views.loading import reader
from referrals.permissions import WATCHES, can_see_register, readable_by
from referrals.register import ENDED, HELD, OPEN, SHARED, Line, Wanted, as_csv, found, lines, partners

ROWS = 50
EXPORTED = "register.exported"


@dataclass(frozen=True)
class Row:
    """`case` and `url` are empty where this reader may not see the case, or the referral."""

    line: Line
    case: Case | None
    url: str


@require_safe
def referral_register(request: HttpRequest) -> HttpResponse:
    user = _reader(request)
    wanted = _wanted(request)
    page = Paginator(found(user, wanted), ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    cases = _cases_shown(user, {referral.case_id for referral in shown})
    openable = set(readable_by(user).filter(pk__in=[row.pk for row in shown]).values_list("pk", flat=True))
    rows = [
        Row(
            line,
            cases.get(line.referral.case_id),
            reverse("referral", args=[line.referral.pk]) if line.referral.pk in openable else "",
        )
        for line in lines(shown, user, wanted)
    ]
    context = {
        "rows": rows,
        "page": page,
        "query": _query(wanted, trailing=True),
        "sides": _sides(user, wanted),
        "states": _states(wanted),
        "partners": [(agency.pk, agency.name, agency.pk == wanted.agency) for agency in partners(user)],
        "wanted": wanted,
        "csv_url": reverse("referral_register_csv") + "?" + _query(wanted),
        "shows_cases": bool(cases),
    }
    return render(request, "referrals/register.html", context)


@require_safe
def referral_register_csv(request: HttpRequest) -> HttpResponse:
    """Recorded before its first line leaves. It holds no case at all, whoever takes it."""
    user, wanted = _reader(request), _wanted(request)
    other = str(wanted.agency or "")
    record(user, EXPORTED, user.agency, side=wanted.side, state=wanted.state, other=other)
    headers = {
        "Content-Disposition": 'attachment; filename="register.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    text = "".join(as_csv(user, wanted))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _reader(request: HttpRequest) -> User:
    user = reader(request)
    require(can_see_register(user))
    return user


def _wanted(request: HttpRequest) -> Wanted:
    """What makes no sense is left out, so that an old address still shows something."""
    asked = request.GET
    side = asked.get("side", "")
    state = asked.get("state", "")
    try:
        agency = UUID(asked.get("agency", ""))
    except ValueError:
        agency = None
    return Wanted(side if side in (SHARED, HELD) else "", state if state in (OPEN, ENDED) else "", agency)


def _query(wanted: Wanted, *, trailing: bool = False, **changes: str) -> str:
    said = {"side": wanted.side, "state": wanted.state, "agency": str(wanted.agency or "")} | changes
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{query}&" if trailing and query else query


def _sides(user: User, wanted: Wanted) -> list[tuple[str, str, bool, None]]:
    """Only for those who see both."""
    if Role(user.role) not in WATCHES:
        return []
    labels = {"": _("Both"), SHARED: _("Shared by us"), HELD: _("Held by us")}
    return [
        (f"?{_query(wanted, side=side)}", label, side == wanted.side, None) for side, label in labels.items()
    ]


def _states(wanted: Wanted) -> list[tuple[str, str, bool, None]]:
    labels = {"": _("All"), OPEN: pgettext("disclosures", "Open"), ENDED: _("Ended")}
    return [
        (f"?{_query(wanted, state=state)}", label, state == wanted.state, None)
        for state, label in labels.items()
    ]


def _cases_shown(user: User, case_ids: Collection[UUID]) -> dict[UUID, Case]:
    """Of these cases those that this reader may open; that the list showed them is recorded."""
    held: dict[UUID, list[CaseAccess]] = {}
    grounds = CaseAccess.objects.live_for(user).filter(case_id__in=case_ids).select_related("case")
    for row in grounds:
        held.setdefault(row.case_id, []).append(row)
    seen = {case_id: rows for case_id, rows in held.items() if sections_on(rows) or hands_on(rows)}
    record_listed(user, [(rows[0].case, [row.basis for row in rows], []) for rows in seen.values()])
    return {case_id: rows[0].case for case_id, rows in seen.items()}
