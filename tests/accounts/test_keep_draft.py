"""What is typed is kept: by whom, for which page, under which key, and until when."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import drafts
from accounts.models import Draft, SentForm, User
from cases.models import Case, CaseAccess, Note
from cases.models.choices import Basis
from cases.services.access import end_access
from tests.cases import files
from tests.cast import Cast
from tests.conftest import ClockHand
from vault import keys
from vault.errors import KeyMissing
from vault.models import DataKey

WORDS = "She asked about her sister."


def keep(page: str, ticket: str, number: UUID | None = None, **changes: Any) -> Any:
    said = {
        "ticket": ticket,
        "action": page,
        "number": str(number or uuid4()),
        "title": "Write a note",
        "query": "",
        "fields": [["section", "risk"], ["words", WORDS], ["password", "secret"]],
        **changes,
    }
    return Client().post(reverse("draft_keep"), json.dumps(said), content_type="text/plain")


@pytest.fixture
def case(cast: Cast) -> Case:
    return files.screened(cast)


@pytest.fixture
def page(case: Case) -> str:
    return reverse("note_new", args=[case.pk])


def test_it_is_kept_without_a_session_and_shown_on_its_page(cast: Cast, page: str, client: Client) -> None:
    answer = keep(page, drafts.ticket(cast.ana, page))
    assert answer.json()["at"]
    client.force_login(cast.ana)
    shown = client.get(page).content.decode()
    assert WORDS in shown
    assert "secret" not in shown
    assert client.get(reverse("notes", args=[Case.objects.get().pk])).content.decode().count(WORDS) == 0


@pytest.mark.parametrize("who", ["sami", "ben", "petra"])
def test_it_is_nobody_elses(cast: Cast, page: str, client: Client, who: str) -> None:
    keep(page, drafts.ticket(cast.ana, page))
    client.force_login(getattr(cast, who))
    assert WORDS not in client.get(page).content.decode()
    draft = Draft.objects.get()
    client.post(reverse("draft_drop", args=[draft.pk]))
    client.post(page, {"draft": str(draft.pk)})
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert not Note.objects.exists()


def test_a_page_that_is_closed_to_its_account_shows_nothing(cast: Cast, page: str, client: Client) -> None:
    """Somebody typed, and then the case was given to somebody else: what may not be seen does not exist."""
    keep(page, drafts.ticket(cast.ben, page))
    client.force_login(cast.ben)
    answer = client.get(page)
    assert answer.status_code == 404
    assert WORDS not in answer.content.decode()
    assert "data-drafts" not in answer.content.decode()


def test_it_lies_sealed_with_the_key_of_the_case(cast: Cast, case: Case, page: str) -> None:
    keep(page, drafts.ticket(cast.ana, page))
    draft = Draft.objects.get()
    assert draft.scope == case.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM accounts_draft d")
        assert WORDS not in cursor.fetchone()[0]
    keys.erase(case.pk)
    assert drafts.words_of(draft) == {}
    assert keep(page, drafts.ticket(cast.ana, page)).status_code == 410


def test_a_page_of_no_case_has_a_key_of_its_own_that_goes_with_the_draft(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    page = reverse("report_new")
    keep(page, drafts.ticket(cast.hotline, page))
    draft = Draft.objects.get()
    assert DataKey.objects.filter(pk=draft.scope).exists()
    with django_capture_on_commit_callbacks(execute=True):
        Draft.objects.all().drop()
    with pytest.raises(KeyMissing):
        keys.data_key(draft.scope)


def test_of_one_form_there_is_one_and_the_refused_one_goes_on(cast: Cast, page: str) -> None:
    ticket, first, second = drafts.ticket(cast.ana, page), uuid4(), uuid4()
    keep(page, ticket, first)
    keep(page, ticket, first, fields=[["words", "More."]])
    keep(page, ticket, second, fields=[["words", "Still more."]], instead=str(first))
    draft = Draft.objects.get()
    assert (draft.number, draft.typed["fields"]) == (second, [["words", "Still more."]])


def test_what_was_sent_is_kept_no_more(cast: Cast, case: Case, page: str, client: Client) -> None:
    number, ticket = uuid4(), drafts.ticket(cast.ana, page)
    keep(page, ticket, number)
    client.force_login(cast.ana)
    client.post(page, {"section": "risk", "words": WORDS, "once": str(number)})
    assert Note.objects.get().words == WORDS
    assert not Draft.objects.exists()
    # What was under way meanwhile.
    assert keep(page, ticket, number).status_code == 409
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticket": "1:2:3"},
        {"ticket": "forged"},
        {"number": "no number"},
        {"fields": [["words"]]},
        {"fields": [["words", 5]]},
        {"title": "a\0b"},
        {"fields": [["x", "y"]] * (drafts.MOST_FIELDS + 1)},
        {"title": "x" * 301},
        {"query": None},
        {"instead": "no number"},
    ],
)
def test_what_is_no_draft_is_refused(cast: Cast, page: str, wrong: dict[str, Any]) -> None:
    said = {"ticket": drafts.ticket(cast.ana, page)} | wrong
    answer = keep(page, **said)
    assert answer.status_code in (410, 422)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_form_at_all_is_refused(body: bytes, db: None) -> None:
    assert Client().post(reverse("draft_keep"), body, content_type="text/plain").status_code == 422


def test_a_ticket_holds_for_its_page_its_time_and_an_account_that_may_sign_in(
    cast: Cast, page: str, clock_at: ClockHand
) -> None:
    ticket = drafts.ticket(cast.ana, page)
    clock_at.forward(drafts.TICKET_HOLDS - timedelta(hours=1))
    assert drafts.holder(ticket)[1] == page
    clock_at.forward(timedelta(hours=2))
    assert keep(page, ticket).status_code == 410
    ticket = drafts.ticket(cast.ana, page)
    assert keep(page, ticket).status_code == 200
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert keep(page, ticket).status_code == 410


def test_what_is_too_large_says_so(cast: Cast, page: str) -> None:
    long = [["words", "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE]]
    assert keep(page, drafts.ticket(cast.ana, page), fields=long).status_code == 413
    assert not Draft.objects.exists()


def words_kept() -> str:
    return str(dict(Draft.objects.get().typed["fields"])["words"])


def test_what_arrives_late_writes_over_nothing_newer(cast: Cast, page: str) -> None:
    """On a slow line, of one opened page; another one begins to count anew."""
    number, ticket = uuid4(), drafts.ticket(cast.ana, page)
    for seat, times, words in (("one", 1, "a"), ("one", 3, "abc"), ("one", 2, "ab")):
        said = keep(page, ticket, number, turn=[seat, times], fields=[["words", words]])
        assert said.status_code == 200
    assert words_kept() == "abc"
    keep(page, ticket, number, turn=["other", 1], fields=[["words", "abcd"]])
    assert words_kept() == "abcd"
    assert keep(page, ticket, number, turn=["one", 4], fields=[["words", "abce"]]).status_code == 412
    assert words_kept() == "abcd"


def test_a_sign_that_no_form_takes_is_left_out(cast: Cast, page: str) -> None:
    keep(page, drafts.ticket(cast.ana, page), fields=[["words", "a\0b"]])
    assert words_kept() == "ab"


@pytest.mark.parametrize("turn", [[], ["one"], ["one", "2"], [1, 2], ["x" * 41, 1], 5, ["one", 1e400]])
def test_a_turn_is_a_name_and_a_number(cast: Cast, page: str, turn: Any) -> None:
    assert keep(page, drafts.ticket(cast.ana, page), turn=turn).status_code == 422


def test_what_was_refused_under_another_number_goes_when_it_was_sent(cast: Cast, page: str) -> None:
    refused, sent, ticket = uuid4(), uuid4(), drafts.ticket(cast.ana, page)
    keep(page, ticket, refused)
    SentForm.objects.create(account=cast.ana, number=sent)
    assert keep(page, ticket, sent, instead=str(refused)).status_code == 409
    assert not Draft.objects.exists()


def test_a_draft_of_a_file_that_opens_no_more_is_not_listed(
    cast: Cast, case: Case, page: str, client: Client
) -> None:
    keep(page, drafts.ticket(cast.ana, page))
    row = CaseAccess.objects.live().get(case=case, basis=Basis.ASSIGNMENT)
    end_access(case.pk, row.pk, actor=cast.sami)
    client.force_login(cast.ana)
    assert str(case.pk) not in client.get("/").content.decode()


@pytest.mark.usefixtures("clock_at")
def test_many_are_listed_with_few_queries(cast: Cast, client: Client) -> None:
    """One for the keys of all."""

    def asked() -> int:
        keys.forget_cached()
        with CaptureQueriesContext(connections["keys"]) as queries:
            client.get("/")
        return len(queries)

    client.force_login(cast.ana)
    _kept_on(files.screened(cast), cast)
    once = asked()
    for _each in range(3):
        _kept_on(files.screened(cast), cast)
    assert asked() == once


def _kept_on(case: Case, cast: Cast) -> None:
    address = reverse("note_new", args=[case.pk])
    keep(address, drafts.ticket(cast.ana, address))


def test_a_draft_is_forgotten_after_two_weeks(cast: Cast, page: str, clock_at: ClockHand) -> None:
    keep(page, drafts.ticket(cast.ana, page))
    clock_at.forward(drafts.KEPT - timedelta(hours=1))
    drafts.forget_old()
    assert Draft.objects.exists()
    clock_at.forward(timedelta(hours=2))
    drafts.forget_old()
    assert not Draft.objects.exists()


def test_there_are_so_many_at_most(cast: Cast, page: str) -> None:
    for _each in range(drafts.MOST + 2):
        drafts.keep(cast.ana, page, drafts.Typed(page, uuid4(), "", "", [("words", WORDS)]))
    assert Draft.objects.count() == drafts.MOST


def test_it_is_listed_on_today_and_can_be_thrown_away(cast: Cast, page: str, client: Client) -> None:
    keep(page, drafts.ticket(cast.ana, page))
    client.force_login(cast.ana)
    listed = client.get("/").content.decode()
    assert "Typed and not sent yet" in listed
    assert WORDS not in listed
    client.post(reverse("draft_drop", args=[Draft.objects.get().pk]))
    assert "Typed and not sent yet" not in client.get("/").content.decode()


def test_pages_without_a_draft_pay_nothing_for_it(cast: Cast, case: Case, page: str, client: Client) -> None:
    """The account is asked for with its pages; only a page with a draft asks once more."""
    client.force_login(cast.ana)
    client.get(page)
    with CaptureQueriesContext(connection) as without:
        client.get(page)
    keep(page, drafts.ticket(cast.ana, page))
    with CaptureQueriesContext(connection) as with_one:
        client.get(page)
    assert len(with_one) - len(without) == 1
