"""A form that arrives twice: by a double click, or because a bad line made the browser try again."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, SentForm, User
from accounts.tasks import forget_sent_forms
from cases.models import CaseAccess, Document, Report
from cases.services.access import end_access
from config.uploads import Handler
from tests.cases import files, papers
from tests.cases.asking import browser, get, told
from tests.cast import Cast

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# Sent twice these change nothing, or the answer shows a secret that must not be missed.
WITHOUT_NUMBER = {
    "authenticate.html",
    "base.html",
    "calendar.html",
    "drafts.html",
    "languages.html",
    # To leave at once.
    "leave.html",
    "locked.html",
    "login.html",
    "logout.html",
    "password_change.html",
    # It carries the number of the form that it stands before.
    "prove.html",
    "search_form.html",
    # To sign out.
    "second_factor.html",
    "today.html",
}


def form(**changes: Any) -> dict[str, Any]:
    return {
        "words": "She asked for help.",
        "place": "Bus station",
        "danger": "no",
        "once": str(uuid4()),
    } | changes


def send(user: User, sent: dict[str, Any]) -> Any:
    return browser(user).post(reverse("report_new"), sent)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_each_form_has_a_number(path: Path) -> None:
    text = path.read_text().replace("{% csrf_token %}{% once %}", "")
    assert ("{% csrf_token %}" in text) == (path.name in WITHOUT_NUMBER and path.parent.name != "tour")


def test_it_is_one_report_and_both_clicks_lead_to_it(cast: Cast) -> None:
    sent = form()
    first, second = send(cast.hotline, sent), send(cast.hotline, sent)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert second["Location"] == reverse("receipt", args=[Report.objects.get().pk])
    assert AuditEvent.objects.filter(verb="report.made").count() == 1
    assert told(cast.ana) == ["report.waiting"]
    assert [str(said) for said in get_messages(second.wsgi_request)] == [
        "This was sent twice. It is saved once."
    ]


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_are_one_report(cast: Cast) -> None:
    sent = form()

    def click(client: Client) -> Any:
        try:
            return client.post(reverse("report_new"), sent)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        led_to = set(threads.map(click, [browser(cast.hotline) for _ in range(4)]))
    assert led_to == {reverse("receipt", args=[Report.objects.get().pk])}
    assert AuditEvent.objects.filter(verb="report.made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_hung_up_before_the_answer_is_led_to_where_it_led(cast: Cast) -> None:
    """A browser that sends a form again has dropped the line of the first time."""
    sent, token = form(), "c" * 32
    client = browser(cast.hotline)
    session = client.cookies["sessionid"].value
    body = urlencode(sent | {"csrfmiddlewaretoken": token}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": reverse("report_new"),
        "query_string": b"",
        "headers": [
            (b"host", b"testserver"),
            (b"cookie", f"sessionid={session}; csrftoken={token}".encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }
    arriving: list[dict[str, Any]] = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return arriving.pop(0) if arriving else {"type": "http.disconnect"}

    async def unheard(_message: Mapping[str, Any]) -> None:
        return None

    async_to_sync(Handler())(scope, receive, unheard)
    report = Report.objects.get()
    assert client.post(reverse("report_new"), sent)["Location"] == reverse("receipt", args=[report.pk])


@pytest.mark.parametrize(
    "corrected",
    [{"words": "She is alone."}, {"place": "Platform 9"}, {"danger": "yes"}, {"age": "12"}, {"reporter": ""}],
)
def test_other_answers_are_not_dropped_in_silence_and_may_be_sent_too(
    cast: Cast, corrected: dict[str, str]
) -> None:
    sent = form(reporter="The driver")
    send(cast.hotline, sent)
    refused = send(cast.hotline, sent | corrected)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "sent already, with other answers" in page
    assert f'value="{sent["once"]}"' not in page
    assert send(cast.hotline, sent | corrected | {"once": str(uuid4())}).status_code == 302
    assert Report.objects.count() == 2


def test_what_was_refused_was_not_sent(cast: Cast) -> None:
    sent = form()
    assert send(cast.hotline, sent | {"danger": ""}).status_code == 422
    assert not SentForm.objects.exists()
    assert send(cast.hotline, sent).status_code == 302


def test_what_the_service_refused_was_not_sent_either(cast: Cast) -> None:
    agency = cast.hotline.agency
    desk, agency.desk = agency.desk, None
    agency.save()
    sent = form()
    assert send(cast.hotline, sent).status_code == 422
    assert not SentForm.objects.exists()
    agency.desk = desk
    agency.save()
    assert send(cast.hotline, sent).status_code == 302


def test_a_number_is_of_one_account(cast: Cast) -> None:
    """On a shared computer the same page may be sent under another name: that is another report."""
    sent = form()
    assert send(cast.hotline, sent).status_code == send(cast.ana, sent).status_code == 302
    assert {report.made_by for report in Report.objects.all()} == {cast.hotline, cast.ana}


def test_a_number_is_of_one_address(cast: Cast) -> None:
    first, second = files.screened(cast), files.screened(cast)
    said = {"section": "plan", "words": "Slept well.", "once": str(uuid4())}
    statuses = [
        browser(cast.ana).post(reverse("note_new", args=[case.pk]), said).status_code
        for case in (first, second, first)
    ]
    assert statuses == [302, 422, 302]
    assert (first.notes.count(), second.notes.count()) == (1, 0)


def test_another_file_under_the_same_answers_is_another_form(cast: Cast) -> None:
    case = files.screened(cast)
    said = {"title": "Paper", "kind": "letter", "section": "legal", "once": str(uuid4())}
    place = reverse("document_new", args=[case.pk])

    def sent(name: str) -> int:
        paper = SimpleUploadedFile(name, papers.upload().read())
        return int(browser(cast.ana).post(place, said | {"file": paper}).status_code)

    assert [sent("a.pdf"), sent("a.pdf"), sent("b.pdf")] == [302, 302, 422]
    assert Document.objects.count() == 1


@pytest.mark.parametrize("number", ["", "twice", "0" * 400])
def test_without_a_number_each_is_taken(cast: Cast, number: str) -> None:
    sent = form(once=number)
    assert [send(cast.hotline, sent).status_code for _click in "ab"] == [302, 302]
    assert Report.objects.count() == 2


def test_whoever_lost_the_page_in_between_is_led_nowhere_new(cast: Cast) -> None:
    """The answer names an address; whether it exists for this account is asked again there."""
    case = files.screened(cast)
    said = {"section": "plan", "words": "Slept well.", "once": str(uuid4())}
    place = reverse("note_new", args=[case.pk])
    assert browser(cast.ana).post(place, said).status_code == 302
    held = CaseAccess.objects.live().get(case=case, account=cast.ana)
    end_access(case.pk, held.pk, actor=cast.sami)
    led = browser(cast.ana).post(place, said)
    assert get(cast.ana, "notes", case.pk).status_code == 404
    assert led["Location"] == reverse("notes", args=[case.pk])


def test_nothing_that_was_typed_is_kept_and_the_number_not_for_long(cast: Cast, clock_at: Any) -> None:
    send(cast.hotline, form(words="Lirana waits."))
    kept = SentForm.objects.get()
    assert "Lirana" not in repr(vars(kept))
    assert len(kept.digest) == 64
    clock_at.forward(timedelta(days=6))
    forget_sent_forms(0)
    assert SentForm.objects.exists()
    clock_at.forward(timedelta(days=2))
    forget_sent_forms(0)
    assert not SentForm.objects.exists()
