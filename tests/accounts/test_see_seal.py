"""The data-protection officer sees how far the audit is sealed, and takes its head along."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import reverse

from accounts import sealing
from accounts.audit import record
from accounts.models import AuditEvent, Seal, SealCheck, User
from accounts.verifying import Fault
from tests.cast import Cast
from tests.conftest import ClockHand
from vault import heads


@pytest.fixture(autouse=True)
def _all_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's own transaction is open to its end, so nothing of it would ever be sealed."""

    def now(cursor: CursorWrapper) -> int:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint + public.homeward_era() + 1")
        return int(cursor.fetchone()[0])

    monkeypatch.setattr(sealing, "horizon", now)


def seen(user: User, address: str = "audit") -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(address))
    return answer.status_code, answer.content.decode()


def sealed(cast: Cast) -> Seal:
    record(cast.ana, "agency.changed", cast.ana.agency)
    seal = sealing.seal_next()
    assert seal is not None
    return seal


@pytest.mark.parametrize("address", ["audit", "audit_head"])
def test_it_is_for_data_protection_officers(cast: Cast, address: str) -> None:
    sealed(cast)
    for user in (cast.ana, cast.sami, cast.omar, cast.admin, cast.stella, cast.hotline, cast.konsul):
        assert seen(user, address)[0] == 403
    assert seen(cast.aida, address)[0] == 200


def test_it_says_so_before_there_is_a_seal(cast: Cast) -> None:
    status, page = seen(cast.aida)
    assert (status, "Nothing is sealed yet" in page, "Take the head" in page) == (200, True, False)
    assert seen(cast.aida, "audit_head")[0] == 404


def test_it_says_up_to_when_how_much_waits_and_which_head(cast: Cast, clock_at: ClockHand) -> None:
    seal = sealed(cast)
    for _each in range(3):
        # The page's own test transaction would count as sealed.
        AuditEvent.objects.create(verb="agency.changed", written_in=seal.upto + 7)
    page = seen(cast.aida)[1]
    assert "<bdi>3 entries</bdi>" in page
    assert seal.statement.digest[:8] in page
    assert "Nothing has been sealed for a while" not in page
    clock_at.forward(timedelta(hours=1))
    assert "Nothing has been sealed for a while" in seen(cast.aida)[1]


def test_a_seal_is_not_late_while_nothing_is_written(cast: Cast, clock_at: ClockHand) -> None:
    sealed(cast)
    clock_at.forward(timedelta(days=3))
    assert "Nothing has been sealed for a while" not in seen(cast.aida)[1]


def test_it_says_what_the_last_look_found(cast: Cast) -> None:
    sealed(cast)
    assert "last looked at" not in seen(cast.aida)[1]
    SealCheck.objects.create(seals=1, rows=1)
    assert "Whole when it was last looked at" in seen(cast.aida)[1]
    SealCheck.objects.create(seals=1, rows=1, fault=Fault.CHANGED, label="accounts.auditevent", row="77")
    page = seen(cast.aida)[1]
    assert "accounts.auditevent 77 was changed after it was sealed" in page
    assert "Whole when" not in page


def test_the_head_is_a_signed_file_and_taking_it_is_recorded(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = sealed(cast)
    path = tmp_path / "head.json"
    path.write_text(seen(cast.aida, "audit_head")[1])
    assert heads.main([str(path)]) == 0
    assert seal.statement.digest in capsys.readouterr().out
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.actor, event.details) == ("audit.head_taken", cast.aida, {"number": 1})
    assert json.loads(path.read_text())["statement"]["total"] == seal.total
