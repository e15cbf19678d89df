"""Who is not looking gets an e-mail that says how many entries are new, and nothing else: once, and at last."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings
from redis.exceptions import RedisError

import clock
from accounts import broker, mailing, policy, presence
from accounts.live import ACCOUNT, Topic
from accounts.models import AuditEvent, Mail, User
from accounts.notifications import keep_looked, mark_read, notify
from tests.cast import Cast, assemble
from tests.conftest import ClockHand
from tests.postbox import Postbox, postbox

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANA, SAMI = "reachable-1@mail.example", "reachable-2@mail.example"
# What an e-mail has, and no header more.
HEADERS = {
    "Auto-Submitted": "auto-generated",
    "Content-Transfer-Encoding": "7bit",
    "Content-Type": 'text/plain; charset="utf-8"',
    "From": "Homeward <no-reply@homeward.example>",
    "MIME-Version": "1.0",
    "Subject": "Something new in Homeward",
    "To": ANA,
    "X-Auto-Response-Suppress": "All",
}


@pytest.fixture
def box(settings: Settings) -> Iterator[Postbox]:
    with postbox() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_FROM, settings.SITE_URL = "no-reply@homeward.example", "https://homeward.example/"
        yield made


@pytest.fixture
def cast(db: None) -> Cast:
    """The broker remembers, by their numbers, who was at a page: every test has people of its own."""
    return assemble()


@pytest.fixture
def ana(cast: Cast) -> User:
    return reachable(cast.ana, ANA)


def reachable(user: User, address: str) -> User:
    user.email = address
    user.save(update_fields=["email"])
    return user


def tell(user: User, times: int = 1) -> None:
    for _time in range(times):
        notify([user], "case.assigned", user.agency, case_id=uuid4())


def counts(box: Postbox) -> list[str]:
    """The sentence of each letter."""
    return [letter.words.splitlines()[0] for letter in box.letters]


def states() -> list[str]:
    return list(Mail.objects.order_by("made_at").values_list("state", flat=True))


# What it says


def test_it_says_how_many_and_where_to_sign_in(client: Client, ana: User, box: Postbox) -> None:
    tell(ana, 3)
    assert mailing.sweep() == 1
    (letter,) = box.letters
    assert (letter.sender, letter.receiver) == ("no-reply@homeward.example", ANA)
    assert letter.words == (
        "There is something new for you in Homeward: 3 entries.\n"
        "Sign in to read:\n"
        "https://homeward.example/accounts/login/\n"
    )
    address = letter.words.splitlines()[-1]
    assert b"password" in client.get(urlsplit(address).path).content


def test_one_is_one(ana: User, box: Postbox) -> None:
    tell(ana)
    mailing.sweep()
    assert counts(box) == ["There is something new for you in Homeward: 1 entry."]


@pytest.mark.parametrize(
    ("times", "says"), [(1, "1 новая запись"), (3, "3 новые записи"), (5, "5 новых записей")]
)
def test_it_speaks_the_language_of_the_account(ana: User, box: Postbox, times: int, says: str) -> None:
    ana.language = "ru"
    ana.save(update_fields=["language"])
    tell(ana, times)
    mailing.sweep()
    (letter,) = box.letters
    assert counts(box) == [f"В Homeward для вас {says}."]
    assert letter.read["Subject"] == "Новое в Homeward"


def test_it_names_nobody_and_nothing(cast: Cast, ana: User, box: Postbox) -> None:
    """Neither who, nor what, nor which case: not in a header and not in the envelope."""
    ana.name, ana.agency.name, case_id = "Canary Anna", "Canary Agency", uuid4()
    ana.save()
    ana.agency.save()
    notify([ana], "overdue.canary_kind", ana.agency, case_id=case_id)
    mailing.sweep()
    (letter,) = box.letters
    said = (letter.raw.decode() + letter.sender + letter.receiver).lower()
    told = {ana.username, str(ana.pk), str(ana.agency.pk), ana.agency.code, str(case_id), case_id.hex}
    for word in {"canary", "overdue", "case", "child", *told} - {"ana"}:
        assert word not in said, word
    assert {name: letter.read[name] for name in letter.read if name not in ("Message-ID", "Date")} == HEADERS
    assert said.count("http") == 1


def test_nobody_answers_it_by_themselves(ana: User, box: Postbox) -> None:
    tell(ana)
    mailing.sweep()
    read = box.letters[0].read
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Reply-To"] is None


# Who gets one


def sits(user: User, seat: str = "") -> None:
    presence.sit_down(Topic(ACCOUNT, user.pk), user.pk, seat or presence.seat_of(user.pk))


def _without_address(user: User) -> None:
    reachable(user, "")


def _switched_off(user: User) -> None:
    user.is_active = False
    user.save()


def _agency_switched_off(user: User) -> None:
    user.agency.is_active = False
    user.agency.save()


def _has_read_it(user: User) -> None:
    mark_read(user, upto=1)


def _loads_a_page(user: User) -> None:
    client = Client()
    client.force_login(user)
    assert client.get("/").status_code == 200


NOBODY = [sits, _without_address, _switched_off, _agency_switched_off, _has_read_it, _loads_a_page]


@pytest.mark.parametrize("what", NOBODY)
def test_nobody_who_looks_or_cannot_sign_in_gets_one(
    ana: User, box: Postbox, what: Callable[[User], None]
) -> None:
    tell(ana)
    what(ana)
    assert mailing.sweep() == 0
    assert (box.letters, states()) == ([], [])


def test_who_has_gone_without_a_look_gets_it(
    ana: User, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = presence.seat_of(ana.pk)
    sits(ana, seat)
    tell(ana)
    mailing.sweep()
    assert box.letters == []
    monkeypatch.setattr(presence, "GRACE", 0.0)
    presence.stand_up(Topic(ACCOUNT, ana.pk), seat)
    mailing.sweep()
    assert len(box.letters) == 1


def test_another_one_at_a_page_does_not_look_for_them(cast: Cast, ana: User, box: Postbox) -> None:
    sits(cast.ben)
    tell(ana)
    assert mailing.sweep() == 1


def test_a_page_that_asks_for_itself_is_no_look(ana: User, box: Postbox) -> None:
    tell(ana)
    client = Client()
    client.force_login(ana)
    client.get("/", headers={"X-Live": "1"})
    assert mailing.sweep() == 1


def test_what_came_while_the_page_was_made_is_still_told(ana: User, box: Postbox) -> None:
    """The page shows what its reader's row had; a clock could not tell it apart."""
    tell(ana)
    as_the_page_has_it = User.objects.get(pk=ana.pk)
    tell(ana)
    keep_looked(as_the_page_has_it, upto=as_the_page_has_it.notification_count)
    mailing.sweep()
    assert counts(box) == ["There is something new for you in Homeward: 1 entry."]


def test_without_the_settings_nothing_is_made(ana: User, box: Postbox, settings: Settings) -> None:
    settings.EMAIL_FROM = ""
    tell(ana)
    assert mailing.sweep() == 0
    assert (box.letters, states()) == ([], [])


def test_without_a_broker_it_is_sent(ana: User, box: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise RedisError

    sits(ana)
    tell(ana)
    monkeypatch.setattr(broker, "client", down)
    assert mailing.sweep() == 1


# How often


def test_the_same_is_told_once(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    tell(ana)
    for _time in range(3):
        mailing.sweep()
        clock_at.forward(5 * HOUR)
    assert len(box.letters) == 1


def test_there_is_one_an_hour(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    tell(ana)
    mailing.sweep()
    tell(ana, 2)
    for _time in range(5):
        clock_at.forward(10 * MINUTE)
        mailing.sweep()
    assert len(box.letters) == 1
    clock_at.forward(10 * MINUTE)
    mailing.sweep()
    assert counts(box)[1:] == ["There is something new for you in Homeward: 2 entries."]


def test_an_agency_may_want_fewer(cast: Cast, ana: User, box: Postbox, clock_at: ClockHand) -> None:
    policy.set_value(mailing.BETWEEN, 240, actor=cast.admin, agency=ana.agency)
    tell(ana)
    mailing.sweep()
    tell(ana)
    clock_at.forward(2 * HOUR)
    mailing.sweep()
    assert len(box.letters) == 1
    clock_at.forward(2 * HOUR)
    mailing.sweep()
    assert len(box.letters) == 2


def test_each_gets_their_own(cast: Cast, ana: User, box: Postbox) -> None:
    sami = reachable(cast.sami, SAMI)
    tell(ana, 2)
    tell(sami)
    assert mailing.sweep() == 2
    assert (len(box.to(ANA)), len(box.to(SAMI))) == (1, 1)


# When something fails


def test_a_server_that_is_down_gets_it_when_it_is_up(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    box.down()
    tell(ana)
    assert mailing.sweep() == 0
    assert states() == ["due"]
    box.up()
    clock_at.forward(MINUTE)
    assert mailing.sweep() == 1
    assert (len(box.letters), states()) == (1, ["sent"])


def test_the_waits_grow_up_to_an_hour_and_never_end(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    box.down()
    tell(ana)
    waits = []
    for _time in range(9):
        mailing.sweep()
        mail = Mail.objects.get()
        wait = mail.next_try_at - clock.now()
        waits.append(round(wait / MINUTE))
        clock_at.forward(wait - timedelta(seconds=5))
        mailing.sweep()
        assert Mail.objects.get().tries == mail.tries, "it was tried too early"
        clock_at.forward(timedelta(seconds=6))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    box.up()
    assert mailing.sweep() == 1


def test_a_server_that_is_down_is_asked_once_in_a_sweep(cast: Cast, ana: User, box: Postbox) -> None:
    box.down()
    tell(ana)
    tell(reachable(cast.sami, SAMI))
    mailing.sweep()
    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 1]


def test_who_has_looked_meanwhile_needs_none(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    box.down()
    tell(ana)
    mailing.sweep()
    _loads_a_page(ana)
    box.up()
    clock_at.forward(MINUTE)
    assert mailing.sweep() == 0
    assert (box.letters, states()) == ([], ["needless"])


def test_who_looks_just_now_is_asked_again_later(ana: User, box: Postbox, clock_at: ClockHand) -> None:
    box.down()
    tell(ana)
    mailing.sweep()
    box.up()
    clock_at.forward(MINUTE)
    sits(ana)
    assert mailing.sweep() == 0
    assert (box.letters, states(), Mail.objects.get().tries) == ([], ["due"], 1)


def test_a_line_that_breaks_before_the_word_is_a_second_copy_of_the_same(
    ana: User, box: Postbox, clock_at: ClockHand
) -> None:
    """The server has it and we do not know: it gets the same bytes again, and can drop them."""
    box.breaks = 1
    tell(ana)
    assert mailing.sweep() == 0
    tell(ana)
    clock_at.forward(MINUTE)
    assert mailing.sweep() == 1
    first, second = box.letters
    assert first.raw == second.raw
    assert first.key == second.key == Mail.objects.get().message_id


def test_an_address_that_does_not_exist_is_marked_and_left_alone(
    ana: User, box: Postbox, clock_at: ClockHand
) -> None:
    box.refusals[ANA] = "550 5.1.1 no such mailbox"
    tell(ana)
    mailing.sweep()
    ana.refresh_from_db()
    assert (states(), ana.refused_email) == (["refused"], ANA)
    event = AuditEvent.objects.get(verb="account.email_refused")
    assert (event.target_id, event.details) == (ana.pk, {"code": 550})
    box.refusals.clear()
    tell(ana)
    clock_at.forward(5 * HOUR)
    assert mailing.sweep() == 0
    assert box.letters == []


def test_another_address_gets_what_the_first_did_not(ana: User, box: Postbox) -> None:
    box.refusals[ANA] = "550 no such mailbox"
    tell(ana)
    mailing.sweep()
    ana.refresh_from_db()
    reachable(ana, SAMI)
    assert mailing.sweep() == 1
    assert len(box.to(SAMI)) == 1


@pytest.mark.parametrize(
    "says",
    ["450 4.2.1 later", "550 5.7.1 relaying denied", "554 5.7.1 not from you", "552 5.2.2 full", "421 busy"],
)
def test_a_refusal_that_is_not_about_the_address_waits(
    cast: Cast, ana: User, box: Postbox, clock_at: ClockHand, says: str
) -> None:
    box.refusals[ANA] = says
    tell(ana)
    mailing.sweep()
    ana.refresh_from_db()
    assert (states(), ana.refused_email) == (["due"], "")
    box.refusals.clear()
    clock_at.forward(MINUTE)
    assert mailing.sweep() == 1


def test_one_that_is_refused_does_not_hold_the_others_up(cast: Cast, ana: User, box: Postbox) -> None:
    box.refusals[ANA] = "450 4.2.1 later"
    tell(ana)
    tell(reachable(cast.sami, SAMI))
    assert mailing.sweep() == 1
    assert len(box.to(SAMI)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work(cast: Cast, box: Postbox) -> None:
    people = User.objects.bulk_create(
        User(
            username=f"n{n}", name="N", role="case_worker", agency=cast.ana.agency, email=f"n{n}@mail.example"
        )
        for n in range(30)
    )
    for user in people:
        tell(user)
    together, failures = Barrier(3), list[Exception]()

    def work() -> None:
        try:
            together.wait(timeout=20)
            mailing.sweep()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mailing.sweep()
    assert failures == []
    assert sorted(letter.receiver for letter in box.letters) == sorted(user.email for user in people)
    assert len({letter.key for letter in box.letters}) == len(people)
