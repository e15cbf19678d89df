"""How long a session lasts, when it is covered, and what ends it at once."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import changing, policy
from accounts.access import Role
from accounts.models import Agency, AuditEvent, Session, User
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.entering import enrolled, sign_in

COVERED = 423
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.ana)
    return client


def is_out(client: Client) -> bool:
    answer = client.get("/")
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def move(client: Client, clock_at: ClockHand, by: timedelta, every: timedelta = 10 * MINUTE) -> None:
    """Time goes by while somebody works."""
    while by > timedelta():
        step = min(by, every)
        clock_at.forward(step)
        client.get("/")
        by -= step


# Twelve hours


def test_it_ends_after_twelve_hours_of_work(ana: Client, clock_at: ClockHand) -> None:
    move(ana, clock_at, timedelta(hours=12) - MINUTE)
    assert ana.get("/").status_code == 200
    clock_at.forward(MINUTE)
    assert is_out(ana)


def test_an_agency_may_say_another_time(client: Client, cast: Cast, clock_at: ClockHand) -> None:
    policy.set_value("session.hours", 1, actor=None, agency=cast.ana.agency)
    sign_in(client, cast.ana)
    move(client, clock_at, timedelta(minutes=59))
    assert client.get("/").status_code == 200
    clock_at.forward(MINUTE)
    assert is_out(client)


def test_a_new_password_ends_the_others_and_leaves_the_end_of_this_one(
    ana: Client, cast: Cast, clock_at: ClockHand
) -> None:
    other = Client()
    sign_in(other, cast.ana)
    clock_at.forward(MINUTE)
    new = {"oldpassword": PASSWORD, "password1": "late-summer-orchard", "password2": "late-summer-orchard"}
    assert ana.post(reverse("account_change_password"), new).status_code == 302
    assert is_out(other)
    move(ana, clock_at, timedelta(hours=11, minutes=58))
    assert ana.get("/").status_code == 200
    clock_at.forward(MINUTE)
    assert is_out(ana)


# The cover


def test_it_is_covered_when_nobody_moves(ana: Client, cast: Cast, clock_at: ClockHand) -> None:
    case = files.screened(cast)
    address = reverse("case", args=[case.pk])
    clock_at.forward(14 * MINUTE)
    assert ana.get(address).status_code == 200
    clock_at.forward(16 * MINUTE)
    for asked in (address, reverse("today"), reverse("second_factor"), "/nowhere/"):
        for answer in (ana.get(asked), ana.post(asked), ana.get(asked, headers={"X-Live": "1"})):
            assert answer.status_code == COVERED
            assert case.code not in answer.content.decode()
            assert f'href="{reverse("case_list")}"' not in answer.content.decode()
    assert f'value="{address}"' in ana.get(address).content.decode()


def test_it_is_uncovered_by_the_password_alone(ana: Client, clock_at: ClockHand) -> None:
    clock_at.forward(20 * MINUTE)
    for said in ("", "wrong"):
        answer = ana.post(reverse("unlock"), {"password": said, "next": "/cases/"})
        assert answer.status_code == COVERED
    assert "not your password" in answer.content.decode()
    assert ana.get("/").status_code == COVERED
    answer = ana.post(reverse("unlock"), {"password": PASSWORD, "next": "/cases/"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert ana.get("/").status_code == 200


def test_the_script_of_a_page_is_answered_in_a_word(ana: Client, clock_at: ClockHand) -> None:
    clock_at.forward(20 * MINUTE)
    head = {"X-Cover": "1"}
    wrong = ana.post(reverse("unlock"), {"password": "wrong"}, headers=head)
    assert (wrong.status_code, wrong.content.decode()) == (422, "This is not your password.")
    assert ana.post(reverse("unlock"), {"password": PASSWORD}, headers=head).status_code == 204
    assert ana.post(reverse("lock"), headers=head).status_code == 204
    assert ana.get("/").status_code == COVERED


def test_guessing_ends_after_five_tries(ana: Client, clock_at: ClockHand) -> None:
    clock_at.forward(20 * MINUTE)
    for _ in range(5):
        ana.post(reverse("unlock"), {"password": "wrong"})
    assert "Too many tries" in ana.post(reverse("unlock"), {"password": PASSWORD}).content.decode()
    assert ana.get("/").status_code == COVERED


def test_typing_keeps_it_open_and_a_page_that_asks_for_itself_does_not(
    ana: Client, clock_at: ClockHand
) -> None:
    for _ in range(3):
        clock_at.forward(10 * MINUTE)
        assert ana.post(reverse("still_here")).status_code == 204
    clock_at.forward(10 * MINUTE)
    assert ana.get("/", headers={"X-Live": "1"}).status_code == 200
    clock_at.forward(7 * MINUTE)
    assert ana.get("/").status_code == COVERED


def test_nobody_uncovers_one_for_another_site(ana: Client, clock_at: ClockHand) -> None:
    clock_at.forward(20 * MINUTE)
    for wanted in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        ana.post(reverse("lock"))
        answer = ana.post(reverse("unlock"), {"password": PASSWORD, "next": wanted})
        assert answer["Location"] == "/"


def test_a_session_without_a_second_factor_is_covered_too(
    client: Client, cast: Cast, clock_at: ClockHand
) -> None:
    client.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    clock_at.forward(20 * MINUTE)
    assert client.get(reverse("second_factor_app")).status_code == COVERED


def test_who_is_covered_can_still_sign_out(ana: Client, clock_at: ClockHand) -> None:
    clock_at.forward(20 * MINUTE)
    assert ana.post(reverse("account_logout")).status_code == 302
    assert is_out(ana)


# What ends it at once


def _off(user: User) -> object:
    return changing.switch_account(user.username, on=False, actor=None)


def _role(user: User) -> object:
    return changing.change_role(user.username, Role.ANALYST, actor=None)


def _agency(user: User) -> object:
    return changing.move_account(user.username, Agency.objects.get(code="arvania-north"), actor=None)


def _agency_off(user: User) -> object:
    return changing.switch_agency(user.agency.code, on=False, actor=None)


ENDS = [_off, _role, _agency, _agency_off]


@pytest.mark.parametrize("ends", ENDS)
def test_every_session_of_the_account_ends_with_the_change(
    ends: Callable[[User], object], ana: Client, cast: Cast
) -> None:
    second, other = Client(), Client()
    sign_in(second, cast.ana)
    sign_in(other, cast.omar)
    ends(cast.ana)
    assert not Session.objects.filter(account=cast.ana).exists()
    assert is_out(ana)
    assert is_out(second)
    assert other.get("/").status_code == 200


@pytest.mark.parametrize("values", [{"role": Role.ANALYST}, {"is_active": False}])
def test_a_change_behind_our_back_ends_it_too(ana: Client, cast: Cast, values: dict[str, Any]) -> None:
    User.objects.filter(pk=cast.ana.pk).update(**values)
    assert is_out(ana)


def test_switched_on_again_nothing_comes_back(ana: Client, cast: Cast) -> None:
    changing.switch_account("ana", on=False, actor=None)
    changing.switch_account("ana", on=True, actor=None)
    assert is_out(ana)
    sign_in(Client(), cast.ana)


def test_what_was_so_already_ends_nothing(ana: Client, cast: Cast) -> None:
    before = AuditEvent.objects.count()
    changing.switch_account("ana", on=True, actor=None)
    changing.change_role("ana", Role.CASE_WORKER, actor=None)
    changing.switch_agency(cast.ana.agency.code, on=True, actor=None)
    assert AuditEvent.objects.count() == before
    assert ana.get("/").status_code == 200


def test_only_who_manages_accounts_changes_one_and_nobody_themselves(cast: Cast) -> None:
    changing.switch_account("ben", on=False, actor=cast.admin)
    for actor, name in ((cast.ana, "ben"), (cast.sami, "ana"), (cast.aida, "ana"), (cast.admin, "admin")):
        with pytest.raises(PermissionDenied):
            changing.switch_account(name, on=False, actor=actor)
    with pytest.raises(PermissionDenied):
        changing.switch_agency(cast.ana.agency.code, on=False, actor=cast.sami)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_operator_changes_accounts_on_the_command_line(cast: Cast) -> None:
    assert "Supervisor at" in run("change_account", "ana", "--role", "supervisor")
    assert "at Arvania north" in run("change_account", "ana", "--agency", "arvania-north")
    assert "switched off" in run("change_account", "ana", "--off")
    assert "switched on" in run("change_account", "ana", "--on")
    assert "switched off" in run("switch_agency", "arvania-north", "--off")
    events = AuditEvent.objects.order_by("pk").values_list("verb", "details")
    assert list(events) == [
        ("account.changed", {"role": "supervisor"}),
        ("account.changed", {"agency": "arvania-north"}),
        ("account.changed", {"is_active": False}),
        ("account.changed", {"is_active": True}),
        ("agency.switched", {"on": False}),
    ]
    for arguments in (
        ("change_account", "nobody", "--off"),
        ("change_account", "ana", "--agency", "nowhere"),
        ("switch_agency", "nowhere", "--off"),
    ):
        with pytest.raises(CommandError, match="There is no"):
            run(*arguments)


def test_old_sessions_leave_with_the_next_sweep(ana: Client, cast: Cast, clock_at: ClockHand) -> None:
    enrolled(cast.ben)
    clock_at.forward(timedelta(hours=13))
    assert Session.objects.filter(account=cast.ana).exists()
    assert Session.objects.over().delete()[0] >= 1
    assert not Session.objects.filter(account=cast.ana).exists()
