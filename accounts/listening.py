"""Whether sockets may go on listening: asked in the database before every hint, for all that want to know at once.

A socket outlives the request in which it was opened, so what holds for requests is asked again here: the session is
there, with a second factor and not over, the account and its agency are active, password, role and agency are those
with which the page was opened, and the room whose topic it is still lets this account listen.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

import clock
from accounts import live
from accounts.live import Topic
from accounts.models import Session, User
from accounts.sessions import row_is_locked

# In seconds. As long as more ask in each moment, those who asked wait for them, but not for ever.
MOMENT, MOST_MOMENTS = 0.004, 10


@dataclass(frozen=True)
class Listener:
    """Who sits at a socket, as they were when it was opened."""

    session_key: str
    account_id: UUID
    role: str
    agency_id: UUID
    auth_hash: str

    def is_still(self, user: User) -> bool:
        return (
            user.may_sign_in
            and (user.role, user.agency_id) == (self.role, self.agency_id)
            and user.get_session_auth_hash() == self.auth_hash
        )


def listener_of(scope: Mapping[str, Any]) -> Listener | None:
    """None when nobody is signed in."""
    user, session = scope["user"], scope["session"]
    if not user.is_authenticated or not session.session_key:
        return None
    return Listener(session.session_key, user.pk, user.role, user.agency_id, user.get_session_auth_hash())


@dataclass(frozen=True)
class Heard:
    """What a socket may hear: its topics that are still open to it, each with the sequence of its latest change."""

    is_signed_in: bool
    is_locked: bool = False
    open: Mapping[Topic, str] = field(default_factory=dict)


Question = tuple[Listener, Collection[Topic]]


def look(questions: Collection[Question]) -> list[Heard]:
    """In a few statements for all of them; one more where a room must ask who may listen."""
    sessions = _sessions({listener.session_key for listener, _topics in questions})
    users = _signed_in({listener for listener, _topics in questions if listener.session_key in sessions})
    asked = {topic for _listener, topics in questions for topic in topics}
    may = _may_listen({(users[who], topic) for who, topics in questions if who in users for topic in topics})
    sequences = _sequences(asked, users.values())
    return [
        _answer(users.get(listener), sessions.get(listener.session_key), topics, may, sequences)
        for listener, topics in questions
    ]


def _answer(
    user: User | None,
    session: Session | None,
    topics: Collection[Topic],
    may: Set[tuple[User, Topic]],
    sequences: Mapping[Topic, str],
) -> Heard:
    if user is None or session is None:
        return Heard(is_signed_in=False)
    locked = row_is_locked(session, user, clock.now())
    return Heard(True, locked, {topic: sequences.get(topic, "") for topic in topics if (user, topic) in may})


def _may_listen(asked: Set[tuple[User, Topic]]) -> set[tuple[User, Topic]]:
    found = set[tuple[User, Topic]]()
    for kind in {topic.kind for _user, topic in asked}:
        of_kind = [(user, topic.id) for user, topic in asked if topic.kind == kind]
        found |= {(user, Topic(kind, topic_id)) for user, topic_id in live.which_may(kind, of_kind)}
    return found


def _sessions(keys: Set[str]) -> dict[str, Session]:
    found = Session.objects.going_on().filter(session_key__in=keys, second_factor_at__isnull=False)
    return {row.session_key: row for row in found.defer("session_data")}


def _signed_in(asked: Set[Listener]) -> dict[Listener, User]:
    # Many accounts are of few agencies: each of these is read and made once.
    users = User.objects.prefetch_related("agency").in_bulk({each.account_id for each in asked})
    return {
        each: users[each.account_id]
        for each in asked
        if each.account_id in users and each.is_still(users[each.account_id])
    }


def _sequences(topics: Set[Topic], users: Iterable[User]) -> dict[Topic, str]:
    # An account was read already, and listens to no other one.
    found = {Topic(live.ACCOUNT, user.pk): str(user.notification_count) for user in users}
    for kind in {topic.kind for topic in topics - found.keys()}:
        of_kind = [topic for topic in topics if topic.kind == kind]
        if number_of := live.kind_of(of_kind[0]).sequences:
            numbers = number_of([topic.id for topic in of_kind])
            found |= {topic: str(numbers[topic.id]) for topic in of_kind if topic.id in numbers}
    return found


class Asking:
    """Brings together what the sockets of one process ask while the database is busy with others."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Question, asyncio.Future[Heard]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, listener: Listener, topics: Collection[Topic]) -> Heard:
        answer: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting.append(((listener, topics), answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer())
        return await answer

    async def _answer(self) -> None:
        while self._waiting:
            await self._until_all_have_asked()
            waiting, self._waiting = self._waiting, []
            try:
                answers = await database_sync_to_async(look)([question for question, _answer in waiting])
            except Exception as failure:
                for _question, answer in waiting:
                    if not answer.done():
                        answer.set_exception(failure)
            else:
                for (_question, answer), heard in zip(waiting, answers, strict=True):
                    if not answer.done():
                        answer.set_result(heard)

    async def _until_all_have_asked(self) -> None:
        """A change reaches all whom it concerns within moments; to ask for many costs hardly more than for one."""
        for _moment in range(MOST_MOMENTS):
            asked = len(self._waiting)
            await asyncio.sleep(MOMENT)
            if len(self._waiting) == asked:
                return
