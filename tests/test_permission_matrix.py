"""Every address × role × relation: what is answered is declared here, in words of its own, and tried for real.

The table repeats nothing from `accounts.access`: a wrong cell there must differ from a cell here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import Role
from accounts.models import Agency, AgencyKind, User
from cases.models import Case, CaseAccess, DuplicateCandidate
from cases.models.choices import Basis, Verdict
from cases.services.access import end_access
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.permissions import unwritten
from tests.permissions.base import (
    NOT_HERE,
    RELATIONS,
    ROLES,
    TEAM,
    Address,
    Cells,
    Viewer,
)
from tests.permissions.world import NAMES_NOTHING, TABLE, World, address, at_home, enter, world
from tests.undone import undone

__all__ = ["World", "world"]


def url_names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """Every address there is; one without a name gets its route, which no row has."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from url_names(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def ask(client: Client, method: str, place: Address) -> int:
    """The status; whoever signs out here is signed in again for the next question."""
    signed_in = SimpleCookie(client.cookies)
    answer = getattr(client, method)(place.url, place.data if method == "post" else None)
    client.cookies = signed_in
    return int(answer.status_code)


def tried(role: str, cells: Cells, *, home: bool) -> list[tuple[str, ...]]:
    """Whoever is to ask at an address: each relation by itself, but those that give nothing there all at once.

    Whatever one of them opened, somebody who holds them all would find open.
    """
    nothing = "agency" if home else "none"
    members = [relation for relation in RELATIONS if at_home((role, relation)) == home]
    # A supervisor is something to every case of its agency.
    given_nothing = [
        relation
        for relation in members
        if nothing in members
        and (role, nothing) != TEAM
        and cells.expected((role, relation)) == cells.expected((role, nothing))
    ]
    together = [tuple(given_nothing)] if given_nothing else []
    return together + [(relation,) for relation in members if relation not in given_nothing]


def askers(role: str, name: str, cells: Cells) -> list[tuple[str, ...]]:
    if cells is NOT_HERE:
        # Refused before anybody is looked at.
        return [("none",)]
    if name in NAMES_NOTHING:
        return [("none",), ("agency",)]
    return tried(role, cells, home=False) + tried(role, cells, home=True)


def differences(world: World, role: str, names: Iterable[str] = TABLE) -> list[str]:
    """Every cell that answers otherwise than declared."""
    found, clients = [], dict[tuple[str, ...], Client]()
    for name in names:
        place, row = address(world, name), TABLE[name]
        for method, cells in (("get", row.get), ("post", row.post)):
            for relations in askers(role, name, cells):
                if relations not in clients:
                    clients[relations] = enter(world, role, relations)
                expected = cells.expected((role, relations[0]))
                with undone():
                    answered = ask(clients[relations], method, place)
                if answered != expected:
                    found.append(f"{method} {name} {role} {relations}: {answered}, not {expected}")
    return found


def test_every_address_has_a_row() -> None:
    assert {row.split()[0] for row in TABLE} == set(url_names(get_resolver().url_patterns))


@pytest.mark.usefixtures("quick_answers")
@pytest.mark.parametrize("role", ROLES)
def test_every_relation_of_a_role_gets_what_is_declared(world: World, role: str) -> None:
    assert differences(world, role) == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_left_out(role: str) -> None:
    for row in TABLE.values():
        asking = tried(role, row.get, home=False) + tried(role, row.get, home=True)
        assert sorted(relation for together in asking for relation in together) == sorted(RELATIONS)


def test_nobody_gets_in_unsigned(world: World) -> None:
    client, sign_in = Client(), reverse("account_login")
    for name, row in TABLE.items():
        place = address(world, name)
        for method, expected in zip(("get", "post"), row.anonymous, strict=True):
            answer = getattr(client, method)(place.url, place.data if method == "post" else None)
            assert answer.status_code == expected, (name, method)
            if expected == 302 and name not in ("set_language", "account_logout", "leave"):
                assert answer["Location"].startswith(sign_in), (name, method)
    assert Case.objects.get(pk=world.case.pk).state == "screening"


def statuses(client: Client, world: World, names: Iterable[str] = TABLE) -> dict[str, int]:
    """What the pages of the case answer to a reader."""
    of_case = [name for name in names if name.startswith("case") and name not in ("case_list", "case_search")]
    return {name: client.get(address(world, name).url).status_code for name in of_case}


def all_gone(client: Client, world: World) -> None:
    assert set(statuses(client, world).values()) == {404}


def test_it_is_gone_for_a_former_worker(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    assert statuses(client, world)["case"] == 200
    row = CaseAccess.objects.live().get(case=world.case, basis=Basis.ASSIGNMENT)
    end_access(world.case.pk, row.pk, actor=cast.sami)
    all_gone(client, world)


def test_it_is_gone_when_a_grant_runs_out(world: World, cast: Cast, client: Client, clock_at: Any) -> None:
    client.force_login(cast.petra)
    assert statuses(client, world)["case_risk"] == 200
    clock_at.forward(timedelta(days=1, seconds=1))
    all_gone(client, world)


def test_it_is_gone_for_who_changes_role(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.sami)
    assert statuses(client, world)["case"] == 200
    User.objects.filter(pk=cast.sami.pk).update(role=Role.ANALYST)
    # The session has ended with the role; signed in anew there is nothing.
    assert set(statuses(client, world).values()) == {302}
    client.force_login(User.objects.get(pk=cast.sami.pk))
    all_gone(client, world)


@pytest.mark.parametrize("name", ["sami", "ana", "ben"])
def test_it_is_gone_for_who_changes_agency(world: World, cast: Cast, client: Client, name: str) -> None:
    files.ground(world.case, Basis.DUTY, account=cast.ben)
    mover = getattr(cast, name)
    client.force_login(mover)
    assert statuses(client, world)["case"] == 200
    User.objects.filter(pk=mover.pk).update(agency=world.foreign)
    assert set(statuses(client, world).values()) == {302}
    client.force_login(User.objects.get(pk=mover.pk))
    all_gone(client, world)
    assert world.case.code not in client.get(reverse("case_list"), {"state": "all"}).content.decode()


def test_a_switched_off_account_is_nobody(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert set(statuses(client, world).values()) == {302}


def test_a_data_protection_officer_of_another_agency_sees_no_log(world: World, cast: Cast) -> None:
    # Declared above for `none`; a country's own office is the one exception.
    office = Agency.objects.create(
        code="office", name="Office", country="XA", kind=AgencyKind.DATA_PROTECTION, time_zone="Europe/Vienna"
    )
    abroad = Agency.objects.create(
        code="abroad",
        name="Abroad",
        country="XB",
        kind=AgencyKind.DATA_PROTECTION,
        time_zone="Europe/Chisinau",
    )
    url = reverse("case_access", args=[world.case.pk])
    for agency, status in ((office, 200), (abroad, 404)):
        client = Client()
        client.force_login(
            User.objects.create_account(
                f"dpo-{agency.code}",
                PASSWORD,
                name="Officer",
                role=Role.DATA_PROTECTION_OFFICER,
                agency=agency,
            )
        )
        assert client.get(url).status_code == status


def test_a_receipt_is_for_its_reporter_only(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.hotline)
    assert client.get(world.addresses["receipt"].url).status_code == 200
    client.force_login(cast.ana)
    assert client.get(world.addresses["receipt"].url).status_code == 404


@pytest.mark.parametrize(
    ("row_name", "actor"),
    [
        ("access_end", "sami"),
        ("name_remove", "ana"),
        ("number_remove", "ana"),
        ("duplicate_decide", "sami"),
    ],
)
def test_a_part_of_another_file_is_not_reached_through_ones_own(
    world: World, cast: Cast, client: Client, row_name: str, actor: str
) -> None:
    """Both files lie in the actor's hands; the part belongs to the first, the address says the second."""
    mine = files.screened(cast)
    place = world.addresses[row_name]
    client.force_login(getattr(cast, actor))
    moved = place.url.replace(str(world.case.pk), str(mine.pk))
    assert client.post(moved, place.data).status_code == 404
    with undone():
        assert client.post(place.url, place.data).status_code == 302


def test_a_worker_decides_between_files_that_it_sees(world: World, cast: Cast, client: Client) -> None:
    place = world.addresses["duplicate_decide"]
    client.force_login(cast.ana)
    assert client.post(place.url, place.data).status_code == 403
    candidate = DuplicateCandidate.objects.get(case=world.case)
    assert candidate.verdict == Verdict.PENDING
    files.ground(candidate.other, Basis.DUTY, account=cast.ana)
    assert client.post(place.url, place.data).status_code == 302


@pytest.mark.usefixtures("quick_answers")
@pytest.mark.parametrize("viewer", [("case_worker", "assigned"), ("analyst", "none")])
def test_asking_for_the_head_alone_gets_the_same_answer(world: World, viewer: Viewer) -> None:
    """What is declared, which the pages themselves are found to answer above."""
    client = enter(world, viewer[0], [viewer[1]])
    for name, row in TABLE.items():
        assert ask(client, "head", address(world, name)) == row.get.expected(viewer), name


def test_a_step_that_leads_nowhere_says_so_on_the_case(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    answer = client.post(world.addresses["case_step resume"].url, follow=True)
    assert answer.redirect_chain == [(reverse("case", args=[world.case.pk]), 302)]
    assert list(answer.context["messages"])


def test_the_address_of_a_form_leads_to_its_page(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.sami)
    pages = {
        "notices_read": reverse("today"),
        "notices_put_back": reverse("today"),
        "desk_take": world.addresses["desk_report"].url,
        "access_grant": reverse("case_access", args=[world.case.pk]),
        "access_end": reverse("case_access", args=[world.case.pk]),
        "name_add": reverse("case_identity", args=[world.case.pk]),
        "name_remove": reverse("case_identity", args=[world.case.pk]),
        "number_add": reverse("case_identity", args=[world.case.pk]),
        "number_remove": reverse("case_identity", args=[world.case.pk]),
        "duplicates_run": reverse("case_duplicates", args=[world.case.pk]),
        "duplicate_decide": reverse("case_duplicates", args=[world.case.pk]),
    }
    for name, page in pages.items():
        answer = client.get(address(world, name).url, follow=True)
        assert answer.redirect_chain == [(page, 302)], name
        assert answer.status_code == 200, name


def test_a_method_that_an_address_does_not_take_is_answered_with_a_page(
    world: World, cast: Cast, client: Client
) -> None:
    client.force_login(cast.ana)
    for answer in (
        client.post(reverse("desk")),
        client.delete(reverse("notices_read")),
        client.put(reverse("case", args=[world.case.pk])),
    ):
        assert answer.status_code == 405
        assert "Nothing was changed." in answer.content.decode()
        assert answer["Allow"]


def test_what_does_not_exist_looks_like_what_is_not_mine(world: World, cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    not_mine = client.get(reverse("case", args=[world.case.pk]))
    nowhere = client.get(reverse("case", args=[uuid4()]))
    assert not_mine.status_code == nowhere.status_code == 404
    assert what_it_says(not_mine) == what_it_says(nowhere)


def what_it_says(page: Any) -> str:
    """Without the fresh token of the form that changes the language, and without one's own address."""
    return re.sub(r'value="(\w{64}|/cases/[\w-]+/)"', "", page.content.decode())


@pytest.mark.usefixtures("quick_answers")
def test_a_reading_that_cannot_be_written_down_is_not_served(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address that a case worker opens: pages, lists, documents, papers, what an open page asks for itself."""
    viewer = ("case_worker", "assigned")
    client = enter(world, viewer[0], [viewer[1]])
    shown = {
        name: address(world, name).url
        for name, row in TABLE.items()
        if row.get.expected(viewer) == 200 and not name.startswith("account_")
    }
    readings = {name: url for name, url in shown.items() if unwritten.events_of(client, url)}
    assert shown.keys() - readings.keys() == unwritten.NO_READING
    unwritten.write_nothing(monkeypatch)
    assert [name for name, url in readings.items() if not unwritten.is_refused(client, url)] == []
    assert unwritten.is_refused(client, readings["case"], **{"X-Live": "1"})
