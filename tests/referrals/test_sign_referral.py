"""What somebody looked at is what they answer for: nobody signs what was changed while their page was open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import Case
from referrals.models import Referral
from referrals.services.drafting import change_draft, choose_fields, cosign, mark_previewed
from tests.cases import files
from tests.cases.asking import browser, get, post
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import FIELDS, drafted, offer, transfer_drafted

CHANGED = "The referral was changed meanwhile."


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


@kept
def referral(cast: Cast, case: Case) -> Referral:
    return drafted(cast, case, cast.tomas.agency, transfer_basis="agreement")


def fields(row: Referral, worker: User) -> Any:
    return choose_fields(row.pk, actor=worker, codes=[*FIELDS, "identity.languages"])


def said(**changes: Any) -> Callable[[Referral, User], Any]:
    def change(row: Referral, worker: User) -> Any:
        statement = offer(transfer_basis="agreement", **changes)
        recipient, service = row.recipient, row.service
        return change_draft(row.pk, actor=worker, recipient=recipient, service=service, offer=statement)

    return change


CHANGES = {
    "fields": fields,
    "request": said(request="Take her brother in as well."),
    "basis": said(legal_basis="order", basis_words="By order of the youth court."),
    "words": said(legal_basis="consent", basis_words="As the child said on the telephone."),
    "nothing but saved": said(),
}


def shown(user: User, name: str, row: Referral) -> dict[str, str]:
    """What the form of the page sends back."""
    page = get(user, name, row.pk).content.decode()
    state = last_saved(row)
    assert f'name="seen" value="{state}"' in page
    return {"seen": state}


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_signs_what_was_changed_meanwhile(cast: Cast, referral: Referral, change: str) -> None:
    sent = shown(cast.sami, "referral_cosign", referral)
    row = CHANGES[change](referral, cast.ana)
    mark_previewed(row.pk, actor=cast.ana, seen=last_saved(row))
    client, page = browser(cast.sami), reverse("referral_cosign", args=[row.pk])
    answer = client.post(page, sent, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert CHANGED in answer.content.decode()
    assert Referral.objects.get().cosigned_by is None
    assert client.post(page, shown(cast.sami, "referral_cosign", row)).status_code == 302
    assert Referral.objects.get().cosigned_by == cast.sami


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_has_seen_what_was_changed_meanwhile(cast: Cast, referral: Referral, change: str) -> None:
    sent = shown(cast.ana, "referral_preview", referral)
    row = CHANGES[change](referral, cast.ana)
    client, page = browser(cast.ana), reverse("referral_preview", args=[row.pk])
    answer = client.post(page, sent, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert CHANGED in answer.content.decode()
    assert Referral.objects.get().previewed_at is None
    answer = client.post(page, shown(cast.ana, "referral_preview", row))
    assert answer["Location"] == reverse("referral_step", args=[row.pk, "send"])
    assert Referral.objects.get().previewed_at is not None


def test_without_a_page_nothing_is_signed(cast: Cast, referral: Referral) -> None:
    for seen in ("", "new", "0"):
        with pytest.raises(Invalid):
            cosign(referral.pk, actor=cast.sami, seen=seen)
        with pytest.raises(Invalid):
            mark_previewed(referral.pk, actor=cast.ana, seen=seen)
    assert post(cast.sami, "referral_cosign", referral.pk).status_code == 302
    assert Referral.objects.get().cosigned_by is None


def test_who_signs_sees_the_request_and_the_ground(cast: Cast, referral: Referral) -> None:
    CHANGES["basis"](referral, cast.ana)
    page = get(cast.sami, "referral_cosign", referral.pk).content.decode()
    for words in ("sleeps badly", "By order of the youth court.", "An agreement between"):
        assert words in page


def test_a_transfer_is_looked_at_in_the_same_way(cast: Cast, case: Case, nora: User) -> None:
    row = transfer_drafted(cast, case)
    sent = shown(cast.sami, "referral_preview", row)
    CHANGES["request"](row, cast.sami)
    post(cast.sami, "referral_preview", row.pk, **sent)
    assert Referral.objects.get().previewed_at is None


def test_a_supervisor_finds_the_place_to_sign_on_the_draft(cast: Cast, referral: Referral) -> None:
    place = reverse("referral_cosign", args=[referral.pk])
    assert place in get(cast.sami, "referral", referral.pk).content.decode()
    assert place not in get(cast.ana, "referral", referral.pk).content.decode()
    cosign(referral.pk, actor=cast.sami, seen=last_saved(referral))
    assert place not in get(cast.sami, "referral", referral.pk).content.decode()
