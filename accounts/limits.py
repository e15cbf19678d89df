"""How often a place on the net may ask what needs no sign-in. Counted in the cache, as sign-in does."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def may_ask(what: str, most: int, seconds: int) -> bool:
    """Counts one question; false from the one after `most` on, until so many seconds after the first have passed."""
    return counted(what, seconds) <= most


def counted(what: str, seconds: int) -> int:
    """Counts one question; answers how many it is with this one, within so many seconds from the first."""
    if cache.add(what, 1, seconds):
        return 1
    try:
        return int(cache.incr(what))
    except ValueError:
        # The count ran out between the two questions.
        return 1


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
