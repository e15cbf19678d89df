"""What every test stands on: the real services, the application's role, one cast of people."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import caches
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

import clock
from accounts import policy, sealing
from accounts.backends import AccountBackend
from accounts.lasting import ERA_FUNCTION
from tests.cast import Cast, assemble
from tests.emptied import empty
from tests.entering import force_login
from tests.kept import DATABASES, Beginnings, kept

# A Monday noon in summer: no test stands or falls with the day, the hour or the night on which it is run.
NOON = datetime(2026, 6, 15, 10, tzinfo=UTC)
# The same examples in every run, and no stop-watch: a busy machine is no mistake of the code.
hypothesis_settings.register_profile("homeward", deadline=None, derandomize=True)
hypothesis_settings.load_profile("homeward")
# Fixtures which bring the database into a test that bears no mark of its own.
BRINGS_DATABASE = {"db", "transactional_db"}
BEGINNINGS = pytest.StashKey[Beginnings]()
CLOCK = pytest.StashKey["ClockHand"]()


def pytest_configure(config: pytest.Config) -> None:
    _stand_at(NOON, config)
    # Templates name static files as they are; only a real server has the manifest of their digests.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Every test client makes the middleware anew, and each would read all static files for requests of no test.
    settings.WHITENOISE_AUTOREFRESH = True
    # The same algorithm, so that a real server beside the tests can check these passwords, but quick.
    PBKDF2PasswordHasher.iterations = 1
    # One place where tests come in.
    Client.force_login = force_login  # type: ignore[assignment,method-assign]
    TransactionTestCase._fixture_teardown = lambda _test: empty()  # type: ignore[attr-defined]


def pytest_collection_finish() -> None:
    """What was loaded stays for the whole run: the garbage collector need not go through it time and again."""
    gc.collect()
    gc.freeze()


def _stand_at(moment: datetime, config: pytest.Config) -> None:
    """The clock of this run, and of every process that it starts, goes on from that moment."""
    folder = tempfile.TemporaryDirectory(prefix="homeward-clock-")
    config.add_cleanup(folder.cleanup)
    path = Path(folder.name, "offset")
    config.stash[CLOCK] = ClockHand(path)
    config.stash[CLOCK](moment)
    os.environ[clock.OFFSET_FILE_VARIABLE] = str(path)


# A file is one worker's, so what takes minutes is begun first, and short ones fill both workers to the end.
LONGEST = (
    "test_every_page.py",
    "test_permission_matrix.py",
    "test_way_home.py",
    "test_other_ways.py",
    "test_whole_file.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test with a database has all three connections.

    After a transactional test Django flushes the databases that the test names, but never a mirror: without
    `owner` nothing would be flushed, and the application's role may not truncate.
    """
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark or BRINGS_DATABASE & set(getattr(item, "fixturenames", ())):
            options = {"databases": DATABASES} | dict(mark.kwargs if mark else {})
            item.add_marker(pytest.mark.django_db(*(mark.args if mark else ()), **options), append=False)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """TEST_NAME keeps two runs on one machine apart; the halves of a run on both cores have a name each."""
    names = (os.environ.get("TEST_NAME"), os.environ.get("PYTEST_XDIST_WORKER"))
    for alias in ("owner", "keys"):
        parts = ("test", settings.DATABASES[alias]["NAME"], *filter(None, names))
        settings.DATABASES[alias]["TEST"]["NAME"] = "_".join(parts)
    # One table, as its model says: to run every migration beside it takes ten seconds and makes nothing.
    settings.DATABASES["keys"]["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """All databases, whichever tests are run: pages that share one house bear no mark that names them."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=dict.fromkeys(DATABASES))
    yield
    with django_db_blocker.unblock():
        # The owner drops the databases; the application's own connection must be gone by then.
        connections["default"].close()
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counters of rate limits, values read from the policy and the authorities of a demo belong to one test only."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)
    Path(os.environ["SIGNATURE_ROOTS"]).write_text("")
    policy.forget_kept()


@pytest.fixture(scope="session")
def beginnings(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Beginnings:
    made = Beginnings(django_db_blocker, request.config.stash[CLOCK])
    request.config.stash[BEGINNINGS] = made
    return made


@pytest.fixture
def _beginning(request: pytest.FixtureRequest, beginnings: Beginnings) -> None:
    beginnings.make(request.node)


@pytest.fixture
def _django_db_helper(_beginning: None, _django_db_helper: None) -> None:
    """pytest-django begins the transaction of a test here: what is kept must be there before."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    yield
    if BEGINNINGS in item.config.stash:
        item.config.stash[BEGINNINGS].leave(item, nextitem)


@pytest.fixture
def not_durable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test stands in a transaction of its own already."""
    atomic = transaction.atomic
    monkeypatch.setattr(
        transaction, "atomic", lambda *args, durable=False, **options: atomic(*args, **options)
    )


@pytest.fixture
def own_horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot's horizon is of the whole server, where another worker's transaction in another database holds it."""

    def horizon(cursor: CursorWrapper) -> int:
        cursor.execute(
            "SELECT least(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, (SELECT"  # noqa: S608 - a constant
            " min(l.transactionid::text::bigint) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock'"
            # Not the server's own work, which begins when it likes and writes nothing that is sealed.
            f" AND a.backend_type = 'client backend' AND a.datname = current_database())) + {ERA_FUNCTION}"
        )
        return int(cursor.fetchone()[0])

    monkeypatch.setattr(sealing, "horizon", horizon)


@pytest.fixture
def quick_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask thousands of times: a refusal is a word and no page, and who asks is looked up once."""

    def answer(_request: Any, _resolver: Any, status_code: int, _error: Exception) -> HttpResponse:
        return HttpResponse("Refused", status=status_code)

    known = cache(AccountBackend().get_user)
    monkeypatch.setattr("django.core.handlers.exception.get_exception_response", answer)
    monkeypatch.setattr(AccountBackend, "get_user", lambda _backend, pk: copy(known(pk)))


@kept
def cast() -> Cast:
    return assemble()


class ClockHand:
    """Moves the clock of this process and of every process that is started after it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, moment: datetime) -> None:
        self._set(moment - datetime.now(UTC))

    def forward(self, by: timedelta) -> None:
        self._set(clock.now() + by - datetime.now(UTC))

    @contextmanager
    def lent(self) -> Iterator["ClockHand"]:
        """Afterwards it shows the time again that it would have shown."""
        before = self._path.read_text()
        yield self
        self._set(timedelta(seconds=float(before)))

    def _set(self, offset: timedelta) -> None:
        # Replaced as a whole: another process must never read a half-written number.
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(offset.total_seconds()))
        fresh.replace(self._path)


@pytest.fixture
def clock_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClockHand:
    """`clock_at(moment)` sets the clock, which runs on from there; `clock_at.forward(timedelta)` moves it."""
    path, stands_at = tmp_path / "clock-offset", clock.now()
    monkeypatch.setenv(clock.OFFSET_FILE_VARIABLE, str(path))
    hand = ClockHand(path)
    hand(stands_at)
    return hand
