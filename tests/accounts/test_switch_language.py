"""The language of the pages."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language_info

from accounts.models import AuditEvent
from tests.cast import Cast

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def test_it_is_the_accounts_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    client.post(reverse("set_language"), {"language": "ru", "next": "/"})
    cast.ana.refresh_from_db()
    assert cast.ana.language == "ru"
    # Whatever the browser asks for.
    page = client.get(reverse("account_change_password"), headers={"Accept-Language": "en"})
    assert page["Content-Language"] == "ru"
    assert AuditEvent.objects.get().verb == "account.language_chosen"


def test_it_is_the_browsers_choice_for_who_is_not_signed_in(client: Client, cast: Cast) -> None:
    login = reverse("account_login")
    assert client.get(login, headers={"Accept-Language": "ru"})["Content-Language"] == "ru"
    client.post(reverse("set_language"), {"language": "en", "next": login})
    assert client.get(login, headers={"Accept-Language": "ru"})["Content-Language"] == "en"
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_can_be_chosen_at_the_door(client: Client, cast: Cast, code: str) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Language": f"{code}-XX,xx;q=0.5"})
    assert page["Content-Language"] == code
    side = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{code}" dir="{side}">' in page.content.decode()
    others = set(LANGUAGES) - {code}
    assert set(re.findall(r'name="language" value="(\w+)"', page.content.decode())) == others
    # Each in its own words, whatever the language of the page.
    named = {capfirst(get_language_info(each)["name_local"]) for each in LANGUAGES}
    assert named <= set(re.findall(r"<bdi>([^<]+)</bdi>", page.content.decode()))


def test_of_languages_that_are_not_installed_it_takes_the_next_one(client: Client, cast: Cast) -> None:
    login = reverse("account_login")
    for asked, given in (("ro,uk;q=0.8", "uk"), ("fr-CH, de;q=0.9", "fr"), ("ro", "en"), ("*", "en")):
        assert client.get(login, headers={"Accept-Language": asked})["Content-Language"] == given


@pytest.mark.parametrize("signed_in", [True, False])
def test_it_keeps_the_page(client: Client, cast: Cast, signed_in: bool) -> None:
    if signed_in:
        client.force_login(cast.ana)
    response = client.post(reverse("set_language"), {"language": "ru", "next": "/cases/?state=active"})
    assert response["Location"] == "/cases/?state=active"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/\\elsewhere.example"],
)
def test_it_leads_to_our_own_pages_only(client: Client, cast: Cast, elsewhere: str) -> None:
    client.force_login(cast.ana)
    response = client.post(reverse("set_language"), {"language": "ru", "next": elsewhere})
    assert response["Location"] == "/"


def test_it_refuses_a_language_that_is_not_installed(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert client.post(reverse("set_language"), {"language": "xx", "next": "/"}).status_code == 400
    cast.ana.refresh_from_db()
    assert cast.ana.language == "en"


def test_it_is_not_a_link(client: Client, cast: Cast) -> None:
    answer = client.get(reverse("set_language"), {"language": "ru"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    cast.ana.refresh_from_db()
    assert cast.ana.language == "en"
