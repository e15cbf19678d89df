"""/healthz says what answers and what does not, quickly, and nothing else."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.db import connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from config import health

# As the page waits, only shorter; and how long a busy machine may take to say so.
SHORT, SOON = 0.3, 10.0
ALL_WELL = {"database": "ok", "keys": "ok", "broker": "ok", "worker": "ok"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A worker's heartbeat that other connections see, and the connection to change it with."""
    known = connections["default"].settings_dict
    address = {
        name: known[name.upper()] for name in ("user", "password", "host", "port") if known[name.upper()]
    }
    with closing(psycopg.connect(**address, dbname=known["NAME"], autocommit=True)) as connection:
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        yield connection
        connection.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_is_well_when_everything_answers(client: Client, beat: object) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == ALL_WELL


def test_it_asks_for_no_session_and_is_kept_nowhere(
    client: Client, beat: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_a_worker_that_stopped_beating_is_down(
    client: Client, beat: psycopg.Connection[tuple[object, ...]]
) -> None:
    beat.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - %s", [timedelta(seconds=31)])
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == ALL_WELL | {"worker": "down"}


def test_a_broker_that_is_gone_is_down(client: Client, beat: object, settings: Settings) -> None:
    settings.VALKEY_URL = "unix:///nowhere/valkey.sock"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == ALL_WELL | {"broker": "down"}
    assert b"nowhere" not in response.content


@pytest.mark.parametrize(
    ("alias", "down"), [("default", {"database": "down", "worker": "down"}), ("keys", {"keys": "down"})]
)
def test_a_database_that_hangs_is_down_after_a_short_patience(
    alias: str,
    down: dict[str, str],
    client: Client,
    beat: object,
    deaf_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = health._address
    deaf = {"host": "127.0.0.1", "port": deaf_port, "user": "u", "password": "hush", "dbname": "d"}
    monkeypatch.setattr(health, "_address", lambda asked: deaf if asked == alias else address(asked))
    monkeypatch.setattr(health, "PATIENCE", SHORT)
    began = time.monotonic()
    response = client.get("/healthz")
    assert time.monotonic() - began < SOON
    assert response.status_code == 503
    assert response.json() == ALL_WELL | down


def test_a_broker_that_hangs_is_down_after_a_short_patience(
    client: Client,
    beat: object,
    deaf_port: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", SHORT)
    settings.VALKEY_URL = f"redis://:hush@127.0.0.1:{deaf_port}"
    began = time.monotonic()
    response = client.get("/healthz")
    assert time.monotonic() - began < SOON
    assert response.json() == ALL_WELL | {"broker": "down"}


def test_whatever_goes_wrong_is_only_down() -> None:
    async def fails() -> bool:
        raise RuntimeError("a name")

    assert asyncio.run(health._is_well(fails())) is False
