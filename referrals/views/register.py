"""The register of the reader's agency: what it shared, what it holds or held."""

from collections.abc import Collection
from dataclasses import dataclass
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
from accounts.lists import Asked
from accounts.models import Agency, User
from accounts.permissions import require
from cases.models import Case, CaseAccess
from cases.permissions import hands_on, sections_on
from cases.views.loading import reader
from referrals.lists import REGISTER
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
    tools, named = _tools(request, user)
    wanted = _wanted(tools)
    page = Paginator(tools.ordered(found(user, wanted), "-sent_at", "pk"), ROWS).get_page(
        request.GET.get("page")
    )
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
        "tools": tools,
        "sides": _sides(user, tools),
        "states": _states(tools),
        "has_partners": bool(named),
        "csv_url": reverse("referral_register_csv") + "?" + tools.query,
        "shows_cases": bool(cases),
    }
    return render(request, "referrals/register.html", context)


@require_safe
def referral_register_csv(request: HttpRequest) -> HttpResponse:
    """Recorded before its first line leaves. It holds no case at all, whoever takes it."""
    user = _reader(request)
    wanted = _wanted(_tools(request, user)[0])
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


def _tools(request: HttpRequest, user: User) -> tuple[Asked, list[Agency]]:
    """With the agencies that the register names."""
    named = partners(user)
    return REGISTER.asked(request, offered={"agency": [(str(each.pk), each.name) for each in named]}), named


def _wanted(tools: Asked) -> Wanted:
    agency = tools.chosen("agency")
    return Wanted(
        tools.chosen("side"),
        tools.chosen("state"),
        UUID(agency) if agency else None,
        tools.chosen("service"),
    )


def _sides(user: User, tools: Asked) -> list[tuple[str, str, bool, None]]:
    """Only for those who see both."""
    if Role(user.role) not in WATCHES:
        return []
    labels = {"": _("Both"), SHARED: _("Shared by us"), HELD: _("Held by us")}
    return _chips(tools, "side", labels)


def _states(tools: Asked) -> list[tuple[str, str, bool, None]]:
    return _chips(tools, "state", {"": _("All"), OPEN: pgettext("disclosures", "Open"), ENDED: _("Ended")})


def _chips(tools: Asked, name: str, labels: dict[str, str]) -> list[tuple[str, str, bool, None]]:
    chosen = tools.chosen(name)
    return [(tools.address(**{name: code}), label, code == chosen, None) for code, label in labels.items()]


def _cases_shown(user: User, case_ids: Collection[UUID]) -> dict[UUID, Case]:
    """Of these cases those that this reader may open; that the list showed them is recorded."""
    held: dict[UUID, list[CaseAccess]] = {}
    grounds = CaseAccess.objects.live_for(user).filter(case_id__in=case_ids).select_related("case")
    for row in grounds:
        held.setdefault(row.case_id, []).append(row)
    seen = {case_id: rows for case_id, rows in held.items() if sections_on(rows) or hands_on(rows)}
    record_listed(user, [(rows[0].case, [row.basis for row in rows], []) for rows in seen.values()])
    return {case_id: rows[0].case for case_id, rows in seen.items()}
