"""Finding a file by what somebody types: names in any script and spelling, a birth date, a number, a code.

What one may not see does not exist: only files are looked at whose identity this account reads, telephones only where
it reads the contacts. Nothing here changes a row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.access import Section
from accounts.models import User
from cases.matching.candidates import carrying
from cases.matching.facts import number_key, telephone_key
from cases.matching.finder import Finder
from cases.matching.names import BORN, NUMBER, TELEPHONE, YEAR, opened, tokens_of_word
from cases.matching.words import words_of
from cases.models import Case, CaseAccess, SearchTokens
from cases.models.access import CaseAccessQuerySet
from cases.models.case import CODE_ALPHABET, written_code
from cases.permissions import opening
from vault.lexicon import Words
from vault.tokens import token

LONGEST = 200
FEW = 25
# Rows that are put in order.
_RANKED = 300
_WORDS, _SPELLINGS, _BEGUN = 6, 20, 40
# Up to this cost a word is written so by rule.
_BY_RULE = 2
# Up to this one, for words of so many letters, it sounds alike or is spelled otherwise; what is farther says little.
_ALIKE = ((6, 13), (4, 9), (0, 5))
_CODE = re.compile(rf"\b[{CODE_ALPHABET}]{{3}}-[{CODE_ALPHABET}]{{3}}\b", re.IGNORECASE)
# Told by telephone; it may be a word as well, so it is looked for as both.
_HALVES = re.compile(rf"[{CODE_ALPHABET}]{{3}}\s?[{CODE_ALPHABET}]{{3}}", re.IGNORECASE)
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
# Digits with what stands between them, letters that belong to them, and a series of letters before: `AB 123-456`.
_DIGITS = re.compile(r"(?:\b([^\W\d_]{1,3})\s+)?([^\W_]*\d(?:[\d/()+ -]*\d)?[^\W_]*)")
_YEAR = re.compile(r"(?:19|20|21)\d\d")


@dataclass(frozen=True)
class Asked:
    """What was typed, taken apart. `begun` is a last word that may go on."""

    words: tuple[str, ...] = ()
    begun: str = ""
    code: str = ""
    # Birth dates and years: a row has the token of every entry.
    days: tuple[tuple[str, int], ...] = ()
    # What may be one of a document or of a telephone, which is a contact: tokens of the first, and of the second.
    numbers: tuple[tuple[tuple[int, ...], int | None], ...] = ()


@dataclass(frozen=True)
class Why:
    """What of a question agreed with a file: a code of `cases.wording.FOUND`, and the word that was typed."""

    code: str
    word: str = ""


@dataclass(frozen=True)
class Hit:
    case_id: UUID
    why: tuple[Why, ...]

    @property
    def is_weak(self) -> bool:
        """A name that is only somewhat alike: of many files one is."""
        return any(each.code == "name_weak" for each in self.why)


def asked(text: str) -> Asked:
    text = text[:LONGEST]
    code = _CODE.search(text)
    rest = _CODE.sub(" ", text)
    days = [_day(*each) for each in _DAY_FIRST.findall(rest)]
    days += [_day(*each[::-1]) for each in _YEAR_FIRST.findall(rest)]
    rest = _YEAR_FIRST.sub(" ", _DAY_FIRST.sub(" ", rest))
    born = [("birth", token(BORN, day)) for day in days if day]
    numbers: list[tuple[tuple[int, ...], int | None]] = []
    for series, chunk in _DIGITS.findall(rest):
        if _YEAR.fullmatch(chunk):
            born.append(("year", token(YEAR, chunk)))
            rest = rest.replace(chunk, " ")
        elif key := number_key(chunk):
            called = telephone_key(chunk)
            documents = token(NUMBER, key), token(NUMBER, number_key(series + chunk))
            numbers.append((documents, token(TELEPHONE, called) if called else None))
    words = words_of(_DIGITS.sub(" ", rest))[:_WORDS]
    begun = words.pop() if words and rest[-1:].isalpha() else ""
    whole = code[0] if code else text if _HALVES.fullmatch(text.strip()) else ""
    return Asked(tuple(words), begun, written_code(whole) if whole else "", tuple(born), tuple(numbers))


def _day(day: str, month: str, year: str) -> str:
    try:
        return f"{date(int(year), int(month), int(day)):%Y%m%d}"
    except ValueError:
        return ""


def search(user: User, text: str) -> list[UUID]:
    """Ids of the files that this account sees, the likeliest first, at most FEW."""
    return [hit.case_id for hit in hits(user, text)]


def hits(user: User, text: str) -> list[Hit]:
    """The same, each with why it was found: nothing that this account may not search for. Three queries at most."""
    question = asked(text)
    coded = Case.objects.visible_to(user).filter(code=question.code)
    by_code = list(coded.values_list("pk", flat=True)) if question.code else []
    if not (question.words or question.begun or question.days or question.numbers):
        return [Hit(case_id, (Why("code"),)) for case_id in by_code]
    with opened.words() as words:
        meant = [_meant(word, words, begun=False) for word in question.words]
        meant += [_meant(question.begun, words, begun=True)] if question.begun else []
    found = {case_id: Hit(case_id, (Why("code"),)) for case_id in by_code}
    for hit in _ranked(user, question, meant):
        found.setdefault(hit.case_id, hit)
    return list(found.values())[:FEW]


# For one typed word: each token that may be meant, and how far its word is from what was typed.
Meant = Mapping[int, int]


def _meant(word: str, words: Words[Finder], *, begun: bool) -> Meant:
    found = {word: 0}
    for near in words.opened.nearest(word, limit=_BEGUN if begun else _SPELLINGS, beginning=begun):
        found.setdefault(near.word, near.cost)
    return {
        each: far for name, far in found.items() for each in tokens_of_word(name, words.salts.get(name, 1))
    }


def _ranked(user: User, question: Asked, meant: Sequence[Meant]) -> list[Hit]:
    rows = dict(_rows(user, question, meant))
    by_rule = [{each: far for each, far in word.items() if far <= _BY_RULE} for word in meant]
    if len(rows) == _RANKED and by_rule != meant:
        # There are more, and what is written so by rule may not be among these.
        rows |= dict(_rows(user, question, by_rule))
    nearest = sorted((sum(_far(tokens, meant)), case_id) for case_id, tokens in rows.items())
    return [Hit(case_id, _why(rows[case_id], question, meant)) for _all, case_id in nearest]


def _far(tokens: Iterable[int], meant: Sequence[Meant]) -> list[int]:
    """Of each word that was typed, how far the nearest of the row is."""
    carried = set(tokens)
    return [min((word[each] for each in carried & word.keys()), default=0) for word in meant]


def _why(tokens: Iterable[int], question: Asked, meant: Sequence[Meant]) -> tuple[Why, ...]:
    carried = set(tokens)
    typed = [*question.words, *([question.begun] if question.begun else [])]
    names = [Why(_how_near(far, word), word) for far, word in zip(_far(carried, meant), typed, strict=True)]
    days = [Why(kind) for kind, _tokens in question.days]
    # A row is here by a telephone only where the reader has the contacts.
    numbers = [
        Why("number" if carried.intersection(documents) else "telephone")
        for documents, _phone in question.numbers
    ]
    return (*names, *days, *numbers)


def _how_near(far: int, word: str) -> str:
    if far <= _BY_RULE:
        return "name"
    most = next(cost for letters, cost in _ALIKE if len(word) >= letters)
    return "name_alike" if far <= most else "name_weak"


def _rows(user: User, question: Asked, meant: Sequence[Meant]) -> list[tuple[UUID, list[int]]]:
    """Case and tokens of at most _RANKED children that have all that is asked for, of files that the account reads."""
    live = CaseAccess.objects.live_for(user)
    condition = Q()
    for entry in (*map(list, meant), *([day] for _kind, day in question.days)):
        condition &= carrying(entry)
    for documents, telephone in question.numbers:
        found = carrying(documents)
        if telephone is not None:
            found |= Q(carrying([telephone]), case__in=_opening(live, Section.CONTACTS))
        condition &= found
    # Rows are taken from the index of tokens while they are needed. In one query with the limit the planner would
    # rather read the table until it has met enough of them.
    carry, carry_params = _statement(SearchTokens.objects.filter(condition).values("case_id", "tokens"))
    read, read_params = _statement(_opening(live, Section.IDENTITY))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH carrying AS MATERIALIZED ({carry})"  # noqa: S608 - both are what Django wrote
            f" SELECT case_id, tokens FROM carrying WHERE case_id IN ({read}) LIMIT %s",
            [*carry_params, *read_params, _RANKED],
        )
        return list(cursor.fetchall())


def _statement(rows: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()


def _opening(live: CaseAccessQuerySet, section: Section) -> QuerySet[Any, Any]:
    return live.filter(opening(section)).values("case_id")
