"""Sheets of referrals on paper: data in, bytes out, no queries."""

from django.utils import translation

from cases.pdf import page_of, tell_what_is_missing
from cases.pdf.pages import Paper, Surround
from referrals.ledger import Ledger


def ledger_pdf(ledger: Ledger, *, language: str) -> bytes:
    """In the language of the sheet. Its head names the agency that gives it away, and nobody else."""
    with translation.override(language):
        surround = Surround(code=ledger.title, reader=ledger.agency, moment=ledger.moment, of=page_of)
        paper = Paper(surround, rtl=translation.get_language_bidi(), language=language)
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
        tell_what_is_missing(paper)
        return paper.bytes("who-holds-what")
