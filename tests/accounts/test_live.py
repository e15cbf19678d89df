"""Open pages are told that something has changed, and only who may: a real server, a real broker, real sockets."""

import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.signing import TimestampSigner
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from redis import Redis
from websockets.exceptions import InvalidStatus

import clock
from accounts import changing, enrolling, live
from accounts.access import Role
from accounts.live import Topic
from accounts.models import Agency, Notification, Session, User
from accounts.notifications import mark_read, notify
from accounts.presence import present
from tests.brokers import own_broker
from tests.browser.server import served
from tests.cast import PASSWORD, Cast
from tests.config.processes import wait_until
from tests.entering import session_of
from tests.sockets import Listening, changed, listening, opened

pytestmark = pytest.mark.django_db(transaction=True)
APPLICATION, QUICK = "tests.accounts.live_asgi:application", "tests.accounts.live_quick_asgi:application"
# Its address names an agency.
OF_ONE = {"agency"}
SIGNED_OUT, GONE, NOT_UNDERSTOOD = 4401, 4404, 4400


@pytest.fixture(scope="module")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("static"), APPLICATION, os.environ["VALKEY_URL"]) as found:
        yield found


@pytest.fixture(scope="module")
def quick(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where sockets look at the rows by themselves before a test has lost its patience."""
    with served(tmp_path_factory.mktemp("static"), QUICK, os.environ["VALKEY_URL"]) as found:
        yield found


@pytest.fixture
def ana(address: str, cast: Cast) -> Iterator[Listening]:
    with listening(address, cast.ana) as socket:
        yield socket


def tell(user: User) -> None:
    notify([user], "case.assigned", user.agency)


# Who may come in


def test_a_stranger_does_not(address: str, cast: Cast) -> None:
    with pytest.raises(InvalidStatus) as refused, opened(address, "nobody"):
        pass
    assert refused.value.response.status_code == 403


def test_nobody_comes_from_another_site(address: str, cast: Cast) -> None:
    with listening(address, cast.ana) as socket:
        for origin in ("https://evil.example", "null"):
            with pytest.raises(InvalidStatus), opened(address, socket.session_key, origin):
                pass


def test_there_is_one_address(address: str, cast: Cast, ana: Listening) -> None:
    with pytest.raises(InvalidStatus), opened(address, ana.session_key, path="/elsewhere/"):
        pass


def test_nobody_listens_for_another_account(address: str, cast: Cast, ana: Listening) -> None:
    """Neither with a token that was made for them, nor with one made for oneself about them."""
    ana.join(live.token(cast.ben, live.ACCOUNT, cast.ben.pk))
    assert ana.is_closed_with() == ([], NOT_UNDERSTOOD)
    with listening(address, cast.ana) as socket:
        socket.join(live.token(cast.ana, live.ACCOUNT, cast.ben.pk))
        assert socket.is_closed_with() == ([{"gone": Topic("account", cast.ben.pk).digest}], GONE)


def test_a_token_holds_as_long_as_a_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = (datetime.now(UTC) - live.TOKEN_HOLDS).timestamp()
    for age, holds in ((60, True), (-60, False)):
        with monkeypatch.context() as patch:
            patch.setattr("django.core.signing.time.time", lambda at=made + age: at)
            token = live.token(cast.ana, live.ACCOUNT, cast.ana.pk)
        assert (live.opened(cast.ana.pk, token) is not None) == holds


def test_a_token_of_no_known_kind_opens_nothing(cast: Cast) -> None:
    signed = TimestampSigner(salt=f"accounts.live.{cast.ana.pk}").sign(f"unheard-of:{uuid4()}:")
    assert live.opened(cast.ana.pk, signed) is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"listen": "x"}',
        '{"listen": [1]}',
        '{"here": 1}',
        '{"listen": ["x"]}',
        "x" * 9000,
    ],
)
def test_what_is_not_understood_ends_the_socket(said: str, ana: Listening) -> None:
    ana.say(said)
    assert ana.is_closed_with() == ([], NOT_UNDERSTOOD)


# What is told


def test_a_hint_comes_after_the_commit(cast: Cast, ana: Listening) -> None:
    with transaction.atomic():
        tell(cast.ana)
        ana.hears_nothing(0.3)
    assert ana.hears() == changed("account", cast.ana.pk)


def test_what_is_rolled_back_is_not_told(cast: Cast, ana: Listening) -> None:
    with transaction.atomic():
        tell(cast.ana)
        transaction.set_rollback(True)
    ana.hears_nothing(1.5)


def test_others_hear_nothing(cast: Cast, ana: Listening) -> None:
    tell(cast.ben)
    ana.hears_nothing()


def test_another_window_hears_that_they_are_seen(address: str, cast: Cast) -> None:
    tell(cast.ana)
    with listening(address, cast.ana) as socket:
        mark_read(cast.ana, upto=1)
        assert socket.hears() == changed("account", cast.ana.pk)


def test_a_page_that_missed_something_hears_it_when_it_joins(address: str, cast: Cast) -> None:
    token = live.token(cast.ana, live.ACCOUNT, cast.ana.pk, cast.ana.notification_count)
    tell(cast.ana)
    with listening(address, cast.ana) as socket:
        socket.join(token)
        assert socket.hears() == changed("account", cast.ana.pk)
        assert socket.hears() == {"ready": True}


def test_a_page_that_missed_nothing_is_left_alone(quick: str, cast: Cast) -> None:
    with listening(quick, cast.ana, [("agency", cast.ana.agency.pk, 0)]) as socket:
        socket.hears_nothing(1.5)


def test_a_topic_without_numbers_is_looked_at_after_each_join(address: str, cast: Cast) -> None:
    topic_id = told_of(cast.ana)
    with listening(address, cast.ana) as socket:
        socket.join(live.token(cast.ana, "told", topic_id))
        assert socket.hears() == changed("told", topic_id)


def test_a_change_that_nobody_told_is_found_by_its_number(quick: str, cast: Cast) -> None:
    agency = cast.ana.agency
    with listening(quick, cast.ana, [("agency", agency.pk, 0)]) as socket:
        agency.services = ["SocialCare"]
        agency.save()
        assert socket.hears() == changed("agency", agency.pk)
        socket.hears_nothing(1.5)


def told_of(user: User, topic_id: UUID | None = None) -> UUID:
    """A topic of the upper room's, which this account may hear."""
    topic_id = topic_id or uuid4()
    notify([user], "case.assigned", user.agency, case_id=topic_id)
    return topic_id


# What is said to the broker


def test_the_broker_carries_digests_and_nothing_else(cast: Cast, address: str) -> None:
    topic_id = told_of(cast.ana)
    with (
        Redis.from_url(os.environ["VALKEY_URL"], decode_responses=True) as client,
        client.monitor() as monitor,
    ):
        heard = monitor.listen()
        with listening(address, cast.ana, [("told", topic_id)]):
            tell(cast.ana)
            live.hint("told", topic_id)
        client.echo("the-end")
        said = []
        for command in heard:
            if "the-end" in command["command"]:
                break
            said.append(command["command"])
    written = " ".join(said)
    ids = [str(each) for each in (topic_id, cast.ana.pk, cast.ana.agency.pk)]
    for secret in [*ids, *(each.replace("-", "") for each in ids), cast.ana.username, cast.ana.name, "told"]:
        assert secret.casefold() not in written.casefold()
    published = [command.split(" ", 2) for command in said if command.upper().startswith("PUBLISH")]
    digests = {Topic("account", cast.ana.pk).digest, Topic("told", topic_id).digest}
    # Beside what the other half of this run publishes at the same time, of which the same must hold.
    assert digests <= {name.removeprefix("live.") for _publish, name, _body in published}
    for _publish, name, body in published:
        message = json.loads(body.replace('\\"', '"'))
        assert message.keys() - {"but"} == {"type", "topic"}
        assert (message["type"], f"live.{message['topic']}") == ("live.changed", name)


def test_whoever_does_not_know_the_secret_cannot_make_a_digest(cast: Cast, settings: Settings) -> None:
    before = Topic("account", cast.ana.pk).digest
    settings.SECRET_KEY = "another"
    assert Topic("account", cast.ana.pk).digest != before


def test_a_dead_broker_stops_no_write(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with own_broker(tmp_path) as broker:
        broker.kill()
        caplog.set_level(logging.DEBUG)
        tell(cast.ana)
        assert Notification.objects.filter(receiver=cast.ana).exists()
        assert present("told", uuid4()) == []
    assert "A hint was not sent" in caplog.text
    assert str(cast.ana.pk) not in caplog.text
    assert Topic("account", cast.ana.pk).digest not in caplog.text


# When it ends


def test_it_ends_at_once_when_somebody_signs_out(client: Client, cast: Cast, ana: Listening) -> None:
    client.cookies["sessionid"] = ana.session_key
    client.post(reverse("account_logout"))
    assert ana.is_closed_with() == ([], SIGNED_OUT)


def test_other_sessions_of_the_account_go_on(client: Client, cast: Cast, ana: Listening) -> None:
    client.force_login(cast.ana)
    client.post(reverse("account_logout"))
    tell(cast.ana)
    assert ana.hears() == changed("account", cast.ana.pk)


def _switched_off(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _agency_switched_off(user: User) -> None:
    user.agency.is_active = False
    user.agency.save()


def _another_role(user: User) -> None:
    User.objects.filter(pk=user.pk).update(role=Role.SUPERVISOR)


def _another_agency(user: User) -> None:
    User.objects.filter(pk=user.pk).update(agency=User.objects.get(username="petra").agency)


def _another_password(user: User) -> None:
    user.set_password("another-grey-heron")
    user.save()


def _expired(user: User) -> None:
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))


def _no_session(user: User) -> None:
    Session.objects.all().delete()


ENDS = [
    _switched_off,
    _agency_switched_off,
    _another_role,
    _another_agency,
    _another_password,
    _expired,
    _no_session,
]


@pytest.mark.parametrize("ends", ENDS)
def test_it_ends_with_the_session_though_nobody_tells(
    ends: Callable[[User], None], quick: str, cast: Cast
) -> None:
    with listening(quick, cast.ana) as socket:
        ends(cast.ana)
        assert socket.is_closed_with() == ([], SIGNED_OUT)


@pytest.mark.parametrize("ends", ENDS)
def test_a_hint_is_not_passed_on_after_the_end(
    ends: Callable[[User], None], cast: Cast, ana: Listening
) -> None:
    ends(cast.ana)
    live.hint(live.ACCOUNT, cast.ana.pk)
    assert ana.is_closed_with() == ([], SIGNED_OUT)


def test_a_hint_is_not_passed_on_when_access_is_lost(address: str, cast: Cast) -> None:
    topic_id = told_of(cast.ana)
    with listening(address, cast.ana, [("told", topic_id)]) as socket:
        Notification.objects.update(case_id=None)
        live.hint("told", topic_id)
        assert socket.is_closed_with() == ([{"gone": Topic("told", topic_id).digest}], GONE)


def test_it_ends_when_access_is_lost_though_nobody_tells(quick: str, cast: Cast) -> None:
    topic_id = told_of(cast.ana)
    with listening(quick, cast.ana, [("told", topic_id)]) as socket:
        Notification.objects.update(case_id=None)
        assert socket.is_closed_with() == ([{"gone": Topic("told", topic_id).digest}], GONE)


# Who is there


def test_others_hear_who_comes_and_goes(address: str, cast: Cast) -> None:
    topic_id = told_of(cast.ben, told_of(cast.ana))
    with listening(address, cast.ana, [("told", topic_id)]) as ana:
        wait_until(lambda: present("told", topic_id) == [cast.ana])
        with listening(address, cast.ben, [("told", topic_id)]):
            assert ana.hears() == changed("told", topic_id)
            assert present("told", topic_id) == [cast.ana, cast.ben]
        assert ana.hears() == changed("told", topic_id)
        assert present("told", topic_id) == [cast.ana]
    wait_until(lambda: present("told", topic_id) == [])


def test_from_one_page_to_the_next_nobody_goes(address: str, cast: Cast) -> None:
    topic_id = told_of(cast.ben, told_of(cast.ana))
    with listening(address, cast.ana, [("told", topic_id)]) as ana:
        with listening(address, cast.ben, [("told", topic_id)]):
            assert ana.hears() == changed("told", topic_id)
        with listening(address, cast.ben, [("told", topic_id)]):
            ana.hears_nothing(2.5)
            assert present("told", topic_id) == [cast.ana, cast.ben]


def test_a_page_out_of_sight_is_not_read(address: str, cast: Cast) -> None:
    topic_id = told_of(cast.ana)
    with listening(address, cast.ana, [("told", topic_id)]) as ana:
        wait_until(lambda: present("told", topic_id) == [cast.ana])
        ana.say({"here": False})
        wait_until(lambda: present("told", topic_id) == [])


# When the broker dies


def test_a_killed_broker_ends_no_socket_and_nothing_is_missed(
    django_db_setup: None, cast: Cast, tmp_path: Path
) -> None:
    topic_id = told_of(cast.ana)
    with (
        own_broker(tmp_path) as broker,
        served(tmp_path / "static", QUICK, broker.url) as address,
        listening(address, cast.ana, [("told", topic_id)]) as socket,
    ):
        socket.settles()
        broker.kill()
        tell(cast.ana)
        assert socket.hears() == changed("account", cast.ana.pk)
        with listening(address, cast.ben):
            broker.start()
            # What has no number may have changed meanwhile.
            assert socket.hears() == changed("told", topic_id)
            wait_until(lambda: present("told", topic_id) == [cast.ana])
            live.hint("told", topic_id)
            assert socket.hears() == changed("told", topic_id)


# Covered, and ended by a change of the account


def _set(socket: Listening, **values: object) -> None:
    Session.objects.filter(pk=socket.session_key).update(**values)


def test_a_page_that_is_covered_is_told_nothing_until_it_is_uncovered(
    cast: Cast, address: str, client: Client
) -> None:
    topic_id = told_of(cast.ana)
    with listening(address, cast.ana, [("told", topic_id)]) as socket:
        socket.settles()
        _set(socket, locked_at=clock.now())
        live.hint("told", topic_id)
        tell(cast.ana)
        socket.hears_nothing(1.0)
        # Its seat runs out, for nobody sits there.
        wait_until(lambda: present("told", topic_id) == [])
        client.cookies["sessionid"] = socket.session_key
        assert client.post(reverse("unlock"), {"password": PASSWORD}).status_code == 302
        heard = [socket.hears(), socket.hears()]
        assert changed("told", topic_id) in heard
        assert changed("account", cast.ana.pk) in heard
        socket.hears_nothing()


def test_a_page_on_which_nobody_moves_is_told_nothing(cast: Cast, ana: Listening) -> None:
    _set(ana, active_at=clock.now() - timedelta(minutes=17))
    tell(cast.ana)
    ana.hears_nothing(1.0)


CHANGES: list[Callable[[], object]] = [
    lambda: changing.switch_account("ana", on=False, actor=None),
    lambda: changing.change_role("ana", Role.SUPERVISOR, actor=None),
    lambda: changing.move_account("ana", Agency.objects.get(code="arvania-north"), actor=None),
    lambda: changing.switch_agency("arvania-social", on=False, actor=None),
    lambda: enrolling.reset_factors("ana", actor=None),
]


@pytest.mark.parametrize("change", CHANGES, ids=["off", "role", "agency", "agency off", "factors"])
def test_it_ends_at_once_when_the_account_changes(
    change: Callable[[], object], cast: Cast, ana: Listening
) -> None:
    """Told, and not only found out at the next look: the server of this test looks every 30 seconds."""
    began = time.monotonic()
    change()
    told, code = ana.is_closed_with()
    assert code == SIGNED_OUT
    assert time.monotonic() - began < 5
    assert told in ([], [changed("account", cast.ana.pk)])


def test_nobody_listens_without_a_second_factor(address: str, cast: Cast) -> None:
    key = session_of(cast.ana)
    Session.objects.filter(pk=key).update(second_factor_at=None)
    with opened(address, key) as socket:
        socket.join(live.token(cast.ana, live.ACCOUNT, cast.ana.pk))
        assert socket.is_closed_with() == ([], SIGNED_OUT)


def test_it_ends_after_twelve_hours(cast: Cast, ana: Listening) -> None:
    _set(ana, ends_at=clock.now())
    tell(cast.ana)
    assert ana.is_closed_with() == ([], SIGNED_OUT)


def test_whoever_is_shown_a_list_may_listen_to_it(cast: Cast) -> None:
    """A page that names what its reader may not listen to is told to leave, and comes back, and is told again."""
    refused = list[tuple[str, str]]()
    for person in vars(cast).values():
        client = Client()
        client.force_login(person)
        for name in live.names_of_lists() - OF_ONE:
            answer = client.get(reverse(name))
            tokens = re.search(r'name="live" content="([^"]*)"', answer.content.decode())
            if answer.status_code != 200 or tokens is None:
                continue
            found = [live.opened(person.pk, token) for token in tokens[1].split()]
            assert len(found) > 1
            refused += [
                (name, person.username)
                for topic, _seen in filter(None, found)
                if not live.which_may(topic.kind, {(person, topic.id)})
            ]
    assert refused == []
