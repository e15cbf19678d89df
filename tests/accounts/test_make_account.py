"""An account made on the command line."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, User
from accounts.services import make_account
from tests.cast import PASSWORD, Cast

NINA = ["nina", "--name", "Nina", "--role", "case_worker", "--agency", "arvania-social"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("make_account", *arguments, "--password-stdin", stdout=out)
    return out.getvalue()


def test_it_makes_an_account_that_can_sign_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nina is Case worker at" in run(monkeypatch, *NINA)
    nina = User.objects.get(username="nina")
    assert nina.check_password(PASSWORD)
    assert (nina.role, nina.agency) == ("case_worker", cast.ana.agency)
    assert nina.may_sign_in


def test_it_is_written_down(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, *NINA)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("account.made", None)
    assert event.details == {"role": "case_worker", "agency": "arvania-social"}


def test_it_asks_for_the_password_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "another"])
    monkeypatch.setattr("accounts.management.commands.make_account.getpass", lambda _prompt: next(answers))
    call_command("make_account", *NINA, stdout=io.StringIO())
    with pytest.raises(CommandError, match="differ"):
        call_command("make_account", "mila", *NINA[1:], stdout=io.StringIO())
    assert not User.objects.filter(username="mila").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nina", "--name", "Nina", "--role", "king", "--agency", "arvania-social"], "invalid choice"),
        (
            ["nina", "--name", "Nina", "--role", "case_worker", "--agency", "nowhere"],
            "no agency with the code nowhere",
        ),
        (["ana", "--name", "Ana", "--role", "case_worker", "--agency", "arvania-social"], "already exists"),
        (
            ["nína", "--name", "Nina", "--role", "case_worker", "--agency", "arvania-social"],
            "small Latin letters",
        ),
    ],
)
def test_it_says_what_is_wrong(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    before = User.objects.count()
    with pytest.raises(CommandError, match=says):
        run(monkeypatch, *arguments)
    assert User.objects.count() == before


@pytest.mark.parametrize("weak", ["", "short", "nina", "123456789012345", "password1234"])
def test_it_refuses_a_weak_password(cast: Cast, monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    with pytest.raises(CommandError):
        run(monkeypatch, *NINA, password=weak)
    assert not User.objects.filter(username="nina").exists()


def test_the_service_needs_an_administrator(cast: Cast) -> None:
    facts: dict[str, Any] = {"name": "Nina", "role": "case_worker", "agency": cast.ana.agency}
    with pytest.raises(PermissionDenied):
        make_account("nina", PASSWORD, actor=cast.sami, **facts)
    assert make_account("nina", PASSWORD, actor=cast.admin, **facts).agency == cast.ana.agency


def test_the_database_knows_roles_and_names_too(cast: Cast) -> None:
    for change in ({"role": "king"}, {"username": "Ana"}, {"username": "аna"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=cast.ana.pk).update(**change)


def test_an_agency_needs_a_time_zone_that_exists(cast: Cast) -> None:
    cast.ana.agency.time_zone = "Europe/Arvania"
    with pytest.raises(ValidationError, match="not a time zone"):
        cast.ana.agency.save()
