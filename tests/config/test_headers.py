"""What a browser is told with every answer, and how often it gets one unsigned."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as NoBroker

from accounts import broker, middleware
from accounts.limits import Counter
from tests.cases import files
from tests.cast import Cast

ALWAYS = {
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def lacking(answer: Any) -> dict[str, str | None]:
    return {name: answer.get(name) for name, value in ALWAYS.items() if value not in answer.get(name, "")}


def test_every_answer_says_all_of_it(client: Client, cast: Cast) -> None:
    case = files.screened(cast)
    strange = [reverse("account_login"), reverse("verify"), "/nowhere/", "/"]
    for address in strange:
        answer = client.get(address)
        assert lacking(answer) == {}, address
        assert "no-store" in answer["Cache-Control"], address
    client.force_login(cast.ana)
    own = ["/", reverse("case", args=[case.pk]), reverse("case_file_pdf", args=[case.pk]), "/nowhere/"]
    for address in own:
        answer = client.get(address)
        assert lacking(answer) == {}, address
        assert "no-store" in answer["Cache-Control"], address
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "*" not in policy


def test_signing_out_leaves_nothing_in_the_browser(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'


def test_strangers_are_answered_so_often(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "STRANGERS_A_MINUTE", 3)
    addresses = [reverse("account_login"), "/nowhere/", reverse("set_language")]
    assert [client.get(address).status_code for address in addresses] == [200, 404, 302]
    late = client.get(reverse("account_login"))
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    assert client.get(reverse("account_login"), REMOTE_ADDR="192.0.2.7").status_code == 200
    client.force_login(cast.ana)
    assert client.get("/").status_code == 200


def test_a_broker_that_is_down_stops_no_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def broken() -> None:
        raise NoBroker

    monkeypatch.setattr(broker, "client", broken)
    assert client.get(reverse("account_login")).status_code == 200


def test_health_is_answered_so_often_without_a_broker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "_health_asked", Counter(most=0, seconds=60))
    assert client.get(reverse("healthz")).status_code == 429


def test_a_counter_begins_anew_and_keeps_no_more_than_it_may() -> None:
    counter = Counter(most=1, seconds=0)
    assert [counter.may_ask("a"), counter.may_ask("a")] == [True, True]
    counter = Counter(most=1, seconds=60, kept=2)
    assert [counter.may_ask(who) for who in ("a", "a", "b", "c", "a")] == [True, False, True, True, True]
