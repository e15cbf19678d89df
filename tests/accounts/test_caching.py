"""Nothing of a signed-in person's pages stays behind."""

from django.test import Client
from django.urls import reverse

from tests.cast import Cast


def test_pages_of_an_account_are_kept_nowhere(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert client.get(reverse("account_change_password"))["Cache-Control"] == "no-store"
