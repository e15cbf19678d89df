"""Two people over one form: the second sees both values, field by field, and chooses."""

from typing import Any

import pytest
from django.urls import reverse
from lxml import html  # type: ignore[import-untyped]  # it has no types

from accounts.acting import acting_as
from accounts.models import User
from cases.models import Case, Child
from cases.models.choices import Basis
from tests.cases import files
from tests.cases.asking import browser, get
from tests.cast import Cast
from tests.trials.edits import Sheet


@pytest.fixture
def both(cast: Cast, case: Case) -> Case:
    files.ground(case, Basis.DUTY, account=cast.ben)
    return case


def opened(user: User, case: Case) -> Sheet:
    return _sheet(get(user, "case_identity", case.pk), case)


def _sheet(answer: Any, case: Case) -> Sheet:
    page = html.fromstring(answer.content.decode())
    form = next(each for each in page.forms if "known_as" in each.fields)
    return Sheet(form, reverse("case_identity", args=[case.pk]))


def send(user: User, sheet: Sheet) -> Any:
    return browser(user).post(sheet.action, sheet.data())


def write(sheet: Sheet, **words: str) -> Sheet:
    for name, value in words.items():
        sheet.choose(name, value)
    return sheet


def saved(case: Case) -> tuple[str, str]:
    child = Child.objects.get(case=case)
    return child.known_as or "", child.languages or ""


def met(cast: Cast, case: Case, ana: dict[str, str], ben: dict[str, str]) -> Sheet:
    """Ben saves while Ana types; what she is shown when she saves."""
    page = write(opened(cast.ana, case), **ana)
    assert send(cast.ben, write(opened(cast.ben, case), **ben)).status_code == 302
    answer = send(cast.ana, page)
    assert answer.status_code == 422
    return _sheet(answer, case)


@pytest.mark.parametrize("seen", ["9" * 5000, "9" * 900, "x", "-1"])
def test_a_state_that_there_never_was_is_asked_about(cast: Cast, both: Case, seen: str) -> None:
    page = write(opened(cast.ana, both), known_as="Anna")
    send(cast.ben, write(opened(cast.ben, both), known_as="Hanna"))
    answer = browser(cast.ana).post(page.action, {**page.data(), "seen": seen})
    assert answer.status_code == 422
    assert saved(both)[0] == "Hanna"


def test_what_both_changed_is_asked_and_nothing_is_chosen_for_them(cast: Cast, both: Case) -> None:
    page = met(cast, both, {"known_as": "Anna"}, {"known_as": "Hanna"})
    assert saved(both)[0] == "Hanna"
    assert page.choices == ["choice-known_as"]
    assert page.value("choice-known_as") in ("", "None")
    for words in ("Saved meanwhile · Ben ·", "Hanna", "Yours", "Anna"):
        assert words in page.text
    # Sent without an answer it is asked again, and what was typed is there still.
    again = send(cast.ana, page)
    assert again.status_code == 422
    assert _sheet(again, both).value("known_as") == "Anna"
    assert saved(both)[0] == "Hanna"


@pytest.mark.parametrize(("answer", "stands"), [("theirs", "Hanna"), ("mine", "Anna")])
def test_what_was_chosen_stands(cast: Cast, both: Case, answer: str, stands: str) -> None:
    page = met(cast, both, {"known_as": "Anna"}, {"known_as": "Hanna"})
    assert send(cast.ana, write(page, **{"choice-known_as": answer})).status_code == 302
    assert saved(both)[0] == stands


def test_what_only_one_of_them_changed_needs_no_choice(cast: Cast, both: Case) -> None:
    page = met(cast, both, {"known_as": "Anna"}, {"languages": "Ukrainian"})
    assert page.choices == []
    assert "Taken over, because you have not changed it" in page.text
    assert (page.value("known_as"), page.value("languages")) == ("Anna", "Ukrainian")
    assert send(cast.ana, page).status_code == 302
    assert saved(both) == ("Anna", "Ukrainian")


def test_the_same_from_both_is_no_difference(cast: Cast, both: Case) -> None:
    page = write(opened(cast.ana, both), known_as="Anna")
    assert send(cast.ben, write(opened(cast.ben, both), known_as="Anna")).status_code == 302
    assert send(cast.ana, page).status_code == 302


def test_a_third_hand_is_asked_about_again(cast: Cast, both: Case) -> None:
    page = met(cast, both, {"known_as": "Anna"}, {"known_as": "Hanna"})
    assert send(cast.ben, write(opened(cast.ben, both), known_as="Johanna")).status_code == 302
    answer = send(cast.ana, write(page, **{"choice-known_as": "mine"}))
    assert answer.status_code == 422
    again = _sheet(answer, both)
    assert "Johanna" in again.text
    assert again.choices == ["choice-known_as"]
    assert saved(both)[0] == "Johanna"


def test_a_mistake_elsewhere_loses_neither_the_choice_nor_the_words(cast: Cast, both: Case) -> None:
    page = met(cast, both, {"known_as": "Anna"}, {"known_as": "Hanna"})
    wrong = write(page, **{"choice-known_as": "theirs", "birth_date_year": "1800"})
    answer = send(cast.ana, wrong)
    assert answer.status_code == 422
    again = _sheet(answer, both)
    assert (again.value("choice-known_as"), again.value("known_as")) == ("theirs", "Anna")


def test_a_page_without_marks_is_asked_about_every_difference(cast: Cast, both: Case) -> None:
    """One that was drawn before there were any, or a script of somebody's own."""
    page = write(opened(cast.ana, both), known_as="Anna")
    assert send(cast.ben, write(opened(cast.ben, both), languages="Ukrainian")).status_code == 302
    sent = {name: value for name, value in page.data().items() if name != "shown"}
    answer = browser(cast.ana).post(page.action, sent)
    assert _sheet(answer, both).choices == ["choice-known_as", "choice-languages"]
    assert saved(both)[0] != "Anna"


def test_a_colleague_is_named_and_somebody_of_another_agency_is_not(cast: Cast, both: Case) -> None:
    User.objects.filter(pk=cast.ben.pk).update(agency=cast.omar.agency)
    child = Child.objects.get(case=both)
    page = write(opened(cast.ana, both), known_as="Anna")
    child.known_as = "Hanna"
    with acting_as(User.objects.get(pk=cast.ben.pk)):
        child.save()
    text = _sheet(send(cast.ana, page), both).text
    assert f"Saved meanwhile · {cast.omar.agency.name} ·" in text
    assert "· Ben ·" not in text
