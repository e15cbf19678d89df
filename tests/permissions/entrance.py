"""Sign-in and what belongs to one's own account: the same for every role, and of no case."""

from collections.abc import Mapping

from django.urls import reverse

from cases.models import Case
from tests.cast import Cast
from tests.permissions.base import ALL_MAY, NOT_HERE, Address, Row, cells

ROWS: Mapping[str, Row] = {
    # Signed in already, there is nothing to ask.
    "mfa_authenticate": Row(cells(302), cells(302)),
    # No provider of this name.
    "identity_login": Row(cells(404), NOT_HERE, anonymous=(404, 405)),
    "identity_callback": Row(cells(404), NOT_HERE, anonymous=(404, 405)),
    "second_factor": ALL_MAY,
    "second_factor_app": Row(cells(200), cells(302)),
    "second_factor_passkey": Row(cells(200), cells(422)),
    "recovery_codes": Row(cells(302), cells(302)),
    # Another's.
    "factor_remove": Row(cells(302), cells(404)),
    "passkey_options": Row(cells(404), NOT_HERE),
    "prove": Row(cells(200), cells(200)),
    "unlock": Row(cells(302), cells(423)),
    "lock": Row(cells(302), cells(302)),
    "still_here": Row(cells(302), cells(204)),
    "leave": Row(cells(302), cells(200), anonymous=(302, 200)),
    "set_keys": Row(cells(302), cells(302)),
    # Without a ticket there is nothing to keep; with one, nobody need be signed in.
    "draft_keep": Row(NOT_HERE, cells(422), anonymous=(405, 422)),
    # Another's draft is nobody's.
    "draft_drop": Row(cells(302), cells(302)),
    # Of the components alone; nothing of a case is in it.
    "design": ALL_MAY,
    "tour": ALL_MAY,
    "tour_end": Row(cells(302), cells(302)),
}

NAMES_NOTHING = frozenset(ROWS)


def addresses(cast: Cast, case: Case) -> dict[str, Address]:
    nowhere = ["nowhere"]
    return {
        "identity_login": Address(reverse("identity_login", args=nowhere), {}),
        "identity_callback": Address(reverse("identity_callback", args=nowhere), {}),
        "draft_drop": Address(reverse("draft_drop", args=[case.pk]), {}),
        "tour": Address(reverse("tour", args=[1]), {}),
        "factor_remove": Address(reverse("factor_remove", args=[1]), {}),
    }
