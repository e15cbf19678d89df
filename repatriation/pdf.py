"""Papers of a return: data in, bytes out, no queries. Each says the same in the languages of both countries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.languages import language_name
from cases.pdf import Paper, Proof, ended, in_another_language, new_paper

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One chapter. An entry has a title and facts of its own."""

    title: str
    words: Sequence[str] = ()
    facts: Facts = ()
    entries: Sequence[tuple[str, Facts]] = ()

    @property
    def is_empty(self) -> bool:
        return not (any(self.words) or self.entries or any(value for _label, value in self.facts))


@dataclass(frozen=True)
class Sheet:
    """A paper in words of the language that is active: `before` in one sentence what it is about.

    A part that says nothing is left out.
    """

    title: str
    before: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Version:
    """The sheet in one of its languages, with what stands around its pages."""

    language: str
    sheet: Sheet
    moment: str
    proof: Proof


def sheets_pdf(name: str, versions: Sequence[Version], *, reader: str) -> bytes:
    """`name` is all that the document tells about itself outside of its pages."""
    first, *others = versions
    with translation.override(first.language):
        paper = new_paper(first.sheet.title, reader=reader, moment=first.moment, proof=first.proof)
        _write(paper, first, others)
    for version in others:
        with translation.override(version.language):
            in_another_language(
                paper, version.sheet.title, reader=reader, moment=version.moment, proof=version.proof
            )
            _write(paper, version, [])
    return paper.bytes(name)


def _write(paper: Paper, version: Version, others: Sequence[Version]) -> None:
    paper.title(version.sheet.title)
    for other in others:
        told = {"language": language_name(other.language)}
        paper.words(_("The same follows in another language, on pages of its own: %(language)s.") % told)
    paper.entry(version.sheet.before)
    for part in version.sheet.parts:
        if not part.is_empty:
            _write_part(paper, part)
    ended(paper, version.proof)


def _write_part(paper: Paper, part: Part) -> None:
    paper.chapter(part.title)
    for words in part.words:
        if words:
            paper.words(words)
    _write_facts(paper, part.facts)
    for title, facts in part.entries:
        paper.entry(title)
        _write_facts(paper, facts)


def _write_facts(paper: Paper, facts: Facts) -> None:
    for label, value in facts:
        if value:
            paper.fact(label, value)
