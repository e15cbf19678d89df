"""How often somebody may ask: a place on the net what needs no sign-in, an account what is easily guessed."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import broker


def may_ask(what: str, most: int, seconds: int) -> bool:
    """Counts one question; false from the one after `most` on, until so many seconds after the first have passed."""
    return counted(what, seconds) <= most


def counted(what: str, seconds: int) -> int:
    """Counts one question; answers how many it is with this one, within so many seconds from the first.

    Raises RedisError while the broker is away. Count and end go together: the cache asks whether a count is there and
    adds one afterwards, and a count that ran out between the two would stay without an end, and lock out for ever.
    """
    with broker.client().pipeline() as together:
        together.incr(_key(what))
        together.expire(_key(what), seconds, nx=True)
        return int(together.execute()[0])


def forget(what: str) -> None:
    """The next question is the first. Raises RedisError as `counted`."""
    broker.client().delete(_key(what))


def give_back(what: str) -> None:
    """Takes the question that was just counted out again: it was none of those. Raises RedisError as `counted`."""
    with broker.client().pipeline() as together:
        together.decr(_key(what))
        # Where the count ran out in between, there would be one without an end.
        together.expire(_key(what), 1, nx=True)
        together.execute()


def _key(what: str) -> str:
    """A digest: the broker is told neither who asks nor from where."""
    return str(cache.make_key(salted_hmac("accounts.limits", what, algorithm="sha256").hexdigest()))


def place_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


@dataclass
class Counter:
    """The same in the memory of one process, for what must be answered without a broker. `kept` bounds it."""

    most: int
    seconds: float
    kept: int = 10_000
    _counts: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def may_ask(self, who: str) -> bool:
        now = time.monotonic()
        with self._lock:
            since, count = self._counts.pop(who, (now, 0))
            if now - since >= self.seconds:
                since, count = now, 0
            self._counts[who] = since, count + 1
            if len(self._counts) > self.kept:
                self._counts.popitem(last=False)
        return count < self.most
