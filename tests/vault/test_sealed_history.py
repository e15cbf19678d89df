"""History rows carry the same bytes and open like the row they tell of."""

from datetime import date

import pytest

from cases.models import Case, Child
from tests.cast import Cast
from tests.vault.conftest import CANARY
from vault import keys
from vault.errors import KeyMissing, SealBroken
from vault.fields import SealedText
from vault.models import DataKey


def bytes_of(row: object) -> bytes:
    sealed: bytes = getattr(row, "known_as_sealed")  # noqa: B009  # The column's name is for this test alone.
    return sealed


def test_its_bytes_are_the_row_s_own(child: Child) -> None:
    assert bytes_of(child.history.get()) == bytes_of(Child.objects.get())


def test_every_state_opens(child: Child) -> None:
    child.known_as, child.birth_date, child.languages = "Mira", date(2011, 2, 3), ["ro"]
    child.save()
    new, old = child.history.order_by("-history_id")
    assert (new.known_as, new.birth_date, new.languages) == ("Mira", date(2011, 2, 3), ["ro"])
    assert (old.known_as, old.birth_date, old.languages) == (CANARY, None, None)


def test_an_untouched_value_shows_no_difference(child: Child) -> None:
    child.known_as, child.gender = CANARY, "girl"
    child.save()
    new, old = child.history.order_by("-history_id")
    assert new.diff_against(old).changed_fields == ["gender"]


def test_a_changed_value_shows_a_difference_and_no_words(child: Child) -> None:
    child.known_as = "Mira"
    child.save()
    new, old = child.history.order_by("-history_id")
    (change,) = new.diff_against(old).changes
    assert change.field == "known_as"
    assert b"Mira" not in change.new


def test_the_former_state_of_a_row_opens(child: Child) -> None:
    child.known_as = "Mira"
    child.save()
    first = child.history.earliest()
    assert first.instance.known_as == CANARY
    assert first.history_object.known_as == CANARY


def test_a_case_s_own_words_open_in_its_history(cast: Cast) -> None:
    case = Case(agency=cast.ana.agency)
    keys.create(case.pk)
    case.signpost = CANARY
    case.save()
    assert case.history.get().signpost == CANARY


def test_a_scope_called_pk_is_the_case_s_and_not_the_history_row_s(cast: Cast) -> None:
    case = Case(agency=cast.ana.agency)
    keys.create(case.pk)
    case.save()
    field: SealedText[str, str] = SealedText(scope="pk")
    field.set_attributes_from_name("signpost")
    field.model = Case
    sealed = field.resealed(case, CANARY, None)
    assert field.open(case.history.get(), sealed or b"") == CANARY


def test_bytes_of_another_child_s_history_do_not_open(child: Child, other_child: Child) -> None:
    row = child.history.get()
    row.known_as_sealed = bytes_of(other_child.history.get())
    with pytest.raises(SealBroken):
        row.known_as  # noqa: B018


def test_what_was_erased_is_erased_from_history_too(child: Child) -> None:
    DataKey.objects.filter(pk=child.case_id).delete()
    keys.forget_cached()
    with pytest.raises(KeyMissing):
        child.history.get().known_as  # noqa: B018
