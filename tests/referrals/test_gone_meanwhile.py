"""What ends between the page's look and its write is answered as what never was, and never with an error."""

from typing import Any

import pytest

import clock
from accounts.models import AuditEvent
from cases.models import Case
from cases.services.incoming import SentFile, take_in
from referrals.models import Attachment, Referral
from referrals.services import attachments, locking
from referrals.services.writing import write_message
from referrals.views import referral as pages
from referrals.views.loading import OpenedReferral, open_referral
from tests.cases import files, papers
from tests.cases.asking import day, get, post
from tests.cast import Cast
from tests.kept import kept
from tests.referrals.offers import in_service, step
from workflow.models import GuardOverride

REASON = "By order of the youth court today."


@kept
def case(cast: Cast) -> Case:
    return files.screened(cast)


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From now on nobody gets the lock of any referral."""

    def end() -> None:
        monkeypatch.setattr(locking, "visible_to", lambda _user: Referral.objects.none())

    return end


SAID = {"purpose": "care", "needs": ["safe_place"], "legal_basis": "consent"}
OF_A_DRAFT: dict[str, tuple[list[object], dict[str, Any]]] = {
    "referral_edit": ([], SAID),
    "referral_pack": ([], {"identity.names": "on"}),
    "referral_preview": ([], {"seen": "1"}),
    "referral_cosign": ([], {"seen": "1"}),
    "referral_again": ([], {}),
    "referral_step": (["discard"], {}),
    "referral_override": (["send", "may_share"], {"reason": REASON}),
}


@pytest.mark.parametrize("name", OF_A_DRAFT)
def test_a_draft_that_is_gone_does_not_exist(
    cast: Cast, case: Case, gone: Any, name: str, drafted_referral: Referral
) -> None:
    more, data = OF_A_DRAFT[name]
    gone()
    to = f"{drafted_referral.recipient_id}:{drafted_referral.service}"
    data = data | {"to": to} | day("answer_by", clock.today("Europe/Vienna"))
    assert post(cast.sami, name, drafted_referral.pk, *more, **data).status_code == 404


def test_the_offer_the_notes_and_the_letter_too(
    cast: Cast, case: Case, gone: Any, sent_referral: Referral
) -> None:
    running = in_service(cast, case, service="Health")
    gone()
    # The first look would be written down.
    assert get(cast.petra, "referral", sent_referral.pk).status_code == 404
    assert get(cast.petra, "referral_letter", running.pk).status_code == 404
    assert post(cast.petra, "referral_note", running.pk, words="She ate well.").status_code == 404
    assert post(cast.petra, "referral_message", running.pk, words="She ate well.").status_code == 404


def test_a_file_that_is_gone_is_not_reported(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, accepted_referral: Referral
) -> None:
    sent_file = SentFile("lease.pdf", take_in("lease.pdf", papers.pdf()))
    write_message(accepted_referral.pk, actor=cast.ana, words="See this.", files=[sent_file])
    attachment = Attachment.objects.get()
    monkeypatch.setattr(attachments, "reads_thread", lambda _user, _referral: False)
    assert post(cast.petra, "referral_file_report", accepted_referral.pk, attachment.pk).status_code == 404


def test_a_condition_is_not_set_aside_when_the_step_is_taken(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch, drafted_referral: Referral
) -> None:
    stale = Referral.objects.select_related("case__agency", "case__child", "sender", "recipient").get()
    step(drafted_referral, "send", cast.ana)
    answer = post(cast.sami, "referral_override", drafted_referral.pk, "send", "may_share", reason=REASON)
    assert answer.status_code == 409
    assert REASON in answer.content.decode()

    def looked(request: Any, referral_id: Any) -> Any:
        opened = open_referral(request, referral_id)
        return OpenedReferral(stale, opened.hands, opened.holds_pack, opened.reads_history)

    monkeypatch.setattr(pages, "open_referral", looked)
    answer = post(cast.sami, "referral_override", drafted_referral.pk, "send", "may_share", reason=REASON)
    assert answer.status_code == 409
    assert REASON in answer.content.decode()
    assert not GuardOverride.objects.exists()


def test_a_reason_that_nobody_can_read_is_refused_with_a_sentence(
    cast: Cast, case: Case, drafted_referral: Referral
) -> None:
    blank = "By order" + "\u200b" * 30 + "."
    answer = post(cast.sami, "referral_override", drafted_referral.pk, "send", "may_share", reason=blank)
    assert answer.status_code == 422
    assert "at least 20" in answer.content.decode().lower()
    assert not GuardOverride.objects.exists()


def test_the_first_look_is_one_look(cast: Cast, case: Case, sent_referral: Referral) -> None:
    get(cast.petra, "referral", sent_referral.pk)
    looks = AuditEvent.objects.filter(verb="referral.read", actor=cast.petra)
    assert looks.count() == 1
    assert Referral.objects.get().opened_at is not None
