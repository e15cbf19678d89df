"""Signing: once more, who are you?"""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from accounts import factors, limits
from accounts.errors import Invalid
from accounts.forms.proving import ProvingForm
from accounts.models import AuditEvent
from accounts.proving import FAILURES_RECORDED_EVERY, MOST_TRIES, Proof, prove_again, prove_for_signature
from accounts.sending import digest_of
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.entering import code_of, enrolled, proof_of


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def wrong(cast: Cast, times: int = 1) -> str:
    sentence = ""
    for _time in range(times):
        with pytest.raises(Invalid) as refused:
            prove_again(cast.ana, Proof("wrong"))
        assert refused.value.field == "password"
        sentence = refused.value.sentence
    return sentence


def test_it_takes_the_own_password_and_writes_it_down(cast: Cast) -> None:
    prove_again(cast.ana, Proof(PASSWORD))
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
        prove_again(cast.ana, Proof(PASSWORD))
    assert "Too many tries" in refused.value.sentence
    # Nobody else has to wait.
    prove_again(cast.ben, Proof(PASSWORD))
    limits.forget(f"proof:{cast.ana.pk}")
    prove_again(cast.ana, Proof(PASSWORD))


def test_it_counts_passwords_anew_after_the_right_one(cast: Cast) -> None:
    wrong(cast, MOST_TRIES - 1)
    prove_again(cast.ana, Proof(PASSWORD))
    assert "not your password" in wrong(cast, MOST_TRIES)


def test_it_refuses_who_is_switched_off(cast: Cast) -> None:
    cast.ana.is_active = False
    with pytest.raises(Invalid):
        prove_again(cast.ana, Proof(PASSWORD))


def test_it_is_asked_in_a_form_and_drawn_nowhere(cast: Cast) -> None:
    form = ProvingForm({"password": "a-secret-word", "code": "135790"}, user=cast.ana)
    assert not form.is_valid()
    assert "not your password" in str(form)
    assert "a-secret-word" not in str(form)
    assert "135790" not in str(form)
    assert form.typed() == []
    assert not ProvingForm({"password": PASSWORD}, user=cast.ana).is_valid()
    assert ProvingForm(proof_of(cast.ana), user=cast.ana).is_valid()


def test_it_leaves_no_trace_in_what_is_kept_of_a_form(rf: RequestFactory) -> None:
    digests = set()
    for password in ("one", "other"):
        request = rf.post("/")
        request.POST = QueryDict(
            f"reasons=x&password={password}&code={password}&passkey={password}"
            f"&proof-password={password}&proof-code={password}&proof-passkey={password}"
        )
        digests.add(digest_of(request))
    assert len(digests) == 1


# Signing


def test_a_signature_asks_for_both(cast: Cast) -> None:
    enrolled(cast.ana)
    code = code_of(cast.ana)
    nothing, guessed, no_password = Proof(PASSWORD), Proof(PASSWORD, "000000"), Proof("no", code)
    for proof, field in ((nothing, "code"), (guessed, "code"), (no_password, "password")):
        with pytest.raises(Invalid) as refused:
            prove_for_signature(cast.ana, proof)
        assert refused.value.field == field
    # A wrong password has used no code up.
    prove_for_signature(cast.ana, Proof(PASSWORD, code))
    assert verbs()[-1] == "account.proved_again"


def guessed(cast: Cast, times: int = 1) -> str:
    """Codes at random, by who knows the password; the last refusal."""
    for _time in range(times):
        # What stands at /accounts/unlock/ in between.
        prove_again(cast.ana, Proof(PASSWORD))
        with pytest.raises(Invalid) as refused:
            prove_for_signature(cast.ana, Proof(PASSWORD, "000000"))
        assert refused.value.field == "code"
    return refused.value.sentence


def test_the_right_password_begins_no_new_count_of_codes(cast: Cast) -> None:
    enrolled(cast.ana)
    assert "not right" in guessed(cast, MOST_TRIES)
    assert "Too many tries" in guessed(cast)
    with pytest.raises(Invalid):
        prove_for_signature(cast.ana, Proof(PASSWORD, code_of(cast.ana)))
    # The page is uncovered all the same.
    prove_again(cast.ana, Proof(PASSWORD))


def test_the_right_code_begins_a_new_count_of_codes(cast: Cast) -> None:
    enrolled(cast.ana)
    guessed(cast, MOST_TRIES - 1)
    prove_for_signature(cast.ana, Proof(PASSWORD, code_of(cast.ana)))
    assert "not right" in guessed(cast, MOST_TRIES)


def test_a_passkey_begins_a_new_count_of_codes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(cast.ana)
    guessed(cast, MOST_TRIES)
    monkeypatch.setattr(factors, "passkey_of", lambda *_: object())
    prove_again(cast.ana, Proof(passkey={"id": "laptop"}))
    assert "not right" in guessed(cast)


def test_a_code_signs_once(cast: Cast) -> None:
    proof = Proof(PASSWORD, code_of(cast.ana))
    prove_for_signature(cast.ana, proof)
    with pytest.raises(Invalid):
        prove_for_signature(cast.ana, proof)


def test_who_has_no_second_factor_signs_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid):
        prove_for_signature(cast.ana, Proof(PASSWORD, "123456"))


@pytest.mark.parametrize(("minutes", "counts"), [(9, True), (12, False)])
def test_a_code_may_wait_for_the_line(cast: Cast, clock_at: ClockHand, minutes: int, counts: bool) -> None:
    proof = Proof(PASSWORD, code_of(cast.ana))
    clock_at.forward(timedelta(minutes=minutes))
    form = ProvingForm({"password": proof.password, "code": proof.code}, user=cast.ana)
    assert form.is_valid() == counts


def test_an_account_without_a_password_proves_with_a_code(cast: Cast) -> None:
    enrolled(cast.ana).set_unusable_password()
    assert "password" not in ProvingForm(user=cast.ana).fields
    prove_again(cast.ana, Proof(code_of(cast.ana)))
    with pytest.raises(Invalid):
        prove_again(cast.ana, Proof(PASSWORD))
    prove_for_signature(cast.ana, Proof(code=code_of(cast.ana)))
