"""Documents on paper: data in, bytes out, no queries."""

from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from cases.casefile import CaseFile
from cases.pdf.pages import Paper, Surround
from cases.pdf.writing import MARK


def case_file_pdf(file: CaseFile, *, reader: str, moment: str) -> bytes:
    """The file as `reader` sees it, in the language and direction that are active. `moment` says of when it is."""
    surround = Surround(code=file.code, reader=reader, moment=moment, of=page_of)
    paper = Paper(surround, rtl=get_language_bidi(), language=get_language() or "en")
    paper.title(_("Case %(code)s") % {"code": file.code})
    paper.words(moment)
    for chapter in file.chapters:
        paper.chapter(chapter.title)
        for entry in chapter.entries:
            paper.entry(entry.title)
            for fact in entry.facts:
                paper.fact(fact.label, fact.value)
    tell_what_is_missing(paper)
    return paper.bytes(f"case-{file.code}")


def page_of(number: int, total: int) -> str:
    return _("Page %(number)s of %(total)s") % {"number": number, "total": total}


def tell_what_is_missing(paper: Paper) -> None:
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
    paper.words(", ".join(f"U+{ord(sign):04X}" for signs in sorted(missing) for sign in signs))
