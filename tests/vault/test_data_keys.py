"""One key for each case; opened keys stay at hand for half a minute at most."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.conftest import NOON, ClockHand
from vault import keys
from vault.errors import KeyErased, KeyMissing, SealBroken
from vault.models import DataKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope() -> UUID:
    scope = uuid4()
    keys.create(scope)
    return scope


def test_each_case_has_its_own(scope: UUID) -> None:
    other = uuid4()
    keys.create(other)
    assert len(keys.data_key(scope)) == 32
    assert keys.data_key(scope) != keys.data_key(other)


def test_a_key_is_made_once(scope: UUID) -> None:
    before = keys.data_key(scope)
    keys.create(scope)
    keys.create_many([scope, uuid4(), scope])
    keys.forget_cached()
    assert keys.data_key(scope) == before


def test_it_lies_wrapped_in_the_key_store(scope: UUID) -> None:
    row = DataKey.objects.get(pk=scope)
    assert row._state.db == "keys"
    assert keys.data_key(scope) not in bytes(row.wrapped)


def test_a_missing_key_is_said(scope: UUID) -> None:
    with pytest.raises(KeyMissing):
        keys.data_key(uuid4())


def test_one_query_for_a_page_of_cases(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    page = [uuid4() for _ in range(25)]
    keys.create_many(page[:24])
    keys.forget_cached()
    with django_assert_num_queries(1, using="keys"):
        keys.prefetch(page)
    with django_assert_num_queries(0, using="keys"):
        for scope in page[:24]:
            keys.data_key(scope)
        keys.prefetch(page[:24])
        keys.prefetch([])


def test_many_are_made_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """One that makes them, one that reads them back; nothing has to be wrapped a second time."""
    with django_assert_num_queries(2, using="keys"):
        keys.create_many([uuid4() for _ in range(5)])


def test_an_erased_key_stops_working_within_half_a_minute(scope: UUID, clock_at: ClockHand) -> None:
    keys.data_key(scope)
    DataKey.objects.filter(pk=scope).delete()
    clock_at.forward(timedelta(seconds=25))
    keys.data_key(scope)
    clock_at.forward(timedelta(seconds=6))
    with pytest.raises(KeyMissing):
        keys.data_key(scope)


def test_a_clock_set_back_lengthens_no_life(scope: UUID, clock_at: ClockHand) -> None:
    keys.data_key(scope)
    DataKey.objects.filter(pk=scope).delete()
    clock_at.forward(timedelta(hours=-1))
    with pytest.raises(KeyMissing):
        keys.data_key(scope)


def test_who_erases_forgets_at_once(scope: UUID) -> None:
    keys.data_key(scope)
    DataKey.objects.filter(pk=scope).delete()
    keys.forget_cached()
    with pytest.raises(KeyMissing):
        keys.data_key(scope)


def test_what_is_erased_is_told_from_what_never_was(scope: UUID) -> None:
    assert keys.erased() == set()
    assert keys.erase(scope)
    assert keys.erased() == {scope}
    with pytest.raises(KeyErased, match=r"^The data key of this case was erased\.$"):
        keys.data_key(scope)
    assert not keys.erase(scope)
    with pytest.raises(KeyMissing, match="never made, or is lost") as missed:
        keys.data_key(uuid4())
    assert not isinstance(missed.value, KeyErased)


def test_it_is_erased_and_remembered_as_such_at_once_or_not_at_all(scope: UUID) -> None:
    with CaptureQueriesContext(connections["keys"]) as asked:
        keys.erase(scope)
    sentences = [query["sql"].split()[0] for query in asked.captured_queries]
    assert (sentences[0], sentences[-1]) == ("SAVEPOINT", "RELEASE")


def test_a_key_is_at_hand_from_when_it_was_read_for_half_a_minute() -> None:
    least, life = timedelta(microseconds=1), timedelta(seconds=30)
    fresh = [keys._is_fresh(NOON, NOON + age) for age in (-least, timedelta(), life - least, life)]
    assert fresh == [False, True, True, False]


def test_thousands_are_at_hand() -> None:
    assert keys.CACHE_SIZE == 5_000


def test_what_is_read_again_is_not_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CACHE_SIZE", 2)
    first, second, third = (uuid4() for _turn in range(3))
    for scope in (first, second, first, third):
        keys.create(scope)
    assert list(keys._cache._entries) == [first, third]


def test_few_are_kept_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CACHE_SIZE", 3)
    scopes = [uuid4() for _ in range(5)]
    for scope in scopes:
        keys.create(scope)
    assert list(keys._cache._entries) == scopes[-3:]


def test_keys_past_their_time_do_not_linger_in_memory(scope: UUID, clock_at: ClockHand) -> None:
    keys.data_key(scope)
    clock_at.forward(timedelta(minutes=1))
    keys.create(uuid4())
    assert scope not in keys._cache._entries


def test_a_key_moved_to_another_case_is_refused(scope: UUID) -> None:
    other = uuid4()
    keys.create(other)
    keys.forget_cached()
    DataKey.objects.filter(pk=other).update(wrapped=DataKey.objects.get(pk=scope).wrapped)
    with pytest.raises(SealBroken):
        keys.data_key(other)


def test_one_damaged_key_spoils_no_list(
    scope: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    damaged = uuid4()
    keys.create(damaged)
    keys.forget_cached()
    DataKey.objects.filter(pk=damaged).update(wrapped=b"rubbish")
    keys.prefetch([scope, damaged])
    with django_assert_num_queries(0, using="keys"):
        keys.data_key(scope)
    with pytest.raises(SealBroken):
        keys.data_key(damaged)


@pytest.mark.django_db(transaction=True)
def test_who_makes_one_key_at_once_ends_up_with_the_same() -> None:
    scope = uuid4()

    def make(_turn: int) -> bytes:
        try:
            keys.create(scope)
            keys.forget_cached()
            return keys.data_key(scope)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(make, range(16)))) == 1
