"""Who is named in a message: `@username` of somebody who may read the thread. Any other name stays a word."""

import re
from collections.abc import Iterator, Mapping

from django.db.models import QuerySet

from accounts.access import Relation
from accounts.models import User
from cases.permissions import people_on
from cases.services.clocks import on_duty
from referrals.models import Referral
from referrals.permissions import Hand, answering, hands, reads_thread

# As accounts are spelled (`accounts.models.users`), in capitals too. What stands in an e-mail address names nobody.
NAMED = re.compile(r"(?<![\w@.+-])@([A-Za-z0-9][A-Za-z0-9._-]{1,39})")
# Further names in one message stay words.
MOST_MENTIONED = 20
WORK_ON_CASE = frozenset({Relation.ASSIGNED, Relation.AGENCY, Relation.DUTY})

Part = tuple[str, User | None]


def mentioned(words: str, referral: Referral) -> list[User]:
    """The accounts named in it which may read the thread now.

    Accounts of other agencies are not even looked for, so an answer cannot tell whether there are such.
    """
    wanted = dict.fromkeys(each for found in NAMED.finditer(words) for each in _spellings(found[1]))
    accounts = User.objects.spelled(*wanted).filter(
        agency__in=[referral.sender_id, referral.recipient_id],
        is_active=True,
        agency__is_active=True,
    )
    named = list(accounts.order_by("username")[:MOST_MENTIONED])
    return [account for account in named if reads_thread(account, referral)]


def can_be_named(referral: Referral, actor: User) -> tuple[QuerySet[User], list[User]]:
    """Of an open referral: the recipient’s people and the sender’s who may read the thread now, by name."""
    case = referral.case
    workers = set(people_on(case, WORK_ON_CASE).filter(agency=referral.sender_id))
    workers |= {account for account in on_duty(case) if Hand.SENDER in hands(account, referral)}
    theirs = answering(referral).filter(agency__is_active=True).exclude(pk=actor.pk).order_by("name", "pk")
    return theirs, sorted(workers - {actor}, key=lambda account: (account.name, account.pk))


def parts(words: str, people: Mapping[str, User]) -> Iterator[Part]:
    """The words in pieces, with the person where one of these is named. `people` by their usernames."""
    end = 0
    for found in NAMED.finditer(words):
        spelled = next((each for each in _spellings(found[1]) if each in people), None)
        if spelled is not None:
            yield words[end : found.start()], None
            end = found.start(1) + len(spelled)
            yield words[found.start() : end], people[spelled]
    yield words[end:], None


def _spellings(name: str) -> Iterator[str]:
    """As typed, and without the full stop or dash with which a sentence goes on."""
    name = name.lower()
    yield name
    while name.endswith((".", "-", "_")):
        name = name[:-1]
        yield name
