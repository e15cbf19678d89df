"""Numbered notifications."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import Notification, User
from accounts.notifications import mark_read, notify
from tests.cast import Cast


def test_it_numbers_each_receivers_own(cast: Cast) -> None:
    notify([cast.ana, cast.sami], "case.assigned", cast.ana.agency)
    notify([cast.ana], "case.assigned", cast.ana.agency, case_id=uuid4())
    assert [row.number for row in cast.ana.notifications.order_by("number")] == [1, 2]
    assert [row.number for row in cast.sami.notifications.all()] == [1]


def test_it_says_where_to_look_and_nothing_else(cast: Cast) -> None:
    case_id = uuid4()
    (row,) = notify([cast.ana], "case.assigned", cast.ana.agency, case_id=case_id)
    assert (row.target_label, row.target_id, row.case_id) == ("accounts.agency", cast.ana.agency.pk, case_id)
    assert row.read_at is None


def test_it_tells_nobody_twice(cast: Cast) -> None:
    notify([cast.ana, cast.ana], "case.assigned", cast.ana.agency)
    assert Notification.objects.count() == 1


def test_it_leaves_out_who_is_switched_off(cast: Cast) -> None:
    cast.ana.is_active = False
    cast.ana.save()
    assert notify([cast.ana, cast.ben], "case.assigned", cast.ana.agency)[0].receiver == cast.ben


def test_it_takes_no_sentence_for_a_kind(cast: Cast) -> None:
    with pytest.raises(ValueError, match="codes"):
        notify([cast.ana], "Mira has arrived", cast.ana.agency)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_leave_no_gap_and_no_double(cast: Cast) -> None:
    """Two services tell the same people at the same moment; neither a number nor a row may be lost."""
    together = Barrier(2)
    failures: list[Exception] = []

    def write(receivers: list[User]) -> None:
        try:
            for _ in range(20):
                together.wait(timeout=20)
                with transaction.atomic():
                    notify(receivers, "case.assigned", cast.ana.agency)
        except Exception as failure:
            together.abort()
            failures.append(failure)
        finally:
            connection.close()

    threads = [
        Thread(target=write, args=[people]) for people in ([cast.ana, cast.sami], [cast.sami, cast.ana])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for person in (cast.ana, cast.sami):
        numbers = list(person.notifications.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, 41))


def test_seen_once_is_seen(cast: Cast) -> None:
    notify([cast.ana, cast.sami], "case.assigned", cast.ana.agency)
    notify([cast.ana], "case.missing", cast.ana.agency)
    assert mark_read(cast.ana, upto=1) == 1
    assert mark_read(cast.ana, upto=1) == 0
    assert cast.ana.notifications.get(read_at__isnull=True).number == 2
    assert cast.sami.notifications.filter(read_at__isnull=True).exists()
