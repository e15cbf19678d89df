"""How often somebody may ask: counted at the real broker."""

import pytest
from django.core.cache import cache

from accounts import broker, limits

MINUTE = 60


def ends_in() -> int:
    """In seconds, of the only count that there is; -1 for one without an end."""
    (key,) = broker.client().keys(f"{cache.key_prefix}:*")
    return int(broker.client().ttl(key))


def test_it_counts_and_ends_with_the_time_of_the_first() -> None:
    assert [limits.counted("a", seconds) for seconds in (MINUTE, 100 * MINUTE)] == [1, 2]
    assert 0 < ends_in() <= MINUTE


def test_a_count_that_runs_out_between_two_questions_ends_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The cache finds a count, and adds one to what is gone by then."""
    monkeypatch.setattr(cache, "add", lambda *_: False)
    monkeypatch.setattr(cache, "incr", lambda key: broker.client().incr(cache.make_key(key)))
    assert limits.counted("a", MINUTE) == 1
    assert 0 < ends_in() <= MINUTE


def test_a_count_without_an_end_gets_one() -> None:
    """As they were made before."""
    limits.counted("a", MINUTE)
    broker.client().persist(broker.client().keys(f"{cache.key_prefix}:*")[0])
    assert ends_in() == -1
    assert limits.counted("a", MINUTE) == 2
    assert 0 < ends_in() <= MINUTE


def test_it_begins_anew_when_it_is_forgotten() -> None:
    limits.counted("a", MINUTE)
    limits.forget("a")
    assert limits.counted("a", MINUTE) == 1


def test_the_broker_is_not_told_who_asks() -> None:
    limits.counted("calendar:place:192.0.2.7", MINUTE)
    (key,) = broker.client().keys(f"{cache.key_prefix}:*")
    assert "192.0.2.7" not in key
