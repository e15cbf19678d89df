"""Do the database, the key store, the broker and a job worker answer? For the proxy and whoever is on call."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from psycopg import AsyncConnection
from redis.asyncio import Redis

# Less than what a probe waits, also when something hangs.
PATIENCE = 1.5
# A worker beats every ten seconds; procrastinate too takes it for dead after thirty.
BEATS = (
    "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds')"
)


@login_not_required
@require_safe
async def healthz(request: HttpRequest) -> JsonResponse:
    """Names and "ok" or "down" only: whoever asks is anybody."""
    checks = {
        "database": _asks("default", "SELECT true"),
        "keys": _asks("keys", "SELECT true"),
        "broker": _pings(),
        "worker": _asks("default", BEATS),
    }
    answers = await asyncio.gather(*(_is_well(check) for check in checks.values()))
    found = {name: "ok" if well else "down" for name, well in zip(checks, answers, strict=True)}
    return JsonResponse(found, status=200 if all(answers) else 503, headers={"Cache-Control": "no-store"})


async def _is_well(check: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(check, PATIENCE)
    except Exception:
        return False


async def _asks(alias: str, query: str) -> bool:
    """On a connection of its own: a busy pool is not a database that is down."""
    async with await AsyncConnection.connect(**_address(alias), autocommit=True) as connection:
        cursor = await connection.execute(query)
        row = await cursor.fetchone()
    return row is not None and bool(row[0])


def _address(alias: str) -> dict[str, Any]:
    known = connections[alias].settings_dict
    given = {
        name: known[name.upper()] for name in ("user", "password", "host", "port") if known[name.upper()]
    }
    options = {name: value for name, value in known["OPTIONS"].items() if name != "pool"}
    return {**options, **given, "dbname": known["NAME"]}


async def _pings() -> bool:
    broker = Redis.from_url(settings.VALKEY_URL)
    try:
        return bool(await broker.ping())
    finally:
        await broker.aclose()
