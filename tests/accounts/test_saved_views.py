"""A list as somebody likes to see it: kept under a name, used, renamed, removed and put back. For oneself alone."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.errors import Invalid
from accounts.lists import known
from accounts.models import AuditEvent, SavedView, User
from accounts.saving import MOST, PUT_BACK_FOR, forget_removed, save_view
from tests.cases.asking import browser, get, post
from tests.cast import Cast
from tests.conftest import ClockHand
from vault import keys
from vault.errors import KeyErased

NAME = "Mirela and her sister"
HIGH = "state=assessed&risk=high&sort=-code"


def save(user: User, name: str = NAME, state: str = HIGH, *, of: str = "cases") -> Any:
    return post(user, "view_new", of, name=name, state=state, back=reverse("case_list"))


def views_of(user: User, of: str = "cases") -> list[SavedView]:
    return list(SavedView.objects.kept_by(user, of))


def one_of(user: User) -> SavedView:
    save(user)
    (view,) = views_of(user)
    return view


def test_it_is_saved_from_the_list_and_leads_back_to_it(cast: Cast) -> None:
    answer = save(cast.ana)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('case_list')}?{HIGH}")
    (view,) = views_of(cast.ana)
    assert (view.name, view.state) == (NAME, {"state": "assessed", "risk": "high", "sort": "-code"})
    page = get(cast.ana, "case_list").content.decode()
    assert f"<bdi>{NAME}</bdi>" in page
    assert HIGH.replace("&", "&amp;") in page


def test_the_list_offers_it_once_there_is_something_to_save(cast: Cast) -> None:
    form = f'action="{reverse("view_new", args=["cases"])}"'
    assert form not in get(cast.ana, "case_list").content.decode()
    assert form in get(cast.ana, "case_list", sort="code").content.decode()


def test_the_view_that_is_looked_at_is_marked(cast: Cast) -> None:
    save(cast.ana, state="sort=code")
    mark = f'sort=code" aria-current="true"><bdi>{NAME}'
    assert mark in get(cast.ana, "case_list", sort="code").content.decode()
    assert mark not in get(cast.ana, "case_list", sort="-code").content.decode()


def test_the_name_lies_nowhere_in_clear_and_in_no_address(cast: Cast) -> None:
    answer = save(cast.ana)
    (view,) = views_of(cast.ana)
    assert "Mirela" not in answer["Location"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_savedview::text FROM accounts_savedview")
        (row,) = cursor.fetchone()
    assert "Mirela" not in row
    assert NAME.encode().hex() not in row
    for shown in (get(cast.ana, "case_list"), get(cast.ana, "saved_views", "cases")):
        addresses = re.findall(r'(?:href|action)="([^"]*)"', shown.content.decode())
        assert not any("Mirela" in address for address in addresses)
    event = AuditEvent.objects.get(verb="view.saved")
    assert (event.target_id, event.details, event.case_id) == (view.pk, {"list": "cases"}, None)


@pytest.mark.parametrize(
    "state", ["state=Mirela", "sort=child", "q=Mirela", "worker=Mirela", "state=", "", "page=3", "%00=1"]
)
def test_what_the_list_does_not_know_is_not_kept(cast: Cast, state: str) -> None:
    assert save(cast.ana, state=state).status_code == 422
    assert save(cast.ana, state=f"{state}&sort=code").status_code == 302
    assert views_of(cast.ana)[0].state == {"sort": "code"}


def test_it_is_its_owner_s_alone(cast: Cast) -> None:
    view = one_of(cast.ana)
    for user in (cast.ben, cast.sami, cast.aida, cast.admin):
        for name in ("view_rename", "view_remove", "view_put_back"):
            assert get(user, name, view.pk).status_code == 404, (user, name)
            assert post(user, name, view.pk, name="Mine").status_code == 404, (user, name)
    assert NAME not in get(cast.ben, "case_list").content.decode()
    assert NAME not in get(cast.sami, "saved_views", "cases").content.decode()
    assert views_of(cast.ana)[0].name == NAME


def test_whoever_has_no_such_list_has_no_views_of_it(cast: Cast) -> None:
    for user in (cast.aida, cast.hotline, cast.stella, cast.admin):
        assert get(user, "saved_views", "cases").status_code == 403, user
        assert save(user).status_code == 403, user
    assert SavedView.objects.count() == 0
    assert get(cast.ana, "saved_views", "nothing").status_code == 404
    assert post(cast.ana, "view_new", "nothing", name="x", state="sort=code").status_code == 404


def test_a_list_holds_each_name_once(cast: Cast) -> None:
    save(cast.ana)
    answer = save(cast.ana, name=f"  {NAME.upper()} ")
    assert answer.status_code == 422
    assert "You have a view of this name already" in answer.content.decode()
    assert save(cast.ben).status_code == 302
    assert len(views_of(cast.ana)) == 1


def test_the_database_refuses_a_name_twice_as_well(cast: Cast) -> None:
    view = one_of(cast.ana)
    again = SavedView(account=cast.ana, list_name="cases", name_digest=view.name_digest)
    keys.create(again.pk)
    again.name = NAME
    with pytest.raises(IntegrityError, match="saved_view_name_once"), transaction.atomic():
        again.save()


def test_there_is_a_bound(cast: Cast) -> None:
    cases = known()["cases"]
    for number in range(MOST):
        save_view(cases, actor=cast.ana, name=f"View {number}", state={"sort": "code"})
    with pytest.raises(Invalid, match="name"):
        save_view(cases, actor=cast.ana, name="One more", state={"sort": "code"})
    assert "Remove one first" in save(cast.ana).content.decode()
    assert len(views_of(cast.ana)) == MOST


def test_a_name_is_asked_for(cast: Cast) -> None:
    answer = save(cast.ana, name=" \u200b ")
    assert answer.status_code == 422
    assert "We need an answer here" in answer.content.decode()
    assert save(cast.ana, name="x" * 61).status_code == 422


def test_it_leads_to_no_other_site(cast: Cast) -> None:
    answer = post(cast.ana, "view_new", "cases", name="A", state="sort=code", back="//evil.example/")
    assert answer["Location"] == f"{reverse('case_list')}?sort=code"


def test_it_is_renamed(cast: Cast) -> None:
    view = one_of(cast.ana)
    save(cast.ana, name="Others")
    assert NAME in get(cast.ana, "view_rename", view.pk).content.decode()
    assert post(cast.ana, "view_rename", view.pk, name="Others").status_code == 422
    assert post(cast.ana, "view_rename", view.pk, name=NAME.lower()).status_code == 302
    assert [each.name for each in views_of(cast.ana)] == [NAME.lower(), "Others"]


def test_it_is_removed_and_put_back(cast: Cast) -> None:
    view = one_of(cast.ana)
    post(cast.ana, "view_remove", view.pk)
    assert views_of(cast.ana) == []
    assert NAME not in get(cast.ana, "case_list").content.decode()
    assert "Put back" in get(cast.ana, "saved_views", "cases").content.decode()
    post(cast.ana, "view_put_back", view.pk)
    assert views_of(cast.ana) == [view]


def test_its_name_may_be_taken_meanwhile(cast: Cast) -> None:
    view = one_of(cast.ana)
    post(cast.ana, "view_remove", view.pk)
    save(cast.ana)
    answer = browser(cast.ana).post(reverse("view_put_back", args=[view.pk]), follow=True)
    assert "of this name already" in answer.content.decode()
    assert len(views_of(cast.ana)) == 1


def test_what_is_removed_is_gone_for_good_after_a_day(cast: Cast, clock_at: ClockHand) -> None:
    view = one_of(cast.ana)
    post(cast.ana, "view_remove", view.pk)
    forget_removed()
    assert SavedView.objects.filter(pk=view.pk).exists()
    clock_at.forward(PUT_BACK_FOR + timedelta(minutes=1))
    assert post(cast.ana, "view_put_back", view.pk).status_code == 404
    forget_removed()
    assert not SavedView.objects.filter(pk=view.pk).exists()
    with pytest.raises(KeyErased):
        keys.data_key(view.pk)


def test_a_name_that_does_not_open_closes_no_list(cast: Cast) -> None:
    view = one_of(cast.ana)
    keys.erase(view.pk)
    assert get(cast.ana, "case_list").status_code == 200
    assert get(cast.ana, "view_rename", view.pk).status_code == 200
    assert post(cast.ana, "view_rename", uuid4(), name="x").status_code == 404


def test_a_code_that_the_list_forgets_is_left_out(cast: Cast) -> None:
    view = one_of(cast.ana)
    view.state = {"state": "no_longer", "sort": "code"}
    view.save(update_fields=["state"])
    page = get(cast.ana, "case_list").content.decode()
    assert "no_longer" not in page
    assert f'href="{reverse("case_list")}?sort=code"' in page
