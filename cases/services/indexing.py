"""What makes a child's file findable: the words of its names in the lexicon, and tokens in its row."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from cases.matching.facts import Facts, facts_of
from cases.matching.names import FULL, lexicon, other_tokens, tokens_of_word
from cases.matching.words import words_of
from cases.models import Child, PersonName
from vault.tokens import keyed_digest

SPREAD = "cases.spread_word"


def index(child: Child) -> None:
    """A part of other writes: recomputes what is derived from who the child is; no history row."""
    facts = facts_of(child)
    salts = fill([(child, facts)])
    Child.objects.filter(pk=child.pk).update(
        search_tokens=child.search_tokens, identity_digest=child.identity_digest
    )
    spread_what_is_full(salts, [child])


def fill(children: Sequence[tuple[Child, Facts]]) -> dict[str, int]:
    """Sets tokens and digest without saving; gives the salts of all their words, which stay so until the commit."""
    salts = lexicon.keep({word for _child, facts in children for word in facts.words})
    for child, facts in children:
        child.search_tokens = sorted(
            other_tokens(facts) | {_drawn(child, word, salts[word]) for word in facts.words}
        )
        child.identity_digest = identity_digest(child.case_id, facts)
    return salts


def _drawn(child: Child, word: str, salts: int) -> int:
    """The token that the row has for this word already, or one of them by lot, so that they fill up evenly."""
    possible = tokens_of_word(word, salts)
    kept = set(possible).intersection(child.search_tokens)
    return min(kept) if kept else secrets.choice(possible)


def identity_digest(case_id: UUID, facts: Facts) -> str:
    """Names and birth date as one value that only this file can have: equal children have other digests."""
    names = "|".join(sorted(" ".join(name) for name in facts.names))
    return keyed_digest("identity", f"{case_id}|{facts.born}|{names}")


def spread_what_is_full(salts: Mapping[str, int], children: Iterable[Child]) -> None:
    """Defers a job for each word of which a token is carried by too many rows: it would stand out by its number."""
    carried = {each for child in children for each in child.search_tokens}
    words = {each: word for word, many in salts.items() for each in tokens_of_word(word, many)}
    for word in {words[full] for full in _full(carried & words.keys())}:
        app.configure_task(SPREAD).defer(number=str(lexicon.number(word)))


def _full(tokens: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM unnest(%s::bigint[]) asked(token) WHERE (SELECT count(*) FROM (SELECT FROM cases_child"
            " WHERE search_tokens @> ARRAY[token] LIMIT %s) carried) >= %s",
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
                "UPDATE cases_child SET search_tokens = array_replace(search_tokens, %(old)s, %(new)s)"
                " WHERE id IN (SELECT id FROM cases_child WHERE search_tokens @> ARRAY[%(old)s::bigint]"
                " AND random() < 0.5 FOR UPDATE SKIP LOCKED)",
                [{"old": one, "new": other} for one, other in zip(old, new, strict=True)],
            )


def forget_words(child: Child) -> None:
    """A part of the erasure of a case, while its key still opens it: no token, and no word that no other file has.

    Looks through history too: a name that was changed long ago left its words behind.
    """
    words = _words_ever(child)
    child.search_tokens, child.identity_digest = [], ""
    Child.objects.filter(pk=child.pk).update(search_tokens=[], identity_digest="")
    for word in sorted(words, key=lexicon.number):
        found = lexicon.locked(lexicon.number(word))
        if found and not Child.objects.filter(search_tokens__overlap=tokens_of_word(*found)).exists():
            lexicon.remove(word)


def _words_ever(child: Child) -> set[str]:
    names = [
        *PersonName.objects.filter(child=child),
        *PersonName.history.filter(child_id=child.pk),
    ]
    said = [part for name in names for part in (name.given, name.family)]
    said += [row.known_as for row in [child, *Child.history.filter(id=child.pk)]]
    return {word for each in said if each for word in words_of(each)}
