"""Sealing stands in nobody's way, misses nothing, may be killed, and is done once by two at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction

from accounts import covered, sealing
from accounts.audit import record
from accounts.grants import APPEND_ONLY, rights_of, settle
from accounts.lasting import ERA_FUNCTION, MAKE_ERA
from accounts.models import AuditEvent, Seal
from accounts.tasks import seal_audit
from accounts.verifying import verify
from cases.models.choices import Purpose
from tests.accounts.records import a_record, remember_agencies
from tests.cases import files
from tests.cast import Cast
from tests.conftest import ClockHand
from vault.models import KnownHead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_horizon")]


@contextmanager
def another_process(cast: Cast) -> Iterator[Event]:
    """Writes an event, which has its id and is not committed before the block ends."""
    written, may_end = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                record(cast.ben, "agency.changed", cast.ben.agency)
                written.set()
                may_end.wait(30)
        finally:
            connection.close()

    thread = Thread(target=write)
    thread.start()
    assert written.wait(30)
    try:
        yield may_end
    finally:
        may_end.set()
        thread.join()


def numbers() -> list[int]:
    return list(Seal.objects.order_by("number").values_list("number", flat=True))


def test_what_is_committed_late_is_sealed_late_and_found_nowhere_else(cast: Cast) -> None:
    """Its id is lower than that of what is already sealed."""
    remember_agencies()
    sealing.seal_all()
    with another_process(cast):
        record(cast.ana, "agency.changed", cast.ana.agency)
        assert sealing.seal_all() == 0, "an open transaction may still write below it"
        assert sealing.waiting().rows == 1
    late, early = AuditEvent.objects.order_by("pk").values_list("actor__username", flat=True)
    assert (late, early) == ("ben", "ana")
    assert sealing.seal_all() == 1
    assert (verify().broken, verify().unsealed) == (None, 0)


def test_an_open_transaction_waits_for_no_seal(cast: Cast) -> None:
    """Nor does a seal wait for it, and what was complete before it is sealed."""
    record(cast.ana, "agency.changed", cast.ana.agency)
    with another_process(cast):
        assert sealing.seal_all() == 1
        assert verify().rows == 1


def test_two_at_once_make_one_chain(cast: Cast) -> None:
    record(cast.ana, "agency.changed", cast.ana.agency)
    with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('homeward.seal'))")
        assert sealing.seal_next() is None
    assert sealing.seal_all() == 1
    with pytest.raises(DatabaseError, match="duplicate key"):
        Seal.objects.create(**Seal.objects.values().get())
    assert numbers() == [1]


def test_one_that_is_killed_leaves_nothing_and_the_next_does_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_agencies()

    def dies(_seal: Seal) -> None:
        raise KeyboardInterrupt

    for step, left in (("parts_digest", []), ("_tell_key_store", [1])):
        with monkeypatch.context() as patch:
            patch.setattr(sealing, step, dies)
            with pytest.raises(KeyboardInterrupt):
                sealing.seal_all()
        assert numbers() == left
    assert KnownHead.objects.count() == 0
    assert sealing.sweep() == 0
    assert KnownHead.objects.get().number == 1
    assert verify().broken is None


def test_it_takes_so_many_rows_and_whole_transactions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    remember_agencies()
    sealing.seal_all()
    monkeypatch.setattr(sealing, "MOST_ROWS", 4)
    for events in (1, 1, 9, 2, 3):
        with transaction.atomic():
            for _each in range(events):
                record(cast.ana, "agency.changed", cast.ana.agency)
    sealing.seal_all()
    assert list(Seal.objects.order_by("number").values_list("rows", flat=True))[1:] == [11, 5]
    assert verify().broken is None


def test_the_worker_seals_every_few_minutes(cast: Cast, clock_at: ClockHand) -> None:
    a_record(cast)
    files.agree(files.screened(cast), cast.ana, Purpose.SERVICES)
    seal_audit(timestamp=0)
    assert numbers() == [1]
    clock_at.forward(sealing.LONGEST_WAIT)
    seal_audit(timestamp=0)
    assert numbers() == [1, 2]
    clock_at.forward(timedelta(days=1))
    seal_audit(timestamp=0)
    assert numbers() == [1, 2], "nothing was written"
    record(cast.ana, "agency.changed", cast.ana.agency)
    clock_at.forward(-timedelta(days=2))
    seal_audit(timestamp=0)
    assert numbers() == [1, 2, 3], "a clock that was set back delays nothing"


def test_much_is_sealed_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_record(cast)
    record(cast.ana, "agency.changed", cast.ana.agency)
    assert sealing.sweep() == 0
    monkeypatch.setattr(sealing, "MOST_ROWS", 1)
    assert sealing.sweep() == 1


def test_a_dump_in_another_server_goes_on_counting(cast: Cast) -> None:
    """There the numbers of transactions begin anew; here what was sealed is moved up instead."""
    a_record(cast)
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT public.homeward_era()")
        (before,) = cursor.fetchone()
        cursor.execute("UPDATE accounts_seal SET upto = upto + 1000000")
    try:
        with pytest.raises(sealing.SealingError, match="began anew"):
            sealing.seal_all()
        settle(owner)
        record(cast.ana, "agency.changed", cast.ana.agency)
        upto = Seal.objects.get().upto
        assert AuditEvent.objects.latest("pk").written_in > upto
        assert sealing.seal_all() == 1
        settle(owner)
        with owner.cursor() as cursor:
            cursor.execute("SELECT public.homeward_era()")
            assert before + 900_000 < cursor.fetchone()[0] < before + 1_100_000
    finally:
        with owner.cursor() as cursor:
            cursor.execute(MAKE_ERA.format(ERA_FUNCTION, before))


def test_every_row_that_is_only_added_is_covered() -> None:
    tracked = {model for model, _history in covered.tracked_models().values()}
    bare = {
        model._meta.label
        for model in apps.get_models()
        if rights_of(model) == APPEND_ONLY
        and model._meta.label_lower not in covered.lasting_models()
        and model not in tracked
    }
    assert bare == {"accounts.Seal", "accounts.SealPart"}
