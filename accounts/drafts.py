"""What is being typed is kept on the server, sealed, until it is sent or thrown away.

A page carries a ticket: signed, for one account and one page, good for writing a draft and for nothing else. So what
was typed is kept even when the session has ended or is covered meanwhile; it is read only on its page, by its account,
and where the page is still shown.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.signing import BadSignature, Signer
from django.db.models import Model, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

import clock
from accounts import sending
from accounts.acting import write
from accounts.models import Draft, SentForm, User
from vault import keys
from vault.errors import KeyMissing, SealBroken

KEPT = timedelta(days=14)
# Longer than any session: a laptop is closed in the evening and opened in the morning.
TICKET_HOLDS = timedelta(hours=48)
MOST, LONGEST_ADDRESS, MOST_FIELDS, MOST_OF_TURN = 50, 300, 2_000, 40
# The fields of a form that takes a draft up again without script.
TAKE_UP = "draft"

# Arguments of addresses: the model whose row each names, and the column that names the key of its case.
_keyed: dict[str, tuple[type[Model], str]] = {}
_signer = Signer(salt="accounts.drafts")


class BadTicket(Exception):
    """It is not one of ours, it is too old, or its account cannot sign in any more."""


class NotTyped(Exception):
    """What came is no form."""


class AlreadySent(Exception):
    """The form has been sent meanwhile, so nothing is left to be kept."""


class GoneOnElsewhere(Exception):
    """Another page has gone on with this draft since this one kept it: it would write over what was typed there."""


@dataclass(frozen=True)
class Typed:
    """One form: `instead` is the number under which it was sent before, and refused.

    `turn` is the opened page, and how often it has kept this: on a slow line an older word may arrive later, and two
    pages may have taken up the same draft.
    """

    action: str
    number: UUID
    title: str
    query: str
    fields: list[tuple[str, str]]
    instead: UUID | None = None
    turn: tuple[str, int] = ("", 0)

    def is_older_than(self, kept: Sequence[Any]) -> bool:
        page, times = kept
        return bool(self.turn[0] == page and self.turn[1] < times)

    def is_behind(self, kept: Sequence[Any]) -> bool:
        """What this page kept before is not what is kept now."""
        page, _times = kept
        return bool(page and self.turn[0] != page and self.turn[1] > 1)


def register(argument: str, model: type[Model], column: str) -> None:
    """Drafts on pages whose address has this argument belong to a case: its key is in this column of the named row."""
    _keyed[argument] = model, column


def ticket(user: User, page: str) -> str:
    return _signer.sign(f"{clock.now().timestamp():.0f}:{user.pk}:{page}")


def holder(said: str) -> tuple[User, str]:
    """Whose ticket it is, and for which page. Raises BadTicket."""
    try:
        made, account, page = _signer.unsign(said).split(":", 2)
    except BadSignature:
        raise BadTicket from None
    if clock.now().timestamp() - int(made) > TICKET_HOLDS.total_seconds():
        raise BadTicket
    user = User.objects.select_related("agency").filter(pk=account).first()
    if user is None or not user.may_sign_in:
        raise BadTicket
    return user, page


def read(said: Any) -> Typed:
    """A form out of what a page sent. Raises NotTyped."""
    try:
        # No form takes the sign that is left out here; the words around it are kept.
        fields = [
            (name, value.replace("\0", "")) for name, value in said["fields"] if name not in sending.NOT_TYPED
        ]
        instead = said.get("instead")
        typed = Typed(
            action=said["action"],
            number=UUID(said["number"]),
            title=said["title"],
            query=said["query"],
            fields=fields,
            instead=UUID(instead) if instead else None,
            turn=_turn(*said.get("turn", ("", 0))),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotTyped from None
    texts = [typed.action, typed.title, typed.query, *(each for field in fields for each in field)]
    if not all(isinstance(each, str) and "\0" not in each for each in texts):
        raise NotTyped
    if len(fields) > MOST_FIELDS or any(len(each) > LONGEST_ADDRESS for each in texts[:3]):
        raise NotTyped
    return typed


def _turn(page: Any, times: Any) -> tuple[str, int]:
    if not isinstance(page, str) or not isinstance(times, int) or len(page) > MOST_OF_TURN:
        raise NotTyped
    return page, times


def keep(user: User, page: str, typed: Typed) -> datetime:
    """When it was kept; waits while the same form is on its way.

    Raises AlreadySent, GoneOnElsewhere, and KeyMissing for an erased case.
    """
    with sending.one_at_a_time(user, typed.number):
        at = _keep(page, typed, actor=user)
    if at is None:
        raise AlreadySent
    return at


@write
def _keep(page: str, typed: Typed, *, actor: User) -> datetime | None:
    """None where the form was sent; what was kept of it under an earlier number is gone then."""
    mine = Draft.objects.filter(account=actor)
    before = mine.filter(number=typed.instead) if typed.instead else mine.none()
    if SentForm.objects.filter(account=actor, number=typed.number).exists():
        before.drop()
        return None
    draft = mine.select_for_update().filter(number=typed.number).first() or before.select_for_update().first()
    if draft is None:
        draft = Draft(account=actor, page=page)
        draft.scope = _scope_of(page) or _own_scope(draft)
    else:
        kept = words_of(draft).get("turn", ("", 0))
        if typed.is_behind(kept):
            raise GoneOnElsewhere
        if typed.is_older_than(kept):
            return draft.saved_at
    draft.number, draft.action, draft.saved_at = typed.number, typed.action, clock.now()
    draft.typed = {"title": typed.title, "query": typed.query, "fields": typed.fields, "turn": typed.turn}
    draft.save()
    mine.filter(pk__in=mine.order_by("-saved_at").values("pk")[MOST:]).drop()
    return draft.saved_at


def _own_scope(draft: Draft) -> UUID:
    keys.create(draft.pk)
    return draft.pk


def _scope_of(page: str) -> UUID | None:
    """The case to which the page belongs, if it is one."""
    try:
        arguments = resolve(page).kwargs
    except Resolver404:
        return None
    for name, (model, column) in _keyed.items():
        if name in arguments:
            found: UUID | None = (
                model._default_manager.filter(pk=arguments[name]).values_list(column, flat=True).first()
            )
            return found
    return None


def keep_posted(request: HttpRequest, user: User) -> str:
    """A form that arrived where nobody may write now, because the page is covered. The page to come back to."""
    number, action = sending.number_of(request), request.get_full_path()
    back = urlsplit(request.headers.get("Referer", ""))
    page = back.path if back.netloc == request.get_host() and back.path else request.path
    if number is None or not _is_page(page):
        return page
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    said = {"action": action, "number": str(number), "title": "", "query": back.query, "fields": fields}
    # Nothing to be kept, or nothing that a form could hold.
    with suppress(AlreadySent, KeyMissing, NotTyped):
        keep(user, page, read(said))
    return page


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return len(path) <= LONGEST_ADDRESS


def on_page(user: User, page: str) -> list[Draft]:
    """The newest first. Asked only where there is one (`with_pages`); what does not open any more is left out."""
    if page not in getattr(user, "draft_pages", ()):
        return []
    return [each for each in _newest_first(user).filter(page=page) if words_of(each)]


@dataclass(frozen=True)
class Unsent:
    """For a list of what waits: `title` is that of the page, `url` leads back to it, `scope` names its key."""

    id: UUID
    scope: UUID
    title: str
    url: str
    saved_at: datetime


def unsent(user: User) -> list[Unsent]:
    found = list(_newest_first(user)) if getattr(user, "draft_pages", ()) else []
    keys.prefetch(each.scope for each in found)
    return [_unsent(each, words) for each in found if (words := words_of(each))]


def _unsent(draft: Draft, words: Mapping[str, Any]) -> Unsent:
    query = str(words["query"]).removeprefix("?")
    return Unsent(
        draft.pk,
        draft.scope,
        words["title"],
        f"{draft.page}?{query}" if query else draft.page,
        draft.saved_at,
    )


def _newest_first(user: User) -> QuerySet[Draft]:
    return Draft.objects.filter(account=user).order_by("-saved_at")


def words_of(draft: Draft) -> Mapping[str, Any]:
    """Empty where the key is gone."""
    try:
        return dict(draft.typed)
    except (KeyMissing, SealBroken):
        return {}


def with_pages(accounts: QuerySet[User]) -> QuerySet[User]:
    """`draft_pages`: the pages on which something waits, read with the account, so that others pay no query for it."""
    pages = Draft.objects.filter(account=OuterRef("pk")).order_by("-saved_at").values("page")
    return accounts.annotate(draft_pages=ArraySubquery(pages))


def typed_again(request: HttpRequest, user: User) -> QueryDict | None:
    """The form of the draft that was asked for, as if it were sent to this address; None where there is none."""
    try:
        asked = UUID(request.POST[TAKE_UP])
    except ValueError:
        return None
    draft = Draft.objects.filter(account=user, pk=asked, action=request.get_full_path()).first()
    if draft is None or not (words := words_of(draft)):
        return None
    said = QueryDict(mutable=True)
    for name, value in words["fields"]:
        said.appendlist(name, value)
    said[TAKE_UP], said[sending.FIELD] = str(draft.pk), str(draft.number)
    said["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
    return said


def look_first() -> str:
    return _("This is what you had typed. Nothing is saved yet: look at it, then send it.")


def is_gone() -> str:
    return _("What was typed there is not kept any more: it was sent, thrown away or is too old.")


@write
def throw_away(draft_id: UUID, *, actor: User) -> None:
    Draft.objects.filter(account=actor, pk=draft_id).drop()


def forget_case(case_id: UUID) -> None:
    """In the caller's transaction: the case is erased."""
    Draft.objects.filter(scope=case_id).drop()


def forget_old() -> None:
    Draft.objects.filter(saved_at__lt=clock.now() - KEPT).drop()
