"""Sign-in at an agency's own provider: a real one, as a process on loopback, spoken to over the wire."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.contrib.auth import SESSION_KEY
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import AuditEvent, Session, User
from config import identity
from tests import identity as real
from tests.cast import PASSWORD, Cast
from tests.entering import code_of, enrolled, sign_in


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    found = real.free_port()
    with real.provider(found):
        yield found


@pytest.fixture
def north(port: int, tmp_path: Path, settings: Settings, cast: Cast) -> User:
    """Omar of the northern agency, who is bound to nothing yet."""
    apps = identity.read(real.write_file(tmp_path, port), plain_http=True)
    settings.SOCIALACCOUNT_PROVIDERS = {"agency": {"APPS": apps}}
    return cast.omar


def bind(username: str, subject: str, provider: str = "north") -> None:
    call_command("bind_identity", username, provider, subject, stdout=io.StringIO())


def leave(client: Client, wanted: str = "/cases/") -> str:
    """Where the button leads: the provider's page, with what we ask."""
    answer = client.get(reverse("identity_login", args=["north"]), {"next": wanted})
    assert answer.status_code == 302
    return str(answer["Location"])


def said_there(address: str, subject: str) -> str:
    """A person says at the provider who they are; answers whereto the browser is led back."""
    sent = Request(address, urlencode({"sub": subject}).encode())  # noqa: S310 - our own provider
    opener = _no_redirects()
    with opener.open(sent) as answer:
        return str(answer.headers["Location"])


def _no_redirects() -> Any:
    class Stay(HTTPRedirectHandler):
        def http_error_302(self, _request: Any, answer: Any, *_: Any) -> Any:
            return answer

    return build_opener(Stay)


def come_back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def go(client: Client, subject: str) -> Any:
    return come_back(client, said_there(leave(client), subject))


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_whoever_is_bound_comes_in_and_is_asked_for_no_second_factor_twice(
    client: Client, north: User
) -> None:
    bind("omar", "nora-1")
    answer = go(client, "nora-1")
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert client.get("/").status_code == 200
    events = list(AuditEvent.objects.order_by("pk").values_list("verb", "details"))
    assert events == [
        ("account.identity_bound", {"provider": "north"}),
        ("account.signed_in", {"factor": "agency"}),
    ]
    row = SocialAccount.objects.get()
    assert (row.user, row.uid, row.extra_data) == (north, "nora-1", {})


def test_where_the_provider_does_not_vouch_our_own_factor_is_asked(client: Client, north: User) -> None:
    bind("omar", "omar-7")
    enrolled(north)
    assert go(client, "omar-7")["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(north)})
    assert is_signed_in(client)


def test_who_has_none_makes_one_first(client: Client, north: User) -> None:
    bind("omar", "omar-7")
    go(client, "omar-7")
    assert client.get("/cases/")["Location"] == reverse("second_factor")


@pytest.mark.parametrize("case", ["unbound", "same name", "other agency", "switched off"])
def test_nobody_else_comes_in_and_no_account_is_made(
    client: Client, north: User, cast: Cast, case: str
) -> None:
    before = User.objects.count()
    subject = "nobody-3"
    if case == "same name":
        User.objects.filter(pk=north.pk).update(email="nobody-3")
    elif case == "other agency":
        bind("omar", subject)
        User.objects.filter(pk=north.pk).update(agency=cast.ana.agency)
    elif case == "switched off":
        bind("omar", subject)
        User.objects.filter(pk=north.pk).update(is_active=False)
    answer = go(client, subject)
    assert answer.status_code == 403
    assert "You are not signed in" in answer.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == before


def test_nobody_binds_themselves(client: Client, north: User, cast: Cast) -> None:
    """The library would connect whoever is signed in, if it were asked to."""
    sign_in(client, cast.ana)
    answer = client.get(reverse("identity_login", args=["north"]), {"process": "connect", "scope": "email"})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["scope"] == ["openid"]
    come_back(client, said_there(answer["Location"], "nobody-3"))
    assert not SocialAccount.objects.exists()


def test_state_nonce_and_pkce_are_of_this_try(client: Client, north: User) -> None:
    bind("omar", "nora-1")
    asked = leave(client)
    said = parse_qs(urlsplit(asked).query)
    assert said["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= said.keys()
    # What another browser began is nobody's here.
    assert come_back(Client(), said_there(asked, "nora-1")).status_code == 503
    # A token that was made for another try: same state, other nonce.
    other = re.sub(r"nonce=[^&]+", "nonce=of-somebody-else", leave(client))
    assert come_back(client, said_there(other, "nora-1")).status_code == 503
    assert not is_signed_in(client)
    back = said_there(leave(client), "nora-1")
    assert come_back(client, back).status_code == 302
    # The answer counts once.
    again = Client()
    again.cookies = client.cookies
    assert come_back(again, back).status_code == 503


def test_a_refusal_there_is_said_here(client: Client, north: User) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    answer = client.get(
        reverse("identity_callback", args=["north"]),
        {"state": state, "error": "access_denied", "error_description": "Omar Nils may not"},
    )
    assert answer.status_code == 503
    assert "Omar Nils" not in answer.content.decode()


def test_a_provider_that_is_down_says_so(
    client: Client, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    apps = identity.read(real.write_file(tmp_path, real.free_port()), plain_http=True)
    settings.SOCIALACCOUNT_PROVIDERS = {"agency": {"APPS": apps}}
    answer = client.get(reverse("identity_login", args=["north"]))
    assert answer.status_code == 503
    assert "did not answer" in answer.content.decode()
    page = client.get(reverse("account_login")).content.decode()
    assert "Northern district" in page
    assert sign_in_works(client, cast)


def sign_in_works(client: Client, cast: Cast) -> bool:
    sign_in(client, cast.ana)
    return is_signed_in(client)


def test_a_row_in_the_database_makes_no_provider(client: Client, north: User) -> None:
    SocialApp.objects.create(provider="agency", provider_id="evil", client_id="x", settings={})
    for name in ("evil", "unheard-of"):
        assert client.get(reverse("identity_login", args=[name])).status_code == 404
        assert client.get(reverse("identity_callback", args=[name])).status_code == 404


def test_it_is_asked_so_often(client: Client, north: User) -> None:
    answers = [client.get(reverse("identity_callback", args=["north"])).status_code for _ in range(21)]
    assert answers == [503] * 20 + [429]


def test_the_operator_binds_and_releases(client: Client, north: User, cast: Cast) -> None:
    bind("omar", "nora-1")
    for arguments in (
        ("ana", "north", "x"),
        ("omar", "nowhere", "x"),
        ("nobody", "north", "x"),
        ("omar", "north", ""),
    ):
        with pytest.raises(CommandError):
            call_command("bind_identity", *arguments)
    go(client, "nora-1")
    call_command("bind_identity", "omar", "--release", stdout=io.StringIO())
    assert not Session.objects.filter(account=north).exists()
    assert go(client, "nora-1").status_code == 403


def test_another_identity_ends_what_the_one_before_opened(client: Client, north: User) -> None:
    bind("omar", "nora-1")
    go(client, "nora-1")
    bind("omar", "nora-1")
    assert client.get("/").status_code == 200
    bind("omar", "nora-2")
    assert not Session.objects.filter(account=north).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("http://", "ftp://"), "https"),
        (('id = "north"', 'id = "No Spaces"'), "small letters"),
        (('name = "Northern district"', ""), "needs"),
        (('client_secret_file = "secret"', 'client_secret_file = "gone"'), "secret of north"),
        (("[[provider]]", "[[provider"), "TOML"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    path = real.write_file(tmp_path, 1)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(identity.BadProviders, match=says):
        identity.read(path, plain_http=True)


def test_plain_http_is_for_a_demo_on_loopback(tmp_path: Path) -> None:
    with pytest.raises(identity.BadProviders, match="https"):
        identity.read(real.write_file(tmp_path, 1), plain_http=False)


def test_the_password_is_not_needed_and_still_works(client: Client, north: User) -> None:
    enrolled(north)
    client.post(reverse("account_login"), {"login": "omar", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_of(north)})
    assert is_signed_in(client)
