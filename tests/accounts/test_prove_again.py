"""Signing: once more, who are you?"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import RequestFactory

from accounts.errors import Invalid
from accounts.forms.proving import ProvingForm
from accounts.models import AuditEvent
from accounts.proving import FAILURES_RECORDED_EVERY, MOST_TRIES, prove_again
from accounts.sending import digest_of
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def wrong(cast: Cast, times: int = 1) -> str:
    sentence = ""
    for _time in range(times):
        with pytest.raises(Invalid) as refused:
            prove_again(cast.ana, "wrong")
        assert refused.value.field == "password"
        sentence = refused.value.sentence
    return sentence


def test_it_takes_the_own_password_and_writes_it_down(cast: Cast) -> None:
    prove_again(cast.ana, PASSWORD)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.target_id) == ("account.proved_again", cast.ana, cast.ana.pk)


def test_it_refuses_another_one_and_writes_that_down_only_so_often(cast: Cast, clock_at: ClockHand) -> None:
    assert "not your password" in wrong(cast, 2)
    assert verbs() == ["account.proof_failed"]
    clock_at.forward(FAILURES_RECORDED_EVERY + timedelta(seconds=1))
    wrong(cast)
    assert len(verbs()) == 2


def test_it_stops_after_so_many_tries_also_for_the_right_one(cast: Cast) -> None:
    wrong(cast, MOST_TRIES)
    with pytest.raises(Invalid) as refused:
        prove_again(cast.ana, PASSWORD)
    assert "Too many tries" in refused.value.sentence
    # Nobody else has to wait.
    prove_again(cast.ben, PASSWORD)
    cache.delete(f"proof:{cast.ana.pk}")
    prove_again(cast.ana, PASSWORD)


def test_it_counts_anew_after_the_right_one(cast: Cast) -> None:
    wrong(cast, MOST_TRIES - 1)
    prove_again(cast.ana, PASSWORD)
    assert "not your password" in wrong(cast, MOST_TRIES)


def test_it_refuses_who_is_switched_off(cast: Cast) -> None:
    cast.ana.is_active = False
    with pytest.raises(Invalid):
        prove_again(cast.ana, PASSWORD)


def test_it_is_asked_in_a_form_and_drawn_nowhere(cast: Cast) -> None:
    form = ProvingForm({"password": "a-secret-word"}, user=cast.ana)
    assert not form.is_valid()
    assert "not your password" in str(form)
    assert "a-secret-word" not in str(form)
    assert form.typed() == []
    assert ProvingForm({"password": PASSWORD}, user=cast.ana).is_valid()


def test_it_leaves_no_trace_in_what_is_kept_of_a_form(rf: RequestFactory) -> None:
    digests = set()
    for password in ("one", "other"):
        request = rf.post("/")
        request.POST = QueryDict(f"reasons=x&password={password}")
        digests.add(digest_of(request))
    assert len(digests) == 1
