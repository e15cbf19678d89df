"""Each agency says of itself what it offers, and nobody says it for another one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

import clock
from accounts import policy
from accounts.holidays import in_office_hours, office_hours, outside_office_hours
from accounts.meanwhile import Meanwhile, last_saved
from accounts.models import Agency, AgencyKind, AuditEvent, User
from accounts.services import ENTRY, say_free_places
from tests.accounts.entries import NOTHING, OFFICE, hours, say
from tests.cases.asking import browser, get, main_of, post, statuses
from tests.cast import Cast
from tests.conftest import ClockHand

FORM: dict[str, Any] = {"telephone": "+00 100 410"}


def entry(user: User) -> Agency:
    return Agency.objects.get(pk=user.agency_id)


def wrong(user: User, **typed: Any) -> str:
    """The page that comes back: refused, and nothing is saved."""
    before = Agency.objects.filter(pk=user.agency_id).values().get()
    answer = post(user, "agency_edit", user.agency_id, **(FORM | typed))
    assert answer.status_code == 422
    assert Agency.objects.filter(pk=user.agency_id).values().get() == before
    return str(answer.content.decode())


def test_who_may_keep_it(cast: Cast) -> None:
    keepers = (cast.sami, cast.petra, cast.konsul, cast.fokus)
    for keeper in keepers:
        assert statuses([keeper], "agency_edit", keeper.agency_id, **FORM) == [302]
        others = [each for each in (*keepers, cast.tomas) if each.agency_id != keeper.agency_id]
        assert statuses(others, "agency_edit", keeper.agency_id, **FORM) == [403] * 4
        assert statuses(others, "agency_places", keeper.agency_id, places_free="1") == [403] * 4
    for stranger in (cast.ana, cast.aida, cast.hotline, cast.pia, cast.eskort, cast.stella, cast.admin):
        assert get(stranger, "agency_edit", stranger.agency_id).status_code in (403, 404)
        assert statuses([stranger], "agency_edit", stranger.agency_id, **FORM)[0] in (403, 404)
        with pytest.raises((PermissionDenied, Agency.DoesNotExist)):
            say(stranger)
    assert entry(cast.pia).said_on is None


def test_what_is_not_in_the_directory_is_not_kept(cast: Cast) -> None:
    for kind in (AgencyKind.OPERATOR, AgencyKind.STATISTICS):
        Agency.objects.filter(pk=cast.petra.agency_id).update(kind=kind)
        assert get(cast.petra, "agency_edit", cast.petra.agency_id).status_code == 404
        assert statuses([cast.petra], "agency_edit", cast.petra.agency_id, **FORM) == [404]
    Agency.objects.filter(pk=cast.petra.agency_id).update(kind=AgencyKind.SHELTER, is_active=False)
    # The accounts of such an agency are switched off as well, so its own people do not get as far as this.
    for name, sent in (("agency_edit", FORM), ("agency_places", {"places_free": "1"})):
        assert statuses([cast.sami], name, cast.petra.agency_id, **sent) == [404]
        assert statuses([cast.sami], name, uuid4(), **sent) == [404]
    with pytest.raises(Agency.DoesNotExist):
        say(cast.petra)


def test_everything_that_is_said_is_kept_and_shown(cast: Cast) -> None:
    told = {
        "services": ["Legal", "Health"],
        "languages": ["ro", "rom", ""],
        **hours(("08:00", "16:30"), None, ("00:00", "24:00")),
        "open_on_holidays": "on",
        "places": "12",
        "places_free": "3",
        "youngest": "10",
        "oldest": "17",
        "takes": ["girls"],
        "who_is_taken": "Siblings stay together.",
        "telephone": "+00 (100) 410",
        "duty_phone": "+00 100 411",
        "email": "intake@harbour.example",
        "contact": "Intake coordinator",
        "alternate": "House manager",
        "how_to_reach": "Call before you set out.",
    }
    assert statuses([cast.petra], "agency_edit", cast.petra.agency_id, **told) == [302]
    kept = entry(cast.petra)
    assert kept.opening_hours == [["08:00", "16:30"], None, ["00:00", "24:00"], None, None, None, None]
    assert (kept.services, kept.languages, kept.places_free) == (["Legal", "Health"], ["ro", "rom"], 3)
    today = clock.today(kept.time_zone)
    assert (kept.said_on, kept.places_said_on) == (today, today)
    page = get(cast.ana, "agency", kept.pk).content.decode()
    for words in (
        "Health, Legal",
        "Romanian, Romani",
        "08:00 – 16:30",
        "round the clock",
        "3 of 12",
        "10 to 17",
        "Girls",
        "Siblings stay together.",
        'href="tel:+00100410"',
        'href="mailto:intake@harbour.example"',
        "Intake coordinator",
        "House manager",
        "Call before you set out.",
        "said today",
    ):
        assert words in page, words


def test_it_is_audited_and_every_state_is_kept(cast: Cast) -> None:
    say(cast.petra, contact="Intake")
    say(cast.petra, contact="Intake", places=4, places_free=1)
    say_free_places(cast.petra.agency_id, actor=cast.petra, places_free=None)
    events = AuditEvent.objects.filter(target_id=cast.petra.agency_id).order_by("id")
    assert [(event.verb, event.actor, event.details) for event in events] == [
        ("agency.entry_kept", cast.petra, {"changed": ["telephone", "duty_phone", "contact"]}),
        ("agency.entry_kept", cast.petra, {"changed": ["places", "places_free"]}),
        ("agency.places_said", cast.petra, {"free": None}),
    ]
    states = entry(cast.petra).history.order_by("history_id")
    assert [(state.contact, state.places_free, state.history_user) for state in states] == [
        ("Intake", None, cast.petra),
        ("Intake", 1, cast.petra),
        ("Intake", None, cast.petra),
    ]
    assert [state.act for state in states] == [event.act for event in events]


def test_saving_it_unchanged_says_it_anew(cast: Cast, clock_at: ClockHand) -> None:
    say(cast.petra, places=4, places_free=1)
    clock_at.forward(timedelta(days=31))
    page = get(cast.petra, "agency", cast.petra.agency_id).content.decode()
    assert "said 31 days ago" in page
    assert "Your entry is old." in page
    assert "This entry is old." in get(cast.ana, "agency", cast.petra.agency_id).content.decode()
    say(cast.petra, places=4, places_free=1)
    page = main_of(cast.petra, "agency", cast.petra.agency_id)
    assert "said today" in page
    assert "old" not in page.lower().replace("older", "")


def test_after_how_long_it_is_old_is_the_country_s_to_say(cast: Cast, clock_at: ClockHand) -> None:
    say(cast.petra)
    clock_at.forward(timedelta(days=30))
    assert "This entry is old." not in get(cast.ana, "agency", cast.petra.agency_id).content.decode()
    policy.set_value("directory.old_after_days", 7, actor=cast.admin, country="XA")
    assert "This entry is old." in get(cast.ana, "agency", cast.petra.agency_id).content.decode()


def test_free_places_are_said_by_themselves(cast: Cast, clock_at: ClockHand) -> None:
    said = say(cast.petra, places=4, places_free=1).said_on
    clock_at.forward(timedelta(days=2))
    assert statuses([cast.petra], "agency_places", cast.petra.agency_id, places_free="2") == [302]
    kept = entry(cast.petra)
    assert (kept.places_free, kept.places_said_on) == (2, clock.today(kept.time_zone))
    # Nothing else was confirmed by it.
    assert kept.said_on == said
    assert statuses([cast.petra], "agency_places", cast.petra.agency_id, places_free="") == [302]
    assert (entry(cast.petra).places_free, entry(cast.petra).places_said_on) == (None, None)
    assert "unknown, of 4" in get(cast.ana, "agency", cast.petra.agency_id).content.decode()
    assert "Save the places" not in get(cast.ana, "agency", cast.petra.agency_id).content.decode()
    # Opened by itself, the address of the form leads to the page where it stands.
    assert get(cast.ana, "agency_places", cast.petra.agency_id).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("5", "There cannot be more free places than places."),
        ("-1", "Write a number from 0 to 9999"),
        ("some", "Write a number from 0 to 9999"),
        ("9" * 400, "Write a number from 0 to 9999"),
    ],
)
def test_free_places_that_cannot_be(cast: Cast, typed: str, sentence: str) -> None:
    say(cast.petra, places=4, places_free=1)
    answer = post(cast.petra, "agency_places", cast.petra.agency_id, places_free=typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert entry(cast.petra).places_free == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"telephone": ""}, "We need an answer here."),
        ({"telephone": "call me"}, "Write the number in digits"),
        ({"telephone": "javascript:alert(1)"}, "Write the number in digits"),
        ({"duty_phone": "+" + "1" * 41}, "40"),
        ({"email": "desk at agency"}, "This is no e-mail address."),
        ({"services": ["casework"]}, "There is no such service."),
        ({"languages": ["tlh"]}, "Choose languages from the list."),
        ({"takes": ["adults"]}, "Choose answers from the list."),
        ({"youngest": "ten"}, "Write an age from 0 to 25"),
        ({"oldest": "99"}, "Write an age from 0 to 25"),
        ({"youngest": "17", "oldest": "10"}, "The oldest cannot be younger than the youngest."),
        ({"places": "2", "places_free": "3"}, "There cannot be more free places than places."),
        ({"places_free": "3"}, "Say how many places there are in all."),
        ({"places": "10000"}, "Write a number from 0 to 9999"),
        ({"how_to_reach": "x" * 1001}, "1000"),
        (hours(("08:00", "")), "Monday: say when you open and when you close"),
        (hours(None, ("17:00", "08:00")), "Tuesday: it must close after it opens."),
        (hours(None, None, ("08:00", "08:00")), "Wednesday: it must close after it opens."),
        (hours(("8am", "noon")), "Monday: choose the times from the lists."),
        ({**hours(("08:00", "")), "opening_hours_6_closes": "24:00"}, "Sunday: say when you open"),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence(cast: Cast, typed: dict[str, Any], sentence: str) -> None:
    page = wrong(cast.petra, **typed)
    assert sentence in page
    # What was typed stands there still; a list shows only what it offers.
    typed_words = [
        typed[name] for name in ("telephone", "email", "youngest", "oldest", "places") if name in typed
    ]
    assert all(f'value="{words}"' in page for words in typed_words if words)


def test_of_two_who_write_the_second_sees_both_and_chooses(cast: Cast) -> None:
    seen = last_saved(entry(cast.sami))
    say(cast.sami, contact="Desk officer")
    page = wrong(cast.sami, contact="Head of the team", seen=seen)
    assert "Somebody else has saved this meanwhile." in page
    assert "What somebody else saved meanwhile" in page
    assert "Desk officer" in page
    assert "Head of the team" in page
    now = last_saved(entry(cast.sami))
    assert f'name="seen" value="{now}"' in page
    chosen = FORM | {"contact": "Head of the team", "seen": now}
    assert statuses([cast.vera], "agency_edit", cast.sami.agency_id, **chosen) == [302]
    assert entry(cast.sami).contact == "Head of the team"


def test_of_two_who_count_places_too(cast: Cast) -> None:
    say(cast.petra, places=4, places_free=1)
    seen = last_saved(entry(cast.petra))
    say_free_places(cast.petra.agency_id, actor=cast.petra, places_free=3)
    answer = post(cast.petra, "agency_places", cast.petra.agency_id, places_free="2", seen=seen)
    assert answer.status_code == 422
    assert "3 of 4" in answer.content.decode()
    with pytest.raises(Meanwhile):
        say_free_places(cast.petra.agency_id, actor=cast.petra, places_free=2, seen=seen)
    assert entry(cast.petra).places_free == 3


def test_sent_twice_it_is_said_once(cast: Cast) -> None:
    sent = FORM | {"once": str(uuid4())}
    client = browser(cast.petra)
    for _each in range(2):
        answer = client.post(f"/agencies/{cast.petra.agency_id}/edit/", sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/agencies/{cast.petra.agency_id}/")
    assert AuditEvent.objects.filter(verb="agency.entry_kept").count() == 1


def test_what_is_typed_is_words_and_never_a_page(cast: Cast) -> None:
    script = "<script>alert('x')</script>"
    say(cast.petra, contact=script, how_to_reach=script, who_is_taken=script, alternate='"><img src=x>')
    Agency.objects.filter(pk=cast.petra.agency_id).update(name=script)
    addresses = [("agency_list",), ("agency", cast.petra.agency_id), ("agency_edit", cast.petra.agency_id)]
    for name, *args in addresses:
        page = get(cast.petra, str(name), *args).content.decode()
        assert "<script>" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_it_has_no_place_for_an_address(cast: Cast) -> None:
    assert {"address", "street", "city", "place"} & {
        field.name for field in Agency._meta.get_fields()
    } == set()
    assert (
        "Never where a shelter stands"
        in get(cast.petra, "agency_edit", cast.petra.agency_id).content.decode()
    )


def test_only_what_an_agency_says_can_be_changed_here(cast: Cast) -> None:
    before = Agency.objects.values("name", "code", "kind", "country", "is_active", "desk").get(
        pk=cast.petra.agency_id
    )
    forged = FORM | {"name": "X", "code": "x", "kind": "panel", "country": "XB", "is_active": "", "desk": ""}
    assert statuses([cast.petra], "agency_edit", cast.petra.agency_id, **forged) == [302]
    assert Agency.objects.values(*before).get(pk=cast.petra.agency_id) == before
    assert set(NOTHING) == set(ENTRY)


# Its own hours are the hours of its office: there is no second truth.


def test_without_hours_of_its_own_the_policy_s_hold(cast: Cast) -> None:
    agency = entry(cast.ana)
    assert office_hours(agency, date(2026, 6, 15)) == (timedelta(hours=8), timedelta(hours=17))
    assert office_hours(agency, date(2026, 6, 20)) is None
    assert "has not said its own" in get(cast.ana, "agency", agency.pk).content.decode()


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        # Vienna is two hours ahead of UTC in June, one in November.
        (datetime(2026, 6, 15, 5, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 14, 29, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 14, 30, tzinfo=UTC), False),
        (datetime(2026, 6, 20, 10, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 20, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 21, 10, 0, tzinfo=UTC), False),
        # A holiday that falls on a Tuesday.
        (datetime(2026, 12, 8, 10, 0, tzinfo=UTC), False),
    ],
)
def test_with_hours_of_its_own_they_decide(cast: Cast, at: datetime, is_open: bool) -> None:
    agency = say(cast.sami, opening_hours=[*OFFICE[:5], ["00:00", "24:00"], None])
    assert in_office_hours(agency, at) is is_open
    policy.set_value("office.closes", 23, actor=cast.admin, agency=agency)
    assert in_office_hours(agency, at) is is_open


def test_whoever_is_there_on_holidays_says_so(cast: Cast) -> None:
    holiday = datetime(2026, 12, 8, 10, 0, tzinfo=UTC)
    assert in_office_hours(say(cast.sami, opening_hours=OFFICE, open_on_holidays=True), holiday)


def test_duty_is_when_its_own_hours_say_that_it_is_closed(cast: Cast) -> None:
    agency = say(cast.sami, opening_hours=OFFICE)
    start = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
    assert outside_office_hours(agency, start, start + timedelta(days=1)) == [
        (datetime(2026, 6, 15, 14, 30, tzinfo=UTC), datetime(2026, 6, 16, 6, 0, tzinfo=UTC))
    ]
    always = say(cast.sami, opening_hours=[["00:00", "24:00"]] * 7, open_on_holidays=True)
    assert outside_office_hours(always, start, start + timedelta(days=30)) == []
    page = get(cast.sami, "duty_new").content.decode()
    assert '<option value="23:30" selected>' in page


# What must never be, in the database itself.


@pytest.mark.parametrize(
    "values",
    [
        {"services": ["casework"]},
        {"takes": ["adults"]},
        {"places": 2, "places_free": 3, "places_said_on": date(2026, 6, 15)},
        {"places": 2, "places_free": 1},
        {"youngest": 12, "oldest": 3},
        {"places": -1},
    ],
)
def test_the_database_refuses(cast: Cast, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=cast.petra.agency_id).update(**values)


@pytest.mark.parametrize(
    "week",
    [
        "always",
        [],
        [None] * 6,
        [["08:00"]] + [None] * 6,
        [["17:00", "08:00"]] * 7,
        [["8:00", "9:00"]] * 7,
        [[8, 9]] * 7,
    ],
)
def test_a_week_that_is_none_is_not_saved(cast: Cast, week: Any) -> None:
    with pytest.raises(ValidationError):
        say(cast.petra, opening_hours=week)
