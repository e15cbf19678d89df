"""What leaves, and what is sent to others, asks who sits there when that was not proved for some minutes."""

from datetime import timedelta
from uuid import UUID

from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Session
from cases.models import CalendarFeed
from referrals.models import Referral
from tests.cases import files
from tests.cast import PASSWORD, Cast
from tests.conftest import ClockHand
from tests.entering import enrolled, sign_in
from tests.referrals import offers

MINUTE = timedelta(minutes=1)


def forget(cast: Cast) -> None:
    Session.objects.filter(account=cast.ana).update(proved_at=None)


def taken(case_id: UUID) -> int:
    return AuditEvent.objects.filter(case_id=case_id, verb="case.exported").count()


def test_a_file_leaves_for_who_proved_it_lately(client: Client, cast: Cast, clock_at: ClockHand) -> None:
    sign_in(client, cast.ana)
    case = files.screened(cast)
    pdf = reverse("case_file_pdf", args=[case.pk])
    clock_at.forward(9 * MINUTE)
    assert client.get(pdf)["Content-Type"] == "application/pdf"
    clock_at.forward(MINUTE)
    asked = client.get(pdf)
    assert asked["Location"] == f"{reverse('prove')}?next={pdf.replace('/', '%2F')}"
    assert taken(case.pk) == 1
    wrong = client.post(reverse("prove"), {"next": pdf, "proof-password": "wrong"})
    assert wrong.status_code == 422
    assert client.get(pdf).status_code == 302
    right = client.post(reverse("prove"), {"next": pdf, "proof-password": PASSWORD})
    assert right["Refresh"] == f"0; url={pdf}"
    assert client.get(pdf)["Content-Type"] == "application/pdf"
    assert taken(case.pk) == 2


def test_every_paper_and_list_that_leaves_asks(client: Client, cast: Cast) -> None:
    referral = offers.accepted(cast, files.screened(cast))
    client.force_login(cast.ana)
    addresses = [
        reverse("case_file_pdf", args=[referral.case_id]),
        reverse("case_ledger_pdf", args=[referral.case_id]),
        reverse("referral_letter", args=[referral.pk]),
    ]
    for address in addresses:
        forget(cast)
        assert client.get(address).status_code == 302, address
        Session.objects.filter(account=cast.ana).update(proved_at="2999-01-01T00:00Z")
        assert client.get(address)["Content-Type"] == "application/pdf", address
    client.force_login(cast.sami)
    Session.objects.filter(account=cast.sami).update(proved_at=None)
    assert client.get(reverse("referral_register_csv")).status_code == 302


def test_an_address_for_a_calendar_is_made_after_the_proof(client: Client, cast: Cast) -> None:
    """It is read without a sign-in, for as long as it holds."""
    client.force_login(cast.ana)
    forget(cast)
    address = reverse("calendar_settings")
    asked = client.post(address, {"new": "1"})
    assert asked.status_code == 403
    assert 'name="new" value="1"' in asked.content.decode()
    assert not CalendarFeed.objects.exists()
    assert client.post(address, {"new": "1", "proof-password": PASSWORD}).status_code == 200
    assert CalendarFeed.objects.filter(account=cast.ana, ended_at=None).exists()


def test_an_address_for_a_calendar_is_ended_without(client: Client, cast: Cast) -> None:
    client.force_login(cast.ana)
    client.post(reverse("calendar_settings"), {"new": "1"})
    forget(cast)
    assert client.post(reverse("calendar_settings"), {"end": "1"}).status_code == 302
    assert not CalendarFeed.objects.filter(ended_at=None).exists()


def test_a_referral_is_sent_after_the_proof_and_nothing_is_typed_twice(client: Client, cast: Cast) -> None:
    referral = offers.drafted(cast, files.screened(cast))
    client.force_login(cast.ana)
    forget(cast)
    address = reverse("referral_step", args=[referral.pk, "send"])
    sent = {"reason": "Tonight, please.", "once": "5a9c5f0e-3f0c-4d8e-9f0a-0d2b6a1c7e11"}
    asked = client.post(address, sent)
    assert asked.status_code == 403
    page = asked.content.decode()
    assert 'name="reason" value="Tonight, please."' in page
    assert sent["once"] in page
    assert Referral.objects.get(pk=referral.pk).state == referral.state
    wrong = client.post(address, sent | {"proof-password": "wrong"})
    assert wrong.status_code == 422
    assert "wrong" not in wrong.content.decode()
    assert client.post(address, sent | {"proof-password": PASSWORD}).status_code == 302
    assert Referral.objects.get(pk=referral.pk).state != referral.state


def test_it_leads_to_our_own_pages_only(client: Client, cast: Cast) -> None:
    client.force_login(enrolled(cast.ana))
    for wanted in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post(reverse("prove"), {"next": wanted, "proof-password": PASSWORD})
        assert answer["Refresh"] == "0; url=/"
