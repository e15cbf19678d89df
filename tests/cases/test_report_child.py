"""Somebody tells us of a child."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test.client import MULTIPART_CONTENT

from accounts.models import AuditEvent
from cases.models import Report
from tests.cases import files
from tests.cases.asking import browser, get, post, statuses, told
from tests.cast import Cast

THREE_ANSWERS = {"words": "She asked for help.", "place": "Bus station", "danger": "unknown"}


def form(**changes: Any) -> dict[str, Any]:
    return THREE_ANSWERS | changes


def test_three_answers_are_enough(cast: Cast) -> None:
    answer = post(cast.hotline, "report_new", **form())
    report = Report.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/reports/{report.pk}/"
    assert (report.words, report.place, report.danger) == tuple(THREE_ANSWERS.values())
    assert (report.desk, report.made_by, report.case) == (cast.ana.agency, cast.hotline, None)


def test_what_else_is_known_is_kept_and_what_is_not_is_left_out(cast: Cast) -> None:
    post(cast.hotline, "report_new", **form(name="  Lirana   Vosk\u202e ", age="14", languages=""))
    assert Report.objects.get().details == {"name": "Lirana Vosk", "age": "14"}


def test_it_is_for_intake_workers_and_supervisors(cast: Cast) -> None:
    assert statuses([cast.hotline, cast.ana, cast.sami], "report_new", **form()) == [302] * 3
    others = [cast.petra, cast.konsul, cast.aida, cast.stella, cast.admin, cast.eskort, cast.pia, cast.fokus]
    assert set(statuses(others, "report_new", **form())) == {403}
    assert Report.objects.count() == 3


def test_a_worker_of_another_agency_reports_to_its_own_desk(cast: Cast) -> None:
    post(cast.omar, "report_new", **form())
    assert Report.objects.get().desk == cast.omar.agency
    assert told(cast.ana) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words": ""}, "We need an answer here."),
        ({"place": "   "}, "We need an answer here."),
        ({"words": "\u200b", "place": "\u202e \ufeff"}, "We need an answer here."),
        ({"danger": ""}, "Choose an answer."),
        ({"danger": "maybe"}, "maybe"),
        ({"words": "x" * 20_001}, "20000"),
        ({"words": "a\x00b"}, "Null characters"),
        ({"place": "x" * 20_001}, "20000"),
        ({"age": "99"}, "25"),
        ({"age": "-1"}, "0"),
        ({"age": "fourteen"}, "whole number"),
        ({"age": "9" * 5_000}, "whole number"),
        ({"gender": "other"}, "other"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.hotline, "report_new", **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Report.objects.exists()
    assert not AuditEvent.objects.filter(verb="report.made").exists()


def test_what_was_typed_is_not_lost(cast: Cast) -> None:
    answer = post(cast.hotline, "report_new", **form(place="", name="Lirana"))
    page = answer.content.decode()
    assert THREE_ANSWERS["words"] in page
    assert "Lirana" in page


@pytest.mark.parametrize("encoding", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_ten_megabytes_are_refused_in_words_and_without_a_traceback(
    cast: Cast, caplog: pytest.LogCaptureFixture, encoding: str
) -> None:
    sent = form(words="Lirana " * 1_500_000)
    data = sent if encoding == MULTIPART_CONTENT else urlencode(sent)
    answer = browser(cast.hotline).post("/cases/new/", data, content_type=encoding)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "too long" in page
    assert "2.5\xa0MB" in page
    assert not Report.objects.exists()
    assert [line for line in caplog.records if line.exc_info or line.levelname == "ERROR"] == []
    assert "Lirana" not in caplog.text


def test_an_agency_without_a_desk_hears_so(cast: Cast) -> None:
    cast.hotline.agency.desk = None
    cast.hotline.agency.save()
    answer = post(cast.hotline, "report_new", **form())
    assert answer.status_code == 422
    assert "no desk" in answer.content.decode()
    assert not Report.objects.exists()


def test_the_desk_hears_of_it_and_nobody_else(cast: Cast) -> None:
    post(cast.hotline, "report_new", **form())
    assert told(cast.ana) == told(cast.sami) == ["report.waiting"]
    assert told(cast.aida) == told(cast.omar) == told(cast.hotline) == []


def test_the_receipt_says_that_it_arrived_and_nothing_of_what_was_said(cast: Cast) -> None:
    report = files.reported(cast)
    page = get(cast.hotline, "receipt", report.pk)
    assert page.status_code == 200
    text = page.content.decode()
    assert report.receipt in text
    assert files.WORDS not in text
    assert "Lirana" not in text
    assert get(cast.ana, "receipt", report.pk).status_code == 404


def test_the_receipt_tells_the_time_where_its_reader_works(cast: Cast, clock_at: Any) -> None:
    clock_at(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    report = files.reported(cast)
    # Every page says in its foot when it was made.
    clock_at.forward(timedelta(hours=2))
    page = get(cast.hotline, "receipt", report.pk).content.decode()
    assert "Thursday 2 July, 00:30" in page


def test_it_is_audited_without_its_words(cast: Cast) -> None:
    report = files.reported(cast)
    event = AuditEvent.objects.get(verb="report.made")
    assert (event.actor, event.case_id, event.target_id) == (cast.hotline, report.case_key, report.pk)
    assert event.details == {"danger": "yes"}
    assert event.reason is None
