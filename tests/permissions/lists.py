"""Saved views of lists. They name no case: whose list it is, is the role's; whose view, the account's."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse

from accounts import lists
from accounts.saving import save_view
from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import NOT_HERE, Address, Row, cells
from tests.permissions.team import SEE_CASES

ROWS: Mapping[str, Row] = {
    "saved_views": Row(cells(403, s200=SEE_CASES), NOT_HERE),
    "view_new": Row(cells(403, s302=SEE_CASES), cells(403, s302=SEE_CASES)),
    # Another's.
    "view_rename": Row(cells(404), cells(404)),
    "view_remove": Row(cells(404), cells(404)),
    "view_put_back": Row(cells(404), cells(404)),
}

NAMES_NOTHING = frozenset(ROWS)


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    view = save_view(lists.known()["cases"], actor=cast.ana, name="Mine", state={"sort": "code"})
    return {
        "saved_views": Address(reverse("saved_views", args=["cases"]), {}),
        "view_new": Address(
            reverse("view_new", args=["cases"]), {"name": "By code", "state": "sort=code", "back": "/cases/"}
        ),
        "view_rename": _of("view_rename", view.pk, name="Another"),
        "view_remove": _of("view_remove", view.pk),
        "view_put_back": _of("view_put_back", view.pk),
    }


def _of(page: str, pk: UUID, **data: str) -> Address:
    return Address(reverse(page, args=[pk]), data)
