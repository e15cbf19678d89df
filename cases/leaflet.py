"""What a child is given to read and keep: in its language, in sentences for its age, and with nothing of its case.

Each part answers one question that a child asks. The words promise only what this system and the law hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

TEN, FIFTEEN = 10, 15


class Band(TextChoices):
    UNDER_10 = "under-10", _("Under 10")
    FROM_10 = "10-14", _("10 to 14")
    FROM_15 = "15", _("15 and over")


@dataclass(frozen=True)
class Part:
    heading: StrPromise
    sentences: tuple[StrPromise, ...]
    # The agency's name and telephone stand under this part.
    calls: bool = False


@dataclass(frozen=True)
class Sheet:
    """A leaflet in the words of one language, ready for a page."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...], bool], ...]


def band_of(age: int | None) -> Band:
    """Nobody is talked down to by mistake: an unknown age gets the words in the middle."""
    if age is None:
        return Band.FROM_10
    return Band.UNDER_10 if age < TEN else Band.FROM_10 if age < FIFTEEN else Band.FROM_15


def sheet_in(language: str, band: Band) -> Sheet:
    with translation.override(language):
        return Sheet(
            title=str(TITLE),
            parts=tuple(
                (str(part.heading), tuple(map(str, part.sentences)), part.calls) for part in PARTS[band]
            ),
        )


TITLE = _("For you to keep")
WHO_HELPS = _("Who helps you?")
WHAT_NEXT = _("What happens next?")
SAY_NO = _("What can you say no to?")
WHO_READS = _("Who may read about you?")
WHOM_TO_CALL = _("Whom can you call?")
COMPLAIN = _("What if something is wrong?")

PARTS: Mapping[Band, tuple[Part, ...]] = {
    Band.UNDER_10: (
        Part(
            WHO_HELPS,
            (
                _("A social worker helps you. You know this person’s name, or you can ask for it."),
                _("It is their job that you are safe."),
                _("Nothing that happened is your fault."),
            ),
        ),
        Part(
            WHAT_NEXT,
            (
                _("You get a safe place to sleep, food, and somebody to look after you."),
                _("We ask you what you want and what you are afraid of."),
                _("We tell you before something changes."),
                _("You can ask anything, as often as you like."),
            ),
        ),
        Part(
            SAY_NO,
            (
                _("You can say no when somebody wants to touch you or take a picture of you."),
                _("You can say that you do not want to talk now."),
                _("You can say stop at the doctor’s."),
                _("We help you all the same."),
            ),
        ),
        Part(
            WHO_READS,
            (
                _("We write down what is important, so that nobody forgets it."),
                _("Only people who help you may read it."),
                _("You can ask us to read it to you."),
            ),
        ),
        Part(
            WHOM_TO_CALL,
            (_("You can call us by day and by night. You need not say why."),),
            calls=True,
        ),
        Part(
            COMPLAIN,
            (
                _("Tell us when somebody hurts you, frightens you or does not listen to you."),
                _("You can tell it to any grown-up here. It need not be your social worker."),
                _("Nobody may be angry with you for it. You get an answer."),
            ),
        ),
    ),
    Band.FROM_10: (
        Part(
            WHO_HELPS,
            (
                _("One social worker is responsible for you. You can ask for the name."),
                _("If your parents cannot speak for you, somebody else does: a guardian or representative."),
                _("You can have an interpreter, and you can say when you do not trust the interpreter."),
                _("What others did to you is not your fault."),
            ),
        ),
        Part(
            WHAT_NEXT,
            (
                _("First you get a safe place, and a doctor if you need one."),
                _("Then we ask what you want, and make a plan together with you."),
                _("The plan says who does what, and until when. You can ask to see it."),
                _("Nobody sends you to another place or country before you have been heard."),
            ),
        ),
        Part(
            SAY_NO,
            (
                _("You can say no to a medical examination, to a photo, and to a question."),
                _("You need not talk to the police or in court to get help. We help you either way."),
                _("You can say no to calling your family, and change your mind later."),
                _("If you are in danger we may have to do something that you do not want. We tell you why."),
            ),
        ),
        Part(
            WHO_READS,
            (
                _(
                    "There is a file about you. Only people who work for you may read it, each only their part."
                ),
                _("Every time somebody opens it, that is recorded."),
                _(
                    "We ask you before we give something from your file to others, unless somebody is in danger."
                ),
                _("You can ask what is written about you, and say when something is wrong."),
            ),
        ),
        Part(
            WHOM_TO_CALL,
            (_("You can call this number by day and by night, also when you are somewhere else by then."),),
            calls=True,
        ),
        Part(
            COMPLAIN,
            (
                _(
                    "You can complain about anybody, also about your social worker. Say it, write it or call us."
                ),
                _("A person in charge reads it, and you get an answer."),
                _("You lose no help because you complained."),
            ),
        ),
    ),
    Band.FROM_15: (
        Part(
            WHO_HELPS,
            (
                _("One social worker is responsible for your case and for what is agreed with you."),
                _(
                    "A guardian or representative speaks for you where your parents cannot. You can object if "
                    "that person is close to somebody who harmed you."
                ),
                _("You can have a lawyer, and an interpreter whom you trust."),
                _("You are not to blame for what others made you do."),
            ),
        ),
        Part(
            WHAT_NEXT,
            (
                _("Safety and health come first. After that we look at school or training, papers and work."),
                _("You have time to recover and to think before you decide about the police or a court."),
                _(
                    "A plan is made with you. It has goals, tasks with days, and the name of whoever does them."
                ),
                _(
                    "Whether you stay, go home or go elsewhere is decided by what is best for you, and you are "
                    "heard before."
                ),
                _("When you turn 18, help does not stop from one day to the next. Ask us in good time."),
            ),
        ),
        Part(
            SAY_NO,
            (
                _(
                    "You can refuse an examination, a photo, an interview or a question, and stop at any time."
                ),
                _("Help does not depend on a statement to the police or in court."),
                _("You can refuse that your data are given to others, and take back a yes that you gave."),
                _(
                    "If you or somebody else is in danger we may have to act without your yes. We tell you what "
                    "and why."
                ),
            ),
        ),
        Part(
            WHO_READS,
            (
                _(
                    "Your file is open only to people with a task in your case, and only the part that they need."
                ),
                _("Each opening is recorded with a name and a reason."),
                _("You can ask to see what is written about you, and have mistakes corrected."),
                _(
                    "Authorities of another country learn nothing of what happened to you from us without a "
                    "reason in law."
                ),
            ),
        ),
        Part(
            WHOM_TO_CALL,
            (_("The duty telephone answers by day and by night, also if you have left."),),
            calls=True,
        ),
        Part(
            COMPLAIN,
            (
                _(
                    "You can complain about decisions and about people, in writing or by word of mouth, in your "
                    "language."
                ),
                _(
                    "The complaint goes to a supervisor, not only to the person it is about. You get an answer "
                    "with a reason."
                ),
                _("You can turn to the ombudsperson or to a court as well. Ask us for the address."),
                _("A complaint never costs you help."),
            ),
        ),
    ),
}
