"""The second factor: made before anything else, asked at the door, lost and made anew."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import enrolling, factors, sessions
from accounts.errors import Invalid
from accounts.models import AuditEvent, Notification, Session, User
from tests.cases.asking import told
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.entering import SEED, code_of, enrolled, proof_of
from vault.errors import SealBroken, VaultError


def password(client: Client, name: str = "ana") -> Any:
    return client.post(reverse("account_login"), {"login": name, "password": PASSWORD})


def code(client: Client, said: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": said})


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def shown(user: User) -> dict[str, str]:
    """What is typed before the second factor is changed."""
    return {f"proof-{name}": value for name, value in proof_of(user).items()}


def enter_app(client: Client, page: Any) -> Any:
    """With the code of the app that has scanned the page."""
    seed, secret = shown_secret(page)
    return client.post(
        reverse("second_factor_app"), {"seed": seed, "code": factors.code_at(secret, factors.step_now())}
    )


def shown_secret(page: Any) -> tuple[str, str]:
    """The seed that the form carries, and the key in the open."""
    text = page.content.decode()
    seed = re.search(r'name="seed" value="([^"]+)"', text)
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", text)
    assert seed
    assert secret
    return seed[1], secret[1].replace(" ", "")


# A new account


def test_a_new_account_gets_nowhere_before_it_has_one(client: Client, cast: Cast) -> None:
    assert password(client)["Location"] == "/"
    for name in ("today", "case_list", "account_change_password", "recovery_codes"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, reverse("second_factor")), name
    page = client.get(reverse("second_factor")).content.decode()
    assert "Before you begin" in page
    assert reverse("case_list") not in page
    assert client.get(reverse("second_factor_app")).status_code == 200


def test_it_sets_up_an_app_and_is_shown_its_codes_once(client: Client, cast: Cast) -> None:
    password(client)
    seed, secret = shown_secret(client.get(reverse("second_factor_app")))
    wrong = client.post(reverse("second_factor_app"), {"seed": seed, "code": "000000"})
    assert wrong.status_code == 422
    # The same key again: the app has it by now.
    assert shown_secret(wrong) == (seed, secret)
    right = factors.code_at(secret, factors.step_now())
    page = client.post(reverse("second_factor_app"), {"seed": seed, "code": right}).content.decode()
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    assert len(set(codes)) == 10
    assert client.get("/").status_code == 200
    again = client.get(reverse("second_factor")).content.decode()
    assert "10 codes are left" in again
    assert not any(each in again for each in codes)
    assert verbs() == ["account.signed_in", "account.factor_added", "account.recovery_codes_made"]
    # From the next time on it is asked; a recovery code counts, once.
    client.logout()
    assert password(client)["Location"] == reverse("mfa_authenticate")
    assert code(client, right).status_code == 200
    assert code(client, codes[3])["Location"] == "/"
    assert is_signed_in(client)
    client.logout()
    password(client)
    code(client, codes[3])
    assert not is_signed_in(client)


def test_nobody_sets_up_a_key_that_was_shown_to_another(client: Client, cast: Cast) -> None:
    for user in (cast.ana, cast.ben):
        factors.make_key(user)
    password(client)
    for seed in ("nonsense", factors.sealed(cast.ben, factors.SHOWN, SEED)):
        answer = client.post(reverse("second_factor_app"), {"seed": seed, "code": "123456"})
        assert answer["Location"] == reverse("second_factor_app")
    assert not Authenticator.objects.exists()


# At the door


def test_the_password_alone_opens_nothing(client: Client, cast: Cast) -> None:
    enrolled(cast.ana)
    assert password(client)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get("/")["Location"].startswith(reverse("account_login"))
    assert code(client, "000000").status_code == 200
    assert not is_signed_in(client)
    assert verbs() == []
    assert code(client, code_of(cast.ana))["Location"] == "/"
    event = AuditEvent.objects.get()
    assert (event.verb, event.details) == ("account.signed_in", {"factor": "totp"})
    assert client.get("/").status_code == 200


def test_a_code_is_good_once(client: Client, cast: Cast) -> None:
    said = code_of(cast.ana)
    password(client)
    code(client, said)
    assert is_signed_in(client)
    other = Client()
    password(other)
    assert "was used already" in code(other, said).content.decode()
    assert not is_signed_in(other)
    code(other, code_of(cast.ana))
    assert is_signed_in(other)


@pytest.mark.parametrize(("seconds", "opens"), [(-25, True), (25, True), (-95, False), (95, False)])
def test_it_goes_by_the_one_clock(
    client: Client, cast: Cast, clock_at: ClockHand, seconds: int, opens: bool
) -> None:
    said = factors.code_at(SEED, factors.step_now())
    enrolled(cast.ana)
    password(client)
    clock_at.forward(timedelta(seconds=seconds))
    code(client, said)
    assert is_signed_in(client) == opens


def test_it_stops_answering_after_five_wrong_codes(client: Client, cast: Cast) -> None:
    enrolled(cast.ana)
    password(client)
    for _ in range(5):
        code(client, "000000")
    code(client, code_of(cast.ana))
    assert not is_signed_in(client)


def test_a_form_that_is_no_code_is_refused_in_words(client: Client, cast: Cast) -> None:
    enrolled(cast.ana)
    password(client)
    for said in ("", "ä" * 6, "1" * 400, "-1"):
        assert code(client, said).status_code == 200
    for said in ("", "{}", "[1]", "x", '{"id": "a", "response": {}}'):
        assert client.post(reverse("mfa_authenticate"), {"credential": said}).status_code == 200
    assert not is_signed_in(client)


# How it lies there


def test_a_seed_lies_sealed_and_opens_for_its_account_alone(cast: Cast) -> None:
    for user in (cast.ana, cast.ben):
        enrolled(user)
        factors.add_recovery_codes(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (lying,) = cursor.fetchone()
    assert SEED not in lying
    row = Authenticator.objects.get(user=cast.ben, type=factors.APP)
    Authenticator.objects.filter(user=cast.ana, type=factors.APP).update(data=row.data)
    with pytest.raises(SealBroken):
        factors.accepts(cast.ana, factors.code_at(SEED, factors.step_now()))


def test_the_library_seals_nothing_by_itself(cast: Cast) -> None:
    factors.make_key(cast.ana)
    sealed = factors.sealed(cast.ana, factors.APP, SEED)
    row = Authenticator(user=cast.ana, type=factors.APP, data={"secret": sealed})
    assert not row.wrap().validate_code("000000")
    with pytest.raises(VaultError):
        row.wrap().activate(cast.ana, SEED)


# Changing it: whoever sits at an open laptop was proved lately, and has no telephone


@pytest.mark.parametrize("name", ["second_factor_app", "second_factor_passkey"])
def test_another_one_is_made_by_who_shows_the_first(client: Client, cast: Cast, name: str) -> None:
    client.force_login(enrolled(cast.ana))
    asked = client.get(reverse(name)).content.decode()
    assert "show the one that you have now" in asked
    wrong = shown(cast.ana) | {"proof-code": "000000"}
    assert client.post(reverse(name), wrong).status_code == 422
    assert "show the one that you have now" in client.get(reverse(name)).content.decode()
    assert client.post(reverse(name), shown(cast.ana))["Location"] == reverse(name)
    assert "show the one that you have now" not in client.get(reverse(name)).content.decode()


def test_what_was_shown_is_good_for_one_change(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    address = reverse("second_factor_app")
    client.post(address, shown(cast.ana))
    assert enter_app(client, client.get(address)).status_code == 200
    assert "show the one that you have now" in client.get(address).content.decode()


def test_what_was_shown_is_good_for_ten_minutes(client: Client, cast: Cast, clock_at: ClockHand) -> None:
    client.force_login(enrolled(cast.ana))
    address = reverse("second_factor_app")
    client.post(address, shown(cast.ana))
    page = client.get(address)
    clock_at.forward(sessions.SHOWN_FOR)
    assert enter_app(client, page).status_code == 403
    assert factors.opened(cast.ana, factors.APP, factors.of(cast.ana)[0].data["secret"]) == SEED


def test_what_was_shown_ends_with_the_cover(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    address = reverse("second_factor_app")
    client.post(address, shown(cast.ana))
    client.post(reverse("lock"))
    client.post(reverse("unlock"), {"password": PASSWORD})
    assert "show the one that you have now" in client.get(address).content.decode()


def test_the_account_is_told_of_each_change(client: Client, cast: Cast) -> None:
    """Whoever did not make it learns that somebody else did."""
    client.force_login(enrolled(cast.ana))
    client.post(reverse("second_factor_app"), shown(cast.ana))
    assert told(cast.ana) == []
    page = client.get(reverse("second_factor_app"))
    enter_app(client, page)
    assert told(cast.ana) == ["account.factor_added"]
    passkey = factors.add_passkey(cast.ana, "laptop", {})
    enrolling.remove_factor(passkey.pk, actor=cast.ana)
    enrolling.make_recovery_codes(actor=cast.ana)
    assert told(cast.ana)[1:] == ["account.factor_removed", "account.recovery_codes_made"]
    assert told(cast.sami) == []
    line = re.search(r'<a href="([^"]+)">A second factor was added', client.get("/").content.decode())
    assert line
    assert line[1] == reverse("second_factor")


def test_new_recovery_codes_are_for_who_shows_it(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    for typed in ({}, shown(cast.ana) | {"proof-code": "000000"}, {"proof-password": PASSWORD}):
        answer = client.post(reverse("recovery_codes"), typed)
        assert answer.status_code in (403, 422)
        assert 'class="codes"' not in answer.content.decode()
    assert not Authenticator.objects.filter(type=factors.CODES).exists()
    assert 'class="codes"' in client.post(reverse("recovery_codes"), shown(cast.ana)).content.decode()


def test_one_is_removed_by_who_shows_it(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    passkey = factors.add_passkey(cast.ana, "laptop", {})
    assert client.post(reverse("factor_remove", args=[passkey.pk])).status_code == 403
    assert len(factors.of(cast.ana)) == 2


def test_whom_a_provider_vouches_for_shows_it_too(client: Client, cast: Cast) -> None:
    """Nothing was asked here at the door."""
    enrolled(cast.ana).set_unusable_password()
    cast.ana.save(update_fields=["password"])
    client.force_login(cast.ana)
    assert client.post(reverse("recovery_codes")).status_code == 403
    typed = {"proof-code": code_of(cast.ana)}
    assert 'class="codes"' in client.post(reverse("recovery_codes"), typed).content.decode()


def test_the_first_one_ends_the_other_sessions(client: Client, cast: Cast) -> None:
    password(client)
    leftover = Client()
    password(leftover)
    page = leftover.get(reverse("second_factor_app"))
    assert enter_app(client, client.get(reverse("second_factor_app"))).status_code == 200
    assert client.get("/").status_code == 200
    assert not is_signed_in(leftover)
    assert enter_app(leftover, page)["Location"].startswith(reverse("account_login"))


def test_one_that_came_meanwhile_is_not_replaced_unseen(cast: Cast) -> None:
    """Both pages were open before there was any."""
    enrolled(cast.ana)
    secret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    right = factors.code_at(secret, factors.step_now())
    with pytest.raises(Invalid) as refused:
        enrolling.enrol_app(secret, right, actor=cast.ana, factor_shown=False, here="")
    assert "by now" in refused.value.sentence
    with pytest.raises(Invalid):
        enrolling.enrol_passkey({}, "theirs", actor=cast.ana, factor_shown=False, here="")
    assert len(factors.of(cast.ana)) == 1


# Losing it


def test_the_last_one_stays(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    (row,) = factors.of(cast.ana)
    answer = client.post(reverse("factor_remove", args=[row.pk]), shown(cast.ana))
    assert answer.status_code == 422
    assert "This is your last one" in answer.content.decode()
    passkey = factors.add_passkey(cast.ana, "laptop", {})
    assert client.post(reverse("factor_remove", args=[row.pk]), shown(cast.ana)).status_code == 302
    assert factors.of(cast.ana) == [passkey]
    assert verbs() == ["account.proved_again", "account.proved_again", "account.factor_removed"]


def test_nobody_removes_anothers(client: Client, cast: Cast) -> None:
    client.force_login(cast.ben)
    (row,) = factors.of(enrolled(cast.ana))
    assert client.post(reverse("factor_remove", args=[row.pk])).status_code == 404
    assert factors.of(cast.ana) == [row]


def test_another_telephone_takes_the_place_of_the_old_one(cast: Cast) -> None:
    old = code_of(cast.ana)
    secret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    with pytest.raises(Invalid):
        enrolling.enrol_app(secret, old, actor=cast.ana, factor_shown=True, here="")
    right = factors.code_at(secret, factors.step_now())
    enrolling.enrol_app(secret, right, actor=cast.ana, factor_shown=True, here="")
    assert factors.accepts(cast.ana, old) is None


def test_the_operator_resets_it_and_everybody_concerned_is_told(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    out = io.StringIO()
    call_command("reset_second_factor", "ana", stdout=out)
    assert "no second factor now" in out.getvalue()
    assert not Authenticator.objects.exists()
    assert not Session.objects.filter(account=cast.ana).exists()
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.factors_reset", None, cast.ana.pk)
    told = set(Notification.objects.values_list("receiver__username", "kind"))
    assert told == {("ana", "account.factors_reset"), ("aida", "account.factors_reset_of")}
    assert client.get("/")["Location"].startswith(reverse("account_login"))
    for user in (cast.ana, cast.aida):
        client.force_login(user)
        assert "second factor" in client.get("/").content.decode()


def test_only_who_manages_accounts_resets_one(cast: Cast) -> None:
    enrolling.reset_factors("ana", actor=cast.admin)
    for user in (cast.ana, cast.sami, cast.aida):
        with pytest.raises(PermissionDenied):
            enrolling.reset_factors("ana", actor=user)
    with pytest.raises(CommandError, match="no account nobody"):
        call_command("reset_second_factor", "nobody")
    assert User.objects.filter(username="ana").exists()
