"""What one post is asked: put together out of the file, looked at as the post will see it, and frozen.

Its parts are `PARTS` and no others, whatever a form sends: what happened, health and shelter have no reader here.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

import clock
from accounts.access import Role, Section
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.models import Agency, AgencyKind, User
from accounts.permissions import require
from cases.models import Case
from cases.models.people import PersonRole
from repatriation.models import Return, VerificationRequest
from repatriation.models.choices import DECIDED_TO_LEAVE, ReturnState
from repatriation.permissions import can_write_journey
from repatriation.services import access
from repatriation.services.locking import locked

Value = Any
Frozen = dict[str, Value]
# Before it is sent, and when it is sent once more.
CAN_FREEZE = (*DECIDED_TO_LEAVE, ReturnState.VERIFICATION_INCONCLUSIVE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the worker says besides what the file knows: which numbers are given, and where home was."""

    numbers: Collection[UUID] = ()
    last_address: str = ""


def _names(case: Case, asked: Asked) -> Value:
    child = case.child
    rows = child.names.filter(removed_at__isnull=True).order_by("pk")
    names = [{"kind": row.kind, "script": row.script, "whole": row.whole} for row in rows]
    known = {name["whole"] for name in names}
    if child.known_as and child.known_as not in known:
        names.insert(0, {"kind": "", "script": "", "whole": child.known_as})
    return names


def _birth(case: Case, asked: Asked) -> Value:
    child = case.child
    if child.birth_date is None:
        return None
    return {"day": child.birth_date.isoformat(), "certainty": child.birth_certainty}


def _numbers(case: Case, asked: Asked) -> Value:
    rows = case.child.id_numbers.filter(removed_at__isnull=True, pk__in=asked.numbers).order_by("pk")
    return [
        {"id": str(row.pk), "kind": row.kind, "country": row.country, "number": row.number} for row in rows
    ]


def _parents(case: Case, asked: Asked) -> Value:
    rows = case.people.filter(removed_at__isnull=True, role__in=(PersonRole.MOTHER, PersonRole.FATHER))
    return [{"role": row.role, "name": row.name} for row in rows.order_by("pk")]


# Everything that a consulate is ever told, by its code.
PARTS: Mapping[str, Callable[[Case, Asked], Value]] = {
    "names": _names,
    "birth": _birth,
    "citizenships": lambda case, asked: case.child.citizenships,
    "numbers": _numbers,
    "parents": _parents,
    "last_address": lambda case, asked: asked.last_address.strip(),
}


def assembled(case: Case, asked: Asked) -> Frozen:
    """As the file has it now. A part that the file does not know is not in it."""
    found = {code: read(case, asked) for code, read in PARTS.items()}
    return {code: value for code, value in found.items() if value}


def asked_in(frozen: Mapping[str, Value]) -> Asked:
    """What was said besides when this was frozen."""
    numbers = [UUID(row["id"]) for row in frozen.get("numbers", ()) if "id" in row]
    return Asked(numbers=numbers, last_address=frozen.get("last_address", ""))


def differs(request: VerificationRequest) -> bool:
    """Whether the file says something else by now than the request that waits to be sent."""
    frozen = request.frozen or {}
    return assembled(request.case, asked_in(frozen)) != frozen


def seal_of(post: Agency, content: Frozen) -> str:
    """Names what somebody has looked at: for which post, and each word of it."""
    told = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return salted_hmac("repatriation.request", f"{post.pk}:{told}", algorithm="sha256").hexdigest()


def posts_for(country: str) -> list[Agency]:
    """Consulates of that country at which somebody works with this system: nobody else would ever read it."""
    posts = Agency.objects.filter(kind=AgencyKind.CONSULATE, country=country, is_active=True)
    staffed = posts.filter(accounts__role=Role.CONSULAR_OFFICER, accounts__is_active=True)
    return list(staffed.distinct().order_by("name"))


@write
def freeze_request(
    return_id: UUID, *, actor: User, post: Agency, asked: Asked, seen: str
) -> VerificationRequest:
    """`seen` is the `seal_of` what was looked at. The post reads nothing of it before it is sent. Raises Invalid."""
    way = locked(return_id, actor)
    require(can_write_journey(actor, way))
    _check(way, post)
    content = assembled(way.case, asked)
    if "names" not in content:
        raise Invalid("", _("The file knows no name of the child. A consulate cannot look for anybody."))
    if not constant_time_compare(seen, seal_of(post, content)):
        raise Invalid(
            "", _("This is not what you looked at: something was changed meanwhile. Look at it again.")
        )
    request = _to_be_sent(way, actor)
    request.post, request.country, request.made_by, request.made_at = post, way.country, actor, clock.now()
    request.frozen = content
    request.save()
    record(
        actor,
        "return.request_frozen",
        request,
        case_id=way.case_id,
        sections=[Section.RETURN_JOURNEY],
        post=str(post.pk),
        parts=",".join(content),
    )
    return request


def _check(way: Return, post: Agency) -> None:
    if way.state not in CAN_FREEZE:
        raise Invalid("", _("A request is written after the decision, and before the consulate has it."))
    if post not in posts_for(way.country):
        raise Invalid("post", _("Choose one of the consulates of this country."))


def _to_be_sent(way: Return, actor: User) -> VerificationRequest:
    """The draft that waits, or a new one; what a post has answered stays as it was."""
    waiting = way.requests.filter(ended_at__isnull=True, sent_at__isnull=True).first()
    if waiting is None:
        access.close_for_consulate(way)
        waiting = VerificationRequest(way=way, case=way.case)
    return waiting
