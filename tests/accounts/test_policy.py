"""Defaults, and what a country or an agency sets instead."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts import policy
from accounts.models import AuditEvent, PolicyValue
from tests.cast import Cast


def set_policy(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("set_policy", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_agencys_value_goes_before_the_countrys_and_that_before_the_default(cast: Cast) -> None:
    assert policy.get("office.closes", agency=cast.ana.agency) == 17
    set_policy("office.closes", "18", country="XA")
    assert policy.get("office.closes", agency=cast.ana.agency) == 18
    set_policy("office.closes", "20", agency="arvania-social")
    assert policy.get("office.closes", agency=cast.ana.agency) == 20
    assert policy.get("office.closes", agency=cast.omar.agency) == 18
    assert policy.get("office.closes", agency=cast.tomas.agency) == 17
    assert policy.get("office.closes") == 17


def test_setting_it_again_changes_it(cast: Cast) -> None:
    set_policy("office.closes", "18", country="XA")
    set_policy("office.closes", "19", country="XA")
    assert PolicyValue.objects.get().value == 19


def test_it_is_written_down(cast: Cast) -> None:
    policy.set_value("office.closes", 18, actor=cast.admin, country="XA")
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("policy.changed", cast.admin)
    assert event.details == {"key": "office.closes", "value": 18, "whose": "country:XA"}


def test_it_needs_an_administrator(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        policy.set_value("office.closes", 18, actor=cast.sami, country="XA")
    assert policy.get("office.closes", agency=cast.sami.agency) == 17


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        (["office.closes", "late"], {"country": "XA"}, "such as 17"),
        (["office.closes", "17.5"], {"country": "XA"}, "such as 17"),
        (["office.closes", "true"], {"country": "XA"}, "such as 17"),
        (["office.closes", "-1"], {"country": "XA"}, "negative"),
        (["office.closes", "18"], {}, "an agency or a country"),
        (["office.closes", "18"], {"country": "QQ"}, "not the code of a country"),
        (["office.closes", "18"], {"agency": "nowhere"}, "no agency"),
        (["office.nonsense", "18"], {"country": "XA"}, "no policy"),
        (["office.closes"], {"country": "XA"}, "value"),
    ],
)
def test_it_says_what_is_wrong(db: None, arguments: list[str], options: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        set_policy(*arguments, **options)
    assert not PolicyValue.objects.exists()


def test_it_lists_what_can_be_set(db: None) -> None:
    assert "office.closes = 17 (hour of the day)" in set_policy()


def test_asking_often_costs_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        for key in ("office.opens", "office.closes", "emergency.minutes"):
            policy.get(key, agency=cast.ana.agency)


def test_a_key_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        policy.register("office.closes", 21, "hours", "Another meaning.")
