"""Sealed fields: plain in hand, ciphertext in the row, and a sentence for whatever does not go."""

import copy
import pickle
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, assert_type
from uuid import UUID, uuid4

import pytest
from django.apps.registry import Apps
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from django.utils.functional import lazystr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from cases.models import Case, Child, IdNumber
from tests.cast import Cast
from tests.vault.conftest import CANARY
from vault import keys
from vault.errors import KeyMissing, SealBroken
from vault.fields import SealedDate, SealedField, SealedJSON, SealedText
from vault.models import DataKey

KEEPS_FIXTURE = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def stored(child: Child, name: str = "known_as") -> bytes | None:
    """The bytes on the instance."""
    sealed: bytes | None = getattr(child, f"{name}_sealed")
    return sealed


def in_database(child: Child) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT known_as_sealed FROM cases_child WHERE id = %s", [child.pk])
        return bytes(cursor.fetchone()[0])


def pickled_and_back(child: Child) -> Child:
    back: Child = pickle.loads(pickle.dumps(child))  # noqa: S301
    return back


def unsaved() -> Child:
    """A child of a case that needs no row for what is asked here."""
    case_id = uuid4()
    keys.create(case_id)
    return Child(case_id=case_id)


# -- what comes back ------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestKinds:
    @KEEPS_FIXTURE
    @given(st.text())
    def test_text(self, value: str) -> None:
        child = unsaved()
        child.known_as = value
        assert child.known_as == value

    @KEEPS_FIXTURE
    @given(st.dates())
    def test_date(self, value: date) -> None:
        child = unsaved()
        child.birth_date = value
        assert child.birth_date == value

    @KEEPS_FIXTURE
    @given(ANY_JSON.filter(lambda value: value is not None))
    def test_json(self, value: Any) -> None:
        child = unsaved()
        child.languages = value
        assert child.languages == value

    def test_types(self) -> None:
        child, number = unsaved(), IdNumber()
        assert_type(child.known_as, str | None)
        assert_type(child.birth_date, date | None)
        assert (child.known_as, child.birth_date, child.languages) == (None, None, None)
        assert number.number is None  # Nothing was set; the database refuses it.

    def test_nothing_is_null(self, child: Child) -> None:
        child.known_as = None
        child.save()
        assert Child.objects.filter(known_as__isnull=True).get() == child
        child.refresh_from_db()
        assert child.known_as is None

    def test_empty_text_is_not_nothing(self, child: Child) -> None:
        child.known_as = ""
        child.save()
        child.refresh_from_db()
        assert child.known_as == ""

    def test_what_must_be_given_is_asked_by_the_database(self, child: Child) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            IdNumber.objects.create(child=child, case=child.case)

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("known_as", 7, "cases.Child.known_as takes text, not int."),
            ("known_as", b"bytes", "cases.Child.known_as takes text, not bytes."),
            ("known_as", lazystr(CANARY), "cases.Child.known_as takes text, not __proxy__."),
            ("birth_date", "2010-01-01", "cases.Child.birth_date takes a date, not str."),
            ("birth_date", datetime(2010, 1, 1, tzinfo=UTC), "takes a date, not datetime."),
            ("languages", {CANARY}, "not JSON serializable"),
            ("languages", {(CANARY,): 1}, "not tuple"),
        ],
    )
    def test_another_kind_is_refused(self, name: str, value: Any, says: str) -> None:
        with pytest.raises(TypeError) as refused:
            setattr(unsaved(), name, value)
        assert says in str(refused.value)
        assert CANARY not in "".join(traceback.format_exception(refused.value))

    def test_json_keeps_to_the_standard(self) -> None:
        with pytest.raises(ValueError, match="JSON"):
            unsaved().languages = [float("nan")]

    def test_true_and_one_are_two_values(self) -> None:
        child = unsaved()
        child.languages = [True]
        child.languages = [1]
        assert child.languages[0] is not True

    def test_a_part_is_changed_by_setting_the_whole(self) -> None:
        child = unsaved()
        child.languages = ["ro"]
        child.languages.append("ru")
        assert child.languages == ["ro"]


# -- how Django handles it ------------------------------------------------------------------------------


@pytest.mark.django_db
class TestRows:
    def test_the_row_holds_ciphertext(self, child: Child) -> None:
        assert in_database(child) == stored(child)
        assert not any(part.encode() in in_database(child) for part in CANARY.split())

    @pytest.mark.parametrize("make", [lambda **row: Child(**row), lambda **row: Child.objects.create(**row)])
    def test_a_constructor_takes_it_in_any_order(self, cast: Cast, make: Callable[..., Child]) -> None:
        case = Case.objects.create(agency=cast.ana.agency)
        keys.create(case.pk)
        made = make(known_as=CANARY, birth_date=date(2011, 2, 3), languages=["ro"], case=case)
        made.save()
        found = Child.objects.get(pk=made.pk)
        assert (found.known_as, found.birth_date, found.languages) == (CANARY, date(2011, 2, 3), ["ro"])

    def test_a_case_is_its_own_scope(self, cast: Cast) -> None:
        case = Case(agency=cast.ana.agency)
        keys.create(case.pk)
        case.signpost = CANARY
        case.save()
        assert Case.objects.get(pk=case.pk).signpost == CANARY

    def test_an_id_given_as_text_is_the_same_id(self, child: Child) -> None:
        row = {"pk": str(uuid4()).upper(), "case_id": str(child.case_id), "known_as": CANARY}
        made: Child = Child(**row)
        again: Child = Child(pk=UUID(row["pk"]), case_id=child.case_id, **{"known_as_sealed": stored(made)})
        assert again.known_as == CANARY

    def test_only_what_is_named_is_saved(self, child: Child) -> None:
        child.known_as, child.presumption_note = "Mira", CANARY
        child.save(update_fields=["known_as"])
        found = Child.objects.get()
        assert (found.known_as, found.presumption_note) == ("Mira", None)

    def test_a_refresh_brings_the_saved_value_back(self, child: Child) -> None:
        child.known_as = "Mira"
        child.refresh_from_db(fields=["known_as"])
        assert child.known_as == CANARY

    @pytest.mark.parametrize("narrow", [lambda rows: rows.defer("known_as"), lambda rows: rows.only("case")])
    def test_a_deferred_value_is_fetched_when_read(
        self, child: Child, narrow: Any, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        found = narrow(Child.objects.all()).get()
        assert "known_as_sealed" in found.get_deferred_fields()
        with django_assert_num_queries(1):
            assert found.known_as == CANARY
        with django_assert_num_queries(0):
            assert found.known_as == CANARY

    def test_a_deferred_value_is_not_fetched_to_be_replaced(
        self, child: Child, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        found = Child.objects.defer("known_as").get()
        with django_assert_num_queries(0):
            found.known_as = "Mira"
        found.save()
        assert Child.objects.get().known_as == "Mira"

    def test_saving_a_deferred_row_leaves_the_value(self, child: Child) -> None:
        before = in_database(child)
        Child.objects.defer("known_as").get().save()
        assert in_database(child) == before

    def test_many_at_once(self, child: Child) -> None:
        rows: list[dict[str, Any]] = [{"number": str(number)} for number in range(3)]
        made = IdNumber.objects.bulk_create(
            IdNumber(child=child, case=child.case, kind="passport", **row) for row in rows
        )
        for row in made:
            row.number = f"{CANARY} {row.number}"
        IdNumber.objects.bulk_update(made, ["number"])
        assert {row.number for row in IdNumber.objects.all()} == {f"{CANARY} {number}" for number in range(3)}

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled_and_back])
    def test_copies_open(self, child: Child, duplicate: Callable[[Child], Child]) -> None:
        assert duplicate(child).known_as == CANARY

    def test_a_pickle_holds_no_plaintext(self, child: Child) -> None:
        assert child.known_as == CANARY
        pickled = pickle.dumps(child)
        assert not any(part.encode() in pickled for part in CANARY.split())

    def test_an_equal_value_keeps_its_bytes(self, child: Child) -> None:
        before = stored(child)
        child.known_as = CANARY
        assert stored(child) == before
        child.known_as = "Mira"
        child.known_as = CANARY
        assert stored(child) != before

    def test_the_order_in_which_parts_are_named_is_no_change(self, child: Child) -> None:
        child.languages = {"speaks": ["ro"], "reads": []}
        before = stored(child, "languages")
        child.languages = {"reads": [], "speaks": ["ro"]}
        assert stored(child, "languages") == before

    def test_another_class_for_the_same_rows_opens_them(self, child: Child) -> None:
        class Seen(Child):
            class Meta:
                app_label = "cases"
                # Of no registry that anything else asks.
                apps = Apps()
                proxy = True

        assert (
            Seen(**{"pk": child.pk, "case_id": child.case_id, "known_as_sealed": stored(child)}).known_as
            == CANARY
        )


# -- what it refuses ------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestMovedBytes:
    def test_from_another_case(self, child: Child, other_child: Child) -> None:
        Child.objects.filter(pk=child.pk).update(known_as=stored(other_child))
        self.refuses(child)

    def test_from_another_field(self, child: Child) -> None:
        child.presumption_note = CANARY
        Child.objects.filter(pk=child.pk).update(known_as=stored(child, "presumption_note"))
        self.refuses(child)

    def test_from_another_row_of_the_case(self, child: Child) -> None:
        row: dict[str, Any] = {"case": child.case, "known_as": CANARY}
        Child.objects.filter(pk=child.pk).update(known_as=stored(Child(**row)))
        self.refuses(child)

    def test_cut(self, child: Child) -> None:
        Child.objects.filter(pk=child.pk).update(known_as=in_database(child)[:-1])
        self.refuses(child)

    def test_a_damaged_value_can_be_put_right(self, child: Child) -> None:
        Child.objects.filter(pk=child.pk).update(known_as=b"\x01 rubbish")
        child.refresh_from_db()
        child.known_as = CANARY
        child.save()
        assert Child.objects.get().known_as == CANARY

    def test_of_another_kind(self, child: Child) -> None:
        """A field whose kind was changed without sealing anew: the reader's errors would show the value."""
        for kind in (SealedDate, SealedJSON):
            field: SealedField[Any, Any] = kind(scope="case_id")
            field.set_attributes_from_name("known_as")
            field.model = Child
            with pytest.raises(SealBroken) as refused:
                field.open(child, stored(child) or b"")
            assert str(refused.value) == "What cases.Child.known_as holds is of another kind."
            assert CANARY not in repr(refused.value.__context__)

    @staticmethod
    def refuses(child: Child) -> None:
        found = Child.objects.get(pk=child.pk)
        with pytest.raises(SealBroken):
            found.known_as  # noqa: B018


@pytest.mark.django_db
class TestRefusals:
    def test_an_erased_case_neither_opens_nor_seals(self, child: Child) -> None:
        DataKey.objects.all().delete()
        keys.forget_cached()
        found = Child.objects.get()
        with pytest.raises(KeyMissing):
            found.known_as  # noqa: B018
        with pytest.raises(KeyMissing):
            found.known_as = "Mira"

    def test_no_case_yet(self) -> None:
        with pytest.raises(ValueError, match=r"cases\.Child\.known_as .*set case_id first") as refused:
            Child().known_as = CANARY
        assert CANARY not in str(refused.value)

    def test_no_id_yet(self) -> None:
        with pytest.raises(ValueError, match=r"accounts\.AuditEvent\.reason .*no id yet") as refused:
            AuditEvent(case_id=uuid4()).reason = CANARY
        assert CANARY not in str(refused.value)

    def test_half_a_character(self) -> None:
        for name in ("known_as", "languages"):
            with pytest.raises(ValueError, match=rf"^cases\.Child\.{name} holds .* surrogate") as refused:
                setattr(unsaved(), name, CANARY + "\ud800")
            assert CANARY not in repr(refused.value)
            assert refused.value.__context__ is None

    @pytest.mark.parametrize("lookup", ["", "__exact", "__in", "__contains", "__startswith", "__gt", "__foo"])
    def test_a_search(self, lookup: str) -> None:
        with pytest.raises(FieldError) as refused:
            Child.objects.filter(**{f"known_as{lookup}": [CANARY]})
        assert "cases.Child.known_as is sealed" in str(refused.value)
        assert CANARY not in str(refused.value)

    @pytest.mark.parametrize("value", [CANARY, date(2011, 2, 3), [CANARY]])
    def test_an_update_in_clear(self, child: Child, value: Any) -> None:
        with pytest.raises(FieldError) as refused:
            Child.objects.update(known_as=value)
        assert CANARY not in str(refused.value)

    def test_an_update_to_nothing_is_fine(self, child: Child) -> None:
        Child.objects.update(known_as=None)
        assert Child.objects.get().known_as is None

    @pytest.mark.parametrize("form", ["json", "xml", "python", "jsonl"])
    def test_a_dump_in_clear(self, child: Child, form: str) -> None:
        child.birth_date = date(2011, 2, 3)
        with pytest.raises(FieldError, match="not serialised"):
            serializers.serialize(form, [child])

    def test_a_model_form_has_no_place_for_it(self, child: Child) -> None:
        form = modelform_factory(Child, fields=["gender", "known_as", "birth_date"])
        assert list(form.base_fields) == ["gender"]

    def test_what_an_instance_shows(self, child: Child) -> None:
        child.known_as  # noqa: B018  # Opened once; nothing of it may stay.
        assert not any(part in shown for part in CANARY.split() for shown in (repr(child), repr(vars(child))))


# -- what migrations and checks see ---------------------------------------------------------------------


class TestDefinition:
    def test_it_is_rebuilt_as_it_was(self) -> None:
        for model_field in Child._meta.fields:
            if isinstance(model_field, SealedField):
                _, _, args, options = model_field.deconstruct()
                again = type(model_field)(*args, **options)
                again.set_attributes_from_name(model_field.name)
                assert again.deconstruct() == model_field.deconstruct()
                assert "scope='case_id'" in MigrationWriter.serialize(model_field)[0]

    def test_its_column_is_bytes_under_a_name_that_says_so(self) -> None:
        field = Child._meta.get_field("known_as")
        assert isinstance(field, models.Field)
        assert (field.column, field.db_type(connection)) == ("known_as_sealed", "bytea")

    @pytest.mark.parametrize("option", ["default", "unique", "db_index", "primary_key", "choices"])
    def test_options_that_ciphertext_cannot_keep(self, option: str) -> None:
        options: dict[str, Any] = {option: True}
        with pytest.raises(TypeError, match=option):
            SealedText(scope="case_id", **options)

    def test_it_must_be_given_unless_it_says_otherwise(self) -> None:
        field: SealedText[str, str] = SealedText(scope="case_id")
        assert (field.null, field.blank, field.help_text) == (False, False, "")

    def test_it_keeps_what_it_is_told(self) -> None:
        field: SealedText[str, str] = SealedText(
            "known as", scope="case_id", blank=True, help_text="in words", db_column="column"
        )
        kept = (field.verbose_name, field.blank, field.help_text, field.db_column)
        assert kept == ("known as", True, "in words", "column")

    def test_another_scope_is_no_other_column(self) -> None:
        named, other = (SealedText(scope=scope) for scope in ("case_id", "pk"))
        for field in (named, other):
            field.set_attributes_from_name("known_as")
            field.model = Child
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            editor.alter_field(Child, named, other, strict=True)
        assert editor.collected_sql == []

    def test_a_scope_that_the_model_lacks(self) -> None:
        field: SealedText[str, str] = SealedText(scope="no_such_id")
        field.set_attributes_from_name("known_as")
        field.model = Child
        (said,) = [message for message in field.check() if message.id == "vault.E001"]
        assert (said.obj, said.msg) == (field, "scope='no_such_id' is no attribute of the model.")
        assert Child.check() == []
