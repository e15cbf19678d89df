"""What makes a child's file findable: the words of its names in the lexicon, and tokens in its row."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

import clock
from accounts import policy
from accounts.lasting import ERA_FUNCTION
from accounts.models import Seal
from cases.matching.facts import Facts, facts_of, facts_of_many
from cases.matching.names import FULL, SECONDS_IN_MEMORY, lexicon, other_tokens, tokens_of_word
from cases.matching.words import words_of
from cases.models import Child, PersonName, SearchTokens
from vault.errors import KeyMissing, SealBroken
from vault.sealing import own_digest

SPREAD = "cases.spread_word"
# Clocks of two machines, and a question that takes long.
SPARE = timedelta(hours=1)


def index(child: Child) -> None:
    """A part of other writes: recomputes what is derived from who the child is; no history row."""
    facts = facts_of(child)
    child.identity_digest = identity_digest(child.case_id, facts)
    Child.objects.filter(pk=child.pk).update(identity_digest=child.identity_digest)
    make_findable([(child.case_id, facts)])


def make_findable(files: Iterable[tuple[UUID, Facts]]) -> None:
    """A part of other writes: the words into the lexicon, the tokens into the row of each of these cases."""
    facts_of_case = dict(files)
    salts = lexicon.keep({word for facts in facts_of_case.values() for word in facts.words})
    before = dict(SearchTokens.objects.filter(pk__in=facts_of_case).values_list("pk", "tokens"))
    rows = []
    for case_id, facts in facts_of_case.items():
        own = {_drawn(word, salts[word], before.get(case_id, ())) for word in facts.words}
        rows.append(SearchTokens(case_id=case_id, tokens=sorted(own | other_tokens(facts))))
    SearchTokens.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["tokens"]
    )
    _spread_what_is_full(salts, rows)


def _drawn(word: str, salts: int, before: Collection[int]) -> int:
    """The token that the row has for this word already, or one of them by lot, so that they fill up evenly."""
    possible = tokens_of_word(word, salts)
    kept = set(possible).intersection(before)
    return min(kept) if kept else secrets.choice(possible)


def identity_digest(case_id: UUID, facts: Facts) -> str:
    """Names and birth date as one value that only this file can have, and nobody knows without its key."""
    names = "|".join(sorted(" ".join(name) for name in facts.names))
    return own_digest(case_id, "identity", f"{facts.born}|{names}")


def _spread_what_is_full(salts: Mapping[str, int], rows: Iterable[SearchTokens]) -> None:
    """Defers a job for each word of which a token is carried by too many rows: it would stand out by its number."""
    carried = {each for row in rows for each in row.tokens}
    words = {each: word for word, many in salts.items() for each in tokens_of_word(word, many)}
    for word in {words[full] for full in _full(carried & words.keys())}:
        app.configure_task(SPREAD).defer(number=str(lexicon.number(word)))


def _full(tokens: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM unnest(%s::bigint[]) asked(token) WHERE (SELECT count(*) FROM (SELECT"
            " FROM cases_searchtokens WHERE tokens @> ARRAY[token] LIMIT %s) carried) >= %s",
            [list(tokens), FULL, FULL],
        )
        return [full for (full,) in cursor.fetchall()]


def spread_word(number: int) -> None:
    """Doubles the tokens of a word and moves half of the rows of each, by lot; nothing if it is not full any more.

    A row that somebody is writing stays where it is: its token goes on counting.
    """
    with transaction.atomic(durable=True):
        found = lexicon.locked(number)
        if found is None:
            return
        word, salts = found
        if not _full(tokens_of_word(word, salts)):
            return
        lexicon.spread(word, 2 * salts)
        old, new = tokens_of_word(word, salts), tokens_of_word(word, 2 * salts)[salts:]
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE cases_searchtokens SET tokens = array_replace(tokens, %(old)s, %(new)s) WHERE case_id IN"
                " (SELECT case_id FROM cases_searchtokens WHERE tokens @> ARRAY[%(old)s::bigint]"
                " AND random() < 0.5 FOR UPDATE SKIP LOCKED)",
                [{"old": one, "new": other} for one, other in zip(old, new, strict=True)],
            )


def forget_words(child: Child) -> None:
    """A part of the erasure of a case, while its key still opens it: no token, and no word that no other file has.

    Looks through history too: a name that was changed long ago left its words behind.
    """
    words = _words_ever(child)
    SearchTokens.objects.filter(pk=child.case_id).update(tokens=[])
    for word in sorted(words, key=lexicon.number):
        found = lexicon.locked(lexicon.number(word))
        if found and not SearchTokens.objects.filter(tokens__overlap=tokens_of_word(*found)).exists():
            lexicon.remove(word)


def _words_ever(child: Child) -> set[str]:
    names = [
        *PersonName.objects.filter(child=child),
        *PersonName.history.filter(child_id=child.pk),
    ]
    said = [part for name in names for part in (name.given, name.family)]
    said += [row.known_as for row in [child, *Child.history.filter(id=child.pk)]]
    return {word for each in said if each for word in words_of(each)}


def make_what_is_missing(batch: int = 500) -> Iterator[tuple[int, int]]:
    """After a restore, for backups have neither words nor tokens.

    After each batch: how many files can be found again, and how many do not open. Those stay as they are, for their key
    may be restored later. A killed run goes on where it ended. Raises KeyRingError.
    """
    made, closed, last = 0, 0, UUID(int=0)
    missing = Child.objects.filter(case__search_tokens=None).select_related("case").order_by("pk")
    while children := list(missing.filter(pk__gt=last)[:batch]):
        found = _facts_where_they_open(children)
        with transaction.atomic(durable=True):
            make_findable(found)
        made, closed = made + len(found), closed + len(children) - len(found)
        last = children[-1].pk
        yield made, closed


def _facts_where_they_open(children: Sequence[Child]) -> list[tuple[UUID, Facts]]:
    """An erased file has none, and is done with."""
    erased = [(child.case_id, Facts()) for child in children if child.case.erased_at]
    kept = [child for child in children if not child.case.erased_at]
    try:
        facts = facts_of_many(kept)
    except (KeyMissing, SealBroken):
        return erased + [found for child in kept for found in _facts_if_it_opens(child)]
    return erased + [(child.case_id, each) for child, each in zip(kept, facts, strict=True)]


def _facts_if_it_opens(child: Child) -> list[tuple[UUID, Facts]]:
    try:
        return [(child.case_id, facts_of(child))]
    except (KeyMissing, SealBroken):
        return []


def forget_which_write() -> None:
    """Takes away which write brought a word, or removed it, once no process can ask from before it any more.

    Where that lies is what a seal says that is older than any lexicon stays open unused.
    """
    unused = timedelta(seconds=int(policy.get(SECONDS_IN_MEMORY))) + SPARE
    seal = Seal.objects.filter(sealed_at__lte=clock.now() - unused).order_by("-number").first()
    if seal:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT %s - {ERA_FUNCTION}", [seal.upto])
            ((horizon,),) = cursor.fetchall()
        lexicon.settle(horizon)
