"""The child asks, wishes and complains in its own words, and gets an answer."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts import policy
from accounts.access import Section
from accounts.errors import Invalid
from accounts.models import AuditEvent, User
from cases.models import Case, Voice
from cases.models.notes import VoiceKind
from cases.services.voices import answer_voice, record_voice
from tests.cases import files
from tests.cases.asking import clock_of, day, get, last, post, running, statuses, told
from tests.cases.planning import let_read, today
from tests.cast import Cast
from workflow import deadlines


def form(**changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "words": "He reads my letters."} | day("said_on", today()) | changes


def answer_form(**changes: Any) -> dict[str, Any]:
    return {"answer": "Nobody may do that. We told him."} | day("answered_on", today()) | changes


def a_voice(case: Case, worker: User, kind: VoiceKind = VoiceKind.COMPLAINT, words: str = "w") -> Voice:
    return record_voice(case.pk, actor=worker, kind=kind, words=words, said_on=today())


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    let_read(case, cast.petra, Section.PLAN)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "voice_new", case.pk, **form()) == [404] * 5
    assert [get(person, "voices", case.pk).status_code for person in strangers] == [404] * 5
    assert statuses([cast.petra], "voice_new", case.pk, **form()) == [403]
    assert not Voice.objects.exists()
    assert statuses([cast.ana], "voice_new", case.pk, **form()) == [302]
    voice = Voice.objects.get()
    assert (voice.kind, voice.words, voice.recorded_by) == ("complaint", "He reads my letters.", cast.ana)
    assert "He reads my letters." in get(cast.petra, "voices", case.pk).content.decode()


def test_the_same_holds_for_the_answer(cast: Cast, case: Case, nora: User) -> None:
    let_read(case, cast.petra, Section.PLAN)
    voice = a_voice(case, cast.ana)
    strangers = [cast.omar, nora, cast.ben, cast.aida, cast.hotline]
    assert statuses(strangers, "voice_answer", case.pk, voice.pk, **answer_form()) == [404] * 5
    assert statuses([cast.petra], "voice_answer", case.pk, voice.pk, **answer_form()) == [403]
    assert Voice.objects.get().answered_on is None
    assert statuses([cast.sami], "voice_answer", case.pk, voice.pk, **answer_form()) == [302]
    answered = Voice.objects.get()
    assert (answered.answer, answered.answered_by) == ("Nobody may do that. We told him.", cast.sami)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": ""}, "Choose an answer."),
        ({"kind": "joke"}, "joke"),
        ({"words": ""}, "We need an answer here."),
        (day("said_on", today() + timedelta(days=1)), "future"),
        (day("said_on", date(2001, 1, 1)), "before the child was reported"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, str], says: str
) -> None:
    answer = post(cast.ana, "voice_new", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Voice.objects.exists()


def test_the_supervisors_hear_of_a_complaint_and_of_nothing_else(cast: Cast, case: Case) -> None:
    before = told(cast.sami)
    a_voice(case, cast.ana, VoiceKind.QUESTION)
    a_voice(case, cast.ana, VoiceKind.WISH)
    assert told(cast.sami) == before
    a_voice(case, cast.sami)
    assert told(cast.sami) == before
    assert told(cast.vera)[-1] == "voice.complaint"
    assert "A child has complained." in get(cast.vera, "today").content.decode()


@pytest.mark.parametrize(
    ("kind", "waits"), [(VoiceKind.COMPLAINT, True), (VoiceKind.QUESTION, True), (VoiceKind.WISH, False)]
)
def test_a_question_and_a_complaint_are_answered_within_seven_days(
    cast: Cast, case: Case, clock_at: Any, kind: VoiceKind, waits: bool
) -> None:
    voice = a_voice(case, cast.ana, kind)
    assert ("answer_child" in running(case)) == waits
    if waits:
        due = clock_of(case, "answer_child")
        assert timedelta(days=6, hours=23) < due.due_at - voice.recorded_at <= timedelta(days=7, minutes=1)
        assert "Answer the child" in get(cast.ana, "today").content.decode()
        clock_at.forward(timedelta(days=7, minutes=1))
        deadlines.sweep()
        assert "overdue.answer_child" in told(cast.sami)
    answer_voice(case.pk, voice.pk, actor=cast.ana, answer="a", answered_on=voice.said_on)
    assert "answer_child" not in running(case)


def test_the_agency_may_set_another_time(cast: Cast, case: Case) -> None:
    policy.set_value("voice.answer_days", 2, actor=None, agency=case.agency)
    voice = a_voice(case, cast.ana)
    assert clock_of(case, "answer_child").due_at - voice.recorded_at < timedelta(days=2, minutes=1)


def test_each_answer_ends_its_own_clock_and_comes_once(cast: Cast, case: Case) -> None:
    first, second = a_voice(case, cast.ana, words="first"), a_voice(case, cast.ana, words="second")
    post(cast.ana, "voice_answer", case.pk, first.pk, **answer_form())
    assert clock_of(case, "answer_child").params == {"voice": str(second.pk)}
    again = post(cast.ana, "voice_answer", case.pk, first.pk, **answer_form(answer="Another."))
    assert again.status_code == 409
    assert "Another." in again.content.decode()
    with pytest.raises(Invalid):
        answer_voice(case.pk, first.pk, actor=cast.ana, answer="Another.", answered_on=today())
    assert Voice.objects.get(pk=first.pk).answer == "Nobody may do that. We told him."


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"answer": ""}, "We need an answer here."),
        (day("answered_on", today() + timedelta(days=1)), "future"),
    ],
)
def test_a_wrong_reply_gets_a_sentence(cast: Cast, case: Case, wrong: dict[str, str], says: str) -> None:
    voice = a_voice(case, cast.ana)
    answer = post(cast.ana, "voice_answer", case.pk, voice.pk, **answer_form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_an_answer_is_not_older_than_the_question(cast: Cast, clock_at: Any) -> None:
    case = files.screened(cast)
    clock_at.forward(timedelta(days=3))
    voice = a_voice(case, cast.ana)
    sent = answer_form(**day("answered_on", today() - timedelta(days=1)))
    answer = post(cast.ana, "voice_answer", case.pk, voice.pk, **sent)
    assert answer.status_code == 422
    assert "older" in answer.content.decode()


def test_what_waits_stands_above_what_is_answered(cast: Cast, case: Case) -> None:
    assert "Nothing recorded yet" in get(cast.ana, "voices", case.pk).content.decode()
    answered = a_voice(case, cast.ana, words="the-first-word")
    answer_voice(case.pk, answered.pk, actor=cast.ana, answer="the-reply", answered_on=today())
    a_voice(case, cast.ana, VoiceKind.WISH, "the-second-word")
    page = get(cast.ana, "voices", case.pk).content.decode()
    assert page.index("the-second-word") < page.index("the-first-word") < page.index("the-reply")
    assert last(case.pk, "case.read").sections == ["plan"]


def test_a_voice_of_another_file_is_not_reached_through_ones_own(cast: Cast, case: Case) -> None:
    mine, voice = files.screened(cast), a_voice(case, cast.ana)
    assert post(cast.ana, "voice_answer", mine.pk, voice.pk, **answer_form()).status_code == 404
    with pytest.raises(Voice.DoesNotExist):
        answer_voice(mine.pk, voice.pk, actor=cast.ana, answer="a", answered_on=today())


def test_a_closed_file_takes_no_words(cast: Cast) -> None:
    closed = files.in_state("closed", cast.ana.agency, worker=cast.ana)
    assert post(cast.ana, "voice_new", closed.pk, **form()).status_code == 422


def test_no_word_of_it_is_in_the_audit(cast: Cast, case: Case) -> None:
    voice = a_voice(case, cast.ana, words="the-complaint-of-the-crane")
    answer_voice(case.pk, voice.pk, actor=cast.ana, answer="the-reply-of-the-raven", answered_on=today())
    text = str(list(AuditEvent.objects.filter(case_id=case.pk).values()))
    assert "crane" not in text
    assert "raven" not in text
    assert last(case.pk, "voice.answered").details == {"voice": "complaint"}
