"""Who has a page open now: kept in Valkey for as long as their sockets say so, and for the page only.

A seat is the account's number, sealed anew for each socket, so whoever reads the broker sees neither who sits there
nor that the same person sits at two pages. Without a broker nobody is there, and nothing fails.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from accounts import broker
from accounts.live import ACCOUNT, Topic
from accounts.models import User

# A socket says that it is there at each look at the rows; two that are missed are bad luck, three are an end.
SEAT_HOLDS = 3 * broker.LOOK_AGAIN
# From one page of a file to the next the socket closes and opens: that is no coming and going.
GRACE = 4.0


def seat_of(account_id: UUID) -> str:
    """A new one, which only this installation can open."""
    return _seal().encrypt(account_id.bytes).decode()


def sit_down(topic: Topic, account_id: UUID, seat: str) -> bool:
    """Takes or keeps the seat; answers whether this account was not there before."""
    now = time.time()
    try:
        with broker.client().pipeline() as together:
            together.zrangebyscore(_key(topic), now, "+inf")
            together.zremrangebyscore(_key(topic), "-inf", now)
            together.zadd(_key(topic), {seat: now + SEAT_HOLDS})
            together.expire(_key(topic), int(SEAT_HOLDS))
            there = together.execute()[0]
    except RedisError:
        return False
    return account_id not in _opened(there)


def stand_up(topic: Topic, seat: str) -> None:
    """Not at once: who goes on to the next page is back in a moment."""
    with suppress(RedisError):
        broker.client().zadd(_key(topic), {seat: time.time() + GRACE}, xx=True)


def is_there(topic: Topic, account_id: UUID) -> bool:
    return account_id in _accounts_at(topic)


def is_anywhere(account_id: UUID) -> bool:
    """Whether a page of this account is in sight; every page listens to the topic of its reader."""
    return is_there(Topic(ACCOUNT, account_id), account_id)


def present(kind: str, topic_id: UUID) -> list[User]:
    """For the page, which leaves out its own reader."""
    accounts = _accounts_at(Topic(kind, topic_id))
    return list(User.objects.filter(pk__in=accounts).order_by("name")) if accounts else []


def others_at(user: User, *topics: Topic) -> list[list[User]]:
    """At each of these topics everybody but this account, by name."""
    accounts = [there - {user.pk} for there in _at(*topics)]
    people = set[UUID]().union(*accounts)
    known = list(User.objects.filter(pk__in=people).order_by("name")) if people else []
    return [[each for each in known if each.pk in there] for there in accounts]


Company = Callable[[], list[list[User]]]


def expect(request: HttpRequest, company: Company) -> None:
    """The page that answers this request says who else has its file open, and who this very page."""
    request.__dict__["company"] = company


def company_of(request: HttpRequest) -> list[list[User]]:
    """Asked late, when the page is drawn: empty where nobody is told."""
    company: Company = request.__dict__.get("company", list)
    return company()


def _accounts_at(topic: Topic) -> set[UUID]:
    return _at(topic)[0]


def _at(*topics: Topic) -> list[set[UUID]]:
    now = time.time()
    try:
        with broker.client().pipeline(transaction=False) as together:
            for topic in topics:
                together.zrangebyscore(_key(topic), now, "+inf")
            return [_opened(map(str, seats)) for seats in together.execute()]
    except RedisError:
        return [set() for _topic in topics]


def _opened(seats: Iterable[str]) -> set[UUID]:
    found = set()
    for seat in seats:
        with suppress(InvalidToken):
            found.add(UUID(bytes=_seal().decrypt(seat)))
    return found


def _key(topic: Topic) -> str:
    return f"{broker.PREFIX}at.{topic.digest}"


def _seal() -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("accounts.presence", "seat", algorithm="sha256").digest()))
