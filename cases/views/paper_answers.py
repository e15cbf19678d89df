"""What is found about a paper, in words. Strangers learn its kind, its day and whether it holds, and nothing else."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.models import IssuedPaper
from cases.services.verifying import Finding, Said, Verdict


@dataclass(frozen=True)
class Answer:
    """`kind` is how the notice looks."""

    kind: str
    title: str
    text: str


def answer(finding: Finding) -> Answer:
    if finding.verdict in (Verdict.CURRENT, Verdict.SUPERSEDED):
        return _genuine(finding)
    title, text = _doubt(finding.verdict)
    return _answer("late", title, text, _what(finding.paper), _whose(finding))


def _answer(kind: str, title: str, *sentences: str) -> Answer:
    return Answer(kind, title, " ".join(filter(None, sentences)))


def _genuine(finding: Finding) -> Answer:
    said = (_what(finding.paper), _compared(finding), _signature(finding))
    if finding.verdict == Verdict.CURRENT:
        return _answer("done", _("Genuine and current."), *said)
    ask = _("Ask whoever gave it to you for a newer one.")
    return _answer("due", _("Genuine, but no longer current."), *said, ask)


def _doubt(verdict: Verdict) -> tuple[str, str]:
    """A title, and what to do."""
    tell = _("It was not made here. Do not act on it, and tell the agency whose name it bears.")
    return {
        Verdict.CHANGED: (
            _("This file was changed."),
            _("It is not the one that left here. Do not act on it."),
        ),
        Verdict.NEVER_LEFT: (_("No such file was made here."), tell),
        Verdict.UNKNOWN_SIGNER: (
            _("Signed by somebody unknown."),
            " ".join((_("No authority that is trusted here answers for the signature."), tell)),
        ),
        Verdict.UNKNOWN_CODE: (_("No paper bears this code."), tell),
        Verdict.NOT_OURS: (
            _("This file is none of ours."),
            _("It bears no signature, and no such file was made here. Enter the code that stands on it too."),
        ),
        Verdict.UNREADABLE: (
            _("This file cannot be read."),
            _(
                "It is no PDF, it is damaged, or it is not built as our papers are. Enter the code that stands on it."
            ),
        ),
    }[verdict]


def _what(paper: IssuedPaper | None) -> str:
    """Its kind and the day on which it was made, there where it was made; that is all that strangers learn."""
    if paper is None:
        return ""
    day = localtime(paper.made_at, ZoneInfo(paper.agency.time_zone))
    said = {"kind": paper.get_kind_display(), "day": date_format(day, "j E Y")}
    return _("%(kind)s, made on %(day)s.") % said


def _compared(finding: Finding) -> str:
    if finding.file_compared:
        return _("The file is unchanged.")
    return _("That is true of the code; add the PDF to learn whether its words were changed.")


def _signature(finding: Finding) -> str:
    return {
        Said.UNSIGNED: _("It was not signed: its agency could not sign when it was made."),
        Said.SIGNED: _("It was signed when it left: a PDF without a signature is not this paper."),
        Said.PROVEN: _("Signed by %(signer)s."),
        Said.UNPROVEN: _("Its signature cannot be traced to an authority that is trusted here."),
    }[finding.signature] % {"signer": finding.signer}


def _whose(finding: Finding) -> str:
    """The name stands in the file itself, so whoever holds it learns nothing new."""
    return _("It bears a signature of %(signer)s.") % {"signer": finding.signer} if finding.signer else ""
