"""What happened, in codes that are counted and in the child's words."""

from typing import Any

import pytest

from accounts.models import AuditEvent, User
from cases.importing.htcds import COLUMN
from cases.models import Case, ExploitationAccount
from cases.models.choices import Basis
from cases.models.situation import Control, Exploitation, Recruitment
from tests.cases import files
from tests.cases.asking import get, last, post, statuses
from tests.cases.test_record_person import closed, seen_on
from tests.cast import Cast

WORDS = "He said that my brother would pay for it."


def form(**changes: Any) -> dict[str, Any]:
    return {
        "exploitation": ["SexualExploitation", "ForcedBegging"],
        "recruitment": ["ThroughOnlineSocialNetworks"],
        "control": ["ThreatensChildrenFamily", "WithholdsDocuments"],
        "relationship": "Acquainted",
        "countries": ["XB", "XA"],
        "words": WORDS,
    } | changes


def test_strangers_find_nothing_readers_may_not_and_the_worker_may(
    cast: Cast, case: Case, nora: User
) -> None:
    strangers = [cast.omar, cast.ben, cast.aida, cast.hotline, cast.petra, nora]
    assert statuses(strangers, "account", case.pk, **form()) == [404] * 6
    assert statuses([cast.sami], "account", case.pk, **form()) == [403]
    assert not ExploitationAccount.objects.exists()
    assert statuses([cast.ana], "account", case.pk, **form()) == [302]
    assert ExploitationAccount.objects.get().recorded_by == cast.ana


@pytest.mark.parametrize("basis", [Basis.REQUEST, Basis.EMERGENCY])
def test_a_post_and_an_emergency_never_see_it(cast: Cast, case: Case, basis: Basis) -> None:
    post(cast.ana, "account", case.pk, **form())
    viewer = cast.konsul if basis == Basis.REQUEST else cast.omar
    files.ground(case, basis, account=viewer)
    assert get(viewer, "account", case.pk).status_code == 404
    assert "recorded what happened" not in get(viewer, "case_history", case.pk).content.decode()


def test_everything_is_kept_and_shown_to_a_reader_in_words(cast: Cast, case: Case) -> None:
    post(cast.ana, "account", case.pk, **form())
    row = ExploitationAccount.objects.get()
    assert (row.exploitation, row.relationship) == (["SexualExploitation", "ForcedBegging"], "Acquainted")
    assert (row.countries, row.words) == (["XB", "XA"], WORDS)
    page = get(cast.sami, "account", case.pk).content.decode()
    for words in ("Sexual exploitation, Forced begging", "Known to the child before", "Documents withheld"):
        assert words in page
    assert "Belmora, Arvania" in page
    assert WORDS in page
    assert "<textarea" not in page


def test_the_form_shows_what_is_stored_and_warns_of_images(cast: Cast, case: Case) -> None:
    post(cast.ana, "account", case.pk, **form())
    page = get(cast.ana, "account", case.pk).content.decode()
    assert page.count(" checked") == 5
    assert WORDS in page
    assert "Images of abuse are never described in detail and never attached." in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"exploitation": ["Everything"]}, "Everything"),
        ({"recruitment": ["ByPost"]}, "ByPost"),
        ({"control": ["Hypnosis"]}, "Hypnosis"),
        ({"relationship": "Friend"}, "Friend"),
        ({"countries": ["ZZ"]}, "ZZ"),
        ({"words": "x" * 20_001}, "20000"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_saves_nothing(
    cast: Cast, case: Case, wrong: dict[str, Any], says: str
) -> None:
    answer = post(cast.ana, "account", case.pk, **form(**wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ExploitationAccount.objects.exists()


def test_there_is_one_account_and_every_earlier_state_of_it(cast: Cast, case: Case) -> None:
    post(cast.ana, "account", case.pk, **form())
    for _click in range(2):
        post(cast.ana, "account", case.pk, **form(words="And later in the city too.", control=[]))
    row = ExploitationAccount.objects.get()
    assert [kept.words for kept in row.history.all()] == ["And later in the city too.", WORDS]
    assert AuditEvent.objects.filter(verb="account.recorded").count() == 2


@pytest.mark.parametrize("is_first", [True, False])
def test_the_second_of_two_who_write_sees_both_and_chooses(cast: Cast, case: Case, is_first: bool) -> None:
    files.ground(case, Basis.DUTY, account=cast.ben)
    if not is_first:
        post(cast.ana, "account", case.pk, **form(words="As it was in the morning."))
    shown = seen_on(get(cast.ana, "account", case.pk))
    post(cast.ben, "account", case.pk, **form(words="Written by Ben at night."))
    answer = post(cast.ana, "account", case.pk, **form(), seen=shown)
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("Somebody else has saved this meanwhile.", "Written by Ben at night.", WORDS):
        assert words in page
    assert ExploitationAccount.objects.get().words == "Written by Ben at night."
    assert post(cast.ana, "account", case.pk, **form(), seen=seen_on(answer)).status_code == 302
    assert ExploitationAccount.objects.get().words == WORDS


def test_a_second_click_is_not_somebody_else(cast: Cast, case: Case) -> None:
    shown = seen_on(get(cast.ana, "account", case.pk))
    for _click in range(2):
        assert post(cast.ana, "account", case.pk, **form(), seen=shown).status_code == 302


def test_the_audit_names_parts_and_no_value(cast: Cast, case: Case) -> None:
    post(cast.ana, "account", case.pk, **form(words="", countries=[]))
    event = last(case.pk, "account.recorded")
    assert event.details == {"fields": ["control", "exploitation", "recruitment", "relationship"]}
    assert event.sections == ["account"]


def test_the_childs_words_do_not_stand_in_clear(cast: Cast, case: Case) -> None:
    post(cast.ana, "account", case.pk, **form())
    assert "brother" not in str(ExploitationAccount.objects.values().get())


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("vic_TypeOfExploitation", Exploitation.values),
        ("vic_MethodOfRecruitment", Recruitment.values),
        ("vic_MethodsOfControl", Control.values),
    ],
)
def test_the_codes_are_those_of_the_standard(column: str, values: list[str]) -> None:
    assert set(values) == set(COLUMN[column].values)


def test_a_file_that_is_not_open_is_written_no_more(cast: Cast, case: Case) -> None:
    closed(case, cast)
    answer = post(cast.ana, "account", case.pk, **form())
    assert answer.status_code == 422
    assert "The case is not open" in answer.content.decode()
    assert not ExploitationAccount.objects.exists()
