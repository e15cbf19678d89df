"""Who offers what, where, in which language, with free places, now."""

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import policy
from accounts.directory import agencies_offering, offers
from accounts.models import Agency, AgencyKind, ServiceType, User
from tests.accounts.entries import OFFICE, say
from tests.cases.asking import browser, get
from tests.cast import Cast
from tests.conftest import ClockHand
from tests.kept import kept

MOST_QUERIES = 12
NOBODY_HERE = ("arvania-counts", "operator")


def listed(user: User, **query: Any) -> list[str]:
    """Names of the agencies on the page, in order."""
    return [row.agency.code for row in get(user, "agency_list", **query).context["rows"]]


@kept
def entries(cast: Cast) -> Cast:
    """A shelter with places, a full one abroad, a consulate; noon on a Monday."""
    say(
        cast.petra,
        services=["SocialCare", "Education"],
        languages=["en", "ro"],
        places=4,
        places_free=2,
        opening_hours=[["00:00", "24:00"]] * 7,
        open_on_holidays=True,
    )
    say(
        cast.tomas,
        services=["SocialCare"],
        languages=["ro", "ru"],
        places=4,
        places_free=0,
        opening_hours=OFFICE,
    )
    say(cast.konsul, services=["Legal"], languages=["ro"], opening_hours=[["08:00", "10:00"]] * 7)
    return cast


def test_who_may_look(cast: Cast) -> None:
    readers = ("ana", "sami", "petra", "konsul", "tomas", "pia", "fokus", "hotline", "admin")
    others = ("aida", "stella", "eskort")
    for people, status in ((readers, 200), (others, 403)):
        for name in people:
            user = getattr(cast, name)
            assert get(user, "agency_list").status_code == status, name
            assert get(user, "agency", cast.petra.agency_id).status_code == status, name
            assert ("/agencies/" in browser(user).get("/").content.decode()) == (status == 200), name


def test_who_runs_or_counts_or_is_gone_is_not_there(cast: Cast) -> None:
    Agency.objects.filter(code="belmora-social").update(is_active=False)
    page = get(cast.ana, "agency_list").content.decode()
    for gone in ("Belmora social", "Arvania counts", "Operator"):
        assert gone not in page
    for agency in (cast.tomas.agency, cast.stella.agency, cast.admin.agency):
        assert get(cast.ana, "agency", agency.pk).status_code == 404


def test_those_of_the_own_country_stand_first(cast: Cast) -> None:
    mine = listed(cast.ana)
    assert mine == [
        *sorted(code for code in mine if code.startswith("arvania")),
        *sorted(code for code in mine if code.startswith("belmora")),
    ]
    assert listed(cast.tomas)[0].startswith("belmora")
    assert not set(NOBODY_HERE) & set(mine)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"country": "XB"}, ["belmora-focal", "belmora-post", "belmora-social"]),
        ({"service": "SocialCare"}, ["arvania-shelter", "belmora-social"]),
        ({"service": "Education"}, ["arvania-shelter"]),
        ({"language": "ro"}, ["arvania-shelter", "belmora-post", "belmora-social"]),
        ({"free": "on"}, ["arvania-shelter"]),
        ({"service": "SocialCare", "country": "XB"}, ["belmora-social"]),
        ({"service": "SocialCare", "country": "XB", "free": "on"}, []),
        ({"service": "Legal", "open": "on"}, []),
        ({"service": "SocialCare", "open": "on"}, ["arvania-shelter", "belmora-social"]),
    ],
)
def test_it_finds_by(entries: Cast, query: dict[str, str], found: list[str]) -> None:
    assert listed(entries.ana, **query) == found


def test_open_now_is_by_the_clock_of_each(entries: Cast, clock_at: ClockHand) -> None:
    # Half past four in Vienna, half past five in Chisinau: closed there since an hour.
    say(entries.sami, services=["SocialCare"], opening_hours=OFFICE)
    clock_at(datetime(2026, 6, 15, 14, 15, tzinfo=UTC))
    assert listed(entries.ana, service="SocialCare", open="on") == ["arvania-shelter", "arvania-social"]
    page = get(entries.ana, "agency", entries.sami.agency_id).content.decode()
    assert "Open until 16:30" in page
    assert "There it is now" not in page
    abroad = get(entries.ana, "agency", entries.tomas.agency_id).content.decode()
    assert "Closed now" in abroad
    assert "There it is now Monday, 17:15" in abroad


def test_nobody_is_called_open_who_says_no_hours(entries: Cast) -> None:
    assert "arvania-social" in listed(entries.ana)
    assert "arvania-social" not in listed(entries.ana, open="on")
    page = get(entries.ana, "agency", entries.ana.agency_id).content.decode()
    assert "Hours not said" in page
    assert "Open now" not in page


def test_the_most_free_places_stand_first(entries: Cast) -> None:
    say(entries.tomas, services=["SocialCare"], places=9, places_free=7)
    assert listed(entries.ana, free="on") == ["belmora-social", "arvania-shelter"]


def test_an_empty_page_says_what_to_do(entries: Cast) -> None:
    page = get(entries.ana, "agency_list", service="Livelihood").content.decode()
    assert "No agency fits all of this" in page
    assert "Show all agencies" in page
    Agency.objects.exclude(pk=entries.ana.agency_id).update(is_active=False)
    Agency.objects.update(kind=AgencyKind.OPERATOR)
    assert "No agency is here yet" in get(entries.ana, "agency_list").content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"country": "QQ"}, "No agency here is in that country."),
        ({"country": "FR"}, "No agency here is in that country."),
        ({"service": "casework"}, "There is no such service."),
        ({"language": "tlh"}, "No agency here speaks that language."),
        ({"language": "<script>"}, "No agency here speaks that language."),
    ],
)
def test_what_cannot_be_looked_for_is_answered_with_a_sentence(
    entries: Cast, query: dict[str, str], sentence: str
) -> None:
    answer = get(entries.ana, "agency_list", **query)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_the_address_holds_what_was_looked_for(entries: Cast) -> None:
    answer = get(entries.ana, "agency_list", service="SocialCare", free="on", page="nonsense")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<option value="SocialCare" selected>' in page
    assert 'name="free" id="id_free" checked' in page or "checked" in page
    _more(30)
    page = get(entries.ana, "agency_list", service="SocialCare").content.decode()
    assert 'href="?service=SocialCare&amp;page=2"' in page
    assert len(listed(entries.ana, service="SocialCare", page="2")) == 7


def _more(count: int) -> None:
    Agency.objects.bulk_create(
        Agency(
            code=f"more-{number}",
            name=f"More {number}",
            country="XB" if number % 2 else "XA",
            kind=AgencyKind.SHELTER,
            services=["SocialCare"],
            languages=["en", "ro"],
            opening_hours=OFFICE,
            time_zone="Europe/Vienna",
        )
        for number in range(count)
    )


@pytest.mark.parametrize("query", ["", "?open=on", "?service=SocialCare&language=ro&country=XA&open=on"])
def test_it_costs_the_same_for_few_and_for_many(entries: Cast, query: str) -> None:
    client, address = browser(entries.petra), reverse("agency_list") + query
    spent = []
    for more in (0, 60):
        _more(more)
        policy.forget_kept()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        spent.append(len(queries))
        assert len(gzip.compress(page.content, 6)) <= 14 * 1024
    assert spent[0] == spent[1] <= MOST_QUERIES


@pytest.mark.parametrize("name", ["agency", "agency_edit"])
def test_an_entry_keeps_to_its_budget(entries: Cast, name: str) -> None:
    client = browser(entries.petra)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(name, args=[entries.petra.agency_id]))
    assert len(queries) <= MOST_QUERIES
    assert len(gzip.compress(page.content, 6)) <= 14 * 1024


# What the other rooms ask


def test_other_rooms_ask_who_offers_a_service(entries: Cast) -> None:
    def codes(**wanted: Any) -> list[str]:
        return [agency.code for agency in agencies_offering(ServiceType.SOCIAL_CARE, **wanted)]

    assert codes() == ["arvania-shelter", "belmora-social"]
    assert codes(near=entries.konsul.agency) == ["belmora-social", "arvania-shelter"]
    assert codes(country="XB") == ["belmora-social"]
    assert codes(language="en") == ["arvania-shelter"]
    assert codes(country="XB", language="en") == []
    assert list(agencies_offering(ServiceType.HEALTH)) == []


def test_an_agency_offers_what_it_says_while_it_is_listed(entries: Cast) -> None:
    shelter = Agency.objects.get(pk=entries.petra.agency_id)
    assert offers(shelter, ServiceType.EDUCATION)
    assert not offers(shelter, ServiceType.LEGAL)
    shelter.is_active = False
    assert not offers(shelter, ServiceType.EDUCATION)
    shelter.is_active, shelter.kind = True, AgencyKind.OPERATOR
    assert not offers(shelter, ServiceType.EDUCATION)
