"""What stands on every page: the main navigation, and that a file is open for an hour only."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrPromise

import clock
from accounts.access import Ability, can
from accounts.models import User
from cases.models import CaseAccess, EmergencyOpening

Entry = tuple[str, str, bool, int | None]
_more: list[tuple[str, StrPromise, Ability]] = []


def add_entry(name: str, label: StrPromise, ability: Ability) -> None:
    """A page of an upper room for whoever has this ability, added when it starts."""
    _more.append((name, label, ability))


def navigation(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    entries = [
        ("today", _("Today"), True),
        ("case_list", _("Cases"), can(user, Ability.SEE_CASES)),
        ("calendar", _("Calendar"), can(user, Ability.SEE_CASES)),
        *((name, str(label), can(user, ability)) for name, label, ability in _more),
        ("desk", _("Report desk"), can(user, Ability.WORK_DESK)),
        ("team", _("Team"), can(user, Ability.ASSIGN_WORKER)),
        ("duty", _("Duty"), can(user, Ability.WORK_DESK)),
        ("audit", _("Seal of the audit"), can(user, Ability.SEE_CASE_LOG)),
        ("agency_list", _("Agencies"), can(user, Ability.SEE_DIRECTORY)),
        ("report_new", _("Report a child"), can(user, Ability.REPORT_CHILD)),
    ]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "nav": [_entry(name, label, here) for name, label, shown in entries if shown],
        "calendar_url": reverse("calendar") if can(user, Ability.SEE_CASES) else "",
        "search_url": reverse("case_search") if can(user, Ability.SEE_CASES) else "",
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "as_of": clock.now(),
    }


def emergency(request: HttpRequest) -> dict[str, Any]:
    """Of a file that is open to this reader in an emergency: until when, and what they typed. On each of its pages."""
    ground: CaseAccess | None = getattr(request, "emergency", None)
    opening = EmergencyOpening.objects.filter(pk=ground.basis_id).first() if ground else None
    if ground is None or opening is None:
        return {}
    return {"in_emergency": {"until": ground.until, "reason": opening.reason}}


def _entry(name: str, label: str, here: str | None) -> Entry:
    return reverse(name), label, name == here, None
