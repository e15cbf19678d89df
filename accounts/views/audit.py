"""The seal of the audit, for data-protection officers: what it covers, what it does not yet, its head to keep."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

import clock
from accounts import sealing
from accounts.access import Ability, can
from accounts.audit import record
from accounts.models import Seal, SealCheck, User
from accounts.permissions import require
from accounts.verifying import Fault
from vault.heads import fingerprint

# After so many missed turns somebody has to look at the job worker.
LATE_AFTER = 3 * sealing.LONGEST_WAIT
GROUP = 8


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    require(can(cast(User, request.user), Ability.SEE_CASE_LOG))
    seal, waiting = sealing.newest(), sealing.waiting()
    context = {
        "seal": seal,
        "facts": _facts(seal, waiting) if seal else [],
        "head_facts": _head_facts(seal) if seal else [],
        "is_late": _is_late(seal, waiting),
        "check": _check(),
    }
    return render(request, "accounts/audit.html", context)


@require_safe
def audit_head(request: HttpRequest) -> HttpResponse:
    """A small signed file: whoever keeps it elsewhere can show later that the record up to it was rewritten."""
    user, seal = cast(User, request.user), sealing.newest()
    require(can(user, Ability.SEE_CASE_LOG))
    if seal is None:
        raise Http404
    with transaction.atomic():
        record(user, "audit.head_taken", seal, number=seal.number)
    headers = {
        "Content-Disposition": f'attachment; filename="audit-head-{seal.number}.json"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(sealing.head_of(seal).as_file(), content_type="application/json", headers=headers)


def _facts(seal: Seal, waiting: sealing.Waiting) -> list[tuple[str, Any]]:
    not_yet = ngettext("%(count)s entry", "%(count)s entries", waiting.rows) % {"count": waiting.rows}
    return [
        (_("Sealed up to"), _moment(seal.sealed_at)),
        (_("Entries under seal"), seal.total),
        (_("Not sealed yet"), not_yet),
        (_("The oldest of them"), _moment(waiting.since) if waiting.since else _("none")),
    ]


def _head_facts(seal: Seal) -> list[tuple[str, Any]]:
    head = sealing.head_of(seal)
    return [
        (_("Number of the head"), seal.number),
        (_("Its fingerprint"), _in_groups(head.statement.digest)),
        (_("Fingerprint of the key"), _in_groups(fingerprint(head.public_key))),
    ]


def _check() -> dict[str, Any] | None:
    check = SealCheck.objects.order_by("-id").first()
    if check is None:
        return None
    fault = Fault(check.fault).label if check.fault else ""
    return {"at": _moment(check.at), "row": f"{check.label} {check.row}", "fault": fault, "rows": check.rows}


def _is_late(seal: Seal | None, waiting: sealing.Waiting) -> bool:
    """Nothing was written for long: nothing to seal, so no seal is late."""
    if not waiting.rows:
        return False
    since = max(filter(None, [seal.sealed_at if seal else None, waiting.since]), default=None)
    return since is not None and clock.now() - since > LATE_AFTER


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "j E Y, H:i")


def _in_groups(digest: str) -> str:
    """As people read it out to each other."""
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))
