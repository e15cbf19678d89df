"""Papers of a referral: data in, bytes out, no queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from cases.pdf import Proof, finished, new_paper
from referrals.ledger import Ledger


@dataclass(frozen=True)
class Given:
    """One field as it was when it was given, and on what ground."""

    label: str
    value: str
    basis: str
    day: str


@dataclass(frozen=True)
class Letter:
    """In words of the language that is active. Before the acceptance there is nothing but the offer."""

    offer: Sequence[tuple[str, str]]
    asked: str = ""
    given: Sequence[Given] = ()
    is_whole: bool = False


def letter_pdf(letter: Letter, *, reader: str, moment: str, proof: Proof) -> bytes:
    paper = new_paper(_("Referral"), reader=reader, moment=moment, proof=proof)
    paper.title(_("Letter of a referral"))
    paper.words(moment)
    paper.words(
        _("With the pack: what was given with the referral, as it was on the day when it was given.")
        if letter.is_whole
        else _("An offer. Who the child is opens only with the acceptance.")
    )
    paper.chapter(_("The offer"))
    for label, value in letter.offer:
        paper.fact(label, value)
    if letter.asked:
        paper.chapter(_("What exactly is asked"))
        paper.words(letter.asked)
    if letter.given:
        paper.chapter(_("The pack"))
    for field in letter.given:
        paper.entry(field.label)
        paper.words(field.value)
        paper.fact(_("On what ground"), field.basis)
        paper.fact(_("As it was on"), field.day)
    return finished(paper, "referral-letter", proof)


def ledger_pdf(ledger: Ledger, *, language: str) -> bytes:
    """In the language of the sheet. Its head names the agency that gives it away, and nobody else."""
    with translation.override(language):
        paper = new_paper(ledger.title, reader=ledger.agency, moment=ledger.moment, proof=None)
        paper.title(ledger.title)
        for sentence in ledger.before:
            paper.words(sentence)
        for heading, words, holdings in ledger.parts:
            paper.chapter(heading)
            paper.words(words)
            for holding in holdings:
                paper.entry(holding.agency)
                for label, value in holding.facts:
                    paper.fact(label, value)
        paper.chapter(ledger.object_heading)
        for sentence in ledger.object_words:
            paper.words(sentence)
        paper.entry(ledger.agency)
        paper.words(ledger.telephone)
        return finished(paper, "who-holds-what", None)
