"""Open pages learn that something has changed. Rows are the truth; what is sent is a hint to look at them again.

A topic is a kind and an id. Rooms register their kinds, with who may listen. The names under which topics are known
to the broker are keyed digests: whoever listens there learns that something happened, not of what or to whom.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import broker
from accounts.models import User

MayListen = Callable[[User, UUID], bool]
# For each id the number of its latest change, or another code without spaces and colons.
Sequences = Callable[[Collection[UUID]], Mapping[UUID, int | str]]

ACCOUNT = "account"
# As long as a session.
TOKEN_HOLDS = timedelta(hours=12)
CHANGED, LOOK = "live.changed", "live.look"


@dataclass(frozen=True)
class Topic:
    kind: str
    id: UUID

    @cached_property
    def digest(self) -> str:
        """Its name in the broker and on the socket."""
        return salted_hmac("accounts.live", f"{self.kind}:{self.id}", algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True)
class Kind:
    may_listen: MayListen
    sequences: Sequences | None
    presence: bool


_kinds: dict[str, Kind] = {}


def register(
    kind: str, may_listen: MayListen, *, sequences: Sequences | None = None, presence: bool = False
) -> None:
    """`may_listen` is asked when a socket joins and again before each hint that it is given.

    With `sequences` a page that lost its connection learns whether it missed something; without, it looks again
    after each. With `presence` it is kept who has such a page open (`accounts.presence`).
    """
    _kinds[kind] = Kind(may_listen, sequences, presence)


def is_registered(kind: str) -> bool:
    return kind in _kinds


def kind_of(topic: Topic) -> Kind:
    return _kinds[topic.kind]


def hint(kind: str, topic_id: UUID) -> None:
    """Something about it has changed: told when, and only if, the transaction holds."""
    _say([Topic(kind, topic_id)], CHANGED)


def hint_accounts(users: Iterable[User]) -> None:
    _say([Topic(ACCOUNT, user.pk) for user in users], CHANGED)


def look_again(user: User) -> None:
    """The sockets of this account ask whether their session still holds, and end when it does not."""
    _say([Topic(ACCOUNT, user.pk)], LOOK)


def _say(topics: Iterable[Topic], what: str) -> None:
    digests = dict.fromkeys(topic.digest for topic in topics)
    if digests:
        transaction.on_commit(partial(_publish, list(digests), what), robust=True)


def _publish(digests: list[str], what: str) -> None:
    broker.publish({digest: {"type": what, "topic": digest} for digest in digests})


def token(user: User, kind: str, topic_id: UUID, sequence: int | str = "") -> str:
    """What a page carries so that its socket may ask for the topic; good for this account alone."""
    return _signer(user.pk).sign(f"{kind}:{topic_id}:{sequence}")


def opened(account_id: UUID, signed: str) -> tuple[Topic, str] | None:
    """The topic and the sequence that the page has seen; None for what we did not sign for this account lately."""
    try:
        kind, topic_id, sequence = _signer(account_id).unsign(signed, max_age=TOKEN_HOLDS).split(":")
    except BadSignature:
        return None
    return (Topic(kind, UUID(topic_id)), sequence) if is_registered(kind) else None


def _signer(account_id: UUID) -> TimestampSigner:
    return TimestampSigner(salt=f"accounts.live.{account_id}")


def _is_oneself(user: User, account_id: UUID) -> bool:
    return user.pk == account_id


def _notification_numbers(accounts: Collection[UUID]) -> Mapping[UUID, int]:
    return dict(User.objects.filter(pk__in=accounts).values_list("pk", "notification_count"))


register(ACCOUNT, _is_oneself, sequences=_notification_numbers, presence=True)
