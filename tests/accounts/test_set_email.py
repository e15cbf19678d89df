"""The operator says whereto e-mails of an account go."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, User
from accounts.services import set_email
from tests.cast import PASSWORD, Cast

ADDRESS = "reachable@mail.example"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("set_email", *arguments, stdout=out)
    return out.getvalue()


def test_it_sets_and_takes_away(cast: Cast) -> None:
    assert "another address" in run("ana", ADDRESS)
    cast.ana.refresh_from_db()
    assert cast.ana.email == ADDRESS
    assert "no address" in run("ana", "")
    cast.ana.refresh_from_db()
    assert cast.ana.email == ""


def test_it_is_written_down_without_the_address(cast: Cast) -> None:
    run("ana", ADDRESS)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.email_set", None, cast.ana.pk)
    assert event.details == {"given": True}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["nobody", ADDRESS], "no account"), (["ana", "no address"], "valid email"), (["ana"], "address too")],
)
def test_what_does_not_fit_is_said(cast: Cast, arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(*arguments)
    cast.ana.refresh_from_db()
    assert cast.ana.email == ""


def test_only_who_manages_accounts_does(cast: Cast) -> None:
    for stranger in (cast.ana, cast.sami, cast.aida):
        with pytest.raises(PermissionDenied):
            set_email("ana", ADDRESS, actor=stranger)
    set_email("ana", ADDRESS, actor=cast.admin)


def test_it_lists_whose_address_was_refused_until_there_is_another(cast: Cast) -> None:
    cast.ana.email = cast.ana.refused_email = ADDRESS
    cast.ana.save()
    assert run() == "ana\n"
    run("ana", ADDRESS)
    assert run() == ""


def test_a_new_account_may_have_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    arguments = ["nina", "--name", "Nina", "--role", "case_worker", "--agency", "arvania-social"]
    call_command("make_account", *arguments, "--email", ADDRESS, "--password-stdin", stdout=io.StringIO())
    assert User.objects.get(username="nina").email == ADDRESS
