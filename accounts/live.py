"""Open pages learn that something has changed. Rows are the truth; what is sent is a hint to look at them again.

A topic is a kind and an id. Rooms register their kinds, with who may listen. The names under which topics are known
to the broker are keyed digests: whoever listens there learns that something happened, not of what or to whom.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Count, Expression, Max, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

import clock
from accounts import audit, broker
from accounts.models import Agency, AgencyCertificate, AuditEvent, ToldHint, User

Asked = tuple[User, UUID]
MayListen = Callable[[User, UUID], bool]
# Of these accounts and ids those that may, in a statement for all of them.
WhichMay = Callable[[Collection[Asked]], Set[Asked]]
# For each id the number of its latest change, or another code without spaces and colons.
Sequences = Callable[[Collection[UUID]], Mapping[UUID, int | str]]
Seen = tuple[str, UUID, int | str]

# Of an account; what stands on its lists; of a page, by its address; the directory of agencies, the same for everybody.
ACCOUNT, LISTS, PAGE, DIRECTORY = "account", "lists", "page", "directory"
THE_DIRECTORY = UUID(int=0)
# As long as a session.
TOKEN_HOLDS = timedelta(hours=12)
# So a page whose token holds never finds less told than it has seen.
KEPT = TOKEN_HOLDS + timedelta(hours=12)
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
    which_may: WhichMay
    sequences: Sequences | None
    presence: bool
    counted: bool


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    may_listen: MayListen,
    *,
    sequences: Sequences | None = None,
    presence: bool = False,
    counted: bool = False,
) -> None:
    """`may_listen` is asked when a socket joins and again before each hint that it is given.

    With `sequences` a page that lost its connection learns whether it missed something; without, it looks again
    after each. A kind that has no numbers of its own can be `counted`: each hint leaves a row. With `presence` it is
    kept who has such a page open (`accounts.presence`).
    """
    register_many(kind, _one_by_one(may_listen), sequences=sequences, presence=presence, counted=counted)


def register_many(
    kind: str,
    which_may: WhichMay,
    *,
    sequences: Sequences | None = None,
    presence: bool = False,
    counted: bool = False,
) -> None:
    """The same for a kind to which hundreds listen at once: all of them are asked about together."""
    _kinds[kind] = Kind(which_may, _counted(kind) if counted else sequences, presence, counted)


def _one_by_one(may_listen: MayListen) -> WhichMay:
    return lambda asked: {(user, topic_id) for user, topic_id in asked if may_listen(user, topic_id)}


def _counted(kind: str) -> Sequences:
    return lambda ids: {topic.id: code for topic, code in _codes({Topic(kind, each) for each in ids}).items()}


def _codes(topics: Collection[Topic]) -> dict[Topic, str]:
    by_digest = {topic.digest: topic for topic in topics}
    return {by_digest[digest]: code for digest, code in _told(by_digest).values_list("topic", "code")}


def _told(digests: Iterable[str]) -> QuerySet[Any, Any]:
    """How many hints there are, and which is the latest: one that was committed late counts as well."""
    code = Concat(Cast(Count("pk"), TextField()), Value(".", TextField()), Cast(Max("pk"), TextField()))
    return ToldHint.objects.filter(topic__in=digests).order_by().values("topic").annotate(code=code)


def code_of(topic: Topic) -> Expression:
    """Of a counted kind, for a query that the page begins with anyway."""
    return Coalesce(Subquery(_told([topic.digest]).values("code")), Value("", TextField()))


def with_lists(accounts: QuerySet[User], account_id: UUID) -> QuerySet[User]:
    """`lists_seen`: read with the account, so that its lists pay no query for it."""
    return accounts.annotate(lists_seen=code_of(Topic(LISTS, account_id)))


def is_registered(kind: str) -> bool:
    return kind in _kinds


def kind_of(topic: Topic) -> Kind:
    return _kinds[topic.kind]


def which_may(kind: str, asked: Collection[Asked]) -> Set[Asked]:
    return _kinds[kind].which_may(asked)


def hint(kind: str, *ids: UUID) -> None:
    """Something about these has changed: told when, and only if, the transaction holds."""
    topics = [Topic(kind, each) for each in dict.fromkeys(ids)]
    if kind in _kinds and _kinds[kind].counted:
        ToldHint.objects.bulk_create(ToldHint(topic=topic.digest) for topic in topics)
    _say(topics, CHANGED)


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


def watch(request: HttpRequest, topic: Topic, seen: int | str | None = None) -> None:
    """The page that answers this request listens to it. Called before it reads its rows, so nothing is missed.

    `seen` is what `code_of` gave, where it was asked.
    """
    if seen is None and (number_of := kind_of(topic).sequences):
        seen = number_of([topic.id]).get(topic.id, "")
    request.__dict__.setdefault("live_topics", {}).setdefault(topic, "" if seen is None else seen)


def watched(request: HttpRequest) -> list[Seen]:
    return [(topic.kind, topic.id, seen) for topic, seen in request.__dict__.get("live_topics", {}).items()]


def page_topic(path: str) -> Topic:
    """Who sits at the same page; what is on it changes with other topics."""
    return Topic(PAGE, uuid5(NAMESPACE_URL, path))


TopicOf = Callable[[User], Topic]
_of_pages: dict[str, TopicOf] = {}


def watch_pages(topic_of: TopicOf, *names: str) -> None:
    """The pages with these names in the addresses are lists, which change with this topic."""
    _of_pages.update(dict.fromkeys(names, topic_of))


def names_of_lists() -> Set[str]:
    return _of_pages.keys()


def watch_named(request: HttpRequest, name: str | None, user: User) -> None:
    if name in _of_pages:
        topic = _of_pages[name](user)
        watch(request, topic, getattr(user, "lists_seen", None) if topic.kind == LISTS else None)


def lists_of(user: User) -> Topic:
    return Topic(LISTS, user.pk)


def forget_old() -> None:
    ToldHint.objects.filter(told_at__lt=clock.now() - KEPT).delete()


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


def _everybody(asked: Collection[Asked]) -> Set[Asked]:
    return set(asked)


def _heed(event: AuditEvent) -> None:
    if event.target_label in (Agency._meta.label_lower, AgencyCertificate._meta.label_lower):
        hint(DIRECTORY, THE_DIRECTORY)


def _the_directory(_user: User) -> Topic:
    return Topic(DIRECTORY, THE_DIRECTORY)


register(ACCOUNT, _is_oneself, sequences=_notification_numbers, presence=True)
register(LISTS, _is_oneself, counted=True)
# Whoever has a token was shown the page; whether it is theirs still is asked of the page's other topics.
register_many(PAGE, _everybody, sequences=lambda _pages: {}, presence=True)
register_many(DIRECTORY, _everybody, counted=True)
watch_pages(_the_directory, "agency_list", "agency")
audit.on_record(_heed)
