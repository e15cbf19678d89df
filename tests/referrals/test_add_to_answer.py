"""Fields that are given with the answer to a question: looked at and signed like those of the offer."""

import pytest
from django.urls import reverse

from accounts.errors import Invalid
from accounts.meanwhile import last_saved
from accounts.models import User
from cases.models import Case
from referrals.models import Referral
from referrals.services.drafting import choose_fields, cosign, mark_previewed
from tests.cases import files
from tests.cases.asking import get, post
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import FIELDS, acknowledged, drafted, step
from workflow.machine import Refused

MORE = [*FIELDS, "identity.languages"]


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def asked(cast: Cast, case: Case, *, abroad: bool = False) -> Referral:
    """A question is open. Abroad the supervisor sami has signed what was sent."""
    if not abroad:
        return step(acknowledged(cast, case), "ask", cast.petra)
    agency = cast.petra.agency
    agency.country = "XB"
    agency.save()
    referral = drafted(cast, case, transfer_basis="vital")
    cosign(referral.pk, actor=cast.sami, seen=last_saved(referral))
    return step(step(referral, "send", cast.ana), "ask", cast.petra)


def refusals(referral: Referral, actor: User) -> list[str]:
    with pytest.raises(Refused) as refused:
        step(referral, "provide", actor)
    return [failure.code for failure in refused.value.failures]


def test_what_is_added_to_an_answer_is_looked_at_first(cast: Cast, case: Case) -> None:
    referral = asked(cast, case)
    answer = post(cast.ana, "referral_pack", referral.pk, **dict.fromkeys(MORE, "on"))
    assert answer["Location"] == reverse("referral_preview", args=[referral.pk])
    assert refusals(referral, cast.ana) == ["previewed"]
    page = get(cast.ana, "referral_preview", referral.pk).content.decode()
    assert case.child.languages in page
    assert (case.child.known_as or case.child.names.get().whole) in page
    answer = post(cast.ana, "referral_preview", referral.pk, seen=last_saved(referral))
    assert answer["Location"] == reverse("referral_step", args=[referral.pk, "provide"])
    step(referral, "provide", cast.ana)
    assert sorted(referral.disclosures.values_list("field", flat=True)) == sorted(MORE)


def test_across_a_border_what_is_added_is_signed_too(cast: Cast, case: Case) -> None:
    referral = asked(cast, case, abroad=True)
    choose_fields(referral.pk, actor=cast.ana, codes=MORE)
    assert refusals(referral, cast.ana) == ["previewed", "cosigned"]
    mark_previewed(referral.pk, actor=cast.ana, seen=last_saved(referral))
    assert refusals(referral, cast.ana) == ["cosigned"]
    assert get(cast.sami, "referral_cosign", referral.pk).status_code == 200
    assert post(cast.sami, "referral_cosign", referral.pk, seen=last_saved(referral)).status_code == 302
    assert refusals(referral, cast.sami) == ["cosigned"]
    assert step(referral, "provide", cast.ana).state == "info_provided"


def test_an_answer_in_words_leaves_the_signature_alone(cast: Cast, case: Case) -> None:
    referral = asked(cast, case, abroad=True)
    before = Referral.objects.get()
    choose_fields(referral.pk, actor=cast.ana, codes=FIELDS)
    after = Referral.objects.get()
    assert (after.cosigned_by, after.previewed_at) == (cast.sami, before.previewed_at)
    for name, actor in (("referral_preview", cast.ana), ("referral_cosign", cast.sami)):
        assert get(actor, name, referral.pk)["Location"] == reverse("referral", args=[referral.pk])
    with pytest.raises(Invalid):
        mark_previewed(referral.pk, actor=cast.ana, seen=last_saved(referral))
    with pytest.raises(Invalid):
        cosign(referral.pk, actor=cast.sami, seen=last_saved(referral))
    assert step(referral, "provide", cast.ana).state == "info_provided"


def test_after_the_answer_nothing_more_is_looked_at_or_signed(cast: Cast, case: Case) -> None:
    referral = step(asked(cast, case), "provide", cast.ana)
    with pytest.raises(Invalid):
        mark_previewed(referral.pk, actor=cast.ana, seen=last_saved(referral))
    with pytest.raises(Invalid):
        cosign(referral.pk, actor=cast.sami, seen=last_saved(referral))
