"""From the case to the outcome, page by page, as two people at two agencies go through it."""

from datetime import timedelta
from typing import Any

import pytest

import clock
from accounts.meanwhile import last_saved
from accounts.models import Agency, AuditEvent
from cases.models import Case
from cases.models.choices import GivenBy
from cases.services.clocks import end_of_day
from cases.services.consents import withdraw_consent
from referrals.models import Disclosure, Referral
from referrals.services.drafting import choose_fields, mark_previewed
from referrals.services.moving import override_referral_guard
from referrals.views import referral as pages
from tests.cases import files
from tests.cases.asking import day, get, post, statuses
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import FIELDS, consented, drafted, offering, sent, step
from workflow.machine import Refused


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    said = {
        "to": [f"{cast.petra.agency_id}:SocialCare"],
        "purpose": "care",
        "needs": ["safe_place", "daily_care"],
        "request": "She sleeps badly.",
        "legal_basis": "consent",
        **day("answer_by", clock.today("Europe/Vienna")),
    }
    return said | changes


def test_it_goes_from_the_case_to_the_outcome(cast: Cast, case: Case) -> None:
    offering(cast.petra.agency)
    consented(case, cast.ana, cast.petra.agency)
    answer = post(cast.ana, "referral_new", case.pk, **form(cast))
    referral = Referral.objects.get()
    assert answer["Location"] == f"/referrals/{referral.pk}/pack/"
    pack = get(cast.ana, "referral_pack", referral.pk).content.decode()
    assert "checked" not in pack
    assert "to address the child" in pack
    answer = post(cast.ana, "referral_pack", referral.pk, **{"identity.names": "on"})
    assert answer["Location"] == f"/referrals/{referral.pk}/preview/"
    name = case.child.known_as or case.child.names.get().whole
    assert name in get(cast.ana, "referral_preview", referral.pk).content.decode()
    answer = post(cast.ana, "referral_preview", referral.pk, seen=last_saved(referral))
    assert answer["Location"] == f"/referrals/{referral.pk}/steps/send/"
    assert post(cast.ana, "referral_step", referral.pk, "send").status_code == 302
    # petra
    assert "Social care" in get(cast.petra, "referrals").content.decode()
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert "A safe place to live" in page
    assert name not in page
    assert "She sleeps badly." not in page
    assert case.code not in page
    assert str(case.pk) not in page
    assert (
        post(
            cast.petra, "referral_step", referral.pk, "acknowledge", contact="Petra", alternate="Desk"
        ).status_code
        == 302
    )
    today = clock.today("Europe/Vienna")
    answer = post(
        cast.petra, "referral_step", referral.pk, "accept", responsible="Petra", **day("starts_on", today)
    )
    assert answer.status_code == 302
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert name in page
    assert "She sleeps badly." in page
    assert get(cast.petra, "case", case.pk).status_code == 200
    assert get(cast.petra, "case_identity", case.pk).status_code == 404
    assert post(cast.petra, "referral_step", referral.pk, "begin_service").status_code == 302
    assert post(cast.petra, "referral_note", referral.pk, words="She ate well.").status_code == 302
    done = {"outcome": "achieved", "feedback": "She is at home here."}
    assert post(cast.petra, "referral_step", referral.pk, "complete", **done).status_code == 302
    page = get(cast.ana, "referral", referral.pk).content.decode()
    assert "She ate well." in page
    assert "She is at home here." in page
    assert post(cast.ana, "referral_step", referral.pk, "confirm").status_code == 302
    ledger = get(cast.ana, "case_referrals", case.pk).content.decode()
    assert "Arvania shelter" in ledger
    assert "Consent to share with this recipient" in ledger


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Vienna", "Pacific/Auckland"])
def test_the_day_of_the_answer_stays_when_nothing_is_changed(cast: Cast, case: Case, zone: str) -> None:
    Agency.objects.filter(pk=cast.ana.agency_id).update(time_zone=zone)
    referral = drafted(cast, case)
    until = clock.today(zone) + timedelta(days=3)
    said = form(cast, **day("answer_by", until))
    for _time in range(2):
        assert post(cast.ana, "referral_edit", referral.pk, **said).status_code == 302
        shown = get(cast.ana, "referral_edit", referral.pk).context["form"]
        assert shown.initial["answer_by"] == until
        said |= day("answer_by", shown.initial["answer_by"])
    row = Referral.objects.get()
    assert row.answer_by == end_of_day(until, Agency.objects.get(pk=cast.ana.agency_id))


def test_strangers_find_nothing(cast: Cast, case: Case, accepted_referral: Referral) -> None:
    strangers = [cast.omar, cast.ben, cast.tomas, cast.aida, cast.hotline, cast.konsul]
    for name in ("referral", "referral_edit", "referral_pack", "referral_preview", "referral_cosign"):
        assert [get(who, name, accepted_referral.pk).status_code for who in strangers] == [404] * 6
    assert statuses(strangers, "referral_message", accepted_referral.pk, words="w") == [404] * 6
    assert statuses(strangers, "referral_step", accepted_referral.pk, "recall", reason="r") == [404] * 6


def test_the_other_side_makes_none_of_the_senders_moves(
    cast: Cast, case: Case, sent_referral: Referral
) -> None:
    for name in ("referral_edit", "referral_pack", "referral_preview"):
        assert get(cast.petra, name, sent_referral.pk).status_code == 403
    assert statuses([cast.petra], "referral_step", sent_referral.pk, "recall", reason="r") == [403]
    assert statuses([cast.ana], "referral_note", sent_referral.pk, words="w") == [403]


def test_a_refusal_shows_everything_that_is_missing(cast: Cast, case: Case) -> None:
    referral = drafted(cast, case, recipient=cast.tomas.agency, legal_basis="duty", basis_words="short")
    answer = post(cast.ana, "referral_step", referral.pk, "send")
    page = answer.content.decode()
    assert answer.status_code == 409
    for sentence in (
        "a legal basis is documented",
        "a supervisor who does not send it has signed too",
        "on what ground data may leave the country",
        "before contact with it is cleared",
    ):
        assert sentence in page
    assert Referral.objects.get().state == "draft"
    assert not Disclosure.objects.exists()


def test_after_the_end_the_recipient_keeps_its_notes_and_nothing_else(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    post(cast.petra, "referral_note", running_referral.pk, words="She ate well.")
    post(cast.ana, "referral_message", running_referral.pk, words="Her brother is found.")
    assert "Her brother is found." in get(cast.petra, "referral", running_referral.pk).content.decode()
    step(running_referral, "recall_care", cast.sami)
    page = get(cast.petra, "referral", running_referral.pk).content.decode()
    name = case.child.known_as or case.child.names.get().whole
    assert "She ate well." in page
    for gone in (
        name,
        "Her brother is found.",
        "The child has moved.",
        "sleeps badly",
        case.code,
        str(case.pk),
    ):
        assert gone not in page
    assert get(cast.petra, "case", case.pk).status_code == 404


OVER = "This referral has ended."


def test_when_access_after_the_service_is_over_the_tombstone_is_left(
    cast: Cast, case: Case, clock_at: Any, running_referral: Referral
) -> None:
    referral = step(running_referral, "complete", cast.petra)
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert "A safe place to live" in page
    assert OVER not in page
    clock_at.forward(timedelta(days=46))
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert OVER in page
    assert "She settled in well." in page
    for gone in ("A safe place to live", "Feminine", "Gender", "Urgency"):
        assert gone not in page
    page = get(cast.ana, "referral", referral.pk).content.decode()
    assert OVER not in page
    assert "A safe place to live" in page


def test_a_completed_service_that_lost_its_ground_is_a_tombstone(
    cast: Cast, case: Case, running_referral: Referral
) -> None:
    referral = step(running_referral, "complete", cast.petra)
    withdraw_consent(
        case.pk,
        case.consents.get(recipient=cast.petra.agency).pk,
        actor=cast.ana,
        given_by=GivenBy.CHILD,
        given_on=clock.today("Europe/Vienna"),
    )
    page = get(cast.petra, "referral", referral.pk).content.decode()
    assert OVER in page
    assert "A safe place to live" not in page


def test_only_who_reads_the_thread_sees_who_else_is_there(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "present", lambda *_topic: [cast.ben, cast.tomas])
    referral = sent(cast, case)
    for reader in (cast.ana, cast.petra):
        assert "has this page open, too." in get(reader, "referral", referral.pk).content.decode()
    step(referral, "decline", cast.petra)
    assert "has this page open, too." in get(cast.ana, "referral", referral.pk).content.decode()
    assert "has this page open, too." not in get(cast.petra, "referral", referral.pk).content.decode()


def test_every_look_is_recorded_with_what_it_showed(cast: Cast, case: Case, sent_referral: Referral) -> None:
    get(cast.petra, "referral", sent_referral.pk)
    step(step(sent_referral, "acknowledge", cast.petra), "accept", cast.petra)
    get(cast.petra, "referral", sent_referral.pk)
    looks = AuditEvent.objects.filter(verb="referral.read", actor=cast.petra).order_by("id")
    assert looks[0].sections == []
    assert looks.last().sections == ["identity"]  # type: ignore[union-attr]


def test_several_are_asked_at_once_and_each_answers_alone(cast: Cast, case: Case) -> None:
    offering(cast.petra.agency, "SocialCare", "Education")
    consented(case, cast.ana, cast.petra.agency)
    to = [f"{cast.petra.agency_id}:{service}" for service in ("SocialCare", "Education")]
    assert post(cast.ana, "referral_new", case.pk, **form(cast, to=to))["Location"].endswith("/referrals/")
    first, second = Referral.objects.all()
    assert first.together == second.together is not None
    heading = "Asked at the same time"
    assert heading in get(cast.ana, "referral", first.pk).content.decode()
    assert heading not in get(cast.ana, "referral", drafted(cast, files.screened(cast)).pk).content.decode()


def test_a_draft_can_still_go_to_somebody_else(cast: Cast, case: Case, sent_referral: Referral) -> None:
    referral = step(sent_referral, "decline", cast.petra)
    post(cast.ana, "referral_again", referral.pk)
    again = Referral.objects.get(previous=referral)
    other = offering(cast.hotline.agency, "SocialCare")
    page = get(cast.ana, "referral_edit", again.pk).content.decode()
    assert f'value="{cast.petra.agency_id}:SocialCare" selected' in page
    assert other.name in page
    reason = "The court wants her moved today."
    override_referral_guard(again.pk, "send", "may_share", actor=cast.sami, reason=reason)
    answer = post(cast.ana, "referral_edit", again.pk, **form(cast, to=f"{other.pk}:SocialCare"))
    assert answer.status_code == 302
    changed = Referral.objects.get(pk=again.pk)
    # For the other agency it is the first that it hears of it.
    assert (changed.recipient, changed.version, changed.previous) == (other, 1, None)
    choose_fields(again.pk, actor=cast.ana, codes=FIELDS)
    mark_previewed(again.pk, actor=cast.ana, seen=last_saved(Referral.objects.get(pk=again.pk)))
    # The supervisor spoke of the agency that was named then.
    with pytest.raises(Refused, match="may_share"):
        step(again, "send", cast.ana)


def test_nobody_is_chosen_who_is_not_offered(cast: Cast, case: Case, drafted_referral: Referral) -> None:
    for to in ("", f"{cast.ana.agency_id}:SocialCare", f"{cast.tomas.agency_id}:Health"):
        assert post(cast.ana, "referral_edit", drafted_referral.pk, **form(cast, to=to)).status_code == 422


def test_what_expired_is_sent_again_as_a_new_version(cast: Cast, case: Case, sent_referral: Referral) -> None:
    referral = step(sent_referral, "decline", cast.petra)
    answer = post(cast.ana, "referral_again", referral.pk)
    again = Referral.objects.get(previous=referral)
    assert answer["Location"] == f"/referrals/{again.pk}/edit/"
    assert (again.version, again.state, again.wanted) == (2, "draft", [])
