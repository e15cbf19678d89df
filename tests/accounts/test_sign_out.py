"""Going out, willingly or not."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Session
from tests.cast import Cast


def test_it_ends_the_session_and_writes_it_down(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    client.post(reverse("account_logout"))
    assert SESSION_KEY not in client.session
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("account.signed_out", cast.ana)


def test_the_quick_way_out_is_written_down_too(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    client.post(reverse("leave"))
    assert SESSION_KEY not in client.session
    assert AuditEvent.objects.get().verb == "account.signed_out"


def test_it_needs_more_than_a_link(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    client.get(reverse("account_logout"))
    assert SESSION_KEY in client.session


@pytest.mark.parametrize("switched_off", ["account", "agency"])
def test_who_is_switched_off_is_out_at_the_next_request(
    client: Client, cast: Cast, switched_off: str
) -> None:
    client.force_login(cast.ana)
    assert client.get(reverse("account_change_password")).status_code == 200
    off = cast.ana if switched_off == "account" else cast.ana.agency
    off.is_active = False
    off.save()

    assert client.get(reverse("account_change_password")).status_code == 302
    assert not Session.objects.exists()


def test_a_session_that_was_ended_stays_ended(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    cast.ana.is_active = False
    cast.ana.save()
    client.get(reverse("account_login"))
    cast.ana.is_active = True
    cast.ana.save()
    assert client.get(reverse("account_change_password")).status_code == 302
