"""The home study, described once: what is asked of the place where a child would live, and of the people there.

The form, the page that shows it and the check of what was answered all come from here. Where a plain answer is enough
none asks for words, and every part has room for what was seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise


class Seen(TextChoices):
    """A plain answer of whoever has been there."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNCLEAR = "unclear", _("It is not clear")


@dataclass(frozen=True)
class Question:
    """`worry` is the plain answer that readers should look at twice; one that asks for words has none."""

    code: str
    label: StrPromise
    worry: str = ""
    in_words: bool = False
    required: bool = True


@dataclass(frozen=True)
class Part:
    code: str
    label: StrPromise
    questions: tuple[Question, ...]


def _plain(code: str, label: StrPromise, worry: Seen) -> Question:
    return Question(code, label, worry.value)


def _words(code: str, label: StrPromise, *, required: bool = False) -> Question:
    return Question(code, label, in_words=True, required=required)


# What help is needed has to be said where the place is suitable only with it.
SUPPORT = "support"
PARTS: tuple[Part, ...] = (
    Part(
        "home",
        _("The home"),
        (
            _plain("sound", _("Is it sound and dry, with water and a toilet?"), Seen.NO),
            _plain("own_bed", _("Has the child a bed and a corner of its own?"), Seen.NO),
            _words("household", _("Who lives there, how old, and what to the child?"), required=True),
        ),
    ),
    Part(
        "caregiver",
        _("Whoever would care"),
        (
            _plain("alone", _("Did you speak with the caregiver alone?"), Seen.NO),
            _plain("strong", _("Is the caregiver in health and has the time to care?"), Seen.NO),
            _words("expects", _("What does the caregiver expect of the child?"), required=True),
        ),
    ),
    Part(
        "income",
        _("Income"),
        (
            _words("lives_on", _("What do they live on?"), required=True),
            _plain("owes", _("Does anybody there owe money that is pressed for?"), Seen.YES),
            _plain("earn", _("Would the child have to earn?"), Seen.YES),
        ),
    ),
    Part(
        "school",
        _("School"),
        (
            _plain("place", _("Does a school or a training take the child?"), Seen.NO),
            _words("school", _("Which, how far, at what cost?")),
        ),
    ),
    Part(
        "health",
        _("Health services"),
        (
            _plain("doctor", _("Is a doctor within reach, and help for the mind?"), Seen.NO),
            _words("health", _("Where, how far, at what cost?")),
        ),
    ),
    Part(
        "safety",
        _("Safety"),
        (
            _plain("violence", _("Did you find signs of violence, drink or drugs?"), Seen.YES),
            _plain("visitors", _("Do people come and go whom nobody can explain?"), Seen.YES),
            _plain("reach", _("Could somebody whom the child fears come there?"), Seen.YES),
            _words("safety", _("What did you see or hear?")),
        ),
    ),
    Part(
        "wishes",
        _("What the household wishes"),
        (
            _plain("welcome", _("Does everybody there want the child to come?"), Seen.NO),
            _words("wishes", _("In their own words")),
            _words(SUPPORT, _("What help is needed, by whom, for how long?")),
        ),
    ),
)


def questions() -> Iterator[Question]:
    for part in PARTS:
        yield from part.questions
