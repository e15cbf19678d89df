"""Whatever is missing or bad in the environment is named, all of it at once, and nothing starts."""

import os
import subprocess
import sys

import pytest

from tests.config.processes import OF_THE_RUN, bare_environment

GIVEN = {name: os.environ[name] for name in OF_THE_RUN if name in os.environ}
NEEDED = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "FILES_ROOT",
    "KEYRING",
    "KEYS_DATABASE_URL",
    "SECRET_KEY",
    "VALKEY_URL",
)


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(command, env=bare_environment(**environment), capture_output=True, text=True)


def refusal(**environment: str) -> str:
    done = start(**environment)
    assert done.returncode != 0
    return done.stderr.splitlines()[-1]


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in GIVEN.items() if name not in names}


def test_the_settings_of_the_embedded_services_are_enough() -> None:
    assert start(**GIVEN).returncode == 0


def test_every_missing_one_is_named_at_once() -> None:
    said = refusal()
    assert all(f"{name}: " in said for name in NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_one_is_named_alone(name: str) -> None:
    said = refusal(**without(name))
    assert [each for each in NEEDED if f" {each}: " in said] == [name]


@pytest.mark.parametrize("name", ["HOMEWARD_DEMO", "DATABASE_POOL", "DATABASE_URL", "KEYS_DATABASE_URL"])
def test_a_bad_one_is_named_alone(name: str) -> None:
    said = refusal(**without(name), **{name: "perhaps://\x7f"})
    assert f" {name}: " in said
    assert not [each for each in NEEDED if each != name and f" {each}: " in said]


def test_without_a_mail_server_no_sender_is_needed() -> None:
    for empty in ({}, {"EMAIL_URL": ""}, {"EMAIL_URL_FILE": "/dev/null"}):
        assert start(**GIVEN, **empty).returncode == 0


def test_a_mail_server_needs_a_sender_and_an_address_to_name() -> None:
    server, sender = "submission://u:hush-hush@mx.example", {"EMAIL_FROM": "no-reply@mx.example"}
    said = refusal(**GIVEN, EMAIL_URL=server)
    assert "EMAIL_FROM: " in said
    assert "SITE_URL: " in said
    assert start(**GIVEN, **sender, EMAIL_URL=server, SITE_URL="https://homeward.example").returncode == 0


@pytest.mark.parametrize(
    "server", ["perhaps://u:hush-hush@mx.example", "hush-hush", "console://", "smtp://h:x"]
)
def test_what_is_no_mail_server_is_named_and_not_shown(server: str) -> None:
    said = refusal(**GIVEN, EMAIL_URL=server, EMAIL_FROM="a@b.example", SITE_URL="https://homeward.example")
    assert " EMAIL_URL: " in said
    assert "hush-hush" not in said


def test_a_secret_does_not_show_in_the_sentence() -> None:
    said = refusal(**without("DATABASE_URL", "KEYRING"), DATABASE_URL="perhaps://user:hush-hush@host/name")
    assert "hush-hush" not in said
    assert GIVEN["SECRET_KEY"] not in said


@pytest.mark.parametrize("demo", ["", "0", "false"])
def test_the_clock_moves_only_in_the_demo_and_tests(demo: str) -> None:
    environment = without("HOMEWARD_DEMO", "CLOCK_OFFSET_FILE") | {"CLOCK_OFFSET_FILE": "/offset"}
    assert "CLOCK_OFFSET_FILE" in refusal(**environment, **({"HOMEWARD_DEMO": demo} if demo else {}))
    assert start(**environment, HOMEWARD_DEMO="1").returncode == 0


def test_outside_the_demo_everything_travels_encrypted() -> None:
    show = "import config.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    for demo, expected in (("0", "True True True"), ("1", "False False False")):
        environment = bare_environment(**(without("CLOCK_OFFSET_FILE") | {"HOMEWARD_DEMO": demo}))
        run = [sys.executable, "-c", show]
        assert subprocess.run(run, env=environment, capture_output=True, text=True).stdout.strip() == expected


def test_what_a_database_address_asks_for_is_kept() -> None:
    show = "import config.settings as s; print(s.DATABASES['default']['OPTIONS']['sslmode'])"
    given = GIVEN | {"DATABASE_URL": "postgresql://user:secret@host/name?sslmode=verify-full"}
    run = [sys.executable, "-c", show]
    done = subprocess.run(run, env=bare_environment(**given), capture_output=True, text=True)
    assert done.stdout == "verify-full\n"
