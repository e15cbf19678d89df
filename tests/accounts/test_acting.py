"""In whose name a service writes."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.acting import acting_as, at_end_of_write, current_actor, write
from accounts.models import User
from tests.cast import Cast


@write
def who_writes(*, actor: User | None) -> tuple[User | None, bool]:
    return current_actor(), connection.in_atomic_block


@write
def calls_another_entry_point(*, actor: User | None) -> Any:
    return who_writes(actor=actor)


def test_it_is_the_actor_inside_and_nobody_after(cast: Cast) -> None:
    assert who_writes(actor=cast.ana) == (cast.ana, True)
    assert current_actor() is None


def test_it_is_nobody_again_after_a_failure(cast: Cast) -> None:
    @write
    def fails(*, actor: User) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails(actor=cast.ana)
    assert current_actor() is None


def test_the_clock_acts_in_nobodys_name(db: None) -> None:
    assert who_writes(actor=None) == (None, True)


def test_inner_acts_give_back_the_outer_actor(cast: Cast) -> None:
    with acting_as(cast.ana):
        with acting_as(cast.sami):
            assert current_actor() == cast.sami
        assert current_actor() == cast.ana


@pytest.mark.django_db(transaction=True)
def test_an_entry_point_is_not_called_inside_another(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="durable"):
        calls_another_entry_point(actor=cast.ana)


def test_a_service_without_an_actor_is_refused_when_it_is_written() -> None:
    def forgot(case_id: int) -> None: ...

    with pytest.raises(TypeError, match="actor"):
        write(forgot)


def test_a_call_without_an_actor_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="actor"):
        who_writes()  # type: ignore[call-arg]


def test_what_follows_from_many_parts_is_done_once_at_the_end(db: None) -> None:
    done: list[UUID] = []
    one, other = uuid4(), uuid4()

    @write
    def goes_on(*, actor: None) -> list[UUID]:
        for subject in (one, other, one):
            at_end_of_write(done.append, subject)
        return list(done)

    assert goes_on(actor=None) == []
    assert done == [one, other]


def test_outside_a_write_it_is_done_at_once_and_after_a_failure_never(db: None) -> None:
    done: list[UUID] = []
    at_end_of_write(done.append, uuid4())
    assert len(done) == 1

    @write
    def fails(*, actor: None) -> None:
        at_end_of_write(done.append, uuid4())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails(actor=None)
    assert len(done) == 1
