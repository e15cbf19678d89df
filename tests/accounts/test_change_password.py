"""A new password."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import Invalid
from accounts.models import AuditEvent
from accounts.proving import MOST_TRIES, Proof, prove_again
from tests.cast import PASSWORD, Cast


def change(client: Client, old: str, new: str) -> int:
    form = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), form).status_code


def test_it_is_kept_and_written_down(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert change(client, PASSWORD, "late-summer-orchard") == 302
    cast.ana.refresh_from_db()
    assert cast.ana.check_password("late-summer-orchard")
    events = list(AuditEvent.objects.order_by("pk").values_list("verb", "actor__username"))
    assert events == [("account.proved_again", "ana"), ("account.password_changed", "ana")]


def test_it_needs_the_old_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert change(client, "wrong", "late-summer-orchard") == 200
    cast.ana.refresh_from_db()
    assert cast.ana.check_password(PASSWORD)


def test_a_wrong_old_one_is_written_down_and_counts_with_all_proofs(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    for _ in range(MOST_TRIES - 1):
        change(client, "wrong", "late-summer-orchard")
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["account.proof_failed"]
    with pytest.raises(Invalid, match="password"):
        prove_again(cast.ana, Proof("wrong"))
    with pytest.raises(Invalid) as refused:
        prove_again(cast.ana, Proof(PASSWORD))
    assert "Too many tries" in refused.value.sentence
    assert change(client, PASSWORD, "late-summer-orchard") != 302


def test_a_new_one_that_is_mistyped_uses_no_try_up(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    typed = {"oldpassword": "wrong", "password1": "late-summer-orchard", "password2": "late-summer-orchid"}
    assert client.post(reverse("account_change_password"), typed).status_code == 200
    assert not AuditEvent.objects.exists()


def test_it_refuses_a_short_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert change(client, PASSWORD, "heron") == 200


def test_it_refuses_the_one_from_before(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    typed = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(reverse("account_change_password"), typed).content.decode()
    assert "This is the password from before." in page
    assert not AuditEvent.objects.exists()


def test_what_is_missing_is_said_as_everywhere(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    page = client.post(reverse("account_change_password"), {}).content.decode()
    assert page.count("We need an answer here.") >= 3
    assert "This field is required" not in page


def test_it_ends_the_other_sessions(client: Client, cast: Cast) -> None:
    elsewhere = Client()
    elsewhere.force_login(cast.ana)
    client.force_login(cast.ana)
    change(client, PASSWORD, "late-summer-orchard")
    assert client.get(reverse("account_change_password")).status_code == 200
    assert elsewhere.get(reverse("account_change_password")).status_code == 302


def test_who_has_none_is_led_to_the_second_factor(client: Client, cast: Cast) -> None:
    cast.ana.set_unusable_password()
    cast.ana.save(update_fields=["password"])
    client.force_login(cast.ana)
    link = reverse("account_change_password")
    assert f'href="{link}"' in client.get("/").content.decode()
    assert client.get(link)["Location"] == reverse("second_factor")
    client.post(link, {"oldpassword": "", "password1": "late-summer-orchard"})
    cast.ana.refresh_from_db()
    assert not cast.ana.has_usable_password()
