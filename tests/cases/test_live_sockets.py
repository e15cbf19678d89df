"""The socket of a page of a case: told of what happens, until session, role or access end."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from accounts import live
from accounts.access import Role, Section
from accounts.live import Topic
from accounts.models import User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.services.access import end_access
from cases.services.notes import write_note
from cases.services.telling import CASE_TOPIC
from tests.browser.server import served
from tests.cases import files
from tests.cast import Cast
from tests.sockets import Listening, changed, listening

pytestmark = pytest.mark.django_db(transaction=True)
APPLICATION = "tests.accounts.live_asgi:application"
SIGNED_OUT, GONE = 4401, 4404


@pytest.fixture(scope="module")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("static"), APPLICATION, os.environ["VALKEY_URL"]) as found:
        yield found


@pytest.fixture
def case(cast: Cast) -> Case:
    return files.screened(cast)


@pytest.fixture
def ana(address: str, cast: Cast, case: Case) -> Iterator[Listening]:
    with on_page(address, cast.ana, case) as socket:
        yield socket


def on_page(address: str, user: User, case: Case) -> AbstractContextManager[Listening]:
    """As its pages join: with the number that they have seen."""
    return listening(address, user, [(CASE_TOPIC, case.pk, number_of(case))])


def number_of(case: Case) -> int | str:
    sequences = live.kind_of(Topic(CASE_TOPIC, case.pk)).sequences
    assert sequences is not None
    return sequences([case.pk])[case.pk]


def write(cast: Cast, case: Case) -> None:
    write_note(case.pk, actor=cast.ana, section=Section.RISK, words="She feels safe.")


def test_it_is_told_what_somebody_does(address: str, cast: Cast, case: Case) -> None:
    with on_page(address, cast.sami, case) as sami:
        sami.settles()
        write(cast, case)
        assert sami.hears() == changed(CASE_TOPIC, case.pk)
        sami.hears_nothing()


def test_a_page_that_missed_it_hears_it_when_it_joins(address: str, cast: Cast, case: Case) -> None:
    token = live.token(cast.sami, CASE_TOPIC, case.pk, number_of(case))
    write(cast, case)
    with listening(address, cast.sami) as sami:
        sami.join(token)
        assert changed(CASE_TOPIC, case.pk) in [sami.hears(), sami.hears()]


@pytest.mark.parametrize("who", ["ben", "omar", "petra", "hotline"])
def test_who_does_not_see_the_case_does_not_listen(address: str, cast: Cast, case: Case, who: str) -> None:
    user = getattr(cast, who)
    with listening(address, user) as socket:
        socket.join(live.token(user, CASE_TOPIC, case.pk))
        told, code = socket.is_closed_with()
        assert told[-1:] == [{"gone": Topic(CASE_TOPIC, case.pk).digest}]
        assert code == GONE


def test_it_ends_with_the_access(cast: Cast, case: Case, ana: Listening) -> None:
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    end_access(case.pk, row.pk, actor=cast.sami)
    told, code = ana.is_closed_with()
    assert {"gone": Topic(CASE_TOPIC, case.pk).digest} in told
    assert code == GONE


def _off(user: User, client: Client, socket: Listening) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _another_role(user: User, client: Client, socket: Listening) -> None:
    User.objects.filter(pk=user.pk).update(role=Role.INTAKE)


def _agency_off(user: User, client: Client, socket: Listening) -> None:
    user.agency.is_active = False
    user.agency.save()


@pytest.mark.parametrize("ends", [_off, _another_role, _agency_off])
def test_nothing_is_told_of_the_case_after_the_end(
    ends: Callable[[User, Client, Listening], None], client: Client, cast: Cast, case: Case, ana: Listening
) -> None:
    ends(cast.ana, client, ana)
    live.hint(CASE_TOPIC, case.pk)
    told, code = ana.is_closed_with()
    assert changed(CASE_TOPIC, case.pk) not in told
    assert code == SIGNED_OUT


def test_it_ends_with_the_session(client: Client, cast: Cast, case: Case, ana: Listening) -> None:
    client.cookies["sessionid"] = ana.session_key
    client.post(reverse("account_logout"))
    assert ana.is_closed_with()[1] == SIGNED_OUT
