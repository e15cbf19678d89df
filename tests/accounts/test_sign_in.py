"""Coming in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.adapter import FAILURES_RECORDED_EVERY
from accounts.models import AuditEvent, User
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand


def sign_in(client: Client, username: str, password: str = PASSWORD, next_page: str = "") -> int:
    """The status: 302 for who came in, 200 for the form shown again."""
    form = {"login": username, "password": password, "next": next_page}
    return client.post(reverse("account_login"), form).status_code


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_it_opens_the_session_and_writes_it_down(client: Client, cast: Cast) -> None:
    assert sign_in(client, "ana") == 302
    assert signed_in(client) == str(cast.ana.pk)
    event = AuditEvent.objects.get(verb="account.signed_in")
    assert (event.actor, event.target_id, event.agency) == (cast.ana, cast.ana.pk, cast.ana.agency)
    assert event.actor_role == "case_worker"


def test_what_is_missing_is_said_as_everywhere(client: Client, cast: Cast) -> None:
    page = client.post(reverse("account_login"), {}).content.decode()
    assert page.count("We need an answer here.") >= 2
    assert "This field is required" not in page


def test_it_does_not_mind_how_the_name_is_written(client: Client, cast: Cast) -> None:
    assert sign_in(client, " Ana ") == 302


def test_it_leads_to_our_own_pages_only(client: Client, cast: Cast) -> None:
    form = {"login": "ana", "password": PASSWORD, "next": "https://elsewhere.example/"}
    response = client.post(reverse("account_login"), form)
    assert response["Location"] == "/"


def test_it_refuses_a_wrong_password_and_writes_it_down(client: Client, cast: Cast) -> None:
    assert sign_in(client, "ana", "wrong") == 200
    assert signed_in(client) is None
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.sign_in_failed", None, cast.ana.pk)


def test_it_writes_down_failures_only_so_often(client: Client, cast: Cast, clock_at: ClockHand) -> None:
    for _ in range(3):
        sign_in(client, "ana", "wrong")
    assert AuditEvent.objects.count() == 1
    clock_at.forward(FAILURES_RECORDED_EVERY + timedelta(seconds=1))
    sign_in(client, "ana", "wrong")
    assert AuditEvent.objects.count() == 2


def test_it_writes_nothing_about_names_that_nobody_has(client: Client, cast: Cast) -> None:
    assert sign_in(client, "nobody", "wrong") == 200
    assert AuditEvent.objects.count() == 0


def test_it_stops_answering_after_five_wrong_passwords(client: Client, cast: Cast) -> None:
    for _ in range(5):
        sign_in(client, "ana", "wrong")
    assert sign_in(client, "ana") == 200
    assert signed_in(client) is None


@pytest.mark.parametrize("switched_off", ["account", "agency"])
def test_it_refuses_who_is_switched_off_and_says_so(client: Client, cast: Cast, switched_off: str) -> None:
    off = cast.ana if switched_off == "account" else cast.ana.agency
    off.is_active = False
    off.save()
    page = client.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    assert signed_in(client) is None
    assert "switched off" in page.content.decode()
    assert AuditEvent.objects.get().verb == "account.sign_in_failed"


def test_it_tells_nobody_else_that_an_account_is_switched_off(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    page = client.post(reverse("account_login"), {"login": "ana", "password": "wrong"})
    assert "switched off" not in page.content.decode()


def test_there_is_no_sign_up(client: Client, cast: Cast) -> None:
    for response in (client.get(reverse("account_signup")), client.post(reverse("account_signup"))):
        assert response.status_code == 404
