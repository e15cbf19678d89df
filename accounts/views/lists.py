"""Saved views of lists: kept, used, renamed, removed, put back. Each is its owner's; another's does not exist."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lists
from accounts.errors import Invalid
from accounts.forms.lists import ViewNameForm
from accounts.lists import List, name_of
from accounts.models import SavedView, User
from accounts.permissions import require
from accounts.posting import posted_from, safe_next
from accounts.saving import put_back_view, remove_view, removed_lately, rename_view, save_view
from vault import keys


@require_safe
def saved_views(request: HttpRequest, list_name: str) -> HttpResponse:
    """All that this account keeps of one list, and what was removed within the last day."""
    user, of = _opened(request, list_name)
    kept = list(SavedView.objects.kept_by(user, of.name))
    removed = list(removed_lately(user).filter(list_name=of.name))
    keys.prefetch([row.pk for row in (*kept, *removed)])
    context = {
        "of": of,
        "list_url": _page_of(of),
        "rows": [_row(of, row) for row in kept],
        "removed": [_row(of, row) for row in removed],
    }
    return render(request, "accounts/saved_views.html", context)


def _row(of: List, row: SavedView) -> dict[str, Any]:
    page, query = _page_of(of), urlencode(of.cleaned(row.state))
    return {"row": row, "name": name_of(row), "url": f"{page}?{query}" if page else ""}


def _page_of(of: List) -> str:
    return reverse(of.page) if of.page else ""


def _opened(request: HttpRequest, list_name: str) -> tuple[User, List]:
    user, of = cast(User, request.user), lists.known().get(list_name)
    if of is None or not of.is_kept:
        raise Http404
    require(of.may(user))
    return user, of


def _page_of_list(request: HttpRequest, list_name: str) -> str:
    _opened(request, list_name)
    return reverse("saved_views", args=[list_name])


@posted_from(_page_of_list)
def view_new(request: HttpRequest, list_name: str) -> HttpResponse:
    """The form stands on the list itself: `state` is what its address says, `back` the address without that."""
    user, of = _opened(request, list_name)
    state, form = QueryDict(request.POST.get("state", "")).dict(), ViewNameForm(request.POST)
    back = safe_next(request, request.POST.get("back", "").partition("?")[0], of.page or "today")
    if form.accepted(lambda entered: save_view(of, actor=user, name=entered["name"], state=cast(Any, state))):
        messages.success(request, _("Saved. It stands above the list."))
        return redirect(f"{back}?{urlencode(of.cleaned(cast(Any, state)))}")
    context = {"of": of, "form": form, "back": back, "state": urlencode(of.cleaned(cast(Any, state)))}
    return render(request, "accounts/view_new.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def view_rename(request: HttpRequest, view_id: UUID) -> HttpResponse:
    user = cast(User, request.user)
    row = get_object_or_404(SavedView, pk=view_id, account=user, removed_at__isnull=True)
    form = ViewNameForm(request.POST if request.method == "POST" else None, initial={"name": name_of(row)})
    if request.method == "POST" and form.accepted(
        lambda entered: rename_view(view_id, actor=user, name=entered["name"])
    ):
        messages.success(request, _("Saved."))
        return redirect("saved_views", row.list_name)
    context = {"form": form, "list_url": reverse("saved_views", args=[row.list_name])}
    return render(request, "accounts/view_rename.html", context, status=422 if form.errors else 200)


def _its_page(request: HttpRequest, view_id: UUID) -> str:
    row = get_object_or_404(SavedView, pk=view_id, account=cast(User, request.user))
    return reverse("saved_views", args=[row.list_name])


@posted_from(_its_page)
def view_remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    try:
        row = remove_view(view_id, actor=cast(User, request.user))
    except SavedView.DoesNotExist:
        raise Http404 from None
    back = reverse("view_put_back", args=[view_id])
    messages.success(request, _("Removed. You can put it back within a day."), extra_tags=back)
    return redirect("saved_views", row.list_name)


@posted_from(_its_page)
def view_put_back(request: HttpRequest, view_id: UUID) -> HttpResponse:
    try:
        put_back_view(view_id, actor=cast(User, request.user))
    except SavedView.DoesNotExist:
        raise Http404 from None
    except Invalid as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("It is back."))
    return redirect(_its_page(request, view_id))
