"""The caregiver agrees in writing: the partner abroad brings the signed paper, which becomes a document of the case."""

from typing import Any

import pytest

from accounts.access import Role
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case, Document
from cases.services.documents import report_document
from cases.services.incoming import SentFile, take_in
from repatriation.models import CareArrangement, Return
from repatriation.services.care import record_agreement
from repatriation.services.clearing import take_clearance_step
from tests.cases import papers
from tests.cases.asking import browser, day, get, last, post, statuses, told
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import ways
from tests.repatriation.finding import partnered, strangers
from tests.repatriation.ways import Company


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def way(people: Company, case: Case) -> Return:
    return partnered(people, case)


@kept
def care(people: Company, way: Return) -> CareArrangement:
    row = ways.care_agreed(people, way)
    CareArrangement.objects.filter(pk=row.pk).update(agreed_on=None, agreement=None, is_able=False)
    return CareArrangement.objects.get(pk=row.pk)


def form(way: Return, **changes: Any) -> dict[str, Any]:
    sent = {"terms": "With help for school.", "file": papers.upload("signed.pdf")}
    return sent | day("agreed_on", ways.today(way)) | changes


def test_the_partner_or_the_worker_brings_it_and_nobody_else(
    people: Company, way: Return, care: CareArrangement
) -> None:
    for who in strangers(people):
        assert get(who, "return_agreement", way.pk, care.pk).status_code == 404
    assert statuses(strangers(people), "return_agreement", way.pk, care.pk, **form(way)) == [404] * 7
    assert statuses([people.sami], "return_agreement", way.pk, care.pk, **form(way)) == [403]
    before = papers.stored()
    assert CareArrangement.objects.get().agreed_on is None
    for who in (people.tomas, people.ana):
        assert get(who, "return_agreement", way.pk, care.pk).status_code == 200
        assert statuses([who], "return_agreement", way.pk, care.pk, **form(way)) == [302]
    assert len(papers.stored() - before) == 2
    row = CareArrangement.objects.get()
    assert (row.agreed_on, row.terms) == (ways.today(way), "With help for school.")


def test_the_paper_is_a_document_of_the_decision(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    post(people.tomas, "return_agreement", way.pk, care.pk, **form(way))
    paper = CareArrangement.objects.get().agreement
    assert paper is not None
    assert (paper.section, paper.kind, paper.filename) == ("return_decision", "consent", "signed.pdf")
    assert paper.added_by == people.tomas
    assert papers.lies_there(paper)
    assert last(case.pk, "document.added").actor == people.tomas
    event = last(case.pk, "return.care_agreed")
    assert (event.sections, event.details) == (["return_decision"], {"country": "XB"})
    for reader, status in ((people.ana, 200), (people.sami, 200), (people.tomas, 404), (people.petra, 404)):
        assert get(reader, "document_open", case.pk, paper.pk).status_code == status
    assert str(paper.pk) in get(people.sami, "return_care", way.pk).content.decode()
    assert "Agreement there" in get(people.tomas, "return_study", way.pk).content.decode()
    assert told(people.ana)[-1] == "return.care_agreed"
    assert [row.kind for row in way.events.all()].count("care_agreed") == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"file": ""}, "Choose a file."),
        ({"file": papers.upload("signed.pdf", papers.EXE)}, "PDF"),
        ({"agreed_on_year": "2031"}, "This day lies in the future."),
        ({"agreed_on_day": ""}, "There is no such day."),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_leaves_nothing_behind(
    people: Company, way: Return, care: CareArrangement, wrong: dict[str, Any], says: str
) -> None:
    before = papers.stored()
    documents = Document.objects.count()
    answer = post(people.tomas, "return_agreement", way.pk, care.pk, **form(way, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert papers.stored() == before
    assert Document.objects.count() == documents
    assert CareArrangement.objects.get().agreed_on is None


def test_whoever_had_a_part_agrees_to_nothing_and_the_partner_is_not_told_why(
    people: Company, way: Return, care: CareArrangement
) -> None:
    ways.implicate(ways.grandmother(people, way))
    before = papers.stored()
    answer = post(people.ana, "return_agreement", way.pk, care.pk, **form(way))
    assert answer.status_code == 422
    assert "This person had a part in what happened" in answer.content.decode()
    assert post(people.tomas, "return_agreement", way.pk, care.pk, **form(way)).status_code == 404
    with pytest.raises(Invalid) as refused:
        record_agreement(
            way.pk,
            care.pk,
            actor=people.tomas,
            agreed_on=ways.today(way),
            terms="",
            file=SentFile("signed.pdf", take_in("signed.pdf", papers.pdf())),
        )
    assert "part in what happened" not in refused.value.sentence
    assert "Baba Vosk" not in get(people.tomas, "return_study", way.pk).content.decode()
    assert papers.stored() == before


def test_one_that_was_replaced_or_lies_elsewhere_does_not_exist(
    people: Company, way: Return, care: CareArrangement
) -> None:
    elsewhere = ways.care_agreed(people, way, country="DE")
    assert get(people.tomas, "return_agreement", way.pk, elsewhere.pk).status_code == 404
    assert post(people.tomas, "return_agreement", way.pk, elsewhere.pk, **form(way)).status_code == 404
    CareArrangement.objects.filter(pk=care.pk).update(ended_at=care.made_at)
    for who in (people.tomas, people.ana):
        assert post(who, "return_agreement", way.pk, care.pk, **form(way)).status_code == 404


def test_a_file_that_was_reported_never_comes_back(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    content = papers.pdf(b"the same again")
    post(people.tomas, "return_agreement", way.pk, care.pk, **form(way, file=papers.upload("a.pdf", content)))
    paper = CareArrangement.objects.get().agreement
    assert paper is not None
    report_document(case.pk, paper.pk, actor=people.ana)
    again = form(way, file=papers.upload("b.pdf", content))
    answer = post(people.tomas, "return_agreement", way.pk, care.pk, **again)
    assert answer.status_code == 422
    assert "It is not kept here." in answer.content.decode()


def test_an_authority_brings_nothing_while_contact_is_not_cleared(
    people: Company, case: Case, way: Return, care: CareArrangement
) -> None:
    take_clearance_step(case.pk, ways.COUNTRY, "revoke", actor=people.sami, reason="A threat by telephone.")
    assert post(people.tomas, "return_agreement", way.pk, care.pk, **form(way)).status_code == 403
    # The worker has it by another way.
    assert post(people.ana, "return_agreement", way.pk, care.pk, **form(way)).status_code == 302


def test_a_colleague_of_the_partner_may_and_who_has_left_may_not(
    people: Company, way: Return, care: CareArrangement
) -> None:
    colleague = User.objects.create_account(
        "timea", None, name="Timea", role=Role.SERVICE_PROVIDER, agency=people.tomas.agency
    )
    assert browser(colleague).get(f"/returns/{way.pk}/study/").status_code == 200
    User.objects.filter(pk=colleague.pk).update(agency=people.petra.agency)
    colleague.refresh_from_db()
    assert post(colleague, "return_agreement", way.pk, care.pk, **form(way)).status_code == 404
