"""The tour of the first day: each role has its own stops, whose pages it may open; it ends, and can be taken again."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEvent, User
from cases.wording.tour import stops_for
from tests.cast import Cast

OFFER = "First day? See what is where"
FOLDER = Path(settings.BASE_DIR, "templates", "cases", "tour")


def somebody(role: str) -> User:
    return User.objects.filter(role=role)[0]


@pytest.mark.parametrize("role", Role.values)
def test_each_role_has_four_to_six_stops_of_its_own(role: str) -> None:
    stops = stops_for(role)
    assert 4 <= len(stops) <= 6
    assert len({str(stop.title) for stop in stops}) == len(stops)


@pytest.mark.parametrize("role", Role.values)
def test_every_stop_and_the_page_behind_it_open(cast: Cast, client: Client, role: str) -> None:
    client.force_login(somebody(role))
    for number, stop in enumerate(stops_for(role), 1):
        page = client.get(reverse("tour", args=[number])).content.decode()
        assert str(stop.title) in page
        assert f'href="{reverse(stop.page)}"' in page
        assert client.get(reverse(stop.page)).status_code == 200, (role, stop.page)


def test_every_example_is_shown_to_somebody() -> None:
    shown = {stop.example for role in Role.values for stop in stops_for(role)}
    assert shown == {path.stem for path in FOLDER.iterdir()}


@pytest.mark.parametrize("number", [0, 7, 99])
def test_beyond_the_last_stop_is_nothing(cast: Cast, client: Client, number: int) -> None:
    client.force_login(cast.ana)
    assert client.get(f"/tour/{number}/").status_code == 404


def test_it_is_closed_to_strangers(client: Client) -> None:
    assert client.get(reverse("tour", args=[1])).status_code == 302
    assert client.post(reverse("tour_end")).status_code == 302


def test_it_reads_no_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    before = AuditEvent.objects.count()
    for number in range(1, len(stops_for(cast.ana.role)) + 1):
        client.get(reverse("tour", args=[number]))
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("role", Role.values)
def test_it_is_offered_on_the_first_day(cast: Cast, client: Client, role: str) -> None:
    client.force_login(somebody(role))
    page = client.get(reverse("today")).content.decode()
    assert OFFER in page
    assert reverse("tour", args=[1]) in page


def test_put_aside_it_is_offered_no_more_and_to_others_still(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    assert client.post(reverse("tour_end")).status_code == 302
    assert OFFER not in client.get(reverse("today")).content.decode()
    client.force_login(cast.ben)
    assert OFFER in client.get(reverse("today")).content.decode()


def test_it_can_be_taken_again_from_the_account(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.ana.pk).update(toured=True)
    client.force_login(cast.ana)
    assert reverse("tour", args=[1]) in client.get(reverse("account_change_password")).content.decode()
    assert client.get(reverse("tour", args=[1])).status_code == 200


def test_the_way_leads_from_stop_to_stop_and_ends(cast: Cast, client: Client) -> None:
    client.force_login(cast.stella)
    last = len(stops_for(cast.stella.role))
    pages = [client.get(reverse("tour", args=[number])).content.decode() for number in range(1, last + 1)]
    for number, page in enumerate(pages, 1):
        assert (f'href="{reverse("tour", args=[number + 1])}"' in page) == (number < last)
        assert ("That was all" in page) == (number == last)
