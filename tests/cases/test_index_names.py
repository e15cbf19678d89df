"""A common word is spread over tokens, and an erased file leaves no word behind."""

from collections import Counter
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import sealing
from cases.matching import names
from cases.matching.names import lexicon, tokens_of_word
from cases.models import Child, NameWord, SearchTokens
from cases.services import indexing
from cases.services.identity import add_name, record_identity, remove_name
from cases.services.indexing import forget_words, index
from cases.services.searching import search
from tests.cases import files
from tests.cast import Cast
from tests.conftest import ClockHand


def number_of(word: str) -> int:
    return lexicon.number(word)


@pytest.fixture
def _soon_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FULL", 4)


@pytest.mark.usefixtures("_soon_full", "not_durable")
def test_a_common_word_is_spread_and_still_found(cast: Cast) -> None:
    cases = [files.screened(cast, worker=cast.ana, details={"name": "Mira"}) for _ in range(8)]
    jobs = ProcrastinateJob.objects.filter(task_name=indexing.SPREAD)
    assert {job.args["number"] for job in jobs} == {str(number_of("mira"))}
    indexing.spread_word(number_of("mira"))
    assert lexicon.salts_of(["mira"]) == {"mira": 2}
    tokens = tokens_of_word("mira", 2)
    carried = Counter(token for row in SearchTokens.objects.all() for token in row.tokens if token in tokens)
    assert sum(carried.values()) == 8
    assert set(search(cast.ana, "mira ")) == {case.pk for case in cases}
    # Who is written again keeps the token that it has.
    before = files.tokens_of(cases[0])
    index(Child.objects.get(pk=cases[0].child.pk))
    assert files.tokens_of(cases[0]) == before


@pytest.mark.usefixtures("_soon_full", "not_durable")
def test_a_job_that_comes_late_or_twice_does_nothing(cast: Cast) -> None:
    files.screened(cast, worker=cast.ana, details={"name": "Mira"})
    indexing.spread_word(number_of("mira"))
    indexing.spread_word(12345)
    assert lexicon.salts_of(["mira"]) == {"mira": 1}


def test_an_erased_file_leaves_no_word_that_only_it_had(cast: Cast) -> None:
    one = files.screened(cast, worker=cast.ana, details={"name": "Mira Rarest"})
    files.screened(cast, worker=cast.ana, details={"name": "Mira Other"})
    name = add_name(one.pk, actor=cast.ana, kind="alias", given="Longago", family="")
    remove_name(one.pk, name.pk, actor=cast.ana)
    for known_as in ("Once", "Mira"):
        record_identity(one.pk, actor=cast.ana, identity=files.identity(known_as=known_as))
    # As a second import does, in place.
    alias = add_name(one.pk, actor=cast.ana, kind="alias", given="Before", family="")
    alias.given = "Rarest"
    alias.save()
    its_own = ["rarest", "longago", "once", "before"]
    assert set(lexicon.salts_of(["mira", *its_own])) == {"mira", *its_own}
    forget_words(Child.objects.get(case=one))
    assert set(lexicon.salts_of(["mira", *its_own, "other"])) == {"mira", "other"}
    assert files.tokens_of(one) == []
    assert search(cast.ana, "rarest") == []


def test_two_files_of_one_name_have_nothing_of_the_digest_in_common(cast: Cast) -> None:
    one, other = (files.screened(cast, worker=cast.ana, details={"name": "Mira Moss"}) for _ in range(2))
    digests = {Child.objects.get(case=case).identity_digest for case in (one, other)}
    assert len(digests) == 2
    assert "" not in digests


def test_no_number_of_bearers_stands_in_the_table(cast: Cast) -> None:
    files.screened(cast, worker=cast.ana, details={"name": "Mira"})
    before = list(NameWord.objects.filter(pk=number_of("mira")).values())
    files.screened(cast, worker=cast.ana, details={"name": "Mira"})
    assert list(NameWord.objects.filter(pk=number_of("mira")).values()) == before
    assert names.FULL >= 4


@pytest.mark.usefixtures("own_horizon")
@pytest.mark.django_db(transaction=True)
def test_after_a_while_no_word_tells_which_write_brought_it(cast: Cast, clock_at: ClockHand) -> None:
    """The number of a transaction stands at the rows of a case too."""
    files.screened(cast, worker=cast.ana, details={"name": "Mira"})
    sealing.seal_all()
    indexing.forget_which_write()
    assert all(word.changed for word in NameWord.objects.all())
    clock_at.forward(timedelta(hours=3))
    files.screened(cast, worker=cast.ana, details={"name": "Oren"})
    indexing.forget_which_write()
    changed = {name: NameWord.objects.get(pk=number_of(name)).changed for name in ("mira", "oren")}
    assert changed["mira"] == 0 < changed["oren"]
    assert len(search(cast.ana, "mira ")) == 1
