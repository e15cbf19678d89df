"""Keeping a list as it stands under a name, for oneself alone."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.acting import write
from accounts.audit import record
from accounts.errors import Invalid
from accounts.lists import List
from accounts.models import SavedView, User
from accounts.permissions import require
from vault import keys
from vault.tokens import keyed_digest

# Of one list: more would be a list in which to look for lists.
MOST = 20
# So long one that was removed can be put back.
PUT_BACK_FOR = timedelta(hours=24)


@write
def save_view(of: List, *, actor: User, name: str, state: Mapping[str, str]) -> SavedView:
    """What of `state` the list knows, under this name. Raises Invalid for a name that is there, or one too many."""
    require(of.may(actor))
    _lock(actor)
    cleaned = of.cleaned(state)
    if not cleaned:
        raise Invalid("name", _("Sort or filter the list first. As it is by itself it needs no name."))
    row = SavedView(account=actor, list_name=of.name, state=cleaned)
    _check_room(actor, of.name)
    row.name_digest = _free_digest(row, name)
    keys.create(row.pk)
    row.name = name
    row.save()
    record(actor, "view.saved", row, list=of.name)
    return row


@write
def rename_view(view_id: UUID, *, actor: User, name: str) -> SavedView:
    """Raises SavedView.DoesNotExist for what is another's, or removed."""
    _lock(actor)
    row = SavedView.objects.get(pk=view_id, account=actor, removed_at__isnull=True)
    row.name_digest = _free_digest(row, name)
    row.name = name
    row.save(update_fields=["name", "name_digest"])
    record(actor, "view.renamed", row, list=row.list_name)
    return row


@write
def remove_view(view_id: UUID, *, actor: User) -> SavedView:
    """It can be put back for a while, and is gone for good after that."""
    _lock(actor)
    row = SavedView.objects.get(pk=view_id, account=actor, removed_at__isnull=True)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    record(actor, "view.removed", row, list=row.list_name)
    return row


@write
def put_back_view(view_id: UUID, *, actor: User) -> SavedView:
    """Raises Invalid where its name or its place was taken meanwhile."""
    _lock(actor)
    row = removed_lately(actor).get(pk=view_id)
    _check_room(actor, row.list_name)
    row.name_digest = _free_digest(row, row.name)
    row.removed_at = None
    row.save(update_fields=["removed_at", "name_digest"])
    record(actor, "view.put_back", row, list=row.list_name)
    return row


def removed_lately(account: User) -> QuerySet[SavedView]:
    since = clock.now() - PUT_BACK_FOR
    return SavedView.objects.filter(account=account, removed_at__gt=since).order_by("-removed_at", "pk")


def forget_removed() -> None:
    """For good: first the key, so that one that is left behind by a killed job tells nothing."""
    over = SavedView.objects.filter(removed_at__lte=clock.now() - PUT_BACK_FOR)
    for row in over:
        keys.erase(row.pk)
        row.delete()


def _lock(actor: User) -> None:
    """Two windows of one person, one after the other: the number of views and their names are counted."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)


def _check_room(actor: User, list_name: str) -> None:
    if SavedView.objects.kept_by(actor, list_name).count() >= MOST:
        raise Invalid("name", _("You have %(most)s views of this list. Remove one first.") % {"most": MOST})


def _free_digest(row: SavedView, name: str) -> str:
    """Of a name that this account has not yet given to another view of the same list."""
    told = f"{row.account_id}:{row.list_name}:{name.casefold()}"
    digest = keyed_digest("accounts.saved_view", told)
    others = SavedView.objects.kept_by(row.account, row.list_name).exclude(pk=row.pk)
    if others.filter(name_digest=digest).exists():
        raise Invalid("name", _("You have a view of this name already. Choose another name."))
    return digest
