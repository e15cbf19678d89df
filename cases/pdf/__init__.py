"""Documents on paper: data in, bytes out, no queries."""

from functools import partial

from django.utils import translation
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from accounts.alphabets import listed
from cases.casefile import CaseFile
from cases.pdf.pages import PICTURE, ROOM_UNDER_TITLE, Paper, Proof, Surround
from cases.pdf.writing import MARK

__all__ = [
    "Paper",
    "Proof",
    "case_file_pdf",
    "ended",
    "finished",
    "in_another_language",
    "new_paper",
    "proof",
]


def case_file_pdf(file: CaseFile, *, reader: str, moment: str, proof: Proof | None = None) -> bytes:
    """The file as `reader` sees it, in the language and direction that are active. `moment` says of when it is."""
    paper = new_paper(file.code, reader=reader, moment=moment, proof=proof)
    paper.title(_("Case %(code)s") % {"code": file.code})
    paper.words(moment)
    for chapter in file.chapters:
        paper.chapter(chapter.title)
        for entry in chapter.entries:
            paper.entry(entry.title)
            for fact in entry.facts:
                paper.fact(fact.label, fact.value)
    return finished(paper, f"case-{file.code}", proof)


def proof(code: str, address: str) -> Proof:
    """In the language that is active.

    The address is printed without its last slash, with which it would begin on a page from right to left.
    """
    words = _("Is this paper genuine? Enter its code at %(address)s") % {"address": address.rstrip("/")}
    return Proof(code, words, address)


def new_paper(code: str, *, reader: str, moment: str, proof: Proof | None) -> Paper:
    around = _surround(code, reader, moment, proof)
    return Paper(around, rtl=get_language_bidi(), language=get_language() or "en")


def in_another_language(paper: Paper, code: str, *, reader: str, moment: str, proof: Proof | None) -> None:
    """What comes now is in the language that is active, on pages of its own, with a head and a foot of its own."""
    paper.turn(_surround(code, reader, moment, proof), rtl=get_language_bidi())


def finished(paper: Paper, title: str, proof: Proof | None) -> bytes:
    ended(paper, proof)
    return paper.bytes(title)


def ended(paper: Paper, proof: Proof | None) -> None:
    """What every paper ends in: what could not be printed, and the way to the page that knows its code."""
    _tell_what_is_missing(paper)
    if proof:
        paper.chapter(_("Where to check this paper"), room=ROOM_UNDER_TITLE + PICTURE)
        paper.words(proof.words)
        paper.picture_of(proof.address)


def _surround(code: str, reader: str, moment: str, proof: Proof | None) -> Surround:
    of = partial(_page_of, get_language() or "en")
    return Surround(code=code, reader=reader, moment=moment, of=of, proof=proof)


def _page_of(language: str, number: int, total: int) -> str:
    """Counted when the paper is whole, which may be in another language by then."""
    with translation.override(language):
        return _("Page %(number)s of %(total)s") % {"number": number, "total": total}


def _tell_what_is_missing(paper: Paper) -> None:
    """No box in silence: the reader learns that something stands in the system that paper cannot show."""
    missing = dict(paper.coverage.missing)
    if not missing:
        return
    count = sum(missing.values())
    paper.chapter(_("What could not be printed"))
    paper.words(
        ngettext(
            "%(count)s character has no form on paper. %(mark)s stands in its place. On the screen it is whole.",
            "%(count)s characters have no form on paper. %(mark)s stands in their place. On the screen they are "
            "whole.",
            count,
        )
        % {"count": count, "mark": MARK}
    )
    paper.words(listed(f"U+{ord(sign):04X}" for signs in sorted(missing) for sign in signs))
