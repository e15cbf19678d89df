"""Every page of a case and every list names what it listens to; each write tells once, and readings tell nothing."""

from collections.abc import Iterator
from typing import cast as cast_to

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts import live
from accounts.access import Section
from accounts.live import Topic
from accounts.models import ToldHint, User
from cases.models import Case, CaseAccess
from cases.models.choices import Basis
from cases.permissions import grounds_of_many
from cases.services.notes import write_note
from cases.services.telling import CASE_TOPIC
from cases.wiring import LIST_PAGES
from tests.cases import files
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def pages_of_a_case() -> Iterator[str]:
    for pattern in get_resolver().url_patterns:
        for each in getattr(pattern, "url_patterns", [pattern]):
            if isinstance(each, URLPattern) and set(each.pattern.converters) == {"case_id"} and each.name:
                yield each.name


def topics_on(response: HttpResponse, user: User) -> set[Topic]:
    tokens = response.content.decode().split('<meta name="live" content="')[1].split('"')[0].split()
    return {found[0] for token in tokens if (found := live.opened(user.pk, token))}


def page(user: User, address: str) -> HttpResponse:
    client = Client()
    client.force_login(user)
    return cast_to(HttpResponse, client.get(address))


def is_page(response: HttpResponse) -> bool:
    return response.status_code == 200 and b'<meta name="live"' in response.content


def test_every_page_of_a_case_listens_to_it(cast: Cast) -> None:
    case = files.screened(cast)
    names = sorted(set(pages_of_a_case()))
    answers = {name: page(cast.ana, reverse(name, args=[case.pk])) for name in names}
    shown = {name: answer for name, answer in answers.items() if is_page(answer)}
    assert len(shown) > 20
    case_topic = Topic(CASE_TOPIC, case.pk)
    assert [name for name, answer in shown.items() if case_topic not in topics_on(answer, cast.ana)] == []
    assert [name for name, answer in shown.items() if b" data-page>" not in answer.content] == []


@pytest.mark.parametrize("who", ["ana", "sami", "vera", "aida"])
def test_every_list_listens_to_what_stands_on_its_readers_lists(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    for name in (*LIST_PAGES, "returns", "verifications", "departures", "return_alerts"):
        answer = page(user, reverse(name))
        if is_page(answer):
            assert live.lists_of(user) in topics_on(answer, user), name


def hints(topic: Topic) -> int:
    return ToldHint.objects.filter(topic=topic.digest).count()


@pytest.mark.django_db(transaction=True)
def test_a_write_tells_the_case_and_the_lists_on_which_it_stands_once(cast: Cast) -> None:
    case = files.screened(cast)
    topics = [Topic(CASE_TOPIC, case.pk), live.lists_of(cast.ana), live.lists_of(cast.sami)]
    before = [hints(topic) for topic in topics]
    others = [hints(live.lists_of(user)) for user in (cast.omar, cast.petra)]
    write_note(case.pk, actor=cast.ana, section=Section.RISK, words="She feels safe.")
    assert [hints(topic) for topic in topics] == [each + 1 for each in before]
    assert [hints(live.lists_of(user)) for user in (cast.omar, cast.petra)] == others


def test_to_read_tells_nothing(cast: Cast) -> None:
    case = files.screened(cast)
    before = ToldHint.objects.count()
    for name in ("case", "case_identity", "notes", "case_file"):
        assert page(cast.ana, reverse(name, args=[case.pk])).status_code == 200
    assert page(cast.ana, reverse("case_list")).status_code == 200
    assert ToldHint.objects.count() == before


def number_of(case: Case) -> int | str:
    sequences = live.kind_of(Topic(CASE_TOPIC, case.pk)).sequences
    assert sequences is not None
    return sequences([case.pk])[case.pk]


@pytest.mark.django_db(transaction=True)
def test_the_page_knows_the_number_with_which_it_was_read(cast: Cast) -> None:
    case = files.screened(cast)
    first = number_of(case)
    answer = page(cast.ana, reverse("case", args=[case.pk])).content.decode()
    assert f"{CASE_TOPIC}:{case.pk}:{first}:" in answer
    write_note(case.pk, actor=cast.ana, section=Section.RISK, words="She feels safe.")
    assert number_of(case) != first


@pytest.mark.django_db(transaction=True)
def test_a_new_report_tells_the_desk_and_whoever_made_it(cast: Cast) -> None:
    topics = [live.lists_of(user) for user in (cast.ana, cast.sami, cast.hotline)]
    before = [hints(topic) for topic in topics]
    files.reported(cast)
    assert all(hints(topic) > known for topic, known in zip(topics, before, strict=True))
    assert hints(live.lists_of(cast.omar)) == 0


def test_who_may_listen_is_who_opens_the_file(cast: Cast) -> None:
    """Asked for many at once, or for one: the same grounds, whatever they are."""
    cases = [files.screened(cast), files.screened(cast, worker=cast.ben)]
    everybody = [*cast.__dict__.values()]
    for basis in Basis:
        for user in (cast.petra, cast.tomas, cast.konsul, cast.eskort, cast.pia, cast.omar, cast.ben):
            until = (
                files.fresh(cases[0]).state_since.replace(year=2050)
                if basis in (Basis.PERSONAL, Basis.EMERGENCY)
                else None
            )
            files.ground(cases[0], basis, account=user, until=until)
    for basis in (Basis.TEAM, Basis.REFERRAL, Basis.REQUEST, Basis.DUTY):
        files.ground(cases[1], basis, agency=cast.petra.agency)
        files.ground(cases[1], basis, agency=cast.konsul.agency)
    for ended in (False, True):
        if ended:
            CaseAccess.objects.filter(account=cast.petra).update(ended_at="2026-01-01T00:00Z")
        found = grounds_of_many(everybody, [case.pk for case in cases])
        for user in everybody:
            for case in cases:
                expected = set(CaseAccess.objects.live_for(user).filter(case=case))
                assert set(found.get((user, case.pk), ())) == expected, (user, case.code)
